"""How fast a lane passes vehicles past officers who look, while vehicles always wait: its recursion, evaluated.

With two officers or more there is no closed form: lane and officers take turns being the slower one. So the lane's
recursion runs for some vehicles, always with the same draws: two plans differ by what they are and not by chance.
"""

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Final

import numpy as np

from funnelsim.arrays import FloatArray

LANES: Final = 128  # side by side, each with its own vehicles
WARM_UP: Final = 30  # vehicles until a lane has forgotten how it began
COUNTED: Final = 60  # vehicles of each lane


@dataclass(frozen=True, eq=False)
class Draws:
    """What is drawn for each vehicle of each lane, shape (vehicles, lanes); evenly spread over the lanes.

    Attributes
    ----------
    vehicle_class, diverted
        Numbers between 0 and 1.
    headway, look
        Lognormal factors with mean 1.
    """

    vehicle_class: FloatArray
    diverted: FloatArray
    headway: FloatArray
    look: FloatArray


@lru_cache(maxsize=4)  # of the plans that are compared
def draws(headway_cv: float, look_cv: float) -> Draws:
    """Return the draws, the same for every plan with these coefficients of variation."""
    generator = np.random.default_rng(1)
    shape = (WARM_UP + COUNTED, LANES)
    strata = [generator.permuted(np.tile(np.arange(LANES), (shape[0], 1)), axis=1) for _ in range(4)]
    uniform = [(strata[k] + generator.random(shape)) / LANES for k in range(2)]
    normal = np.array([NormalDist().inv_cdf((k + 0.5) / LANES) for k in range(LANES)])
    return Draws(*uniform, *(_lognormal(normal, cv)[strata[k]] for k, cv in ((2, headway_cv), (3, look_cv))))


def _lognormal(normal: FloatArray, cv: float) -> FloatArray:
    factors = np.exp(np.sqrt(np.log1p(cv**2)) * normal)
    evened: FloatArray = factors / factors.mean()
    return evened


def seconds_lost(
    headway_s: FloatArray, diversion_s: FloatArray, look_s: FloatArray, officers: int, *, stops: bool
) -> float:
    """Return by how much longer a vehicle takes than its headway and the diversion ahead, by the looks, on average.

    Parameters
    ----------
    headway_s
        Headway of each vehicle, shape (vehicles, lanes).
    diversion_s
        What its own diversion costs the lane, the same shape.
    look_s
        How long an officer looks at it, the same shape.
    officers
        How many look.
    stops
        Whether vehicles halt for the look.
    """
    count = len(headway_s)
    passed_s = np.zeros((officers + count, headway_s.shape[1]))
    cost_s = np.zeros_like(passed_s)
    cost_s[officers:] = diversion_s
    for i in range(officers, officers + count):
        looked_at_s = passed_s[i - officers] + look_s[i - officers]
        if stops:
            looked_at_s += headway_s[i - officers] + cost_s[i - officers]
        np.maximum(passed_s[i - 1] + headway_s[i - officers] + cost_s[i - 1], looked_at_s, out=passed_s[i])
    took_s = passed_s[-1] - passed_s[officers + WARM_UP - 1]
    lane_s = headway_s[WARM_UP:].sum(axis=0) + cost_s[officers + WARM_UP - 1 : -1].sum(axis=0)
    return float((took_s - lane_s).mean()) / COUNTED
