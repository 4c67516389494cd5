"""How the engine is compared with the known answers.

A closed form is the answer of an endless run. The engine alone would need hours to come within 1 % of it, so the answer
is taken on two levels (multilevel Monte Carlo, doi:10.1287/opre.1070.0496):

1. On an ordinary scenario the engine is compared with a *recursion* of a few lines (`station`, Kiefer and Wolfowitz) on
   the very same draws. They must agree to the last bit, in every wait and every refusal: the correction of the second
   level is exactly nothing, and a wrong engine fails here whatever the closed form says.
2. The recursion then runs through tens of millions of vehicles, with the random draws of the model, and its mean must
   be the closed form's within a narrow confidence interval.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from funnelsim.engines.simpy_engine import simulate
from funnelsim.model import random_numbers
from funnelsim.model.compiled import compiled
from funnelsim.model.passage import passage_of
from funnelsim.model.planning import plan_of
from funnelsim.model.random_streams import purpose
from funnelsim.model.traffic import draw_traffic

BOUND_Z = 3.5
LEVEL = 0.95
ENDLESS = 100_000

DAY = {
    "operation": {"opens": "00:00", "closes": "00:00", "lead_in_min": 0.0, "run_out_min": 0.0},
    # A lane without limits: nobody needs a headway, a merge or a slow passage.
    "approach": {"lanes": 8, "speed_kmh": 200.0, "merge_s": 0.0},
    "lane": {"length_m": 1.0, "speed_kmh": 200.0, "headway_cv": 0.0},
    "classes": {"box": {"spacing_m": 1e-6, "reaction_s": 0.0, "diversion_s": 0.0}},
}


@compiled
def station(arrival_s, headway_s, selected, service_s, bays, waiting, hold):
    """Return when each vehicle passes, when it comes into a bay, and when it leaves it; infinite if it does not.

    A lane in which each follows the one before at its headway, then bays that the selected take in turn. An area with
    `bays + waiting` vehicles in it is full: then the next one passes on, or holds the lane.
    """
    count = len(arrival_s)
    passed_s = np.empty(count)
    bay_from_s = np.full(count, np.inf)
    left_s = np.full(count, np.inf)
    free_from_s = np.full(bays, -np.inf)
    places = bays + waiting
    leaving_s = np.full(min(places, 64), -np.inf)  # more places than that are taken for endless
    ahead_s = -np.inf
    for i in range(count):
        now_s = max(arrival_s[i], ahead_s + headway_s[i])
        place = 0
        accepted = selected[i]
        if accepted and places <= 64:
            place = np.argmin(leaving_s)
            if leaving_s[place] > now_s:
                if hold:
                    now_s = leaving_s[place]
                else:
                    accepted = False
        if accepted:
            bay = np.argmin(free_from_s)
            bay_from_s[i] = max(now_s, free_from_s[bay])
            left_s[i] = bay_from_s[i] + service_s[i]
            free_from_s[bay] = left_s[i]
            leaving_s[place] = left_s[i]
        passed_s[i] = now_s
        ahead_s = now_s
    return passed_s, bay_from_s, left_s


@compiled
def variates(seed, replication, purpose, count, mean, cv, memoryless):
    """Return durations as the model draws them, off its time grid."""
    stream = random_numbers.stream(seed, replication, purpose)
    result = np.empty(count)
    for i in range(count):
        u = random_numbers.uniform(stream, i)
        result[i] = random_numbers.exponential(u, mean) if memoryless else random_numbers.lognormal(u, mean, cv)
    return result


@compiled
def lots(seed, replication, purpose, count, share):
    """Return which vehicles are picked by lot."""
    stream = random_numbers.stream(seed, replication, purpose)
    result = np.empty(count, dtype=np.bool_)
    for i in range(count):
        result[i] = random_numbers.uniform(stream, i) < share
    return result


def on_the_same_draws(scenario, traffic=None):
    """Return a scenario's log, and what the recursion makes of the very same draws."""
    plan = plan_of(scenario)
    traffic = draw_traffic(plan.road, 7, 0) if traffic is None else traffic
    passage = passage_of(traffic, plan)
    log = simulate(traffic, plan)
    inspection = plan.inspection
    service_s = np.array(
        [
            random_numbers.draw_duration(
                traffic.seed,
                traffic.replication,
                int(inspection.duration_purpose[0]),
                number,
                inspection.mean_s[0, kind],
                inspection.cv[0],
                bool(inspection.memoryless[0]),
            )
            for number, kind in zip(traffic.number.tolist(), traffic.vehicle_class.tolist(), strict=True)
        ]
    )
    selected = passage.score > plan.selection.cutoff[0][traffic.vehicle_class]
    recursion = station(
        passage.arrival_s, passage.funnel_headway_s, selected, service_s, plan.bays, plan.waiting, plan.hold
    )
    return log, recursion


def agrees(values, answer, precision):
    """Assert that the mean of independent values is the answer, and is known well enough to tell; return both."""
    mean, error = float(np.mean(values)), float(stats.sem(values))
    half_width = error * float(stats.t.ppf((1 + LEVEL) / 2, len(values) - 1))
    assert half_width <= precision * answer, f"{mean:.6g} ± {half_width:.2g}: too wide to tell from {answer:.6g}"
    assert abs(mean - answer) <= BOUND_Z * error, f"{mean:.6g} ± {half_width:.2g}, not {answer:.6g}"
    return mean, half_width


@pytest.fixture(scope="session")
def known():
    """Return the tools of this folder."""
    return SimpleNamespace(
        day=DAY,
        endless=ENDLESS,
        station=station,
        variates=variates,
        lots=lots,
        on_the_same_draws=on_the_same_draws,
        agrees=agrees,
        gap=purpose("gap of a known answer"),
        service=purpose("service of a known answer"),
        lot=purpose("lot of a known answer"),
    )
