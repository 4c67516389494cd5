"""How long selection is suspended in one replication."""

import numpy as np

from funnelsim.analysis.records import Records, records_of
from funnelsim.analysis.yardstick import Windows, yardstick_of
from funnelsim.arrays import FloatArray
from funnelsim.model.compiled import compiled
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import Valve

_OPEN = int(Valve.OPEN)


def suspended_share(log: Log, plan: Plan) -> float:
    """Return the share of the operation in which selection is suspended, by the valve or in the last minutes."""
    return float(suspended_s(log, plan).sum()) / yardstick_of(plan).windows.length_s


def suspended_s(log: Log, plan: Plan) -> FloatArray:
    """Return for how long selection is suspended in each window, by the valve or in the last minutes.

    Of several funnels it is the mean.
    """
    windows, funnels = yardstick_of(plan).windows, len(plan.funnels)
    records = records_of(log, funnels)
    each = [
        [suspended_in_s(records, windows, funnel, window) for window in range(len(windows.opens_s))]
        for funnel in range(funnels)
    ]
    mean_s: FloatArray = np.mean(each, axis=0)
    return mean_s


@compiled
def suspended_in_s(records: Records, windows: Windows, funnel: int, window: int) -> float:
    """Return for how long selection is suspended at a funnel in a window; at its opening the valve is open."""
    opens_s, last_s = windows.opens_s[window], windows.last_s[window]
    seconds = windows.closes_s[window] - last_s
    since_s = np.inf  # when the valve was shut
    for change in range(len(records.valve_s)):
        changes_s = records.valve_s[change]
        if records.valve_funnel[change] != funnel or changes_s < opens_s:
            continue
        if changes_s >= last_s:
            break
        if since_s < np.inf:
            seconds += changes_s - since_s
        since_s = changes_s if records.valve[change] != _OPEN else np.inf
    return float(seconds + max(0.0, last_s - since_s))
