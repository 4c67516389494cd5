"""The best plan of a small checkpoint, all of whose plans can be simulated: is it named, and is what is said so."""

import itertools

import numpy as np
import pytest

import funnelsim
from funnelsim.analysis.limits import checks_of
from funnelsim.decision.optimisation.nomination import BESIDE, KNOWN
from funnelsim.decision.optimisation.optimise import BEST, CONFIRMED, RUNNER_UP, TODAY, optimise, seed_of
from funnelsim.errors import FunnelsimError, PlanError
from funnelsim.experiments.arguments import MAX_SEED
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.replication import measures_of
from funnelsim.reporting.optimise_words import optimum_sections
from funnelsim.reporting.terminal import plain_text
from tests.optimise_scenario import OFFICERS, RATE

RATES = (0.02, 0.05, 0.1)
GRID = [f"{RATE}=0.02,0.05,0.1", f"{OFFICERS}=1,2"]
SEED = 5
SUSPEND, LIFT = "selection.valve.suspend_at_m", "selection.valve.lift_at_m"


def said(made):
    return " ".join(plain_text(optimum_sections(made), width=2000).split())


@pytest.fixture(scope="module")
def enumerated(small):
    """Return the mean of the expected detections of each plan of the grid, from many operations of another seed."""
    planner = PointPlanner(small())
    points = list(itertools.product(RATES, (1, 2)))
    plans = [planner.plan(0, dict(zip((RATE, OFFICERS), point, strict=True))).plan for point in points]
    found = measures_of(plans, 99, range(1500))
    return {point: of_plan["expected_detections"].mean() for point, of_plan in zip(points, found, strict=True)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("optimised")


@pytest.fixture(scope="module")
def made(small, folder):
    return optimise(small(), GRID, replications=2000, seed=SEED, folder=folder)


def test_the_plan_that_finds_most_is_named(made, enumerated):
    named = (made.choice.values[RATE], made.choice.values[OFFICERS])
    assert max(enumerated.values()) - enumerated[named] <= made.choice.selected.within
    assert named[1] == 2
    assert made.feasible
    assert not made.is_today
    assert made.choice.simulations <= 2000
    assert made.choice.selected.replications.sum() < 2000


def test_every_plan_of_a_small_grid_is_a_candidate_once_and_todays_with_them(made):
    """Today's plan is one of the grid: 2 % and two officers."""
    candidates = [(values[RATE], values[OFFICERS]) for values in made.choice.points]
    assert sorted(candidates) == list(itertools.product(RATES, (1, 2)))


def test_the_figures_are_those_of_a_run_of_the_plan(made):
    run = funnelsim.run(made.best, replications=CONFIRMED, seed=SEED + 2)
    for name, estimate in made.comparison.estimates[BEST].items():
        assert estimate == run.estimates[name], name
    assert list(made.comparison.scenarios) == [TODAY, BEST, RUNNER_UP]
    assert made.bounds[BEST].finds == pytest.approx(funnelsim.bound(made.best).finds)


def test_the_runner_up_keeps_the_limits_and_is_another_plan(made):
    assert made.choice.runner_up not in (None, made.choice.values)
    runner_up = made.comparison.replications.filter(plan=RUNNER_UP)
    values = {name: runner_up[name].to_numpy() for name in ("delay_p95_s", "tail_max_m")}
    limits = made.scenarios[RUNNER_UP].limits
    assert all(check.kept for check in checks_of(limits, made.comparison.estimates[RUNNER_UP], values))


def test_with_more_jobs_the_answer_is_the_same(small, made):
    assert same(optimise(small(), GRID, replications=2000, seed=SEED, jobs=2), made)


def test_what_is_in_the_folder_is_not_simulated_again(small, made, folder, monkeypatch):
    monkeypatch.setattr("funnelsim.decision.simulations.values_of", None)
    monkeypatch.setattr("funnelsim.decision.optimisation.optimise.compare", None)
    assert same(optimise(small(), GRID, replications=2000, seed=SEED, folder=folder), made)


def same(one, other):
    return (
        one.choice.points == other.choice.points
        and one.choice.values == other.choice.values
        and one.choice.selected.within == other.choice.selected.within
        and np.array_equal(one.choice.selected.means, other.choice.selected.means)
        and one.comparison.replications.equals(other.comparison.replications, null_equal=True)
        and said(one) == said(other)
    )


def test_the_least_cost_of_what_is_wanted(small, enumerated):
    """One officer finds what two do with less selection, for half the money."""
    wanted = 0.9 * max(found for (_, officers), found in enumerated.items() if officers == 1)
    decide = {"goal": "least_cost", "find_at_least": wanted}
    made = optimise(small({"decide": decide}), GRID, replications=2000)
    assert made.choice.values[OFFICERS] == 1
    assert made.comparison.estimates[BEST]["expected_detections"].mean >= wanted
    cost = made.comparison.estimates
    assert cost[BEST]["staff_cost"].mean == cost[TODAY]["staff_cost"].mean / 2
    assert "The cheapest plan costs 200 EUR of staff an operation (-200 against today's plan). It finds" in said(made)


def test_of_plans_that_cost_the_same_the_one_that_finds_more_is_named(small):
    """All of them find enough with one officer; today's rate of 0.5 % is the first one tried."""
    changes = {"decide": {"goal": "least_cost", "find_at_least": 0.05}, "selection": {"rate": {"default": 0.005}}}
    made = optimise(small(changes), [f"{RATE}=0.0025,0.005,0.05", f"{OFFICERS}=1,2"], replications=2000)
    assert made.choice.values == {RATE: 0.05, OFFICERS: 1}
    assert made.choice.points.index(made.choice.values) in made.choice.selected.tied


def test_officers_hours_within_a_bound_that_is_just_met(small):
    """One officer works 4 h: a bound of exactly that leaves no other plan."""
    made = optimise(small({"decide": {"at_most": {"officer_h": 4.0}}}), GRID, replications=2000)
    assert made.choice.values[OFFICERS] == 1
    assert made.feasible
    assert "On average: officer-hours 4.0 (at most 4 wanted)." in said(made)


def test_a_trade_off(small):
    made = optimise(small({"decide": {"goal": "front"}}), GRID, replications=2000)
    points = made.choice.front.points
    goals = [[point.estimates[name].mean for name in made.question.measures[:3]] for point in points]
    assert [found for found, _, _ in goals] == sorted((found for found, _, _ in goals), reverse=True)
    for one, other in itertools.permutations(goals, 2):
        assert not (one[0] >= other[0] and one[1] <= other[1] and one[2] <= other[2])
    assert {point.values[OFFICERS] for point in points} == {1, 2}
    assert made.choice.values == points[0].values
    assert made.choice.simulations <= 2000
    assert all(point.kept_in["limits.p95_delay_min"].mean == 1.0 for point in points)


def test_a_limit_that_no_plan_keeps_is_named_with_what_would_do(small):
    made = optimise(small({"limits": {"p95_delay_min": 0.05}}), GRID, replications=2000)
    assert not made.feasible
    assert made.choice.runner_up is None
    would = made.breaks["limits.p95_delay_min"]
    delays = made.comparison.replications.filter(plan=BEST)["delay_p95_s"].to_numpy()
    assert (delays <= would).mean() >= 0.9
    assert (delays < would).mean() < 0.9
    text = said(made)
    assert "No plan tried keeps these limits. The nearest plan keeps P95 delay within 0.05 min in 0 % of" in text
    limit = float(text.partition("a limit of ")[2].split()[0])
    assert 0.0 <= limit - would / 60.0 <= 0.001
    kept = optimise(small({"limits": {"p95_delay_min": limit}}), GRID, replications=2000)
    assert BEST in kept.scenarios


def test_a_trade_off_that_no_plan_may_be_part_of_is_empty(small):
    scenario = small({"limits": {"p95_delay_min": 0.05}, "decide": {"goal": "front"}})
    made = optimise(scenario, GRID, replications=1000)
    assert made.choice.front.points == ()
    assert not made.feasible
    assert "there is no trade-off to show" in said(made)


def test_today_may_be_best(small):
    made = optimise(small(), [f"{RATE}=0.02", f"{OFFICERS}=1,2"], replications=1000)
    assert made.is_today
    assert "Keep today's plan: nothing that may change is better" in said(made)


def test_todays_plan_is_kept_where_all_that_may_change_is_worse(small):
    """It is not among the values to try, so that the search does not come across it."""
    made = optimise(small({"selection": {"rate": {"default": 0.05}}}), [f"{RATE}=0.005,0.01"], replications=1000)
    assert made.feasible
    assert made.is_today
    assert made.choice.selected.within == 0.0
    assert made.choice.runner_up == {RATE: 0.01}
    assert "Keep today's plan: nothing that may change is better." in said(made)


def test_todays_plan_is_on_the_front_though_it_is_not_among_the_values_to_try(small):
    scenario = small({"selection": {"rate": {"default": 0.05}}, "decide": {"goal": "front"}})
    made = optimise(scenario, [f"{RATE}=0.005,0.01"], replications=1000)
    assert made.is_today
    assert [point.values[RATE] for point in made.choice.front.points][:1] == [0.05]


def test_todays_plan_is_not_kept_where_it_does_not_find_enough(small):
    decide = {"goal": "least_cost", "find_at_least": 0.1}
    made = optimise(
        small({"decide": decide, "selection": {"rate": {"default": 0.005}}}), [f"{RATE}=0.05,0.1"], replications=1000
    )
    assert made.feasible
    assert not made.is_today


def test_the_fewest_replications_are_enough(small):
    made = optimise(small(), replications=1000)
    assert len(made.choice.points) >= 2
    assert made.choice.simulations <= 1000
    assert BEST in made.scenarios


def test_a_grid_that_the_replications_cannot_cover_is_searched(small):
    """2,000 plans: not all of them are candidates, and the budget is kept."""
    made = optimise(small(), [f"{RATE}=0.0001:0.2:0.0001"], replications=2000)
    assert len(made.choice.points) < 100
    assert made.choice.simulations <= 2000


def test_what_cannot_be_asked_is_refused_before_anything_is_written(small, tmp_path):
    with pytest.raises(FunnelsimError, match="nobody chooses this"):
        optimise(small(), ["traffic.scale=1,2"], folder=tmp_path / "o")
    with pytest.raises(FunnelsimError, match="replications: 10 given"):
        optimise(small(), replications=10, folder=tmp_path / "o")
    with pytest.raises(FunnelsimError, match=r"scenario: .* given \(str\)"):
        optimise("a3.toml")
    assert not (tmp_path / "o").exists()


def test_that_no_plan_can_be_carried_out_is_said(small):
    with pytest.raises(PlanError, match="none of the plans proposed"):
        optimise(small(), [f"{OFFICERS}=0"], replications=1000)


def test_plans_of_other_hours_and_of_several_funnels_can_be_chosen(small):
    back = {
        "direction": "back",
        "traffic": {"day_cv": 0.0, "counts": {"from": "00:00", "vehicles": {"box": [99] * 24}}},
    }
    scenario = small({"funnels": [back], "operation": {"also": [{"opens": "03:00", "closes": "03:30"}]}})
    made = optimise(scenario, ["operation.closes=01:30,02:00", f"{RATE}=0.02,0.1"], replications=1000)
    assert made.choice.values["operation.closes"] == "02:00"


def test_what_changes_nothing_is_left_as_today(small):
    """With 600 boxes an hour the queue never comes near a mark of 900 m or more; the rate matters."""
    valve = {"suspend_at_m": 900.0, "lift_at_m": 1500.0}
    vary = [f"{RATE}=0.1,0.2", f"{SUSPEND}=1000,1100", f"{LIFT}=1600,1700"]
    made = optimise(small({"selection": {"valve": valve}}), vary, replications=1000, seed=SEED)
    assert made.choice.values == {RATE: made.choice.values[RATE], SUSPEND: 900.0, LIFT: 1500.0}
    assert made.best.selection.valve == made.scenarios[TODAY].selection.valve
    assert made.choice.left == (SUSPEND, LIFT)
    assert made.choice.values in made.choice.points
    assert made.choice.runner_up is None or made.choice.runner_up[RATE] != made.choice.values[RATE]
    assert f"{SUSPEND} and {LIFT} are left as today" in said(made)
    run = funnelsim.run(made.best, replications=CONFIRMED, seed=SEED + 2)
    assert all(estimate == run.estimates[name] for name, estimate in made.comparison.estimates[BEST].items())


def test_what_matters_in_some_operation_is_not_left_as_today(small):
    """Here selection is suspended now and then at today's mark."""
    vary = [f"{RATE}=0.2", f"{SUSPEND}=60,61", "area.waiting=2"]
    made = optimise(small({"selection": {"valve": {"suspend_at_m": 15.0}}}), vary, replications=1000, seed=SEED)
    assert made.choice.values[SUSPEND] in (60, 61)
    assert SUSPEND not in made.choice.left


def test_each_step_has_its_own_seed():
    assert [seed_of(7, step) for step in range(3)] == [7, 8, 9]
    assert seed_of(MAX_SEED, 1) == 0


def test_progress_counts_up_to_what_was_simulated(small):
    told = []
    made = optimise(small(), GRID, replications=2000, progress=told.append)
    assert told == sorted(told)
    assert 0 <= told[-1] - made.choice.simulations <= BESIDE * KNOWN
