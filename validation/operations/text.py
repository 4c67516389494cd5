"""What the chapter on published operations says, composed from what was computed."""

import math
from collections.abc import Sequence

import numpy as np
from scipy import stats

from funnelsim.validation.comparison import LEVEL, Comparison
from validation.operations.backtest import Backtest
from validation.operations.bands import BANDS
from validation.operations.operation import OPERATIONS, Kind

_METHOD = """\
A planner's question is whether the model would have foreseen a real control. A report gives the hours, the road,
sometimes the officers, and the result; it gives neither the traffic nor how long a check took. So each operation below
is simulated {draws} times from what is known of it. What is not known is drawn each time from the bands in the table:
the same bands for every operation, and the same {draws} draws (a Latin hypercube). Each draw simulates one operation. A
reported figure should then lie within the middle {level:.0f} % of the simulated ones. No reported outcome is an input,
no band was moved after a comparison, and a figure outside the range stays in the table.

Common to all: a vehicle that arrives while a team of two is free is checked (`free_bay`); checks are short, and a share
of the vehicles is searched afterwards, for minutes and by officers that depend on the class; traffic is the mean of
such roads, spread over the day by the usual factors. The files in `validation/operations/scenarios`, one with what all
share and one for each operation with what differs, mark each line as published, default or assumed.

Included are reports of one control on one road with a countable outcome, if the road and the hours, or at least the
time of day or the officers, were published. Excluded are: US v. Martinez-Fuerte (the share referred to secondary
inspection would be an input), Indianapolis v. Edmond (the hours of its six roadblocks are unknown), Michigan v. Sitz
(every driver was stopped, so the number stopped is the demand), the checks of the Netherlands 2024-25 and of Germany
(patrols of many months, no one place), and controls on motorways that fetch single vehicles out of running traffic,
such as those at Hockenheim, because they are no funnels.
"""


def text_of(tests: Sequence[Backtest], lines: Sequence[Comparison], number: int) -> str:
    """Compose the chapter's text.

    Parameters
    ----------
    number
        Of draws.
    """
    table = ["| unknown | drawn from | why | for |", "| --- | --- | --- | --- |"]
    table += [
        f"| {band.name} | {band.low:g} to {band.high:g} {band.unit} | {band.why} | {_whom(band.name)} |"
        for band in BANDS
    ]
    return "\n".join([_METHOD.format(draws=number, level=100 * LEVEL), *table, "", _verdict(tests, lines)])


def _whom(band: str) -> str:
    few = sorted(operation.place for operation in OPERATIONS if band in operation.unknown)
    return "; ".join(few) or "all"


def _verdict(tests: Sequence[Backtest], lines: Sequence[Comparison]) -> str:
    outside = [line.case for line in lines if not line.agrees]
    said = f"{len(lines) - len(outside)} of {len(lines)} reported figures lie in the simulated range"
    said += f"; outside are {', '.join(outside)}. " if outside else ". "
    below, count, ratio, chance = below_the_median(tests, "vehicles")
    said += (
        "The ranges are wide, as little is known, so each is a weak test. Together they are a stronger one: "
        f"{below} of {count} reported numbers of vehicles lie below the median of the simulated ones, and they are on "
        f"average {ratio:.2f} times that median; chance alone splits them so unevenly in {chance:.3f} of all cases."
    )
    if below > count / 2:
        said += (
            " So with the bands at their middle the model promises too many checks. It cannot tell why: in the model a "
            "team takes the next vehicle as soon as it is free, which real teams may not do; or fewer inspect, "
            "or checks take longer, than the middle says. A planner should use counts of his own controls."
        )
    return said


def below_the_median(tests: Sequence[Backtest], kind: Kind) -> tuple[int, int, float, float]:
    """Return how many reported figures of a kind lie below their simulated median, and how far off they are.

    Returns
    -------
    tuple
        The number below, the number of all, the geometric mean of reported over median, and the probability of a split
        at least as uneven if either side were as likely (sign test, both sides).
    """
    pairs = [
        (outcome.reported, float(np.median(values)))
        for test in tests
        for outcome, values in zip(test.operation.outcomes, test.values, strict=True)
        if outcome.kind == kind
    ]
    below = sum(reported < median for reported, median in pairs)
    ratio = math.exp(float(np.mean([math.log(reported / median) for reported, median in pairs])))
    return below, len(pairs), ratio, float(stats.binomtest(below, len(pairs)).pvalue)
