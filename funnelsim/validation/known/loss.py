"""Known answer 3: an area that waves vehicles through when full; only the mean inspection time matters."""

from typing import Any

from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import Fate
from funnelsim.scenario.schema import Scenario
from funnelsim.units import HOUR_S
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.closed_forms.queueing import blocking_mmck, erlang_b
from funnelsim.validation.known.checkpoint import Case, Counted, checkpoint, compared, exponential, hourly, late, stage

WARM_UP_S = 3600.0
INSPECTION_S = 30.0
ERLANG = "Erlang's loss formula; Harchol-Balter 2013, chapter 15, doi:10.1017/CBO9781139226424"
SEVASTYANOV = "Sevastyanov 1957, doi:10.1137/1102005"

TEXT = """\
The area alone, when vehicles that find it full are waved through. Their share is what a planner reduces with another
bay or waiting space, and what the expected yield loses. Without waiting spaces the loss depends only on the mean
inspection time, not on its distribution. Theory calls this insensitivity, and it is a sharp test: any mistake in how
the area counts its places breaks it.

The known answers are stated for inspections of 300 s; here everything runs ten times as fast, so that a day contains
ten times as many vehicles. Shares do not depend on the unit of time."""


def waved_through(log: Log, plan: Plan) -> Counted:
    """Return how many found the area full, and how many were selected."""
    after = late(log, plan, WARM_UP_S)
    return float((log.fate == Fate.AREA_FULL)[after].sum()), float(after.sum())


def area(bays: int, waiting: int, load: float, duration: dict[str, Any]) -> Scenario:
    """Return an area with an offered load in Erlangs: vehicles per inspection time."""
    places = {"bays": bays, "waiting": waiting, "stages": [stage(duration=duration)]}
    return checkpoint(hourly(load * HOUR_S / INSPECTION_S), {"area": places})


def cases() -> list[Case]:
    """Return the known answers of this chapter."""
    made = []
    memoryless = exponential(INSPECTION_S)
    for waiting, days in ((0, 1_200), (2, 1_200), (5, 4_800)):
        answer = blocking_mmck(4, 4 + waiting, 3.0, 1.0)
        of = f"M/M/4/{4 + waiting}: share waved through with {waiting} waiting spaces"
        made.append(Case(of, "", answer, ERLANG, area(4, waiting, 3.0, memoryless), waved_through, days))
    for number in (1, 2, 3, 5, 10):
        load = 0.8 * number
        of = f"M/M/{number}/{number}, offered load of 0.8 per bay: share waved through (Erlang B)"
        answer = erlang_b(number, load)
        made.append(Case(of, "", answer, ERLANG, area(number, 0, load, memoryless), waved_through, 1_200))
    for cv in (0.0, 0.6, 2.0):
        shape = "of equal length" if cv == 0.0 else f"lognormal with cv {cv:g}"
        of = f"Insensitivity, 4 bays, inspections {shape}: share waved through"
        place = area(4, 0, 3.0, {"mean_s": INSPECTION_S, "cv": cv})
        made.append(Case(of, "", erlang_b(4, 3.0), SEVASTYANOV, place, waved_through, 1_200))
    return made


def chapter(effort: Effort) -> Chapter:
    """Compare the share lost to a full area with queueing theory."""
    return Chapter("loss", "An area that is full", TEXT, tuple(compared(case, effort) for case in cases()))
