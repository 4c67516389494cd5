"""The varied keys of a sweep in words, and the design points by their values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelsim.arrays import IntArray
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.ranking import stands_for
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.formatting import plain
from funnelsim.scenario.toml_text import short_text

MOST_LEVELS = 7  # of a key told apart by colour and mark
_GROUPS = 4
_STAFF = ("staffing", "count", "bays")


@dataclass(frozen=True)
class Group:
    """Design points that are drawn alike.

    Attributes
    ----------
    name
        Their value of the key, in words.
    rows
        Their rows of the table of points.
    exact
        Whether all of them have one and the same value.
    """

    name: str
    rows: IntArray
    exact: bool = True


def check_key(sweep: Sweep, key: str) -> str:
    """Return a key if the sweep varies it.

    Raises
    ------
    FunnelsimError
        If it does not.
    """
    if key not in sweep.keys:
        raise FunnelsimError([Problem(key, f"is not varied in this sweep; allowed: {', '.join(sweep.keys)}")])
    return key


def key_words(key: str) -> str:
    """Return a varied key in words.

    Examples
    --------
    >>> key_words("selection.rate.van"), key_words("selection.rate.default")
    ('van selection rate', 'selection rate')
    >>> key_words("selection.every.default"), key_words("selection.every.van")
    ('selection interval', 'van selection interval')
    >>> key_words("staffing.roster.border police.count"), key_words("area.bays")
    ('border police officers', 'bays')
    >>> key_words("selection.adapt.points.1.1")
    'rate factor at point 2'
    """
    parts = [plain(part.strip('"')) for part in key.split(".")]
    if parts[:2] == ["selection", "rate"]:
        return " ".join([*(part for part in parts[2:] if part != "default"), "selection rate"])
    if parts[:2] == ["selection", "every"]:
        return " ".join([*(part for part in parts[2:] if part != "default"), "selection interval"])
    if parts[:2] == ["staffing", "roster"] and parts[-1] == "count":
        return f"{' '.join(parts[2:-1])} officers"
    if parts[:3] == ["selection", "adapt", "points"]:
        return f"{('value', 'rate factor')[int(parts[4])]} at point {int(parts[3]) + 1}"
    short = {
        "area bays": "bays",
        "area waiting": "waiting spaces",
        "selection rule": "selection rule",
        "traffic scale": "traffic factor",
        "traffic day cv": "variation of days",
    }
    return short.get(" ".join(parts), ", ".join(parts[-2:]))


def value_words(key: str, value: Any) -> str:  # noqa: ANN401  (whatever a key of a scenario takes)
    """Return a value of a key in words.

    Examples
    --------
    >>> value_words("selection.rate.van", 0.08), value_words("area.bays", 6), value_words("selection.rule", "free_bay")
    ('8 %', '6', 'free bay')
    >>> value_words("selection.valve", {"suspend_at_m": 500})
    '{ suspend_at_m = 500 }'
    """
    if isinstance(value, str | bool) or value is None:
        return "none" if value is None else plain(str(value).lower())
    if isinstance(value, list | tuple | dict):
        return short_text(value)
    if key.startswith("selection.rate"):
        return f"{100.0 * value:.3g} %"
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}"


def key_and_value(key: str, value: Any) -> str:  # noqa: ANN401
    """Return a key with its value in words.

    Examples
    --------
    >>> key_and_value("area.bays", 6), key_and_value("area.bays", 1), key_and_value("selection.rate.van", 0.08)
    ('6 bays', '1 bay', 'van selection rate 8 %')
    >>> key_and_value("selection.every.default", 3), key_and_value("selection.every.van", 12)
    ('every 3rd vehicle', 'every 12th van')
    """
    if key.startswith("selection.adapt.points"):
        return f" {value_words(key, value)} at ".join(key_words(key).split(" at "))
    if key.startswith("selection.every."):
        return f"every {_everyone(key)}" if value == 1 else f"every {_ordinal(value)} {_everyone(key)}"
    counted = isinstance(value, int) and not isinstance(value, bool) and any(word in key for word in ("count", "area."))
    if counted:
        return f"{value_words(key, value)} {key_words(key).removesuffix('s') if value == 1 else key_words(key)}"
    return f"{key_words(key)} {value_words(key, value)}"


def _everyone(key: str) -> str:
    """Return of whom a key selects every nth."""
    name = plain(key.rpartition(".")[2].strip('"'))
    return "vehicle" if name == "default" else name


def _ordinal(number: int) -> str:
    teens = 10 <= number % 100 <= 20  # noqa: PLR2004
    return f"{number:,}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def point_words(sweep: Sweep, row: int) -> str:
    """Return what makes up a design point, in words."""
    return ", ".join(key_and_value(key, sweep.points[key][row]) for key in sweep.keys)


def staff_key(sweep: Sweep) -> str | None:
    """Return the key that lines of a figure stand for: one for staff or bays if one is varied, else the first."""
    if len(sweep.keys) == 1:
        return None
    for word in _STAFF:
        for key in sweep.keys:
            if word in key:
                return key
    return sweep.keys[0]


def rate_key(sweep: Sweep, colour: str | None) -> str:
    """Return the key that the points of a line differ in: a selection rate if one is varied, else another key."""
    others = [key for key in sweep.keys if key != colour]
    return next((key for key in others if "rate" in key), next(iter(others), sweep.keys[0]))


def lines_of(sweep: Sweep, group: Group, along: str) -> list[IntArray]:
    """Return the points of a group that differ in one key alone, and so may be joined by a line; none if none do.

    Points that all have the same results are not joined: a line would look like a measured trend.
    """
    if not group.exact:
        return []
    places = {value: number for number, value in enumerate(levels(sweep, along))}
    values = [sweep.points[key].to_list() for key in sweep.keys if key != along]
    here = sweep.points[along].to_list()
    lines: dict[tuple[Any, ...], list[int]] = {}
    for row in sorted(group.rows.tolist(), key=lambda row: places[here[row]]):
        lines.setdefault(tuple(column[row] for column in values), []).append(row)
    stands = stands_for(sweep)
    return [np.array(rows, dtype=np.int64) for rows in lines.values() if len(set(stands[rows])) > 1]


def is_numeric(sweep: Sweep, key: str) -> bool:
    """Return whether all values of a key are numbers."""
    return bool(sweep.points[key].dtype.is_numeric())


def levels(sweep: Sweep, key: str) -> list[Any]:
    """Return the values of a key: numbers in ascending order, words in the order of the design."""
    values = sweep.points[key].unique(maintain_order=True).to_list()
    return sorted(values) if is_numeric(sweep, key) else values


def groups_of(sweep: Sweep, key: str | None) -> list[Group]:
    """Return the design points by their value of a key; many values are put together into a few groups.

    Parameters
    ----------
    key
        None for all points in one group.
    """
    column = sweep.points[key] if key is not None else None
    if key is None or column is None:
        return [Group("", np.arange(len(sweep.points)))]
    values = levels(sweep, key)
    if len(values) <= MOST_LEVELS or not is_numeric(sweep, key):
        given = column.to_list()
        return [Group(key_and_value(key, value), _rows([one == value for one in given])) for value in values]
    numbers = column.to_numpy()
    cuts = np.quantile(numbers, np.linspace(0.0, 1.0, _GROUPS + 1)[1:-1])
    place = np.searchsorted(cuts, numbers, side="right")
    found = [np.flatnonzero(place == number) for number in range(_GROUPS)]
    return [_range(key, numbers, rows) for rows in found if len(rows)]


def _range(key: str, numbers: NDArray[Any], rows: IntArray) -> Group:
    lowest, highest = (value_words(key, limit.item()) for limit in (numbers[rows].min(), numbers[rows].max()))
    return Group(f"{key_words(key)} {lowest} to {highest}", rows, exact=False)


def _rows(found: Sequence[bool]) -> IntArray:
    return np.flatnonzero(np.array(found)).astype(np.int64)
