"""The account of the windows' minutes in one replication: selecting, suspended, lifted, unstaffed, last minutes."""

import numpy as np

from funnelsim.analysis.buffers import MeasureBuffers
from funnelsim.analysis.inputs import CLOSES_S, LAST_S, OPENS_S, MeasureInputs, inputs_of
from funnelsim.analysis.log_arrays import LogArrays, log_arrays_of
from funnelsim.arrays import FloatArray
from funnelsim.model.compiled import inner
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import Valve

ACCOUNT_NAMES = (
    "selecting_share",
    "suspended_share",
    "lifted_share",
    "unstaffed_share",
    "last_minutes_share",
    "liftings",
    "lifted",
    "suspensions",
    "suspensions_s",
)
SELECTING, SUSPENDED, LIFTED, UNSTAFFED, LAST_MINUTES = ENTRIES = range(5)

_OPEN, _SUSPENDED, _LIFTED = int(Valve.OPEN), int(Valve.SUSPENDED), int(Valve.LIFTED)


def account_s(log: Log, plan: Plan) -> FloatArray:
    """Return what the time of each window of each funnel goes into, shape (funnels, windows, entries).

    An entry is one of `ENTRIES`; those of a window add up to its length.
    """
    inputs, arrays = inputs_of(plan), log_arrays_of(log, len(plan.funnels))
    account = np.zeros((len(plan.funnels), inputs.windows_s.shape[1], len(ENTRIES)))
    for funnel, of_funnel in enumerate(account):
        for window, entries in enumerate(of_funnel):
            add_window(entries, arrays, inputs, funnel, window)
    return account


@inner
def account_into(row: FloatArray, at: int, log: LogArrays, inputs: MeasureInputs, buffers: MeasureBuffers) -> int:
    """Write the account from column `at` on; return the column behind it. Of several funnels it is the mean."""
    windows, funnels, account = inputs.windows_s.shape[1], len(log.first) - 1, buffers.account
    account[:] = 0.0
    for funnel in range(funnels):
        for window in range(windows):
            add_window(account, log, inputs, funnel, window)
    for entry in range(len(account)):
        row[at + entry] = account[entry] / funnels / inputs.staff[0]["length_s"]
    liftings = 0
    for change in range(len(log.valve)):
        liftings += log.valve[change] == _LIFTED
    row[at + len(account)] = liftings
    row[at + len(account) + 1] = liftings > 0
    suspensions, suspended_s = 0, 0.0
    for funnel in range(funnels):
        for window in range(windows):
            times, lasts_s = _suspended(log, inputs, funnel, window)
            suspensions += times
            suspended_s += lasts_s
    row[at + len(account) + 2] = suspensions
    row[at + len(account) + 3] = suspended_s
    return at + len(account) + 4


@inner
def _suspended(log: LogArrays, inputs: MeasureInputs, funnel: int, window: int) -> tuple[int, float]:
    """Return how often the valve stops selection in a window, and for how long in all; at the opening it is open."""
    opens_s, closes_s = inputs.windows_s[OPENS_S, window], inputs.windows_s[CLOSES_S, window]
    times, lasts_s, since_s = 0, 0.0, closes_s
    change = _next_change(log, funnel, -1)
    while change < len(log.valve_s):
        now_s = log.valve_s[change]
        if opens_s <= now_s < closes_s:
            if log.valve[change] == _OPEN:
                lasts_s += max(0.0, now_s - since_s)
                since_s = closes_s
            elif since_s == closes_s:
                times += 1
                since_s = now_s
        change = _next_change(log, funnel, change)
    return times, lasts_s + closes_s - since_s


@inner
def add_window(account: FloatArray, log: LogArrays, inputs: MeasureInputs, funnel: int, window: int) -> None:
    """Add the seconds of a window at a funnel to the account, in the order in which the gate asks (`rules.gate_at`).

    At its opening the valve is open.
    """
    windows_s = inputs.windows_s
    opens_s, last_s, closes_s = windows_s[OPENS_S, window], windows_s[LAST_S, window], windows_s[CLOSES_S, window]
    times_s, valve, change, step = inputs.times_s, _OPEN, _next_change(log, funnel, -1), 0
    now_s = opens_s
    while now_s < closes_s:
        while change < len(log.valve_s) and log.valve_s[change] <= now_s:
            if log.valve_s[change] >= opens_s:
                valve = log.valve[change]
            change = _next_change(log, funnel, change)
        while step + 1 < len(times_s) and times_s[step + 1] <= now_s:
            step += 1
        next_s = last_s if now_s < last_s else closes_s
        if step + 1 < len(times_s):
            next_s = min(next_s, times_s[step + 1])
        if change < len(log.valve_s):
            next_s = min(next_s, log.valve_s[change])
        if valve == _LIFTED:
            entry = LIFTED
        elif not inputs.staffed[step, funnel]:
            entry = UNSTAFFED
        elif valve == _SUSPENDED:
            entry = SUSPENDED
        else:
            entry = SELECTING if now_s < last_s else LAST_MINUTES
        account[entry] += next_s - now_s
        now_s = next_s


@inner
def _next_change(log: LogArrays, funnel: int, change: int) -> int:
    """Return the next change of a funnel's valve; those of one funnel, not of all, stand in the order of time."""
    change += 1
    while change < len(log.valve_s) and log.valve_funnel[change] != funnel:
        change += 1
    return change
