"""The stopping rule: how many replications are enough for the precision asked for."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from funnelsim.analysis.catalogue import CATALOGUE, check_measures
from funnelsim.analysis.estimates import Estimate
from funnelsim.errors import FunnelsimError, Problem

FIRST_STOPPING_POINT = 20
LOOSEST = 1.0


@dataclass(frozen=True)
class Precision:
    """The half-width wanted for a measure, as a share of its mean.

    Attributes
    ----------
    measure
        Name of the measure.
    share
        Largest half-width over mean.
    """

    measure: str
    share: float


def parse_precision(text: str) -> Precision:
    """Read ``MEASURE=0.02`` or ``MEASURE=2%``.

    Raises
    ------
    FunnelsimError
        If the measure or a share between 0 and 1 is missing, or there is no such measure.

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
    return _of_known(Precision(measure.strip(), share))


def goals_of(given: str | Sequence[str | Precision]) -> tuple[Precision, ...]:
    """Return precision goals that are given as texts or as they are, their measures checked.

    Raises
    ------
    FunnelsimError
        With all that cannot be read, and all measures that do not exist.
    """
    goals: list[Precision] = []
    problems: list[Problem] = []
    for one in [given] if isinstance(given, str) else given:
        try:
            goals.append(_of_known(one) if isinstance(one, Precision) else parse_precision(one))
        except FunnelsimError as error:
            problems += error.problems
    if problems:
        raise FunnelsimError(problems)
    return tuple(goals)


def _of_known(goal: Precision) -> Precision:
    check_measures([goal.measure.partition(".")[0]], (known.name for known in CATALOGUE), "--precision")
    return goal


def stopping_points(most: int) -> Iterator[int]:
    """Yield the numbers of replications after which to test whether they are enough; the last is `most`.

    They do not depend on the machine, so neither does the result. Testing often and stopping at the first success
    would favour lucky streaks; each number is at least a quarter above the one before.

    Examples
    --------
    >>> list(stopping_points(100))
    [20, 40, 60, 80, 100]
    """
    number = min(FIRST_STOPPING_POINT, most)
    while number < most:
        yield number
        number = min(most, number + max(FIRST_STOPPING_POINT, -(-number // 4)))
    yield most


def met(estimates: Mapping[str, Estimate], wanted: tuple[Precision, ...]) -> bool:
    """Return whether every half-width is as small as wanted.

    A measure whose mean is 0 or not a number never is: what did not happen in a few replications may be rare rather
    than impossible.

    Raises
    ------
    FunnelsimError
        If a measure does not exist.
    """
    check_measures((goal.measure for goal in wanted), estimates, "--precision")
    return all(precise(estimates[goal.measure].mean, estimates[goal.measure].half_width, goal) for goal in wanted)


def precise(mean: float, half_width: float, wanted: Precision) -> bool:
    """Return whether a half-width is as small as wanted."""
    return mean != 0.0 and half_width <= wanted.share * abs(mean)
