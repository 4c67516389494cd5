"""One comparison of the validation: the expected result, the simulated one, and whether they agree."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

LEVEL = 0.95
BOUND_Z = 3.5  # chance alone exceeds it once in two thousand comparisons


@dataclass(frozen=True)
class Comparison:
    """An expected number and a simulated one; they agree if the expected one lies between `low` and `high`.

    Attributes
    ----------
    case
        What is compared, in words that distinguish it from its neighbours.
    unit
        Unit of all its numbers; empty for a share.
    expected
        The number from theory, the peer or the publication.
    simulated
        The number from funnelsim.
    low, high
        Limits for the expected number.
    source
        Where the expected number is from.
    half_width
        Half-width of the simulated number's 95 % confidence interval; None if it is not random.
    note
        What the reader should know.
    explanation
        Why the two differ, if they do and the reason is known.
    """

    case: str
    unit: str
    expected: float
    simulated: float
    low: float
    high: float
    source: str
    half_width: float | None = None
    note: str = ""
    explanation: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the expected number lies within its limits."""
        return self.low <= self.expected <= self.high

    @property
    def z(self) -> float | None:
        """Return the difference in standard errors; None if the simulated number is not random."""
        if not self.half_width:
            return None
        return BOUND_Z * (self.simulated - self.expected) / (self.high - self.simulated)


@dataclass(frozen=True)
class Claim:
    """A finding of the literature and the result of the same study with funnelsim: they agree in kind or do not.

    Attributes
    ----------
    case
        What was studied.
    claim
        The finding of the publication, in a few words.
    measured
        The result of funnelsim, with its numbers.
    agrees
        Whether the two agree in kind.
    source
        The publication, with DOI where it has one.
    note
        What the reader should know.
    explanation
        Why the two differ, if they do and the reason is known.
    """

    case: str
    claim: str
    measured: str
    agrees: bool
    source: str
    note: str = ""
    explanation: str = ""


def by_chance(
    case: str, unit: str, expected: float, ratio: tuple[Sequence[float], Sequence[float]], source: str, note: str = ""
) -> Comparison:
    """Compare with a simulated ratio of sums over replications, such as all waiting times over all who waited.

    The standard error is that of the linearised ratio (delta method) over replications. The two agree if they differ by
    at most `BOUND_Z` standard errors.

    Parameters
    ----------
    ratio
        Numerators and denominators, one of each per replication.

    Examples
    --------
    >>> found = by_chance("waiting", "s", 2.0, ([2.0, 4.1, 6.2], [1.0, 2.0, 3.0]), "a book")
    >>> round(found.simulated, 2), found.agrees
    (2.05, True)
    """
    above, below = (np.asarray(part, dtype=float) for part in ratio)
    simulated = float(above.sum() / below.sum())
    deviations = (above - simulated * below) / below.mean()
    error = float(stats.sem(deviations))
    half_width = error * float(stats.t.ppf((1 + LEVEL) / 2, len(above) - 1))
    allowed = BOUND_Z * error
    return Comparison(
        case, unit, expected, simulated, simulated - allowed, simulated + allowed, source, half_width, note
    )


def within(
    case: str, unit: str, expected: float, simulated: float, allowed: float, source: str, note: str = ""
) -> Comparison:
    """Compare numbers that are not random; they agree if they differ by at most what is allowed.

    Examples
    --------
    >>> within("queue", "vehicles", 400.0, 399.0, 1.0, "a book").agrees
    True
    """
    given = math.isfinite(simulated)
    low, high = (simulated - allowed, simulated + allowed) if given else (math.inf, -math.inf)
    return Comparison(case, unit, expected, simulated, low, high, source, note=note)


def in_range(
    case: str, unit: str, published: float, values: Sequence[float], source: str, note: str = ""
) -> Comparison:
    """Compare a published number with single simulated operations; it must lie within the middle 95 % of them.

    Examples
    --------
    >>> found = in_range("vehicles", "", 158.0, [150.0, 160.0, 170.0], "a newspaper")
    >>> found.simulated, found.agrees
    (160.0, True)
    """
    low, middle, high = (float(value) for value in np.quantile(values, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2]))
    return Comparison(case, unit, published, middle, low, high, source, note=note)
