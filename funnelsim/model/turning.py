"""The chances of a driver to turn off before the funnel, in compiled code."""

import math

from funnelsim.arrays import FloatArray
from funnelsim.model.compiled import inner


@inner
def chances_to_evade(
    at_s: float, opens_s: FloatArray, closes_s: FloatArray, alerted: float, half_life_s: float, visible: float
) -> tuple[float, float]:
    """Return the chances that a driver stays away, or turns away at the sight of the funnel.

    Parameters
    ----------
    at_s
        When the driver comes to where he could turn off.
    opens_s, closes_s
        The windows in which the funnel stands, shape (windows,).
    alerted, half_life_s, visible
        What drivers of his status do.
    """
    window = -1
    while window + 1 < len(opens_s) and opens_s[window + 1] <= at_s:
        window += 1
    stands = window >= 0 and at_s < closes_s[window]
    out_s = at_s - opens_s[window] if stands else -1.0
    stays_away, turns_away, _ = turning(alerted, half_life_s, visible, 0.0, out_s, 0)
    return stays_away, turns_away


@inner
def turning(
    alerted: float, half_life_s: float, visible: float, leaves: float, out_s: float, queue_seen: int
) -> tuple[float, float, float]:
    """Return the chances that a vehicle stays away, turns away, and leaves at the exit; else it comes to the funnel.

    Parameters
    ----------
    alerted, half_life_s, visible, leaves
        Shares of those who keep away, of the vehicle's status (`funnelsim.model.evasion.Evasion`).
    out_s
        How long the funnel has stood when the vehicle comes to where it could turn off; -1 while there is none.
    queue_seen
        1 if the queue is long enough to leave, else 0.

    Examples
    --------
    >>> turning(0.5, 3600.0, 0.2, 0.0, 3600.0, 0)
    (0.25, 0.15000000000000002, 0.0)
    """
    stays_away, turns_away = 0.0, 0.0
    if out_s >= 0.0:
        if alerted > 0.0:
            stays_away = alerted * (1.0 - math.exp(-math.log(2.0) * out_s / half_life_s))
        turns_away = (1.0 - stays_away) * visible
    return stays_away, turns_away, (1.0 - stays_away - turns_away) * leaves * queue_seen
