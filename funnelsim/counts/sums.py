"""Columns that are the sum of others, such as totals under any name: to count them too would count vehicles twice."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from funnelsim.arrays import FloatArray

_ROWS: Final = 200
_ROUNDING: Final = 1.0
_MOST_STEPS: Final = 20_000
_CERTAIN_BITS: Final = 20.0
_LIKELY_BITS: Final = 8.0
_EXACT_SHARE: Final = 0.5


class Sum(NamedTuple):
    """A column that is the sum of others, or the same as another.

    ``certain`` is false where so few or so small numbers agree that it may be chance.
    """

    name: str
    parts: tuple[str, ...]
    certain: bool


def find_sums(columns: Mapping[str, FloatArray]) -> list[Sum]:
    """Find the columns that equal the sum of some others in every row, up to one for rounding.

    Parameters
    ----------
    columns
        Numbers by column, all of one length; NaN is not counted.

    Examples
    --------
    >>> lane_1, lane_2 = np.arange(100.0, 120.0), np.arange(300.0, 260.0, -2.0)
    >>> find_sums({"lane 1": lane_1, "lane 2": lane_2, "TOT": lane_1 + lane_2})
    [Sum(name='TOT', parts=('lane 1', 'lane 2'), certain=True)]
    """
    names = list(columns)
    if len(names) < 2:  # noqa: PLR2004 (one, and what it may be the sum of)
        return []
    rows = np.column_stack([columns[name] for name in names])
    rows = _telling(rows)
    totals = rows.sum(axis=0)
    found: list[Sum] = []
    parts_of_sums: set[str] = set()
    for place in np.argsort(-totals, kind="stable"):
        others = [n for n in np.argsort(-totals, kind="stable") if n != place and totals[n] > 0]
        others = [n for n in others if names[n] not in {one.name for one in found}]
        parts = _parts(rows, int(place), [int(n) for n in others])
        bits = float(np.log2(1.0 + rows[:, place].clip(0.0)).sum())
        if not parts or bits < _LIKELY_BITS or names[place] in parts_of_sums:
            continue
        found.append(Sum(names[place], tuple(names[n] for n in sorted(parts)), bits >= _CERTAIN_BITS + len(names)))
        if len(parts) == 1:
            parts_of_sums.add(names[parts[0]])  # of two that are the same, one is named
    return found


def _telling(rows: FloatArray) -> FloatArray:
    """Return some rows, evenly spread, in which every column is counted and something was; the same rows once."""
    complete = rows[~np.isnan(rows).any(axis=1)]
    complete = np.unique(complete[complete.sum(axis=1) > 0], axis=0)
    step = max(1, len(complete) // _ROWS)
    return np.asarray(complete[::step], dtype=np.float64)


def _parts(rows: FloatArray, place: int, others: Sequence[int]) -> list[int]:
    """Return the columns that add up to one in every row; nothing where none do."""
    target = rows[:, place]
    if not target.any():
        return []
    fitting = [n for n in others if (rows[:, n] <= target + _ROUNDING).all()]
    steps = 0

    def search(start: int, rest: FloatArray, chosen: list[int]) -> list[int]:
        nonlocal steps
        steps += 1
        exact = (rest == 0).mean()  # one column that is only much like another, as of two lanes, is no sum of it
        if chosen and (np.abs(rest) <= _ROUNDING).all() and exact >= (1.0 if len(chosen) == 1 else _EXACT_SHARE):
            return chosen
        if steps > _MOST_STEPS:
            return []
        for number in range(start, len(fitting)):
            left = rest - rows[:, fitting[number]]
            if (left >= -_ROUNDING).all() and (found := search(number + 1, left, [*chosen, fitting[number]])):
                return found
        return []

    return search(0, target, [])
