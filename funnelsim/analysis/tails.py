"""The queue's length over time, as steps."""

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.model.compiled import inner
from funnelsim.model.log import Log


def tail_steps(log: Log) -> tuple[FloatArray, FloatArray]:
    """Return the queue's length over time as steps: moments, and the tail in metres from each moment on.

    The tail is where the newest vehicle met the queue, until that vehicle has passed. The log is of one funnel. Moments
    at which there still is no queue are left out but for the first.
    """
    vehicles = len(log.passed_s)
    moments, metres = np.empty(2 * vehicles + 1), np.empty(2 * vehicles + 1)
    steps = follow_tail(moments, metres, 0, log.joined_s, log.tail_m, log.passed_s, 0, vehicles)
    return moments[:steps], metres[:steps]


@inner
def follow_tail(
    moments: FloatArray,
    metres: FloatArray,
    steps: int,
    joins_s: FloatArray,
    tails_m: FloatArray,
    passages_s: FloatArray,
    first: int,
    end: int,
) -> int:
    """Write the steps of the queue of one funnel behind those already there; return how many there are then.

    Parameters
    ----------
    moments, metres, steps
        The steps, written from position `steps` on.
    joins_s, tails_m, passages_s
        Of all vehicles: when each met the queue, how long that was then, and when it passed.
    first, end
        The vehicles of the funnel.
    """
    begins = steps
    before_s = np.inf  # when the newest vehicle of a queue passes
    now_s = -np.inf
    for i in range(first, end):
        if passages_s[i] == np.inf:  # turned off
            continue
        now_s = max(now_s, joins_s[i])
        if before_s < now_s:  # it passes before the next one comes: no queue in between
            moments[steps], metres[steps] = before_s, 0.0
            steps += 1
            before_s = np.inf
        if tails_m[i] > 0.0 or before_s < np.inf or steps == begins:
            moments[steps], metres[steps] = now_s, tails_m[i]
            steps += 1
        before_s = max(now_s, passages_s[i]) if tails_m[i] > 0.0 else np.inf
    if before_s < np.inf:
        moments[steps], metres[steps] = before_s, 0.0
        steps += 1
    return steps
