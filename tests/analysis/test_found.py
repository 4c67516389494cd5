"""The chance to find is exact: it is what repeated inspections find."""

import itertools

import numpy as np
import pytest

from funnelsim.analysis.found import chance_to_find
from funnelsim.model.plan import plan_of
from funnelsim.scenario.schema import Scenario


def inspection_of(busy, stages):
    busy["area"]["stages"] = [
        {"name": f"stage {k}", "duration": {"mean_s": 60}, **stage} for k, stage in enumerate(stages)
    ]
    busy["targets"] = [{"name": "x", "per_10k": {"van": 10}}]
    return plan_of(Scenario.model_validate(busy)).inspection


def by_cases(stages):
    """Add up all cases of alarm and find, stage by stage: the slow way to the same chance."""

    def walk(k, alarmed):
        if k == len(stages):
            return 0.0
        stage = stages[k]
        if stage.get("only_after_alarm") and not alarmed:
            return walk(k + 1, alarmed)
        find = stage.get("finds", {}).get("x", 0.0)
        alarm = stage.get("alarms", {}).get("x", stage.get("alarms", {}).get("ordinary", 0.0))
        return find + (1 - find) * (alarm * walk(k + 1, True) + (1 - alarm) * walk(k + 1, alarmed))

    return walk(0, False)


STAGES = (
    {"finds": {"x": 0.3}},
    {"alarms": {"x": 0.6, "ordinary": 0.1}},
    {"only_after_alarm": True, "finds": {"x": 0.9}, "alarms": {"x": 0.5}},
    {"alarms": {"ordinary": 0.2}, "finds": {"x": 0.2}},
)


@pytest.mark.parametrize("stages", [list(p) for n in (1, 2, 3, 4) for p in itertools.permutations(STAGES, n)])
def test_chance_to_find_adds_up_all_cases_of_alarm_and_find(busy, stages):
    chance = chance_to_find(inspection_of(busy, stages))
    assert chance[:, 1] == pytest.approx(by_cases(stages), abs=1e-15)


def test_nothing_is_found_in_ordinary_vehicles(busy):
    assert np.all(chance_to_find(inspection_of(busy, list(STAGES)))[:, 0] == 0.0)


def test_a_stage_that_is_not_for_a_class_finds_nothing_in_it(busy):
    inspection = inspection_of(busy, [{"for": ["van"], "finds": {"x": 0.5}}])
    by_class = dict(zip(Scenario.model_validate(busy).classes, chance_to_find(inspection)[:, 1], strict=True))
    assert by_class == {"car": 0, "van": 0.5, "camper": 0, "coach": 0, "lorry": 0, "reefer": 0}


def test_a_stage_that_the_roster_can_never_staff_finds_nothing(busy):
    inspection = inspection_of(busy, [{"crew": {"police": 50}, "finds": {"x": 0.5}}, {"finds": {"x": 0.1}}])
    assert chance_to_find(inspection)[:, 1] == pytest.approx(0.1)


def test_double_look_misses_with_the_square_of_the_single_chance(busy):
    """Known answer 8: two independent looks miss with (1 - p)^2."""
    inspection = inspection_of(busy, [{"finds": {"x": 0.3}}, {"finds": {"x": 0.3}}])
    assert 1 - chance_to_find(inspection)[:, 1] == pytest.approx(0.7**2)
