"""Uncertain inputs: the table of the scenario, or defaults; only circumstances; all problems at once."""

import numpy as np
import pytest

from funnelsim.decision.uncertainty.uncertain_inputs import Circumstances, uncertain_inputs
from funnelsim.errors import ScenarioError
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.overrides import with_override
from tests.conftest import PLANNERS


def inputs_of(table, data=PLANNERS):
    scenario = scenario_from(data if table is None else data | {"uncertain": table}, where="a3.toml")
    demand = demand_of(scenario)
    return scenario, demand, uncertain_inputs(scenario, demand)


def point(table, u, data=PLANNERS):
    scenario, demand, inputs = inputs_of(table, data)
    return Circumstances(scenario, demand, inputs).point(u)


def refused(table):
    with pytest.raises(ScenarioError) as caught:
        inputs_of(table)
    return [str(problem) for problem in caught.value.problems]


def test_with_the_table_exactly_what_is_listed_is_uncertain():
    _, _, inputs = inputs_of({"traffic.scale": {"range": [0.8, 1.2]}})
    assert [one.key for one in inputs] == ["traffic.scale"]


def test_without_the_table_there_are_defaults_from_the_scenarios_own_values():
    _, _, inputs = inputs_of(None)
    names = {one.name: one for one in inputs}
    assert names["concealed persons: prevalence"].today == {"lorry": 5.0}
    assert names["probe: chance of an alarm"].kind == "chance"
    assert names["contraband: AUC of the look"].kind == "auc"
    assert names["capacity of the lane"].today == pytest.approx(1367, abs=100)  # as spacing and reaction time give
    assert "level of demand" in names
    assert not any("half-life" in name for name in names)  # nobody is alerted
    assert all(one.source for one in inputs)


def test_a_factor_moves_amounts_odds_and_d_prime():
    table = {
        "targets.contraband.per_10k": {"factor": 3},
        "area.stages.probe.alarms": {"factor": 3},
        "targets.contraband.cue_auc": {"factor": 3},
        "area.stages.documents.duration.mean_s": {"factor": 2},
    }
    low, middle, high = (point(table, [u] * 4) for u in (0.05, 0.5, 0.95))
    assert middle["targets.contraband.per_10k"] == pytest.approx({"car": 10.0, "lorry": 30.0})
    assert high["targets.contraband.per_10k"] == pytest.approx({"car": 30.0, "lorry": 90.0})
    assert low["area.stages.probe.alarms"] == pytest.approx({"concealed persons": 4 / 7, "ordinary": 1 / 58})
    assert 0.5 < low["targets.contraband.cue_auc"] < 0.6 < high["targets.contraband.cue_auc"] < 1.0
    assert high["area.stages.documents.duration.mean_s"] == pytest.approx(240.0)


def test_values_of_a_number_are_values_and_those_of_a_table_are_factors():
    table = {"traffic.scale": {"range": [0.5, 1.5]}, "targets.0.per_10k": {"range": [1, 3]}}
    assert point(table, [0.25, 0.5]) == {"traffic.scale": 0.75, "targets.0.per_10k": {"lorry": 10.0}}


def test_keys_that_move_together_are_one_input():
    table = {"area.stages.documents.duration.mean_s+area.stages.search.duration.mean_s": {"factor": 2}}
    found = point(table, [0.95])
    assert list(found.values()) == pytest.approx([240.0, 1200.0])


def test_another_plan_keeps_its_own_value_under_a_factor_and_has_nothing_of_what_it_lacks():
    _, _, inputs = inputs_of({"area.stages.probe.duration.mean_s": {"factor": 2}, "traffic.scale": {"range": [1, 2]}})
    stages = [stage for stage in PLANNERS["area"]["stages"] if stage["name"] != "probe"]
    other = scenario_from(PLANNERS | {"area": PLANNERS["area"] | {"stages": stages}, "equipment": {}}, where="b")
    its = Circumstances(other, demand_of(other), inputs)
    assert its.missing() == ["probe: time"]
    assert its.point([0.5, 0.5]) == {"traffic.scale": 1.5}


def test_all_that_is_wrong_comes_at_once_with_where_given_and_allowed():
    found = refused(
        {
            "area.bays": {"range": [2, 8]},
            "selection.rate.lorry": {"factor": 2},
            "staffing.roster.police.count": {"range": [2, 8]},
            "limits.tail_m": {"range": [100, 200]},
            "traffic.skale": {"range": [1, 2]},
            "targets.guns.per_10k": {"factor": 3},
            "targets.contraband.cue_auc": {"range": [0.4, 0.8]},
            "area.stages.probe.alarms": {"low_mid_high": [0, 1, 2]},
            "area.stages.search.finds.contraband": {"triangular": [0.2, 0.6, 1.2]},
            "approach.lanes": {"range": [1, 3]},
            "traffic.day_cv": {"factor": 2},
        }
    )
    wanted = [
        "uncertain.area.bays: this is a choice, which a planner makes; allowed: circumstances",
        "uncertain.selection.rate.lorry: this is a choice",
        "uncertain.staffing.roster.police.count: this is a choice",
        "uncertain.limits.tail_m: a limit is set, not uncertain",
        "uncertain.traffic.skale: unknown key",
        "targets has no guns",
        "uncertain.targets.contraband.cue_auc.range: 0.4 given; allowed: numbers from 0.5 to 0.999",
        "uncertain.area.stages.probe.alarms.low_mid_high: 0 given; allowed: factors above 0",
        "uncertain.area.stages.search.finds.contraband.triangular: 1.2 given; allowed: numbers from 0 to 1",
        "uncertain.approach.lanes: 2 today, and not any number may stand there",
        "uncertain.traffic.day_cv: a factor given, and there is no value today",
    ]
    assert [words for words in wanted if not any(words in problem for problem in found)] == []
    assert len(found) == len(wanted)


def test_a_value_is_moved_by_one_key_alone():
    table = {"targets.contraband.per_10k": {"factor": 3}, "targets.1.per_10k.lorry": {"factor": 2}}
    (problem,) = refused(table)
    assert "moves the same values as targets.contraband.per_10k; allowed: each value in one key" in problem


def test_what_no_plan_allows_at_an_end_is_found_before_anything_runs():
    (problem, *_) = refused({"traffic.scale": {"range": [0.1, 90.0]}})
    assert problem.startswith("uncertain.traffic.scale: at an end of what is likely, ")
    assert "allowed" in problem


def test_an_empty_table_is_refused():
    assert refused({}) == ["uncertain: nothing given; allowed: at least one key of a circumstance"]


def test_chances_and_aucs_stay_within_their_bounds():
    table = {
        "area.stages.search.finds.contraband": {"low_mid_high": [0.2, 0.9, 0.99]},
        "area.stages.unloading.finds": {"factor": 50},
        "targets.0.cue_auc": {"low_mid_high": [0.51, 0.9, 0.99]},
        "targets.1.cue_auc": {"factor": 20},
    }
    for u in (0.001, 0.999):
        chance, table_of, first, second = point(table, np.full(4, u)).values()
        assert 0.0 < chance < 1.0
        assert 0.0 < table_of["concealed persons"] < 1.0
        assert 0.5 <= first < 1.0
        assert 0.5 <= second < 1.0


def test_inputs_that_move_together_are_named_together():
    keys = "area.stages.documents.duration.mean_s + area.stages.search.duration.mean_s"
    assert inputs_of({keys: {"factor": 2}})[2][0].name == "documents: time and search: time"


@pytest.mark.parametrize("values", [[300.0, 900.0], [0.1, 0.5]])
def test_values_for_a_table_that_would_be_factors_far_from_todays_numbers_are_refused(values):
    """A factor of 300 to 900 on times of some minutes makes days of them; whoever writes it means seconds."""
    (problem,) = refused({"targets.contraband.per_10k": {"range": values}})
    assert "which are factors on all of today's numbers and leave these out; allowed: factors around 1" in problem


def test_what_is_wrong_is_said_in_words_of_planners():
    assert "unknown key; did you mean scale? allowed: " in refused({"traffic.scal": {"factor": 2}})[0]
    assert "-1 given; allowed: numbers above 0, at most 100" in refused({"traffic.scale": {"range": [-1, 2]}})[0]
    assert "traffic.scale: 4.33e+05 given" in refused({"traffic.scale": {"factor": 1000}})[0]


def test_an_auc_that_no_factor_changes_is_no_assumption():
    blind = with_override(PLANNERS, "targets.contraband.cue_auc", 0.5)
    assert "contraband: AUC of the look" not in [one.name for one in inputs_of(None, blind)[2]]
    with pytest.raises(ScenarioError, match=r"a factor given on an AUC of 0\.5, which stays 0\.5; allowed: range"):
        inputs_of({"targets.contraband.cue_auc": {"factor": 2.0}}, blind)
