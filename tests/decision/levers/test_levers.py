"""Levers: one choice changed at a time, paired against the plan."""

import numpy as np
import pytest

from funnelsim.analysis.catalogue import is_share_of_targets, ratios_of
from funnelsim.decision.fluid.bound import bound
from funnelsim.decision.levers.levers import AS_PLANNED, FOUND, MEASURES, RETUNED, levers
from funnelsim.experiments.compare import compare

SEARCH = {"name": "search", "duration": {"mean_s": 300.0, "cv": 0.5}, "crew": {"police": 1}, "finds": {"hidden": 1.0}}
CHANGES = {
    "targets": [{"name": "hidden", "per_10k": {"box": 100.0}, "cue_auc": 0.7}],
    "operation": {"opens": "01:00", "closes": "03:00"},
    "selection": {"rule": "score", "rate": {"default": 0.05}, "valve": {"suspend_at_m": 500.0, "lift_at_m": 900.0}},
    "area": {"bays": 2, "waiting": 1, "stages": [SEARCH]},
    "staffing": {"roster": [{"agency": "police", "count": 2, "from": "00:00", "to": "04:00"}]},
    "equipment": {"probe": 1},
    "limits": {"p95_delay_min": 10.0},
}


@pytest.fixture(scope="module")
def made(build):
    return levers(build(CHANGES), replications=60, jobs=2)


@pytest.fixture(scope="module")
def retuned(build):
    return levers(build(CHANGES), replications=60, jobs=2, retune=True)


def estimate(made, name, measure=FOUND):
    return made.differences[name][measure].estimate


def test_what_is_scarce_helps_and_what_is_not_does_nothing(made):
    """Selected are some 60 vehicles in 2 h, and 2 officers inspect some 48: one less finds less."""
    assert estimate(made, "police, 00:00 to 04:00: one less").high < 0.0
    assert estimate(made, "police, 00:00 to 04:00: one more").low > -0.01
    assert estimate(made, "look: AUC 0.05 higher").low > 0.0
    assert estimate(made, "probe: one more").mean == 0.0


def test_other_hours_meet_the_same_vehicles_where_they_overlap(made):
    assert made.comparison.paired
    assert estimate(made, "hours: close one hour later").low > 0.0


def test_every_limit_of_a_scenario_is_looked_at(build):
    """Of a limit, as of the longest queue, the measure need not be among those that levers list."""
    made = levers(build(CHANGES | {"limits": {"p95_delay_min": 10.0, "tail_m": 500.0}}), replications=2)
    for of_plan in made.differences.values():
        assert list(of_plan) == [*MEASURES, "limits.p95_delay_min", "limits.tail_m"]


def test_a_lever_that_no_plan_can_have_is_named(build):
    changes = CHANGES | {"selection": {**CHANGES["selection"], "valve": {"suspend_at_m": 700.0, "lift_at_m": 800.0}}}
    made = levers(build(changes), replications=2)
    assert list(made.plans.impossible) == ["valve: suspend selection at 950 m", "valve: lift funnel at 550 m"]
    assert "lift_at_m = 800 is below suspend_at_m = 950" in made.plans.impossible["valve: suspend selection at 950 m"]
    assert AS_PLANNED in made.comparison.scenarios


def test_levers_with_the_same_result_in_each_operation_stand_together(made):
    """Nobody uses the probe, and no queue is as long as the marks of the valve."""
    assert "probe: one more" in made.without_effect
    assert "valve: lift funnel at 1,150 m" in made.without_effect
    grouped = [name for group in made.groups for name in group]
    assert sorted([*grouped, *made.without_effect]) == sorted(made.plans.tried)
    for name in made.without_effect:
        assert {one.estimate.mean for one in made.differences[name].values()} == {0.0}


def test_measures_are_plain_means():
    """Operations contribute their values, not pseudo-values, to the differences of levers."""
    assert not set(MEASURES) & set(ratios_of(("box",)))
    assert not any(map(is_share_of_targets, MEASURES))


def test_the_chance_of_a_limit_is_a_difference_of_shares(build):
    """A lane that is too slow breaks a limit of half a minute more often."""
    made = levers(build(CHANGES | {"limits": {"p95_delay_min": 0.5}}), replications=30, jobs=2)
    table = made.comparison.replications
    kept = {
        name: np.mean(table.filter(plan=name)["delay_p95_s"].to_numpy() <= 30.0) for name in made.comparison.scenarios
    }
    for name, found in made.differences.items():
        assert found["limits.p95_delay_min"].estimate.mean == pytest.approx(kept[name] - kept[AS_PLANNED], abs=1e-12)
    assert len({round(share, 6) for share in kept.values()}) > 1


def test_a_limit_of_the_queue_is_a_difference_of_shares_too(build):
    """The queue is no measure that levers are compared in, but it may have a limit."""
    made = levers(build(CHANGES | {"limits": {"tail_m": 20.0}}), replications=10, jobs=2)
    table = made.comparison.replications
    kept = {
        name: np.mean(table.filter(plan=name)["tail_max_m"].to_numpy() <= 20.0) for name in made.comparison.scenarios
    }
    for name, found in made.differences.items():
        assert set(found) == {*MEASURES, "limits.tail_m"}
        assert found["limits.tail_m"].estimate.mean == pytest.approx(kept[name] - kept[AS_PLANNED], abs=1e-12)
    assert len({round(share, 6) for share in kept.values()}) > 1


def test_what_100_officer_hours_find_is_a_ratio_of_differences(made):
    """One officer more is 4 h more, so 100 h are 25 times that officer; of the bays nobody pays for an hour."""
    name = "police, 00:00 to 04:00: one less"
    hours, finds = estimate(made, name, "officer_h").mean, estimate(made, name).mean
    assert hours == pytest.approx(-4.0, abs=0.5)
    assert made.per_100_officer_h[name].mean == pytest.approx(100.0 * finds / hours, rel=0.02)
    assert not np.isfinite(made.per_100_officer_h["probe: one more"].mean)


def test_all_intervals_hold_together(made):
    """They are wider than those of a comparison of two plans, which are fewer."""
    name = "look: AUC 0.05 higher"
    alone = compare(
        {one: made.comparison.scenarios[one] for one in (AS_PLANNED, name)}, 60, measures=MEASURES
    ).differences[0]
    assert estimate(made, name).mean == alone.estimate.mean
    assert estimate(made, name).half_width > 1.2 * alone.estimate.half_width


def test_re_tuned_levers_are_compared_with_the_re_tuned_plan(retuned):
    assert retuned.retuned
    assert list(retuned.comparison.scenarios)[:2] == [RETUNED, AS_PLANNED]
    firsts = {name: {one.first for one in found.values()} for name, found in retuned.differences.items()}
    assert firsts.pop(RETUNED) == {AS_PLANNED}
    assert set(map(frozenset, firsts.values())) == {frozenset({RETUNED})}
    assert AS_PLANNED not in firsts


def test_each_re_tuned_plan_has_the_rates_of_its_own_bound(retuned):
    for name, scenario in retuned.comparison.scenarios.items():
        if name != AS_PLANNED:
            own = bound(scenario)
            assert scenario.selection.rate["box"] == own.rates[0, own.classes.index("box")], name
    rates = {name: one.selection.rate.get("box") for name, one in retuned.comparison.scenarios.items()}
    assert rates["bays: one less"] < rates[RETUNED] < rates["police, 00:00 to 04:00: one more"] + 1e-9


def test_rates_are_no_levers_where_they_are_re_tuned(made, retuned):
    assert set(made.plans.tried) - set(retuned.plans.tried) == {"box: select 6.2 %", "box: select 4 %"}


def test_the_plan_with_the_rates_of_the_bound_is_compared_with_the_plan_as_it_is(retuned):
    means = {name: retuned.comparison.estimates[name][FOUND].mean for name in (AS_PLANNED, RETUNED)}
    assert estimate(retuned, RETUNED).mean == pytest.approx(means[RETUNED] - means[AS_PLANNED])
