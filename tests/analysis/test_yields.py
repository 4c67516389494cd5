"""Expected and counted yield agree, and the waterfall leaves nobody out."""

import math

import numpy as np
import pytest

from funnelsim.analysis.chances import LOSSES
from funnelsim.analysis.yields import chances, fates, in_operation, yields
from funnelsim.engines.compiled_engine import simulate
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario.schema import Scenario

VARIANTS = {
    "as it is": {},
    "hold": {"area": {"when_full": "hold"}},
    "random": {"selection": {"rule": "random"}},
    "every_nth": {"selection": {"rule": "every_nth", "every": {"default": 9}}},
    "free_bay": {"selection": {"rule": "free_bay"}},
    "lifted": {"selection": {"valve": {"suspend_at_m": 100, "resume_at_m": 20, "lift_at_m": 150}}},
    "unstaffed": {"selection": {"post": {"customs": 1}}},
}


def merged(base, changes):
    return {
        key: merged(base[key], changes[key])
        if isinstance(changes.get(key), dict) and isinstance(base.get(key), dict)
        else changes.get(key, base.get(key))
        for key in base | changes
    }


@pytest.mark.heavy
@pytest.mark.parametrize("variant", VARIANTS)
def test_expected_detections_have_the_mean_of_the_counted_ones(busy, variant):
    """The difference of counted and expected has mean zero by target type (|z| < 3.5), known to 6 % or better."""
    plan = plan_of(Scenario.model_validate(merged(busy, VARIANTS[variant])))
    rows = [yields(simulate(draw_traffic(plan.road, 11, r), plan), plan) for r in range(400)]
    for name in plan.targets:
        counted = np.array([row[f"detections.{name}"] for row in rows])
        expected = np.array([row[f"expected_detections.{name}"] for row in rows])
        error = (counted - expected).std(ddof=1) / math.sqrt(len(rows))
        assert abs((counted - expected).mean()) < 3.5 * error
        assert error < 0.06 * expected.mean()
        assert expected.var() < counted.var()


def test_losses_and_share_found_sum_to_one(logs, plan):
    for log in logs:
        row = yields(log, plan)
        assert row["share_found"] + sum(row[name] for name in LOSSES) == pytest.approx(1.0, abs=1e-12)


def test_every_loss_of_the_busy_checkpoint_occurs(busy):
    """The waterfall is tested on a scenario in which each kind of loss has something to show."""
    busy["selection"]["post"] = {"customs": 1}
    plan = plan_of(Scenario.model_validate(busy))
    row = yields(simulate(draw_traffic(plan.road, 1, 0), plan), plan)
    occurring = [name for name in LOSSES if row[name] > 0]
    assert occurring == [name for name in LOSSES if name not in ("loss_exit", "loss_evaded")]


def test_expected_losses_have_the_mean_of_the_counted_fates(logs, plan):
    """Of the targets that came, the share of each fate agrees with the expected loss (|z| < 3.5)."""
    counted = np.zeros(len(Fate))
    offered = 0
    expected = dict.fromkeys(LOSSES, 0.0)
    for log in logs:
        here = in_operation(log, plan) & (log.traffic.target > 0)
        counted += np.bincount(log.fate[here], minlength=len(Fate))
        offered += int(here.sum())
        for name, weights in chances(log, plan).losses.items():
            expected[name] += weights.sum()
    total = sum(expected.values()) + sum(chances(log, plan).found.sum() for log in logs)
    pairs = {
        "loss_not_selected": Fate.NOT_SELECTED,
        "loss_suspended": Fate.SELECTION_SUSPENDED,
        "loss_area_full": Fate.AREA_FULL,
    }
    for name, fate in pairs.items():
        share = expected[name] / total
        assert share > 0
        error = math.sqrt(share * (1 - share) / offered)
        assert abs(counted[fate] / offered - share) < 3.5 * error


def test_chance_of_any_lies_between_the_largest_single_chance_and_the_sum(logs, plan):
    for log in logs:
        row = yields(log, plan)
        single = chances(log, plan).found.sum(axis=1).max()
        assert single <= row["chance_of_any"] <= min(1.0, row["expected_detections"])


@pytest.mark.heavy
def test_chance_of_any_agrees_with_the_share_of_operations_with_a_detection(busy):
    """Nearly a Poisson binomial: with rare targets the share of operations that find something agrees (|z| < 3.5)."""
    for target in busy["targets"]:
        target["per_10k"] = {name: value / 20 for name, value in target["per_10k"].items()}
    plan = plan_of(Scenario.model_validate(busy))
    rows = [yields(simulate(draw_traffic(plan.road, 5, r), plan), plan) for r in range(400)]
    found = np.array([row["detections"] > 0 for row in rows])
    chance = np.mean([row["chance_of_any"] for row in rows])
    assert 0.3 < chance < 0.8
    assert abs(found.mean() - chance) < 3.5 * math.sqrt(chance * (1 - chance) / len(rows))


def test_persons_found_are_the_persons_of_the_found_targets(logs, plan):
    row = yields(logs[0], plan)
    assert row["persons_found"] == pytest.approx(9 * row["expected_detections.concealed persons"])


def test_without_targets_nothing_is_offered_and_shares_have_no_meaning(busy):
    busy["targets"] = []
    for stage in busy["area"]["stages"]:
        stage.pop("finds", None)
        stage.pop("alarms", None)
    plan = plan_of(Scenario.model_validate(busy))
    row = yields(simulate(draw_traffic(plan.road, 1, 0), plan), plan)
    assert row["targets_offered"] == row["expected_detections"] == row["chance_of_any"] == 0.0
    assert math.isnan(row["share_found"])


def test_every_vehicle_has_one_fate(logs):
    for log in logs:
        assert sum(fates(log).values()) == len(log.traffic)
