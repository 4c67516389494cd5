"""Limiting cases: no bays, plenty of bays, nobody selected, everybody selected, one officer."""

from typing import Any

from funnelsim.analysis.measures import measure
from funnelsim.analysis.steps import in_use
from funnelsim.experiments.replication import simulate
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario.schema import Scenario
from funnelsim.units import HOUR_S
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.comparison import Comparison, within
from funnelsim.validation.known.checkpoint import (
    BOX,
    SEED,
    Case,
    Counted,
    checkpoint,
    compared,
    exponential,
    hourly,
    stage,
)

BY_MEANING = "by definition"
PALM = "queue M/G/infinity; Harchol-Balter 2013, chapter 15, doi:10.1017/CBO9781139226424"

TEXT = """\
The ends of the scale, where the answer is obvious: no bays, plenty of bays, nobody or everybody selected, one officer,
no targets, a search that always finds. A mistake in a rule often shows here first."""

NOON_S = 12 * HOUR_S
LOAD = 12.0
TARGET = {"targets": [{"name": "hidden", "per_10k": {BOX: 100.0}}]}


def checkpoint_with(area: dict[str, Any], *changes: dict[str, Any]) -> Scenario:
    """Return a checkpoint to which 100 vehicles come in an hour, one in a hundred with something hidden."""
    search = stage(duration=exponential(300.0), finds={"hidden": 1.0})
    after = {"duration": {"mean_s": 10.0}}
    return checkpoint(hourly(100.0), TARGET, {"area": {"stages": [search], "after_detection": after} | area}, *changes)


def day(scenario: Scenario, effort: Effort) -> tuple[dict[str, float], Log]:
    """Return the measures and the log of one day."""
    plan = plan_of(scenario)
    log = simulate(draw_traffic(plan.road, SEED, 0), plan, effort.engine)
    return measure(log, plan), log


def lines(effort: Effort) -> list[Comparison]:
    """Return the limiting cases that have no chance in them."""
    nobody = {"selection": {"rate": {"default": 0.0}}}
    plenty = {"bays": 10_000, "waiting": 0}
    one = {"bays": 100, "stages": [stage(duration=exponential(30.0), crew={"police": 1})]}
    roster = {"staffing": {"roster": [{"agency": "police", "count": 1, "from": "00:00", "to": "00:00"}]}}

    no_bays, _ = day(checkpoint_with({"bays": 0, "waiting": 0}), effort)
    none_selected, _ = day(checkpoint_with(plenty, nobody), effort)
    all_selected, everybody = day(checkpoint_with(plenty), effort)
    no_targets, _ = day(checkpoint_with(plenty, {"targets": [{"name": "hidden", "per_10k": {BOX: 0.0}}]}), effort)
    _, alone = day(checkpoint_with(one, roster), effort)
    _, at_once = in_use(alone.stage_from_s, alone.stage_to_s)
    longest_wait_s = float((everybody.bay_from_s - everybody.area_s).max())

    def exactly(case: str, unit: str, expected: float, simulated: float) -> Comparison:
        return within(case, unit, expected, simulated, 0.0, BY_MEANING)

    return [
        exactly("No bays: vehicles inspected", "", 0.0, no_bays["inspected"]),
        exactly("No bays: waved through, of those selected", "", 1.0, no_bays["waved_through"] / no_bays["selected"]),
        exactly("No bays: share of targets lost to the full area", "", 1.0, no_bays["loss_area_full"]),
        exactly("Plenty of bays: longest wait for one", "s", 0.0, longest_wait_s),
        exactly("Nobody selected: vehicles inspected", "", 0.0, none_selected["inspected"]),
        exactly("Nobody selected: expected detections", "", 0.0, none_selected["expected_detections"]),
        exactly("Nobody selected, no slow lane: longest delay", "s", 0.0, none_selected["delay_max_s"]),
        exactly(
            "Everybody selected: inspected, of all vehicles",
            "",
            1.0,
            all_selected["inspected"] / all_selected["vehicles"],
        ),
        exactly(
            "Everybody selected, a search that finds all: share of targets found", "", 1.0, all_selected["share_found"]
        ),
        exactly("Everybody selected, a search that finds all: detections less targets", "", 0.0, _left_over(everybody)),
        exactly("No targets: detections", "", 0.0, no_targets["detections"]),
        exactly("One officer, 100 bays: most inspections at once", "", 1.0, float(at_once.max())),
    ]


def _left_over(log: Log) -> float:
    return float((log.found_at >= 0).sum() - (log.traffic.target > 0).sum())


def bays_in_use_at_noon(log: Log, plan: Plan) -> Counted:
    """Return how many bays are in use at noon, and one day."""
    noon_s = plan.window_s[0] + NOON_S
    return float(((log.bay_from_s <= noon_s) & (log.bay_to_s > noon_s)).sum()), 1.0


def endless_bays() -> list[Case]:
    """Return areas with plenty of bays: how many are in use depends only on the mean inspection time."""
    made = []
    for name, duration in (("exponential", exponential(300.0)), ("lognormal, cv 2", {"mean_s": 300.0, "cv": 2.0})):
        area = {"bays": 10_000, "waiting": 0, "stages": [stage(duration=duration)]}
        scenario = checkpoint(hourly(LOAD * 12.0), {"area": area})
        case = f"Plenty of bays, {name} inspections: bays in use at noon"
        made.append(Case(case, "bays", LOAD, PALM, scenario, bays_in_use_at_noon, 16_000))
    return made


def chapter(effort: Effort) -> Chapter:
    """Compare limiting cases with their obvious answers."""
    counted = [compared(case, effort) for case in endless_bays()]
    return Chapter("extremes", "Limiting cases", TEXT, (*lines(effort), *counted))
