"""What a plan changes, in the words that the package has for it; where it has none, as the file has it."""

from collections.abc import Mapping
from typing import Any, Final

from funnelsim.experiments.key_words import key_and_value, key_words, value_words
from funnelsim.reporting.selection_words import adapted_text
from funnelsim.scenario.selection import Adapt
from funnelsim.scenario.toml_text import short_text

ADAPT: Final = "selection.adapt"
MOST_LETTERS: Final = 200
"""Of one value: plans that differ in a table do not look alike."""


def key_said(key: str) -> str:
    """Return a key in words.

    Examples
    --------
    >>> key_said("area.bays"), key_said("selection.adapt"), key_said("staffing.roster.0.count")
    ('bays', 'selection rate by load', 'staffing.roster.0.count')
    """
    if key == ADAPT:
        return "selection rate by load"
    return key_words(key) if _has_words(key) else key


def value_said(key: str, value: Any) -> str:  # noqa: ANN401  (whatever a key of a scenario takes)
    """Return a value of a key in words.

    Examples
    --------
    >>> value_said("selection.adapt", {"on": "area", "points": [[0.5, 3.0], [0.9, 1.0]]})
    "times 3 at 50 % and 1 at 90 % of the area's places taken"
    >>> value_said("selection.rate.van", 0.08), value_said("selection.valve", {"suspend_at_m": 500})
    ('8 %', '{ suspend_at_m = 500 }')
    """
    if key == ADAPT and isinstance(value, Mapping):
        return f"times {adapted_text(Adapt(**value))}"
    return short_text(value, MOST_LETTERS) if isinstance(value, Mapping | list | tuple) else value_words(key, value)


def change_said(key: str, value: Any) -> str:  # noqa: ANN401  (as above)
    """Return a key with its value in words.

    Examples
    --------
    >>> change_said("area.bays", 4), change_said("staffing.roster.0.count", 3)
    ('4 bays', 'staffing.roster.0.count = 3')
    """
    if key == ADAPT and isinstance(value, Mapping):
        return f"selection rate {value_said(key, value)}"
    if _has_words(key) and not isinstance(value, Mapping | list | tuple):
        return key_and_value(key, value)
    return f"{key} = {short_text(value, MOST_LETTERS)}"


def changes_said(values: Mapping[str, Any]) -> str:
    """Return values by dotted key in words.

    Examples
    --------
    >>> changes_said({"area.bays": 4, "selection.rate.van": 0.17, "funnels.0.selection": {"rule": "score"}})
    '4 bays, van selection rate 17 %, funnels.0.selection = { rule = "score" }'
    """
    return ", ".join(change_said(key, value) for key, value in values.items())


def _has_words(key: str) -> bool:
    """Tell whether words say which one is meant: that of a list is known by its place alone."""
    return key.startswith("selection.") or not any(part.isdecimal() for part in key.split("."))
