"""When things happened to the vehicles of a day, as the log or a peer says, and how far these are apart."""

from dataclasses import astuple, dataclass

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.model.log import Fate, Gate, Log
from funnelsim.units import MINUTE_S


@dataclass(frozen=True, eq=False)
class Times:
    """When it happened to the vehicles that find the funnel open; infinite where it did not. Shapes (vehicles,).

    Attributes
    ----------
    passed_s
        Passage of the selection point.
    bay_from_s, inspected_from_s, left_s
        When the vehicle had a bay, when its inspection began, and when it left the area.
    """

    passed_s: FloatArray
    bay_from_s: FloatArray
    inspected_from_s: FloatArray
    left_s: FloatArray

    def mean_wait_s(self, divert_s: float) -> float:
        """Return how long the inspected wait in the area on average, once they have driven there."""
        inspected = np.isfinite(self.left_s)
        return float((self.inspected_from_s[inspected] - self.passed_s[inspected]).mean()) - divert_s


def times_of(log: Log) -> Times:
    """Return what a log says of the vehicles that found the funnel open."""
    found_open = log.gate == Gate.OPEN
    inspected_from_s = np.full(len(log.traffic), np.inf)
    np.minimum.at(inspected_from_s, log.stage_vehicle, log.stage_from_s)
    return Times(
        log.passed_s[found_open], log.bay_from_s[found_open], inspected_from_s[found_open], log.left_s[found_open]
    )


def largest_difference_s(one: Times, other: Times) -> float:
    """Return the largest difference of any two times; infinite where a thing happened in one and not in the other."""
    largest_s = 0.0
    for mine_s, others_s in zip(astuple(one), astuple(other), strict=True):
        happened = np.isfinite(mine_s)
        if mine_s.shape != others_s.shape or not np.array_equal(happened, np.isfinite(others_s)):
            return float(np.inf)
        largest_s = max(largest_s, float(np.abs(mine_s[happened] - others_s[happened]).max(initial=0.0)))
    return largest_s


def what_happened(log: Log) -> str:
    """Return in a sentence how much there was in which two descriptions of a day might differ."""
    found_open, inspected = log.gate == Gate.OPEN, log.inspected
    longest_min = (log.passed_s - log.arrival_s)[found_open].max() / MINUTE_S
    said = f"{found_open.sum():,} vehicles, the most delayed by {longest_min:.1f} min"
    if not inspected.any():
        return f"{said}."
    inspected_from_s = np.full(len(log.traffic), np.inf)
    np.minimum.at(inspected_from_s, log.stage_vehicle, log.stage_from_s)
    waited = inspected_from_s[inspected] > log.area_s[inspected]
    said += f"; {inspected.sum():,} inspected, of whom {waited.sum():,} wait"
    full = int((log.fate == Fate.AREA_FULL).sum())
    return f"{said}; {full:,} waved through." if full else f"{said}."
