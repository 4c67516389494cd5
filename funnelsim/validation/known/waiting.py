"""Known answers 1 and 2: waiting for one of several bays or officers, and for a bay whose inspections vary."""

from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.scenario.schema import Scenario
from funnelsim.units import HOUR_S
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.closed_forms.queueing import erlang_c, wait_mg1, wait_mmc
from funnelsim.validation.known.checkpoint import (
    ENDLESS,
    Case,
    Counted,
    checkpoint,
    compared,
    exponential,
    hourly,
    late,
    stage,
)

WARM_UP_S = 4 * HOUR_S
HARCHOL_BALTER = "Harchol-Balter 2013, chapter 14, doi:10.1017/CBO9781139226424"
POLLACZEK = "Pollaczek 1930, doi:10.1007/BF01194620"

TEXT = """\
The area alone, as a queue: vehicles arrive at random, all of them are selected, and there is always room to wait.
Theory says how long they wait for a bay (or, with plenty of bays, for officers), and how the wait grows with the
variability of the inspections. For a planner this is the time that selected vehicles stand before their inspection
begins.

The first four hours of each day are left out: the area starts empty, and theory describes one that has been in use for
long. One known answer cannot be set up: a bay that closes for a while whenever it is idle, because breaks follow the
clock."""


def waiting_for(log: Log, plan: Plan) -> Counted:
    """Return the sum of waits for the first stage, and the number of vehicles."""
    after = late(log, plan, WARM_UP_S)
    began_s = log.stage_from_s[log.stage_vehicle.argsort()]  # each vehicle has one stage
    return float((began_s - log.area_s)[after].sum()), float(after.sum())


def who_waits(log: Log, plan: Plan) -> Counted:
    """Return how many had to wait for a bay, and how many arrived."""
    after = late(log, plan, WARM_UP_S)
    return float((log.bay_from_s > log.area_s)[after].sum()), float(after.sum())


def bays(number: int, per_hour: float, **duration: float | str) -> Scenario:
    """Return an area with a number of bays and unlimited waiting spaces."""
    area = {"bays": number, "waiting": ENDLESS, "stages": [stage(duration=duration)]}
    return checkpoint(hourly(per_hour), {"area": area})


def officers(number: int, per_hour: float, mean_s: float) -> Scenario:
    """Return an area with plenty of bays, where each of the officers inspects one vehicle at a time."""
    area = {"bays": 10_000, "waiting": 0, "stages": [stage(duration=exponential(mean_s), crew={"police": 1})]}
    # On duty for longer than the checkpoint is open, so that nobody is left waiting when their shift ends.
    roster = [{"agency": "police", "count": number, "from": "00:00", "to": "00:00"}]
    open_until = {"operation": {"closes": "22:00"}}
    return checkpoint(hourly(per_hour), open_until, {"area": area, "staffing": {"roster": roster}})


def cases() -> list[Case]:
    """Return the known answers of this chapter."""
    made = []
    for number, per_hour in ((4, 120.0), (6, 180.0), (10, 300.0)):
        answer_s = HOUR_S * wait_mmc(number, per_hour, 40.0)
        of = f"M/M/c, inspections of 1.5 min, {per_hour:g} vehicles/h: mean wait, {number}"
        area = bays(number, per_hour, **exponential(90.0))
        made.append(Case(f"{of} bays", "s", answer_s, HARCHOL_BALTER, area, waiting_for, 12_000))
        area = officers(number, per_hour, 90.0)
        made.append(Case(f"{of} officers", "s", answer_s, HARCHOL_BALTER, area, waiting_for, 12_000))
    one = officers(1, 144.0, 20.0)
    answer_s = HOUR_S * wait_mmc(1, 144.0, 180.0)
    made.append(
        Case("M/M/1, one officer, busy for 80 %: mean wait", "s", answer_s, HARCHOL_BALTER, one, waiting_for, 8_000)
    )
    for number in (1, 2, 3, 5, 10):
        area = bays(number, 144.0 * number, **exponential(20.0))
        of = f"M/M/{number} at 80 % of the bays: probability of waiting (Erlang C)"
        made.append(Case(of, "", erlang_c(number, 0.8 * number), HARCHOL_BALTER, area, who_waits, 3_000 // number))
    for cv, days in ((0.0, 1_600), (0.5, 2_400), (1.0, 4_400), (2.0, 20_000)):
        area = bays(1, 288.0, mean_s=10.0, cv=cv)
        of = f"M/G/1, 0.08 vehicles/s, inspections of 10 s with cv {cv:g}: mean wait"
        made.append(Case(of, "s", wait_mg1(0.08, 10.0, cv), POLLACZEK, area, waiting_for, days))
    return made


def chapter(effort: Effort) -> Chapter:
    """Compare waiting in the area with queueing theory."""
    return Chapter("waiting", "Waiting in the area", TEXT, tuple(compared(case, effort) for case in cases()))
