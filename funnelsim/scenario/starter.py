"""The starter: a small scenario that runs and can be edited."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from funnelsim.scenario.key import seconds_after_midnight
from funnelsim.scenario.toml_text import value_text
from funnelsim.units import DAY_MIN, MINUTE_S

_LONGEST_TITLE: Final = 200
_COUNTS: Final = ("# Vehicles an hour from midnight on", "\n]\n")
"""Where the counts of the starter begin and end, with their comment."""

_OPENS, _CLOSES, _BEGIN, _END = "06:00", "14:00", "05:30", "14:30"
_AROUND_MIN: Final = 30
"""How long before the opening the officers come, and how long after the closing they go."""


def starter_scenario(title: str) -> str:
    """Return the text of a commented scenario that runs without changes.

    Parameters
    ----------
    title
        What the operation is, in a few words; shortened to the longest title allowed.

    Examples
    --------
    >>> print(starter_scenario("A3 eastbound").splitlines()[2])
    title = "A3 eastbound"
    """
    text = files("funnelsim.scenario").joinpath("starter.toml").read_text(encoding="utf-8")
    return text.replace('"TITLE"', value_text(title.strip()[:_LONGEST_TITLE] or "New operation"), 1)


def starter_with_counts(
    title: str, counts: Mapping[str, Any], opens: str = _OPENS, closes: str = _CLOSES, day_cv: float | None = None
) -> str:
    """Return the starter with counted traffic and hours of its own; its officers come half an hour earlier.

    Parameters
    ----------
    title
        As in `starter_scenario`.
    counts
        What `traffic.counts` is to say.
    opens, closes
        When the operation opens and closes, as "06:00"; what is no time of day is written as it is.
    day_cv
        What `traffic.day_cv` is to say; None for its default.
    """
    times = {_OPENS: opens, _CLOSES: closes, _BEGIN: _moved(opens, -_AROUND_MIN), _END: _moved(closes, _AROUND_MIN)}
    head, operation, body = starter_scenario(title).partition("\n[operation]\n")
    before, _, rest = _timed(body, times).partition(_COUNTS[0])
    _, _, after = rest.partition(_COUNTS[1])
    varies = "" if day_cv is None else f"day_cv = {day_cv:.3f}              # how much the days counted vary\n"
    return f"{head}{operation}{before}counts = {value_text(dict(counts))}\n{varies}{after}"


def _timed(text: str, times: Mapping[str, str]) -> str:
    """Return a text with other times of day; each is looked for in the text as it was."""
    parts = text.split('"')
    return '"'.join(value_text(times[part])[1:-1] if part in times else part for part in parts)


def _moved(time: str, by_min: int) -> str:
    try:
        minutes = round(seconds_after_midnight(time) / MINUTE_S) + by_min
    except ValueError:
        return time
    return f"{minutes % DAY_MIN // 60:02d}:{minutes % DAY_MIN % 60:02d}"
