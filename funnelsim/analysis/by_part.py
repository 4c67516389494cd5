"""The core measures by window and by direction, where one replication has several windows or funnels."""

from collections import Counter

import numpy as np

from funnelsim.analysis.account import SELECTING, add_window
from funnelsim.analysis.buffers import (
    CHANCE_FOUND,
    DELAY_S,
    DELAYED,
    IN_OPERATION,
    INSPECTED_VEHICLES,
    INSPECTIONS,
    SPARE,
    WINDOW,
    MeasureBuffers,
    prepared,
)
from funnelsim.analysis.inputs import CLOSES_S, OPENS_S, MeasureInputs
from funnelsim.analysis.log_arrays import LogArrays
from funnelsim.analysis.quantiles import quantiles_into, total
from funnelsim.analysis.queue import longest_tail_m
from funnelsim.arrays import FloatArray, IntArray
from funnelsim.engines.compiled.buffers import BASELINE_S, FOUND_AT, PASSED_S, TARGET
from funnelsim.model.compiled import inner
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
    "selecting_share",
    "ordinary_stops",
)
_CORE = len(CORE)
_VEHICLES, _INSPECTED_COUNT, _DETECTIONS, _EXPECTED, _MEAN, _P95, _TAIL, _SELECTING, _STOPS = range(_CORE)
_P95_SHARE = np.array([0.95])


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
    parts_into(row, 0, *prepared(log, plan))
    return dict(zip(names, row.tolist(), strict=True))


def part_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of the measures by window and by direction."""
    windows = window_labels(plan) if len(plan.windows_s) > 1 else ()
    directions = tuple(funnel.direction for funnel in plan.funnels) if plan.other_funnels else ()
    return tuple(f"{name}.{part}" for parts in (windows, directions) for name in CORE for part in parts)


@inner
def parts_into(row: FloatArray, at: int, log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers) -> int:
    """Write the core measures by part from column `at` on; return the column behind them."""
    windows, funnels = inputs.windows_s.shape[1], len(log.first) - 1
    for by_window in range(1, -1, -1):
        parts = windows if by_window else funnels
        if parts > 1:
            core = row[at : at + _CORE * parts]  # one measure after the other: `core[measure * parts + part]`
            core[:] = 0.0
            _of_vehicles(core, parts, by_window, log, buffers)
            for part in range(parts):
                if by_window:
                    _of_window(core, part, log, inputs, buffers)
                else:
                    _of_funnel(core, part, log, inputs, buffers)
            at += _CORE * parts
    return at


@inner
def _of_funnel(core: FloatArray, funnel: int, log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers) -> None:
    """Write the longest queue of a funnel, and the share for which vehicles are selected there."""
    windows, funnels = inputs.windows_s.shape[1], len(log.first) - 1
    buffers.account[:] = 0.0
    for window in range(windows):
        add_window(buffers.account, log, inputs, funnel, window)
    core[_TAIL * funnels + funnel] = longest_tail_m(buffers, funnel, inputs.windows_s[OPENS_S, 0])
    core[_SELECTING * funnels + funnel] = buffers.account[SELECTING] / inputs.staff[0]["length_s"]


@inner
def _of_window(core: FloatArray, window: int, log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers) -> None:
    """Write the longest queue of a window, up to the next one, and the share for which vehicles are selected."""
    windows, funnels = inputs.windows_s.shape[1], len(log.first) - 1
    opens_s = inputs.windows_s[OPENS_S, window]
    until_s = inputs.windows_s[OPENS_S, window + 1] if window + 1 < windows else np.inf
    longest_m = 0.0
    buffers.account[:] = 0.0
    for funnel in range(funnels):
        for step in range(buffers.tail_first[funnel], buffers.tail_first[funnel + 1]):
            if opens_s <= buffers.tail_s[step] < until_s:
                longest_m = max(longest_m, buffers.tail_m[step])
        add_window(buffers.account, log, inputs, funnel, window)
    core[_TAIL * windows + window] = longest_m
    length_s = inputs.windows_s[CLOSES_S, window] - opens_s
    core[_SELECTING * windows + window] = buffers.account[SELECTING] / funnels / length_s


@inner
def _of_vehicles(core: FloatArray, parts: int, by_window: int, log: LogArrays, buffers: MeasureBuffers) -> None:
    """Write what is counted by vehicles, one measure after the other; by funnel unless by window."""
    windows, inspected, target = buffers.ints[WINDOW], buffers.ints[INSPECTED_VEHICLES], log.ints[TARGET]
    in_operation, found, found_at = buffers.bools[IN_OPERATION], buffers.floats[CHANCE_FOUND], log.ints[FOUND_AT]
    delayed, end = buffers.bools[DELAYED], buffers.by_part[0]
    end[:] = 0
    for funnel in range(len(log.first) - 1):
        for i in range(log.first[funnel], log.first[funnel + 1]):
            part = windows[i] if by_window else funnel
            end[part] += delayed[i]
            if in_operation[i]:
                core[_VEHICLES * parts + part] += 1.0
                core[_EXPECTED * parts + part] += found[i]
                core[_DETECTIONS * parts + part] += found_at[i] != NOT_FOUND
    funnel = 0
    for k in range(buffers.counts[INSPECTIONS]):
        i = inspected[k]
        while i >= log.first[funnel + 1]:
            funnel += 1
        part = windows[i] if by_window else funnel
        core[_INSPECTED_COUNT * parts + part] += 1.0
        core[_STOPS * parts + part] += target[i] == 0
    _delays(core, end, parts, by_window, log, buffers)


@inner
def _delays(
    core: FloatArray, end: IntArray, parts: int, by_window: int, log: LogArrays, buffers: MeasureBuffers
) -> None:
    """Write mean and 95 % quantile of the delay; `end` says how many there are in each part, then where it ends."""
    passages_s, baselines_s = log.floats[PASSED_S], log.floats[BASELINE_S]
    windows, delayed, delay = buffers.ints[WINDOW], buffers.bools[DELAYED], buffers.floats[DELAY_S]
    position = buffers.by_part[1]
    position[0] = 0  # where the delays of each part begin, and where the next one goes
    for part in range(1, parts):
        position[part] = end[part - 1]
        end[part] += end[part - 1]
    for funnel in range(len(log.first) - 1):
        for i in range(log.first[funnel], log.first[funnel + 1]):
            if delayed[i]:
                part = windows[i] if by_window else funnel
                delay[position[part]] = passages_s[i] - baselines_s[i]
                position[part] += 1
    first = 0
    for part in range(parts):
        of_part, p95 = delay[first : end[part]], _P95 * parts + part
        core[_MEAN * parts + part] = total(of_part) / len(of_part) if len(of_part) > 0 else np.nan
        quantiles_into(core[p95 : p95 + 1], of_part, buffers.floats[SPARE], buffers.buckets, _P95_SHARE)
        first = end[part]
