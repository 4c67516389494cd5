"""The chapter on Ciw, a library for networks of queues: first with the same draws, then with Ciw's own."""

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from funnelsim.experiments.replication import log_of
from funnelsim.model.log import Log
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario.schema import Scenario
from funnelsim.units import HOUR_S
from funnelsim.validation.chapter import Chapter, Effort, Line
from funnelsim.validation.comparison import BOUND_Z, LEVEL, Comparison, by_chance, within
from funnelsim.validation.known.ordinary_day import (
    SEED,
    Day,
    Times,
    day,
    draws_of,
    largest_difference_s,
    officers_on_duty,
    simulated,
    times_of,
    what_happened,
)
from validation.peers.peer import PeerError, answers

SCRIPT = Path(__file__).with_name("ciw_script.py")
QUICK_DAYS, FULL_DAYS = 40, 100

# The days that Ciw draws itself, cut short so that there can be many.
VEHICLES_VPH, SHARE = 700.0, 0.5
BAYS, WAITING, INSPECTION_S = 4, 2, 30.0
ENDS_H, COUNTED_UNTIL_H = 5, 4

NAME, TITLE = "ciw", "The same queues in Ciw"

TEXT = """\
Ciw is a library for networks of queues by other authors, with its own clock, its own records, its own blocking and its
own shifts (Palmer and others 2019). It models the parts of a checkpoint that it can express: the lane as a queue with
one server, whose service is what is left of headway and look; the area as servers with a loss, where the full area
waves vehicles through; with Ciw's blocking after service, where the lane is held; and with Ciw's timetable of servers,
where officers come and go. First Ciw gets funnelsim's draws: then every time of a day must be equal to the last bit.
Then it draws its own numbers, and the averages must agree within their error.

Left out: where the lane is held, the way from the lane to the area takes no time, because Ciw cannot reserve a place in
a node; and where officers come and go there is a bay for everybody, because a server is either an officer or a bay.

Ciw and funnelsim differ in what a change of shift means. In Ciw everyone on duty leaves, those at work when they are
done, and those who relieve them start at once. In funnelsim the roster says how many may be at work: an officer who
stays to finish counts, so one of the new officers waits. One row shows how this changes the wait; in the next, Ciw's
servers behave like funnelsim's officers."""


def days() -> list[Day]:
    """Return the days that Ciw is fed with; the last is that of shifts that relieve each other."""
    with_breaks = ((6, 10, 3), (11, 15, 2), (16, 20, 3), (21, 25, 2))
    overlapping = ((6, 12, 4), (10, 15, 1), (12, 20, 2), (15, 25, 2))
    return [
        day("Lane, each of three officers looks at every third vehicle", rate={"default": 0.0}, looks=(3, 8.0)),
        day("Three bays and a waiting space, waved through when full", bays=3, waiting=1),
        day("Five bays and a waiting space, the lane is held when full", bays=5, waiting=1, hold=True, divert_s=0.0),
        day("Officers in shifts with an hour between", bays=9, waiting=0, shifts=with_breaks),
        day("Officers in shifts that relieve each other", bays=9, waiting=0, shifts=overlapping),
    ]


def job_of(one: Day, log: Log, *, kept_on: bool) -> dict[str, Any]:
    """Return a day as a job for Ciw."""
    draws = draws_of(log.traffic, one.plan)
    return {
        "todo": "replayed",
        "bays": one.bays,
        "places": one.bays + one.waiting,
        "divert_s": one.divert_s,
        "hold": one.hold,
        "look_officers": one.look_officers,
        "on_duty": officers_on_duty(one.shifts),
        "kept_on": kept_on,
        **{name: getattr(draws, name).tolist() for name in draws.__dataclass_fields__},
    }


def random_day() -> Scenario:
    """Return the scenario of the days that Ciw draws itself: equal headways, memoryless inspections, a lane held."""
    box = {"share": 1.0, "spacing_m": 7.5, "reaction_s": 2.1, "diversion_s": 0.0}  # at 30 km/h, a headway of 3 s
    return Scenario.model_validate(
        {
            "title": "M/M/4 with two waiting spaces behind a lane that is held",
            "operation": {"opens": "00:00", "closes": f"0{ENDS_H}:00", "stop_selecting_min": 0, "lead_in_min": 0},
            "lane": {"speed_kmh": 30.0, "headway_cv": 0.0},
            "traffic": {"counts": {"from": "00:00", "vehicles": {"box": [VEHICLES_VPH] * 24}}, "day_cv": 0.0},
            "classes": {"box": {**box, "occupants": 1.0, "delay_cost_per_h": 0.0}},
            "selection": {"rule": "random", "rate": {"default": SHARE}, "look": {"mean_s": 0.0, "cv": 0.0}},
            "area": {
                "bays": BAYS,
                "waiting": WAITING,
                "divert_s": 0.0,
                "changeover_s": 0.0,
                "when_full": "hold",
                "stages": [{"name": "check", "duration": {"mean_s": INSPECTION_S, "distribution": "exponential"}}],
            },
        }
    )


def random_job(count: int) -> dict[str, Any]:
    """Return the same days as a job for Ciw."""
    plan = plan_of(random_day())
    headway_s = draws_of(draw_traffic(plan.road, SEED, 0), plan).headway_s
    return {
        "todo": "drawn",
        "vehicles_per_s": VEHICLES_VPH / HOUR_S,
        "headway_s": float(headway_s[-1]),
        "share": SHARE,
        "bays": BAYS,
        "waiting": WAITING,
        "inspection_s": INSPECTION_S,
        "ends_s": ENDS_H * HOUR_S,
        "counted_until_s": COUNTED_UNTIL_H * HOUR_S,
        "seeds": list(range(1, count + 1)),
    }


def sums_of(log: Log) -> list[float]:
    """Return the sum of the delays in the lane, that of the waits for a bay, and after each of how many vehicles."""
    counted = log.arrival_s < COUNTED_UNTIL_H * HOUR_S
    in_area = log.inspected & (log.area_s < COUNTED_UNTIL_H * HOUR_S)
    delay_s, wait_s = (log.passed_s - log.arrival_s)[counted], log.bay_from_s[in_area] - log.area_s[in_area]
    return [float(delay_s.sum()), len(delay_s), float(wait_s.sum()), len(wait_s)]


def within_both_errors(case: str, peer: tuple[Any, Any], ours: tuple[Any, Any], source: str, note: str) -> Comparison:
    """Compare two ratios of sums, both of which are known but for their errors."""
    theirs = by_chance(case, "s", 0.0, peer, source)
    found = by_chance(case, "s", theirs.simulated, ours, source, note)
    error = float(np.hypot(found.high - found.simulated, theirs.high - theirs.simulated)) / BOUND_Z
    low, high = found.simulated - BOUND_Z * error, found.simulated + BOUND_Z * error
    return replace(found, low=low, high=high, half_width=error * float(stats.norm.ppf((1 + LEVEL) / 2)))


def replayed_lines(logs: list[Log], made: list[dict[str, Any]], source: str) -> list[Line]:
    """Return the lines of the days that Ciw was fed with; the last of its answers is of servers kept on."""
    ours = [times_of(log) for log in logs]
    theirs = [
        Times(**{name: np.array(column)[: len(our.passed_s)] for name, column in one.items()})
        for our, one in zip([*ours, ours[-1]], made, strict=True)
    ]
    lines: list[Line] = []
    for one, log, our, their in zip(days()[:-1], logs, ours, theirs, strict=False):
        case = f"{one.name}: largest difference of any time"
        lines.append(within(case, "s", 0.0, largest_difference_s(our, their), 0.0, source, what_happened(log)))
    last = days()[-1]
    as_ciw_comes, kept_on = theirs[-2:]
    expected_s, simulated_s = as_ciw_comes.mean_wait_s(last.divert_s), ours[-1].mean_wait_s(last.divert_s)
    explanation = (
        "Not the same question: in Ciw those who relieve start at once, while those relieved finish; single vehicles "
        f"differ by up to {largest_difference_s(ours[-1], as_ciw_comes):.0f} s."
    )
    line = within(f"{last.name}, with Ciw's rule: mean wait", "s", expected_s, simulated_s, 0.0, source)
    lines.append(replace(line, explanation=explanation))
    case = f"{last.name}, with funnelsim's rule: largest difference of any time"
    lines.append(within(case, "s", 0.0, largest_difference_s(ours[-1], kept_on), 0.0, source, what_happened(logs[-1])))
    return lines


def drawn_lines(peer: list[list[float]], effort: Effort, source: str) -> list[Line]:
    """Return the lines of the days that Ciw drew itself."""
    plan = plan_of(random_day())
    logs = (log_of(plan, SEED, number, effort.engine) for number in range(len(peer)))
    theirs, ours = np.array(peer).T, np.array([sums_of(log) for log in logs]).T
    of = f"{BAYS} bays and {WAITING} waiting spaces behind a lane that is held, Ciw's own draws"
    note = f"Means of {len(peer)} days each; ± is the error of their difference."
    return [
        within_both_errors(f"{of}: mean {what}", tuple(theirs[columns]), tuple(ours[columns]), source, note)
        for what, columns in (("delay in the lane", slice(0, 2)), ("wait for a bay", slice(2, 4)))
    ]


def chapter(effort: Effort) -> Chapter:
    """Compare the engine with Ciw, if it is installed."""
    logs = [simulated(one, effort.engine) for one in days()]
    jobs = [job_of(one, log, kept_on=False) for one, log in zip(days(), logs, strict=True)]
    jobs += [{**jobs[-1], "kept_on": True}, random_job(QUICK_DAYS if effort.quick else FULL_DAYS)]
    try:
        *made, drawn = answers("Ciw", "ciw", SCRIPT, jobs)
    except PeerError as error:
        return Chapter(NAME, TITLE, TEXT, missing=str(error))
    source = f"Ciw {version('ciw')}; Palmer et al. 2019, doi:10.1080/17477778.2018.1473909"
    lines = [*replayed_lines(logs, made, source), *drawn_lines(drawn["days"], effort, source)]
    return Chapter(NAME, TITLE, TEXT, tuple(lines))
