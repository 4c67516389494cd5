"""Precision instead of guessing: how many replications are enough."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from funnelsim.analysis.estimates import Estimate
from funnelsim.errors import FunnelsimError, Problem

FIRST_LOOK = 20
LOOSEST = 1.0


@dataclass(frozen=True)
class Precision:
    """A wish for the half-width of a measure, as a share of its mean.

    Attributes
    ----------
    measure
        Name of the measure.
    share
        Half-width over mean that is wanted.
    """

    measure: str
    share: float


def parse_precision(text: str) -> Precision:
    """Read ``MEASURE=0.02`` or ``MEASURE=2%``.

    Raises
    ------
    FunnelsimError
        If there is no measure, or no share between 0 and 1.

    Examples
    --------
    >>> parse_precision("delay_p95_s=5%")
    Precision(measure='delay_p95_s', share=0.05)
    """
    measure, _, written = text.partition("=")
    percent = written.strip().endswith("%")
    try:
        share = float(written.strip().removesuffix("%")) / (100.0 if percent else 1.0)
    except ValueError:
        share = math.nan
    if not measure.strip() or not 0.0 < share <= LOOSEST:
        message = "allowed: MEASURE=0.02 or MEASURE=2%, a share of the mean above 0, at most 1"
        raise FunnelsimError([Problem(f"--precision {text}", message)])
    return Precision(measure.strip(), share)


def stopping_points(most: int) -> Iterator[int]:
    """Yield after how many replications to look whether they are enough, the last time at `most`.

    They do not depend on the machine, so neither does the result. Looking often and stopping at the first success
    would favour lucky stretches; each look is at least a quarter beyond the one before.

    Examples
    --------
    >>> list(stopping_points(100))
    [20, 40, 60, 80, 100]
    """
    number = min(FIRST_LOOK, most)
    while number < most:
        yield number
        number = min(most, number + max(FIRST_LOOK, -(-number // 4)))
    yield most


def met(estimates: Mapping[str, Estimate], wanted: tuple[Precision, ...]) -> bool:
    """Tell whether every half-width is as small as is wanted.

    A measure that is 0 or not a number has no share of its mean and never is: what was not seen in a few replications
    may be rare rather than absent.

    Raises
    ------
    FunnelsimError
        If a measure is not known.
    """
    unknown = [wish.measure for wish in wanted if wish.measure not in estimates]
    if unknown:
        allowed = ", ".join(estimates)
        raise FunnelsimError([Problem(f"--precision {', '.join(unknown)}", f"unknown measure; allowed: {allowed}")])
    return all(precise(estimates[wish.measure].mean, estimates[wish.measure].half_width, wish) for wish in wanted)


def precise(mean: float, half_width: float, wanted: Precision) -> bool:
    """Tell whether a half-width is as small as is wanted."""
    return mean != 0.0 and half_width <= wanted.share * abs(mean)
