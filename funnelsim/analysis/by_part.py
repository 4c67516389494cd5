"""The core measures by window and by direction, where one replication has several windows or funnels."""

from collections import Counter

import numpy as np

from funnelsim.analysis.notes import INSPECTED, Notes, noted
from funnelsim.analysis.quantiles import quantiles_into
from funnelsim.analysis.queue import longest_tail_m
from funnelsim.analysis.records import Records
from funnelsim.analysis.suspension import suspended_in_s
from funnelsim.analysis.yardstick import Yardstick
from funnelsim.arrays import FloatArray, IntArray
from funnelsim.model.compiled import compiled
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import NOT_FOUND
from funnelsim.scenario.key import clock_of

CORE = (
    "vehicles",
    "inspected",
    "detections",
    "expected_detections",
    "delay_mean_s",
    "delay_p95_s",
    "tail_max_m",
    "suspended_share",
    "ordinary_stops",
)
_CORE = len(CORE)
_VEHICLES, _INSPECTED, _DETECTIONS, _EXPECTED, _MEAN, _P95, _TAIL, _SUSPENDED, _STOPS = range(_CORE)


def window_labels(plan: Plan) -> tuple[str, ...]:
    """Return the names of the windows: by the clock and, where one comes again, with its day: "day 2 06:00-10:00"."""
    clocks = [f"{clock_of(opens_s)}-{clock_of(closes_s)}" for opens_s, closes_s in plan.windows_s]
    if len(set(clocks)) == len(clocks):
        return tuple(clocks)
    day: Counter[str] = Counter()
    labels = []
    for clock in clocks:
        day[clock] += 1
        labels.append(f"day {day[clock]} {clock}")
    return tuple(labels)


def by_part(log: Log, plan: Plan) -> dict[str, float]:
    """Return the core measures of each window and of each funnel, named `measure.LABEL` and `measure.DIRECTION`.

    A vehicle belongs to the window in which its unobstructed arrival lies, after a closing to the one before. With one
    window there are none by window, with one funnel none by direction.
    """
    names = part_names(plan)
    row = np.empty(len(names))
    parts_into(row, 0, *noted(log, plan))
    return dict(zip(names, row.tolist(), strict=True))


def part_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of the measures by window and by direction."""
    windows = window_labels(plan) if len(plan.windows_s) > 1 else ()
    directions = tuple(funnel.direction for funnel in plan.funnels) if plan.other_funnels else ()
    return tuple(f"{name}.{part}" for parts in (windows, directions) for name in CORE for part in parts)


@compiled
def parts_into(row: FloatArray, at: int, records: Records, yardstick: Yardstick, notes: Notes) -> int:
    """Write the core measures by part from a place on; return the place behind them."""
    windows, funnels = len(yardstick.windows.opens_s), len(records.first) - 1
    if windows > 1:
        core = np.zeros((_CORE, windows))
        _of_vehicles(core, records, notes, 1)
        for window in range(windows):
            _of_window(core, window, records, yardstick, notes)
        row[at : at + core.size] = core.ravel()
        at += core.size
    if funnels > 1:
        core = np.zeros((_CORE, funnels))
        _of_vehicles(core, records, notes, 0)
        for funnel in range(funnels):
            core[_TAIL, funnel] = longest_tail_m(notes, funnel, yardstick.windows.opens_s[0])
            seconds = 0.0
            for window in range(windows):
                seconds += suspended_in_s(records, yardstick.windows, funnel, window)
            core[_SUSPENDED, funnel] = seconds / yardstick.windows.length_s
        row[at : at + core.size] = core.ravel()
        at += core.size
    return at


@compiled
def _of_window(core: FloatArray, window: int, records: Records, yardstick: Yardstick, notes: Notes) -> None:
    """Write the longest queue of a window, up to the next one, and the share for which selection is suspended."""
    windows, funnels = yardstick.windows, len(records.first) - 1
    opens_s = windows.opens_s[window]
    until_s = windows.opens_s[window + 1] if window + 1 < len(windows.opens_s) else np.inf
    longest_m, seconds = 0.0, 0.0
    for funnel in range(funnels):
        for step in range(notes.tail_first[funnel], notes.tail_first[funnel + 1]):
            if opens_s <= notes.tail_s[step] < until_s:
                longest_m = max(longest_m, notes.tail_m[step])
        seconds += suspended_in_s(records, windows, funnel, window)
    core[_TAIL, window] = longest_m
    core[_SUSPENDED, window] = seconds / funnels / (windows.closes_s[window] - opens_s)


@compiled
def _of_vehicles(core: FloatArray, records: Records, notes: Notes, by_window: int) -> None:
    """Write what is counted by vehicles, shape (core measures, parts); by funnel unless by window."""
    parts = core.shape[1]
    end = np.zeros(parts, dtype=np.int64)
    for funnel in range(len(records.first) - 1):
        for i in range(records.first[funnel], records.first[funnel + 1]):
            part = notes.window[i] if by_window else funnel
            end[part] += notes.delayed[i]
            if notes.met[i]:
                core[_VEHICLES, part] += 1.0
                core[_EXPECTED, part] += notes.found[i]
                core[_DETECTIONS, part] += records.found_at[i] != NOT_FOUND
    funnel = 0
    for i in notes.inspected[: notes.numbers[INSPECTED]]:
        while i >= records.first[funnel + 1]:
            funnel += 1
        part = notes.window[i] if by_window else funnel
        core[_INSPECTED, part] += 1.0
        core[_STOPS, part] += records.target[i] == 0
    for part in range(1, parts):
        end[part] += end[part - 1]
    _delays(core, end, records, notes, by_window)


@compiled
def _delays(core: FloatArray, end: IntArray, records: Records, notes: Notes, by_window: int) -> None:
    """Write mean and 95 % quantile of the delay, given how many of whom they are of come up to each part's end."""
    delay, place = notes.values, np.zeros(len(end), dtype=np.int64)
    place[1:] = end[:-1]
    for funnel in range(len(records.first) - 1):
        for i in range(records.first[funnel], records.first[funnel + 1]):
            if notes.delayed[i]:
                part = notes.window[i] if by_window else funnel
                delay[place[part]] = records.passed_s[i] - records.baseline_s[i]
                place[part] += 1
    first = 0
    for part in range(len(end)):
        of_part = delay[first : end[part]]
        core[_MEAN, part] = of_part.sum() / len(of_part) if len(of_part) > 0 else np.nan
        quantiles_into(core[_P95, part : part + 1], of_part, notes.spare, (0.95,))
        first = end[part]
