"""One line of the validation: what should come out, what came out, and whether the two agree."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

LEVEL = 0.95
BOUND_Z = 3.5  # beyond it chance is no excuse: one line in two thousand


@dataclass(frozen=True)
class Comparison:
    """A number held against another; they agree where the expected one lies between `low` and `high`.

    Attributes
    ----------
    case
        What is compared, in words, with what tells this line from its neighbours.
    unit
        Of all its numbers; empty for a share.
    expected
        What theory, the peer or the publication says.
    simulated
        What funnelsim says.
    low, high
        Between these the expected number must lie.
    source
        Of the expected number.
    half_width
        Of the simulated number's 95 % interval; None where there is no chance in it.
    note
        What the reader should know.
    explanation
        Why the two differ, where they do and it is known why.
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
        """Whether the expected number lies where it must."""
        return self.low <= self.expected <= self.high

    @property
    def z(self) -> float | None:
        """Return the difference in standard errors; None where there is no chance in it."""
        if not self.half_width:
            return None
        return BOUND_Z * (self.simulated - self.expected) / (self.high - self.simulated)


@dataclass(frozen=True)
class Claim:
    """A finding of the literature, held against the same study made with funnelsim: it agrees in kind or does not.

    Attributes
    ----------
    case
        What was studied.
    claim
        What the publication found, in a few words.
    measured
        What funnelsim found, with its numbers.
    agrees
        Whether that is the same in kind.
    source
        The publication, with DOI where it has one.
    note
        What the reader should know.
    explanation
        Why the two differ, where they do and it is known why.
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
    """Compare with a simulated ratio of sums over replications, such as all waiting over all who waited.

    The error is that of the ratio's linearised deviations from replication to replication. The two agree within
    `BOUND_Z` standard errors.

    Parameters
    ----------
    ratio
        Numerators and denominators, one of each a replication.

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
    """Compare where there is no chance in it; the two agree if they differ by no more than is allowed.

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
    """Compare one published figure with what single simulated operations bring forth; it must lie within 95 % of them.

    Examples
    --------
    >>> found = in_range("vehicles", "", 158.0, [150.0, 160.0, 170.0], "a newspaper")
    >>> found.simulated, found.agrees
    (160.0, True)
    """
    low, middle, high = (float(value) for value in np.quantile(values, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2]))
    return Comparison(case, unit, published, middle, low, high, source, note=note)
