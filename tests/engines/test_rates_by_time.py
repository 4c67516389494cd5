"""Selection rates by time of day: known answers, in both engines (the small checkpoint of conftest, 01:00 to 02:00).

A box that is not delayed passes 8 s after its free passage.
"""

from math import inf
from statistics import NormalDist

import numpy as np
import pytest
from scipy.stats import binom

from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate, Gate
from funnelsim.model.traffic import draw_traffic

TICK = 2**-20
NORMAL = NormalDist()
BUSY = {"traffic": {"counts": {"vehicles": {"box": [500] * 24, "truck": [100] * 24}}}}
LARGE = {"area": {"bays": 10_000}}


def span(from_, to, **rate):
    return {"from": from_, "to": to, "rate": rate}


def at_rates(*rates):
    return pytest.approx([NORMAL.inv_cdf(1.0 - rate) for rate in rates], rel=1e-12)


def log_of(both, build, *changes, replication=0):
    scenario = {}
    for change in changes:
        scenario = {**scenario, **{name: {**scenario.get(name, {}), **table} for name, table in change.items()}}
    plan = plan_of(build(scenario))
    return both(draw_traffic(plan.road, 5, replication), plan), plan


def same(one, other):
    for name, values in vars(one).items():
        if name != "traffic":
            assert np.array_equal(values, getattr(other, name)), name


def test_the_rate_is_that_of_the_moment_of_the_decision(run):
    """The span begins 600 s after the opening: who is at the selection point just before has the usual rate."""
    changes = {**LARGE, "selection": {"rate": {"default": 0.3}, "rate_by_time": [span("01:10", "01:20", default=0.1)]}}
    log, _ = run(changes, [0, 592 - TICK, 700, 1192 - TICK, 1192 + 8])
    assert log.threshold == at_rates(0.3, 0.3, 0.1, 0.1, 0.3)


def test_a_look_over_the_beginning_of_a_span_ends_at_its_rate(run):
    """The vehicle is clear at 598 s and its look ends at 601 s: the officer decides at the end of the look."""
    changes = {**LARGE, "selection": {"rate": {"default": 0.3}, "rate_by_time": [span("01:10", "01:20", default=0.1)]}}
    log, opens_s = run(changes, [588, 590], look_s=5)
    assert (log.passed_s - opens_s).tolist() == [596, 601]
    assert log.threshold == at_rates(0.3, 0.1)


def test_a_rate_of_1_that_becomes_0_selects_until_then_and_again_after(run):
    hours = [span("01:10", "01:20", default=0.0)]
    log, _ = run({**LARGE, "selection": {"rate": {"default": 1.0}, "rate_by_time": hours}}, [0, 700, 1300])
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.NOT_SELECTED, Fate.INSPECTED]
    assert log.threshold.tolist() == [-inf, inf, -inf]


@pytest.mark.parametrize("rule", ["score", "random", "every_nth", "free_bay", "batch"])
@pytest.mark.parametrize("hours", [("01:00", "02:00"), ("23:00", "06:00"), ("12:00", "12:00")])
def test_a_span_over_the_whole_operation_gives_the_log_of_these_rates_to_the_bit(both, build, rule, hours):
    """Whatever the usual rates are; looks last over the closing into the time after the span."""
    rates = {"default": 0.2, "truck": 0.0}
    base = {"selection": {"rule": rule, "every": {"default": 3}, "look": {"mean_s": 5.0}}}
    expected, _ = log_of(both, build, BUSY, base, {"selection": {"rate": rates}})
    hours_to = ("01:00", "03:00") if hours == ("01:00", "02:00") else hours
    by_time = {"selection": {"rate": {"default": 0.9}, "rate_by_time": [span(*hours_to, **rates)]}}
    got, _ = log_of(both, build, BUSY, base, by_time)
    same(expected, got)
    assert np.isin([Fate.INSPECTED, Fate.AREA_FULL], got.fate).any()


@pytest.mark.parametrize("rule", ["score", "random", "every_nth", "free_bay", "batch"])
@pytest.mark.parametrize("adapt", [None, {"on": "area", "points": [[0.0, 2.0], [1.0, 0.5]]}])
def test_nobody_is_selected_in_a_span_of_rate_0(both, build, rule, adapt):
    if adapt and rule not in ("score", "random"):
        return
    selection = {"rule": rule, "rate": {"default": 0.5}, "every": {"default": 2}, "adapt": adapt}
    selection["rate_by_time"] = [span("01:20", "01:40", default=0.0)]
    log, plan = log_of(both, build, BUSY, LARGE, {"selection": selection})
    selected = np.isin(log.fate, (Fate.INSPECTED, Fate.AREA_FULL))
    inside = (log.passed_s >= plan.window_s[0] + 1200.0) & (log.passed_s < plan.window_s[0] + 2400.0)
    assert (inside & (log.gate == Gate.OPEN)).sum() > 100
    assert not (inside & selected).any()
    assert (selected & ~inside).sum() > 20


def test_a_hit_of_the_watch_list_is_selected_in_a_span_of_rate_0(run):
    changes = {
        **LARGE,
        "targets": [{"name": "hidden", "per_10k": {"box": 1.0}}],
        "selection": {
            "rate_by_time": [span("01:00", "02:00", default=0.0)],
            "watchlist": {"target_share": 1.0, "false_hits_per_10k": 0.0},
        },
    }
    log, _ = run(changes, [0, 20, 40], targets=[0, 1, 0])
    assert log.fate.tolist() == [Fate.NOT_SELECTED, Fate.INSPECTED, Fate.NOT_SELECTED]


@pytest.mark.parametrize("adapt", [None, {"on": "area", "points": [[0.0, 1.0], [1.0, 1.0]]}])
def test_the_share_of_ordinary_vehicles_selected_in_an_hour_is_the_rate_of_the_hour(both, build, adapt):
    """Under `random`, with an area for all and no valve; two days of three hours with an hour between windows.

    A binomial interval of 99.9 % for each of 2 classes x 6 hours x 1.
    """
    rates = {1: (0.3, 0.6), 2: (0.05, 0.6), 4: (0.1, 0.9)}  # of boxes and trucks by hour
    changes = {
        "operation": {"closes": "03:00", "also": [{"opens": "04:00", "closes": "05:00"}], "days": 2},
        "selection": {
            "rule": "random",
            "rate": {"box": 0.3, "truck": 0.6, "default": 0.0},
            "rate_by_time": [span("04:00", "05:00", default=0.9, box=0.1), span("02:00", "03:00", box=0.05)],
            "adapt": adapt,
        },
    }
    plan = None
    seen, taken = np.zeros((2, 2, 5), dtype=np.int64), np.zeros((2, 2, 5), dtype=np.int64)
    for replication in range(4):
        log, plan = log_of(both, build, BUSY, LARGE, changes, replication=replication)
        ordinary = (log.traffic.target == 0) & (log.gate == Gate.OPEN)
        hour_of = (log.passed_s // 3600.0).astype(np.int64)
        for day in range(2):
            for number, name in enumerate(("box", "truck")):
                for hour in rates:
                    of = (
                        ordinary
                        & (log.traffic.vehicle_class == plan.classes.index(name))
                        & (hour_of == 24 * day + hour)
                    )
                    seen[day, number, hour] += of.sum()
                    taken[day, number, hour] += (of & (log.fate == Fate.INSPECTED)).sum()
    for day in range(2):
        for number in range(2):
            for hour, by_class in rates.items():
                low, high = binom.interval(0.999, seen[day, number, hour], by_class[number])
                assert low <= taken[day, number, hour] <= high, (day, number, hour)
                assert seen[day, number, hour] > 200


def test_each_funnel_has_its_own_hours(both, build):
    """Eastbound everybody from 01:30 on, westbound until then, and only trucks at other times of the first."""
    other = {
        "direction": "westbound",
        "traffic": {"day_cv": 0.0, "counts": {"from": "00:00", "vehicles": {"box": [400] * 24}}},
        "selection": {"rule": "random", "rate": {"default": 1.0}, "rate_by_time": [span("01:30", "03:00", box=0.0)]},
    }
    first = {
        "rate": {"default": 0.0},
        "rate_by_time": [span("01:30", "01:45", box=1.0), span("01:45", "03:00", box=1.0)],
    }
    plan = plan_of(build({**BUSY, **LARGE, "selection": first, "funnels": [other]}))
    log = both(draw_traffic(plan.road, 5, 0), plan)
    for funnel, late in ((0, True), (1, False)):
        part = log.of_funnel(funnel)
        boxes = (part.gate == Gate.OPEN) & (part.traffic.vehicle_class == plan.classes.index("box"))
        assert np.array_equal((part.fate == Fate.INSPECTED)[boxes], (part.passed_s >= 5400.0)[boxes] == late)
        assert boxes.sum() > 200
