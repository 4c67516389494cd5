"""Known answers 7 to 9: selection by a look of given quality, two searches in a row, and square-root sampling."""

import math

from scipy.special import ndtr

from funnelsim.arrays import FloatArray
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import NOT_FOUND
from funnelsim.scenario.schema import Scenario
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.closed_forms.detection import chance_to_miss, operating_point
from funnelsim.validation.comparison import Comparison, by_chance
from funnelsim.validation.known.checkpoint import (
    BOX,
    QUICK_PART,
    Case,
    Counted,
    checkpoint,
    compared,
    counted_days,
    hourly,
    stage,
)

METZ = "Metz 1978, doi:10.1016/S0001-2998(78)80014-2"
INDEPENDENCE = "product of independent chances"
PRESS = "Press 2009, doi:10.1073/pnas.0813202106"

TEXT = """\
The look and the search, on a road without queues and with plenty of bays: how many ordinary vehicles and how many
targets exceed a threshold, how many targets are then found, and how many finds there are for each selected vehicle.
These numbers show a planner what a better look is worth.

Then two independent searches in a row. And a case that is not a checkpoint: one person among 10,000 is sought by random
screening, day after day, until found. People under more suspicion should be screened more often, but only by the square
root; always selecting the likeliest never finds the others."""

PREVALENCE, FALSE_POSITIVE_RATE, D_PRIME, CHANCE_TO_FIND = 0.002, 0.05, 1.0, 0.8
AREA = {"bays": 10_000, "waiting": 0}


def look_and_search(per_10k: float) -> Scenario:
    """Return a checkpoint that selects by score and searches once."""
    search = stage(duration={"mean_s": 10.0, "cv": 0.0}, finds={"hidden": CHANCE_TO_FIND})
    target = {"name": "hidden", "per_10k": {BOX: per_10k}, "cue_auc": float(ndtr(D_PRIME / math.sqrt(2.0)))}
    selection = {"rule": "score", "rate": {"default": FALSE_POSITIVE_RATE}}
    after = {"duration": {"mean_s": 10.0}}
    area = AREA | {"stages": [search], "after_detection": after}
    return checkpoint(hourly(4_000.0), {"targets": [target], "selection": selection, "area": area})


def targets_selected(log: Log, plan: Plan) -> Counted:
    """Return how many targets were selected, and how many came."""
    target = log.traffic.target > 0
    return float((log.inspected & target).sum()), float(target.sum())


def targets_found(log: Log, plan: Plan) -> Counted:
    """Return how many targets were found, and how many came."""
    return float((log.found_at != NOT_FOUND).sum()), float((log.traffic.target > 0).sum())


def everybody_selected(log: Log, plan: Plan) -> Counted:
    """Return how many were selected, and how many came."""
    return float(log.inspected.sum()), float(len(log.traffic))


def finds_a_selection(log: Log, plan: Plan) -> Counted:
    """Return how many targets were found, and how many vehicles were selected."""
    return float((log.found_at != NOT_FOUND).sum()), float(log.inspected.sum())


def binormal_cases() -> list[Case]:
    """Return the operating point of a look; rates among targets are measured where targets are common."""
    point = operating_point(PREVALENCE, FALSE_POSITIVE_RATE, D_PRIME, CHANCE_TO_FIND)
    of = "Binormal look, d' = 1, 5 % of ordinary vehicles selected"
    rare, common = look_and_search(1e4 * PREVALENCE), look_and_search(5_000.0)
    return [
        Case(f"{of}: share of targets selected", "", point.true_positive_rate, METZ, common, targets_selected, 100),
        Case(
            f"{of}, 80 % of searches find: share of targets found",
            "",
            point.found_share,
            METZ,
            common,
            targets_found,
            100,
        ),
        Case(
            f"{of}, 20 targets per 10,000: share selected",
            "",
            point.selected_share,
            METZ,
            rare,
            everybody_selected,
            100,
        ),
        Case(
            f"{of}, 20 targets per 10,000: finds per selection",
            "",
            point.hit_rate,
            METZ,
            rare,
            finds_a_selection,
            4_000,
        ),
    ]


def two_searches(chance: float) -> Case:
    """Return an area where everybody is searched twice, independently."""
    stages = [
        {"name": name, "duration": {"mean_s": 10.0}, "finds": {"hidden": chance}}
        for name in ("search", "second search")
    ]
    target = {"name": "hidden", "per_10k": {BOX: 5_000.0}}
    area = AREA | {"stages": stages, "after_detection": {"duration": {"mean_s": 10.0}}}
    scenario = checkpoint(hourly(1_000.0), {"targets": [target], "area": area})
    of = f"Two searches that each find {100 * chance:g} %: share of targets missed"
    return Case(of, "", chance_to_miss(chance, 2), INDEPENDENCE, scenario, targets_missed, 100)


def targets_missed(log: Log, plan: Plan) -> Counted:
    """Return how many targets were inspected and missed, and how many were inspected."""
    inspected = log.inspected & (log.traffic.target > 0)
    return float((inspected & (log.found_at == NOT_FOUND)).sum()), float(inspected.sum())


CROWD, FEW = 9_900, 100
PRESS_DAYS = 3_200


def selected_by_group(log: Log, plan: Plan) -> Counted:
    """Return how many of the crowd and how many of the few were screened."""
    crowd = log.traffic.vehicle_class == plan.classes.index("crowd")
    return float((log.inspected & crowd).sum()), float((log.inspected & ~crowd).sum())


def press_scenario(crowd_rate: float, few_rate: float) -> Scenario:
    """Return a day on which two groups are screened at random: the many in the first hour, the few in the second."""
    group = {"spacing_m": 1e-6, "reaction_s": 0.0, "diversion_s": 0.0, "occupants": 1.0, "delay_cost_per_h": 0.0}
    rest = [0] * 22
    counts = {"from": "00:00", "minutes": 60, "vehicles": {"crowd": [CROWD, 0, *rest], "few": [0, FEW, *rest]}}
    return checkpoint(
        {
            "classes": {"crowd": group, "few": group},
            "traffic": {"counts": counts, "arrivals": "counted"},
            "selection": {"rate": {"default": 0.0, "crowd": crowd_rate, "few": few_rate}},
            "area": AREA | {"stages": [stage(duration={"mean_s": 10.0})]},
        }
    )


def press_line(crowd_rate: float, few_rate: float, answer: float, of: str, effort: Effort) -> Comparison:
    """Compare the number of screenings needed to find one person among many with theory.

    The person belongs to either group with probability one half. Days are independent, so the expected number of
    screenings is the number per day divided by the probability that the person is among them. The standard error is
    that of the jackknife.
    """
    days = PRESS_DAYS // QUICK_PART if effort.quick else PRESS_DAYS
    screened = counted_days(press_scenario(crowd_rate, few_rate), selected_by_group, days, effort)

    def screenings(total: FloatArray, days: int) -> FloatArray:
        each = total / days
        made: FloatArray = each.sum(axis=-1) * (CROWD / each[..., 0] + FEW / each[..., 1]) / 2.0
        return made

    total = screened.sum(axis=0)
    pseudo = days * screenings(total, days) - (days - 1) * screenings(total - screened, days - 1)
    ones = [1.0] * days
    case = f"Square-root sampling (Press), 9,900 and 100 people, {of}: screenings until found"
    return by_chance(case, "", answer, (pseudo.tolist(), ones), PRESS)


def press_lines(effort: Effort) -> list[Comparison]:
    """Return the screenings with one rate for everybody, and with rates in proportion to the root of the prior."""
    a_day, root = 1_000.0, math.sqrt(CROWD / FEW)  # priors of a person: a half over the group's number
    even = a_day / (CROWD + FEW)
    least = a_day / (CROWD + root * FEW)
    answer = (CROWD + root * FEW) * (1.0 + 1.0 / root) / 2.0
    return [
        press_line(even, even, float(CROWD + FEW), "one rate for all", effort),
        press_line(least, root * least, answer, "rates by the square root of the prior", effort),
    ]


def chapter(effort: Effort) -> Chapter:
    """Compare looks and searches with detection theory."""
    cases = [*binormal_cases(), two_searches(0.5), two_searches(0.8)]
    lines = [compared(case, effort) for case in cases]
    return Chapter("screening", "Looks and searches", TEXT, (*lines, *press_lines(effort)))
