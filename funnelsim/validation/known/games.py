"""Known answer 10: Dresher's inspection game, a randomised schedule against somebody who observes it."""

from itertools import product
from math import comb

from funnelsim.experiments.replication import simulate
from funnelsim.model.planning import plan_of
from funnelsim.units import HOUR_S
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.comparison import Comparison, within
from funnelsim.validation.known.checkpoint import checkpoint, hourly, stage, vehicles_at

DRESHER = "Dresher 1962, A sampling inspection problem in arms control agreements, RAND RM-2972"
ROUNDING = 1e-12
FIRST_HOUR = 1

TEXT = """\
Controls can be set up on only a few of many occasions. The person sought sees whether there is one, and chooses when to
pass. Theory says how to draw the schedule at random so that no moment is a better choice than another. Each schedule is
a scenario with its windows; the log shows whether someone who passes in a given hour is caught. Getting through counts
1, being caught -1, staying away 0, and the mean over all schedules is compared, so nothing is random."""


def value(periods: int, inspections: int) -> float:
    """Return the value of the game to the one who passes, if both play optimally.

    It is 1 if no inspections are left, and 0 if there is one for every period.

    Examples
    --------
    >>> [round(value(n, m), 4) for n, m in ((2, 1), (4, 2), (6, 3))]
    [0.3333, 0.2727, 0.2381]
    """
    return comb(periods - 1, inspections) / sum(comb(periods, i) for i in range(inspections + 1))


def caught(schedule: tuple[bool, ...], period: int, effort: Effort) -> bool:
    """Return whether someone who passes in the middle of an hour is inspected under a schedule of open hours."""
    windows = [{"opens": _clock(hour), "closes": _clock(hour + 1)} for hour, stands in enumerate(schedule) if stands]
    if not windows:
        return False
    operation = windows[0] | ({"also": windows[1:]} if windows[1:] else {})
    area = {"stages": [stage(duration={"mean_s": 60.0})]}
    plan = plan_of(checkpoint(hourly(1.0), {"operation": operation, "area": area}))
    passes_s = (FIRST_HOUR + period + 0.5) * HOUR_S - plan.window_s[0]
    log = simulate(vehicles_at(plan, [passes_s]), plan, effort.engine)
    return bool(log.inspected[0])


def _clock(hour: int) -> str:
    return f"{FIRST_HOUR + hour:02}:00"


def outcome(periods: int, inspections: int, passes_in: int, effort: Effort) -> float:
    """Return the value of passing in a given period against schedules drawn as theory says.

    Someone who sees that all remaining periods will be controlled stays away.
    """
    worth = 0.0
    for schedule in product((False, True), repeat=periods):
        chance, left = _chance(schedule[:passes_in], periods, inspections)
        if chance == 0.0 or left >= periods - passes_in:
            continue  # impossible, or stays away
        stands = (1.0 - value(periods - passes_in, left)) / 2.0
        chance *= stands if schedule[passes_in] else 1.0 - stands
        rest = 2 ** (periods - passes_in - 1)  # schedules that differ afterwards only
        worth += chance / rest * (-1.0 if caught(schedule, passes_in, effort) else 1.0)
    return worth


def _chance(past: tuple[bool, ...], periods: int, inspections: int) -> tuple[float, int]:
    """Return the probability of the part of a schedule seen so far, and the number of inspections left."""
    chance, left = 1.0, inspections
    for period, stood in enumerate(past):
        remain = periods - period
        stands = 0.0 if left == 0 else 1.0 if left >= remain else (1.0 - value(remain, left)) / 2.0
        chance *= stands if stood else 1.0 - stands
        left -= stood
    return chance, max(left, 0)


def chapter(effort: Effort) -> Chapter:
    """Compare randomised schedules with the value of the inspection game."""
    lines: list[Comparison] = []
    for periods, inspections in ((2, 1), (4, 2), (6, 3)):
        for passes_in in range(periods - inspections):
            of = f"Inspection game, {inspections} of {periods} hours controlled, passing in hour {passes_in + 1}: worth"
            found = outcome(periods, inspections, passes_in, effort)
            lines.append(within(of, "", value(periods, inspections), found, ROUNDING, DRESHER))
    return Chapter("games", "A randomised schedule", TEXT, tuple(lines))
