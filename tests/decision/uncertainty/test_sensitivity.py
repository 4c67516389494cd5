"""Sensitivity of simulated plans: the same circumstances and vehicles for all, and what follows from the model."""

import math

import numpy as np
import polars as pl
import pytest

from funnelsim.decision.uncertainty.responses import FOUND, SimulatedPlans
from funnelsim.decision.uncertainty.sensitivity import sensitivity
from funnelsim.decision.uncertainty.uncertain_inputs import uncertain_inputs
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.executor import InProcessExecutor
from funnelsim.experiments.run import run
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.overrides import with_override
from tests.decision.levers.test_levers import CHANGES

UNCERTAIN = {
    "targets.hidden.per_10k": {"factor": 3},
    "targets.hidden.cue_auc": {"range": [0.55, 0.9]},
    "traffic.scale": {"range": [0.8, 1.2]},
}
FEW = {"points": 64, "replications": 4, "jobs": 2}


def plan(build, key="area.waiting", value=1, uncertain=None):
    changed = with_override(CHANGES | {"uncertain": UNCERTAIN if uncertain is None else uncertain}, key, value)
    return build(changed)


@pytest.fixture(scope="module")
def made(build):
    plans = {"now": plan(build), "two_fewer": plan(build, "selection.rate.default", 0.01)}
    return sensitivity(plans, **FEW)


def test_a_point_is_what_a_run_of_the_changed_scenario_gives(build):
    scenario = plan(build)
    demand = demand_of(scenario)
    inputs = uncertain_inputs(scenario, demand)
    respond = SimulatedPlans({"a": scenario}, {"a": demand}, inputs, 1, InProcessExecutor(), 1)
    values = respond(np.array([[0.5, 0.5, 0.5]]), np.array([3]), 2)
    same = run(plan(build, "targets", [CHANGES["targets"][0] | {"cue_auc": 0.725}]), replications=5, seed=1)
    assert values[0, :, 0, 0] == pytest.approx(same.replications[FOUND][3:].to_numpy(), rel=1e-9)
    assert respond.measures == (FOUND, "delay_p95_s", "limits.p95_delay_min")


def test_it_finds_more_the_more_there_is_and_prevalence_matters_most(made):
    found = {made.inputs[one.input].key: one for one in made.findings.indices if one.output == 2}
    assert made.findings.outputs[2].measure == FOUND
    assert max(found, key=lambda key: found[key].total.mean) == "targets.hidden.per_10k"
    effects = [one for one in made.findings.effects if one.output == 2 and one.input == 0]
    assert effects[0].mean == pytest.approx(effects[0].size.mean)


def test_a_plan_that_selects_a_fifth_finds_less_whatever_is_assumed(made):
    """The truth is 1, which the interval holds; the mean of so few points depends on the random seed."""
    choice = made.findings.choice
    assert choice.best[0].mean > 0.9
    assert choice.best[0].high == 1.0
    assert choice.difference[0].high < 0.0
    assert choice.regret[0].mean < 0.01 * choice.regret[1].mean
    assert all(math.isnan(one.u.mean) for one in choice.thresholds)


def test_the_same_plan_meets_the_same_vehicles(build):
    again = sensitivity({"one": plan(build), "other": plan(build)}, **FEW)
    assert np.all(again.findings.values[:, 0] == 0.0)
    assert [one.mean for one in again.findings.choice.best] == [0.5, 0.5]


def test_the_result_does_not_depend_on_jobs(build):
    results = [sensitivity(plan(build), points=32, replications=2, jobs=jobs).findings for jobs in (1, 2)]
    assert np.all(results[0].values == results[1].values)
    assert results[0].indices == results[1].indices


def test_the_search_for_another_seed_is_another(build):
    results = [sensitivity(plan(build), points=32, replications=2, seed=seed).findings.u for seed in (1, 2)]
    assert np.any(results[0] != results[1])


def test_a_single_plan_has_no_choice(build):
    assert sensitivity(plan(build), points=32, replications=2).findings.choice is None


def test_what_is_wrong_is_said_at_once(build):
    with pytest.raises(FunnelsimError) as caught:
        sensitivity(plan(build), points=3, replications=1, jobs=0)
    assert [problem.where for problem in caught.value.problems] == ["replications", "jobs", "points"]
    with pytest.raises(FunnelsimError, match="scenarios: none given"):
        sensitivity({})
    with pytest.raises(FunnelsimError, match="allowed: a Scenario"):
        sensitivity({"a": "a.toml"})


def test_the_folder_holds_every_number_and_what_it_was_made_with(made, tmp_path):
    from funnelsim.decision.uncertainty.sensitivity_folder import save_sensitivity  # noqa: PLC0415
    from funnelsim.experiments.manifest import check_whole, read_manifest  # noqa: PLC0415

    save_sensitivity(made, tmp_path, [{"heading": "Said", "items": []}], ["funnelsim", "sensitivity", "a.toml"])
    manifest = read_manifest(tmp_path)
    check_whole(tmp_path, manifest)
    assert manifest["command"] == ["funnelsim", "sensitivity", "a.toml"]
    assert list(manifest["scenarios"]) == ["now", "two_fewer"]
    assert set(manifest["uncertain"]) == set(UNCERTAIN)
    tables = {path.stem: pl.read_csv(path) for path in tmp_path.glob("*.csv")}
    assert set(tables) == {"inputs", "effects", "indices", "means", "points", "choice", "thresholds"}
    assert tables["inputs"]["p95"].to_list() == pytest.approx([3.0, 0.8825, 1.18])
    assert tables["indices"].height == len(made.findings.indices)
    assert tables["points"].height == 64
    assert tables["choice"].filter(what="best")["value"].sum() == pytest.approx(1.0)
    assert tables["thresholds"]["at"].null_count() == 3


@pytest.mark.parametrize("given", [{}, None, "a3.toml", [5], {"a": "a3.toml"}])
def test_plans_that_are_none_are_named(given):
    with pytest.raises(FunnelsimError, match="allowed: "):
        sensitivity(given)


def test_any_number_of_points_is_drawn_without_a_warning(build):
    """SciPy warns of numbers that are no power of two."""
    assert sensitivity(plan(build), points=33, replications=2).findings.u.shape[0] == 33


def test_plans_that_cannot_meet_the_same_vehicles_are_refused(build):
    other = with_override(CHANGES, "targets.hidden.per_10k.box", 50.0)
    with pytest.raises(FunnelsimError, match=r"other: the traffic is not that of now .*; allowed: the same traffic$"):
        sensitivity({"now": plan(build), "other": build(other)}, **FEW)
