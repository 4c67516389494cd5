"""The chance to find is exact: it adds up all cases."""

import itertools

import numpy as np
import pytest

from funnelsim.model.expected import chance_to_find
from funnelsim.model.planning import plan_of


@pytest.fixture
def inspection_of(build):
    """Return what makes the inspection of some stages, where five police are on duty."""

    def inspection_of(stages):
        named = [{"name": f"stage {k}", "duration": {"mean_s": 60.0}, **stage} for k, stage in enumerate(stages)]
        shift = {"agency": "police", "count": 5, "from": "00:30", "to": "02:30"}
        changes = {
            "targets": [{"name": "x", "per_10k": {"truck": 10.0}}],
            "area": {"stages": named},
            "staffing": {"roster": [shift]},
        }
        return plan_of(build(changes)).inspection

    return inspection_of


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
def test_chance_to_find_adds_up_all_cases_of_alarm_and_find(inspection_of, stages):
    chance = chance_to_find(inspection_of(stages))
    assert chance[:, 1] == pytest.approx(by_cases(stages), abs=1e-15)


def test_nothing_is_found_in_ordinary_vehicles(inspection_of):
    assert np.all(chance_to_find(inspection_of(list(STAGES)))[:, 0] == 0.0)


def test_a_stage_that_is_not_for_a_class_finds_nothing_in_it(inspection_of, build):
    inspection = inspection_of([{"for": ["truck"], "finds": {"x": 0.5}}])
    by_class = dict(zip(build().classes, chance_to_find(inspection)[:, 1], strict=True))
    assert {name for name, chance in by_class.items() if chance > 0} == {"truck"}
    assert by_class["truck"] == 0.5


def test_double_look_misses_with_the_square_of_the_single_chance(inspection_of):
    """Known answer 8: two independent looks miss with (1 - p)^2."""
    inspection = inspection_of([{"finds": {"x": 0.3}}, {"finds": {"x": 0.3}}])
    assert 1 - chance_to_find(inspection)[:, 1] == pytest.approx(0.7**2)
