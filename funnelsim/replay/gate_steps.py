"""What happens at a selection point over time: closed, selecting, or why not."""

from enum import IntEnum

import numpy as np

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import Valve


class GateState(IntEnum):
    """What a selection point does; of several reasons not to select, the first of them in the order of the model."""

    CLOSED = 0
    SELECTING = 1
    SUSPENDED = 2
    LIFTED = 3
    UNSTAFFED = 4
    LAST_MINUTES = 5


def gate_steps(log: Log, plan: Plan) -> tuple[FloatArray, IntArray]:
    """Return the states of one funnel's selection point as steps: moments, and the state from each moment on.

    Parameters
    ----------
    log, plan
        Of one funnel alone (`funnelsim.analysis.by_funnel`).
    """
    funnel, duty = plan.funnel, plan.duty
    edges = np.unique(
        np.concatenate([funnel.opens_s, funnel.last_selection_s, funnel.closes_s, log.valve_s, duty.times_s])
    )
    window = np.searchsorted(funnel.opens_s, edges, side="right") - 1
    stands = (window >= 0) & (edges < funnel.closes_s[window])
    turned = np.searchsorted(log.valve_s, edges, side="right") - 1
    valve = np.where(turned >= 0, np.append(log.valve, int(Valve.OPEN))[turned], int(Valve.OPEN))
    staffed = duty.staffed[np.searchsorted(duty.times_s, edges, side="right") - 1]
    states = np.select(
        [
            ~stands,
            valve == Valve.LIFTED,
            ~staffed,
            valve == Valve.SUSPENDED,
            edges >= funnel.last_selection_s[window],
        ],
        [GateState.CLOSED, GateState.LIFTED, GateState.UNSTAFFED, GateState.SUSPENDED, GateState.LAST_MINUTES],
        default=GateState.SELECTING,
    ).astype(np.int64)
    changes = np.append(True, states[1:] != states[:-1])
    return edges[changes], states[changes]
