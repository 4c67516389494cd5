"""The cutoff of a selection rate that changes while the funnel stands."""

import math

from funnelsim.model import dice
from funnelsim.model.compiled import compiled


@compiled
def cutoff_at(rate: float) -> float:
    """Return the score that a share `rate` of ordinary vehicles exceeds.

    Examples
    --------
    >>> cutoff_at(0.5), cutoff_at(0.0), cutoff_at(1.2)
    (0.0, inf, -inf)
    """
    if rate <= 0.0:
        return math.inf
    return -math.inf if rate >= 1.0 else dice.normal_quantile(1.0 - rate)
