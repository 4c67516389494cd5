"""The design points of a sweep by the values of its varied keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelsim.arrays import IntArray
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.key_words import key_and_value, key_words, value_words
from funnelsim.experiments.ranking import stands_for
from funnelsim.experiments.sweep import Sweep
from funnelsim.wording import joined

MOST_LEVELS = 7  # of a key told apart by colour and mark
_GROUPS = 4
_MOST_PANELS = 6
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
    told = [] if colour is None else twins_of(sweep, colour)
    others = [key for key in sweep.keys if key not in told]
    return next((key for key in others if "rate" in key), next(iter(others), sweep.keys[0]))


def twins_of(sweep: Sweep, key: str) -> list[str]:
    """Return the keys that move together with a key, itself among them, in the order of the sweep."""
    columns = sweep.points.select(sweep.keys)
    number = columns[key].n_unique()

    def moves_together(other: str) -> bool:
        together = columns.select(key, other).n_unique() if other != key else number
        return together == number == columns[other].n_unique()

    # Where every point has values of its own, numbers rather fill a space than move together.
    if number == len(columns) and is_numeric(sweep, key):
        return [key]
    return [other for other in sweep.keys if moves_together(other)]


def told_apart(sweep: Sweep, rows: Sequence[int]) -> tuple[dict[int, str], str]:
    """Return by row in what some points differ from each other, in words; and what they have in common."""
    differ = {key for key in sweep.keys if len(rows) == 1 or len({repr(sweep.points[key][row]) for row in rows}) > 1}
    names = {
        row: ", ".join(key_and_value(key, sweep.points[key][row]) for key in sweep.keys if key in differ)
        for row in rows
    }
    same = ", ".join(key_and_value(key, sweep.points[key][rows[0]]) for key in sweep.keys if key not in differ)
    return names, same


def keys_of_panels(sweep: Sweep, taken: Sequence[str | None], most: int = _MOST_PANELS) -> list[str]:
    """Return the keys that no line or label stands for and of whose values each combination can have a panel.

    Keys that would make too many panels, or that have too many values, are left out. Of keys that move together one
    stands for all.
    """
    told = _told_by(sweep, taken)
    chosen: list[str] = []
    number = 1
    for key in sweep.keys:
        count = len(levels(sweep, key))
        if key not in told and 1 < count <= MOST_LEVELS and number * count <= most:
            chosen.append(key)
            told.update(twins_of(sweep, key))
            number *= count
    return chosen


def keys_untold(sweep: Sweep, taken: Sequence[str | None]) -> list[str]:
    """Return the keys in which points differ although they are drawn alike."""
    told = _told_by(sweep, taken)
    return [key for key in sweep.keys if key not in told and len(levels(sweep, key)) > 1]


def untold_sentence(keys: Sequence[str]) -> str:
    """Return that points drawn alike differ in some keys; nothing where there are none."""
    return f" Points drawn alike differ in {joined([_name_of(key) for key in keys])}." if keys else ""


def _name_of(key: str) -> str:
    return key_words(key).partition(",")[0]


def _told_by(sweep: Sweep, taken: Sequence[str | None]) -> set[str]:
    return {twin for key in taken if key is not None for twin in twins_of(sweep, key)}


def combined_groups(sweep: Sweep, keys: Sequence[str]) -> list[Group]:
    """Return the points by their values of several keys, a group for each combination that occurs."""
    groups = [Group("", np.arange(len(sweep.points)))]
    for key in keys:
        groups = [
            Group(
                ", ".join(filter(None, (one.name, part.name))),
                np.intersect1d(one.rows, part.rows),
                one.exact and part.exact,
            )
            for one in groups
            for part in groups_of(sweep, key)
        ]
    return [group for group in groups if len(group.rows)]


def lines_of(sweep: Sweep, group: Group, along: str) -> list[IntArray]:
    """Return the points of a group that differ in one key alone, and so may be joined by a line; none if none do.

    Points that all have the same results are not joined: a line would look like a measured trend.
    """
    if not group.exact:
        return []
    places = {value: number for number, value in enumerate(levels(sweep, along))}
    values = [sweep.points[key].to_list() for key in sweep.keys if key not in twins_of(sweep, along)]
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
        found = [_rows([one == value for one in given]) for value in values]
        return [Group(_named(sweep, key, int(rows[0])), rows) for rows in found]
    numbers = column.to_numpy()
    cuts = np.quantile(numbers, np.linspace(0.0, 1.0, _GROUPS + 1)[1:-1])
    place = np.searchsorted(cuts, numbers, side="right")
    parts = [np.flatnonzero(place == number) for number in range(_GROUPS)]
    return [_range(key, numbers, rows) for rows in parts if len(rows)]


def _named(sweep: Sweep, key: str, row: int) -> str:
    """Return a point's value of a key, with those of the keys that move together with it."""
    return ", ".join(key_and_value(twin, sweep.points[twin][row]) for twin in twins_of(sweep, key))


def _range(key: str, numbers: NDArray[Any], rows: IntArray) -> Group:
    lowest, highest = (value_words(key, limit.item()) for limit in (numbers[rows].min(), numbers[rows].max()))
    return Group(f"{key_words(key)} {lowest} to {highest}", rows, exact=False)


def _rows(found: Sequence[bool]) -> IntArray:
    return np.flatnonzero(np.array(found)).astype(np.int64)
