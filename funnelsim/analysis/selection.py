"""How many vehicles one replication met, what became of them, and how long selection was suspended."""

import numpy as np

from funnelsim.analysis.buffers import VEHICLE_COUNT, MeasureBuffers
from funnelsim.analysis.inputs import CLOSES_S, LAST_S, OPENS_S, MeasureInputs, inputs_of
from funnelsim.analysis.log_arrays import LogArrays, log_arrays_of
from funnelsim.analysis.yields import count_fates
from funnelsim.arrays import FloatArray
from funnelsim.engines.compiled.buffers import FATE
from funnelsim.model.compiled import inner
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import Fate, Valve

SELECTION_NAMES = (
    "vehicles",
    "selected",
    "inspected",
    "waved_through",
    "suspended_share",
    "left_at_exit",
    "evaded",
    "pursuits",
    "brought_back",
)

_INSPECTED, _AREA_FULL, _BROUGHT_BACK = int(Fate.INSPECTED), int(Fate.AREA_FULL), int(Fate.BROUGHT_BACK)
_LEFT_AT_EXIT, _EVADED = int(Fate.LEFT_AT_EXIT), int(Fate.EVADED)
_OPEN = int(Valve.OPEN)


@inner
def selection_into(row: FloatArray, at: int, log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers) -> int:
    """Write the measures of selection from column `at` on; return the column behind them."""
    windows, funnels = inputs.windows_s.shape[1], len(log.first) - 1
    count = buffers.tally
    count[:] = 0.0
    count_fates(count, log.ints[FATE][: log.first[funnels]])
    suspended_s = 0.0
    for funnel in range(funnels):
        for window in range(windows):
            suspended_s += suspended_in_s(log, inputs.windows_s, funnel, window)
    row[at] = buffers.counts[VEHICLE_COUNT]
    row[at + 1] = count[_INSPECTED] + count[_AREA_FULL]
    row[at + 2] = count[_INSPECTED] + count[_BROUGHT_BACK]
    row[at + 3] = count[_AREA_FULL]
    row[at + 4] = suspended_s / funnels / inputs.staff[0]["length_s"]
    row[at + 5] = count[_LEFT_AT_EXIT]
    row[at + 6] = count[_EVADED]
    row[at + 7] = len(log.pursuit_from_s)
    row[at + 8] = count[_BROUGHT_BACK]
    return at + 9


def suspended_share(log: Log, plan: Plan) -> float:
    """Return the share of the operation in which selection is suspended, by the valve or in the last minutes."""
    return float(suspended_s(log, plan).sum()) / float(inputs_of(plan).staff[0]["length_s"])


def suspended_s(log: Log, plan: Plan) -> FloatArray:
    """Return for how long selection is suspended in each window, by the valve or in the last minutes.

    Of several funnels it is the mean.
    """
    windows_s, funnels = inputs_of(plan).windows_s, len(plan.funnels)
    arrays = log_arrays_of(log, funnels)
    each = [
        [suspended_in_s(arrays, windows_s, funnel, window) for window in range(windows_s.shape[1])]
        for funnel in range(funnels)
    ]
    mean_s: FloatArray = np.mean(each, axis=0)
    return mean_s


@inner
def suspended_in_s(log: LogArrays, windows_s: FloatArray, funnel: int, window: int) -> float:
    """Return for how long selection is suspended at a funnel in a window; at its opening the valve is open."""
    opens_s, last_s = windows_s[OPENS_S, window], windows_s[LAST_S, window]
    seconds = windows_s[CLOSES_S, window] - last_s
    since_s = np.inf  # when the valve was shut
    for change in range(len(log.valve_s)):
        changes_s = log.valve_s[change]
        if log.valve_funnel[change] != funnel or changes_s < opens_s:
            continue
        if changes_s >= last_s:
            break
        if since_s < np.inf:
            seconds += changes_s - since_s
        since_s = changes_s if log.valve[change] != _OPEN else np.inf
    return float(seconds + max(0.0, last_s - since_s))
