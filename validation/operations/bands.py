"""What no report says: a band for each unknown, the same for every operation."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Draw: TypeAlias = Mapping[str, float]
"""By name of the band a value from it."""

SEED = 1


@dataclass(frozen=True)
class Band:
    """An unknown and the range from which it is drawn.

    Attributes
    ----------
    name
        Of the unknown.
    low, high
        The ends.
    unit
        Of both.
    why
        Where the ends come from.
    by_factors
        Whether it is as likely to be twice as large as to be half as large; if not, all values are equally likely.
    """

    name: str
    low: float
    high: float
    unit: str
    why: str
    by_factors: bool = False

    def at(self, share: float) -> float:
        """Return the value below which this share of the band lies.

        Examples
        --------
        >>> Band("demand", 0.5, 2.0, "", "", by_factors=True).at(0.5)
        1.0
        """
        if self.by_factors:
            return self.low * math.exp(share * math.log(self.high / self.low))
        return self.low + share * (self.high - self.low)


# Written down before any simulated figure was compared with a reported one, and not changed since. Changeover and pause
# came with their keys, before the operations were simulated with them.
BANDS = (
    Band("demand", 0.5, 2.0, "times the mean of such roads", "assumption: half to twice the mean", by_factors=True),
    Band("inspecting", 0.30, 0.75, "of the officers", "assumption; at most 10 of 13, as in mobile controls (NL)"),
    Band("short check", 2.0, 5.0, "min", "2 to 3 (Indianapolis v. Edmond), 3 to 5 (US v. Martinez-Fuerte)"),
    Band("changeover", 0.0, 60.0, "s between two vehicles in a bay", "assumption: driving out and driving in"),
    Band("pause", 0.0, 90.0, "s between two checks of an officer", "assumption: notes, radio, the way to the next"),
    Band("searched", 0.0, 1.0, "of the checked", "all that is possible: papers only, to a search of everybody"),
    Band("offenders", 0.05, 0.15, "of the vehicles", "any offence: assumption"),
    Band("after an offence", 15.0, 91.0, "min", "a report: assumption; an arrest: DOT HS-805-569"),
    Band("smuggling", 0.1, 10.0, "per 10,000 vehicles", "a smuggling run: assumption", by_factors=True),
    Band("occupants", 1.2, 2.0, "in a car or van", "assumption: commuters to travellers"),
    Band("exit", 1.0, 6.0, "km upstream", "assumption"),
    Band("leaving", 0.0, 0.5, "of those who see the queue there", "assumption; the default is 0.1"),
    Band("speed", 10.0, 40.0, "km/h in the lane", "assumption, where not published"),
    Band("officers", 15.0, 80.0, "", "the least and the most published for such controls, where not published"),
    Band("hours", 4.0, 7.0, "h", "the shortest and the longest of those published, where not published"),
    Band("evening", 17.0, 19.0, "o'clock", "beginning: as evening controls that published theirs"),
    Band("any time", 0.0, 24.0, "o'clock", "beginning, where nothing is known"),
)

MIDDLE: Draw = {band.name: band.at(0.5) for band in BANDS}
"""Every unknown at the middle of its band: what the scenario files say."""


def draws(number: int) -> list[Draw]:
    """Draw from all bands at once, evenly; every operation uses the same draws.

    References
    ----------
    McKay, Beckman and Conover (1979), A comparison of three methods for selecting values of input variables,
    Technometrics 21. doi:10.2307/1268522
    """
    from scipy.stats import qmc  # noqa: PLC0415  (heavy, and looking at the bands needs none)

    rows = qmc.LatinHypercube(len(BANDS), rng=np.random.default_rng(SEED)).random(number)
    return [{band.name: band.at(float(share)) for band, share in zip(BANDS, row, strict=True)} for row in rows]
