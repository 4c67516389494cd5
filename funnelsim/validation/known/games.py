"""Known answer 10: Dresher's inspection game, a randomised schedule against somebody who watches."""

from itertools import product
from math import comb

from funnelsim.experiments.replication import simulate
from funnelsim.model.plan import plan_of
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.comparison import Comparison, within
from funnelsim.validation.known.checkpoint import checkpoint, hourly, stage, vehicles_at

DRESHER = "Dresher 1962, A sampling inspection problem in arms control agreements, RAND RM-2972"
ROUNDING = 1e-12
FIRST_HOUR, HOUR_S = 1, 3600.0

TEXT = """\
Controls can stand on a few of many occasions, and who is sought sees whether one stands, and chooses when to pass.
Theory says how to draw the schedule by lot, so that no choice of the moment is better than another. Each schedule is
a scenario with its windows; whether the one who passes in a given hour is caught is read from the log. Getting through
counts 1, being caught -1, staying away 0, and what is compared is the mean over all schedules: there is no chance in
it."""


def value(periods: int, inspections: int) -> float:
    """Return what the game is worth to the one who passes, if both play as well as they can.

    In words: none is left to fear where there is no inspection left; where there is one for every period nothing can be
    won.

    Examples
    --------
    >>> [round(value(n, m), 4) for n, m in ((2, 1), (4, 2), (6, 3))]
    [0.3333, 0.2727, 0.2381]
    """
    return comb(periods - 1, inspections) / sum(comb(periods, i) for i in range(inspections + 1))


def caught(schedule: tuple[bool, ...], period: int, effort: Effort) -> bool:
    """Return whether the one who passes in the middle of an hour is inspected; the funnel stands in some hours."""
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
    """Return what passing in a given period is worth against the schedule drawn as theory says.

    Whoever sees that the control will stand in all that is left stays away.
    """
    worth = 0.0
    for schedule in product((False, True), repeat=periods):
        chance, left = _chance(schedule[:passes_in], periods, inspections)
        if chance == 0.0 or left >= periods - passes_in:
            continue  # cannot be, or stays away
        stands = (1.0 - value(periods - passes_in, left)) / 2.0
        chance *= stands if schedule[passes_in] else 1.0 - stands
        rest = 2 ** (periods - passes_in - 1)  # schedules that differ afterwards only
        worth += chance / rest * (-1.0 if caught(schedule, passes_in, effort) else 1.0)
    return worth


def _chance(past: tuple[bool, ...], periods: int, inspections: int) -> tuple[float, int]:
    """Return the chance of what has been seen of a schedule, and the inspections that are left."""
    chance, left = 1.0, inspections
    for period, stood in enumerate(past):
        remain = periods - period
        stands = 0.0 if left == 0 else 1.0 if left >= remain else (1.0 - value(remain, left)) / 2.0
        chance *= stands if stood else 1.0 - stands
        left -= stood
    return chance, max(left, 0)


def chapter(effort: Effort) -> Chapter:
    """Hold randomised schedules against the value of the inspection game."""
    lines: list[Comparison] = []
    for periods, inspections in ((2, 1), (4, 2), (6, 3)):
        for passes_in in range(periods - inspections):
            of = f"Inspection game, {inspections} of {periods} hours controlled, passing in hour {passes_in + 1}: worth"
            found = outcome(periods, inspections, passes_in, effort)
            lines.append(within(of, "", value(periods, inspections), found, ROUNDING, DRESHER))
    return Chapter("games", "A schedule drawn by lot", TEXT, tuple(lines))
