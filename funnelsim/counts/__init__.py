"""Traffic counts: what road agencies publish, read into one tidy table and averaged into a day.

The way through::

    read_counts(file) -> Counts -> profile(...) -> Profile -> write_profile(...)
                                -> passages(...)   one row a vehicle, to be replayed
                                -> describe(...)   what was understood, for the planner to check

Importing this package is cheap: the names in `FORMATS` cost nothing, the readers are loaded when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from funnelsim.counts.names import FORMATS, SCENARIO_CLASSES

if TYPE_CHECKING:
    from funnelsim.counts.day_profile import Profile, profile, write_profile
    from funnelsim.counts.description import describe
    from funnelsim.counts.reading import read_counts
    from funnelsim.counts.subset import passages
    from funnelsim.counts.table import Counts

__all__ = [
    "FORMATS",
    "SCENARIO_CLASSES",
    "Counts",
    "Profile",
    "describe",
    "passages",
    "profile",
    "read_counts",
    "write_profile",
]

_HOMES = {
    "Counts": "table",
    "Profile": "day_profile",
    "describe": "description",
    "passages": "subset",
    "profile": "day_profile",
    "read_counts": "reading",
    "write_profile": "day_profile",
}


def __getattr__(name: str) -> object:
    """Load the module that holds a public name when the name is first asked for."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
