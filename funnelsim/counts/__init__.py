"""Traffic counts: what road agencies publish, read into one tidy table and averaged into a day.

The way through::

    read_counts(file) -> Counts -> profile(...) -> Profile -> write_profile(...)
                                -> passages(...)   one row a vehicle, to be replayed
                                -> describe(...)   what was understood, for the planner to check

Importing this package is cheap: the names in `FORMATS` cost nothing, the readers are loaded when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from funnelsim.counts.names import (
    DATE_ORDERS,
    FORMAT_TITLES,
    FORMATS,
    SCENARIO_CLASSES,
    DateOrder,
)

if TYPE_CHECKING:
    from funnelsim.counts.averaging import Profile, profile
    from funnelsim.counts.classes import class_map
    from funnelsim.counts.counts import Counts
    from funnelsim.counts.description import describe
    from funnelsim.counts.gaps import Gap
    from funnelsim.counts.reading import read_counts
    from funnelsim.counts.replay import passages
    from funnelsim.counts.writing import write_profile

__all__ = [
    "DATE_ORDERS",
    "FORMATS",
    "FORMAT_TITLES",
    "SCENARIO_CLASSES",
    "Counts",
    "DateOrder",
    "Gap",
    "Profile",
    "class_map",
    "describe",
    "passages",
    "profile",
    "read_counts",
    "write_profile",
]

_HOMES = {
    "Counts": "counts",
    "Gap": "gaps",
    "Profile": "averaging",
    "class_map": "classes",
    "describe": "description",
    "passages": "replay",
    "profile": "averaging",
    "read_counts": "reading",
    "write_profile": "writing",
}


def __getattr__(name: str) -> object:
    """Load the module that holds a public name when the name is first asked for."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
