"""Arguments from Python are checked as those of a command are, and a scenario stays as it was validated."""

import copy
import pickle

import numpy as np
import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.compare import compare
from funnelsim.experiments.result_cache import ResultCache
from funnelsim.experiments.run import run
from funnelsim.experiments.sweep import sweep
from funnelsim.scenario.load import scenario_from


def refused(call, *arguments, **named):
    with pytest.raises(FunnelsimError) as caught:
        call(*arguments, **named)
    return str(caught.value)


WRONG = {
    "seed": (1.5, -1, 2**63, "1", True, None),
    "jobs": (1.5, 0, 1025, "2"),
    "replications": (2.5, 0, 10**9, "10"),
    "engine": ("foo", None, 1),
}


@pytest.mark.parametrize(("name", "given"), [(name, given) for name, values in WRONG.items() for given in values])
def test_what_is_no_allowed_number_or_word_is_named_by_all_experiments(scenario, name, given):
    assert f"{name}: " in refused(run, scenario, **{name: given})
    if (name, given) != ("replications", 0):
        assert f"{name}: " in refused(compare, {"a": scenario, "b": scenario}, **{name: given})
    if (name, given) != ("replications", None):
        assert f"{name}: " in refused(sweep, scenario, ["area.bays=1,2"], **{name: given})


def test_words_that_are_none_of_the_choices_are_refused(scenario):
    assert "pairs: \"foo\" given; allowed: 'first', 'all'" in refused(
        compare, {"a": scenario, "b": scenario}, pairs="foo"
    )
    assert "allowed: grid, lhs, sobol" in refused(sweep, scenario, ["area.bays=1,2"], design="foo")
    assert "--points: 2.5 given" in refused(sweep, scenario, ["area.bays=1:9"], design="lhs", points=2.5)


def test_what_is_no_function_path_address_or_plan_is_named(scenario, tmp_path):
    pair = {"a": scenario, "b": scenario}
    assert "progress: 5 given (int); allowed: a function" in refused(run, scenario, progress=5)
    assert "plan: 5 given" in refused(run, scenario, plan=5)
    assert "progress: 5 given" in refused(compare, pair, 2, progress=5)
    vary = ["area.bays=1,2"]
    for name, given in {"progress": 5, "folder": 5, "cluster": 5}.items():
        assert f"{name}: 5 given (int)" in refused(sweep, scenario, vary, **{name: given})
    assert "folder: " in refused(sweep, scenario, vary, folder="a\0b")
    (tmp_path / "parts").write_text("a file")
    assert "parts: cannot be written" in refused(ResultCache, tmp_path / "parts")


@pytest.mark.parametrize("given", [5, None, "ab", ["a", "b"], {"a": 5, "b": 6}, {5: None}])
def test_what_are_no_scenarios_by_name_is_told_what_they_are(given):
    assert "allowed: " in refused(compare, given)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        *(("measures", given) for given in (5, None, (), [5], "delay_p95_s")),
        *(("paired", given) for given in (5, "no", None)),
        *(("plans", given) for given in (5, {}, {"a": 5, "b": 6})),
    ],
)
def test_an_argument_of_a_comparison_that_is_none_is_named(scenario, name, given):
    assert f"{name}: " in refused(compare, {"a": scenario, "b": scenario}, 2, **{name: given})


NOTHING_TO_VARY = (5, True, "area.bays=1,2", b"x", [5], [None], [("area.bays", [1])], {5: [1]}, {"area.bays": 5})


@pytest.mark.parametrize("vary", [*NOTHING_TO_VARY, {"area.bays": {1, 2}}, {"area.bays": None}, iter(["a=1"])])
def test_what_cannot_be_varied_is_named(scenario, vary):
    assert "vary" in refused(sweep, scenario, vary)


def test_a_file_instead_of_a_scenario_is_told_how_to_load_it():
    assert refused(run, "base.toml") == (
        "scenario: \"base.toml\" given (str); allowed: a Scenario, as of funnelsim.load_scenario('base.toml')"
    )
    assert "allowed: a Scenario" in refused(sweep, None, ["area.bays=1,2"])
    assert "b: " in refused(compare, {"a": "a.toml", "b": "b.toml"})


def test_whole_numbers_of_numpy_are_whole_numbers(scenario):
    assert run(scenario, np.int64(2), np.int64(3)).replications.equals(run(scenario, 2, 3).replications)


def test_the_tables_of_a_scenario_cannot_be_edited(scenario):
    data = scenario.model_dump(mode="json", by_alias=True)
    whole = scenario_from(data, where="x", overrides=["traffic.split={lorry={reefer=0.2}}", "equipment={scanner=1}"])
    tables = (
        whole.selection.rate,
        whole.classes,
        whole.targets[0].per_10k,
        whole.traffic.split["lorry"],
        whole.traffic.counts.vehicles,
        whole.area.stages[0].crew,
        whole.equipment,
    )
    for table in tables:
        name = next(iter(table))
        for edit in (
            lambda t, n: t.__setitem__(n, 0.9),
            lambda t, n: t.__delitem__(n),
            lambda t, _: t.update(x=1),
            lambda t, _: t.clear(),
            lambda t, n: t.pop(n),
            lambda t, _: t.setdefault("x", 1),
            lambda t, _: t.__ior__({"x": 1}),
        ):
            with pytest.raises(TypeError, match="a scenario cannot be changed"):
                edit(table, name)
    for same in (pickle.loads(pickle.dumps(whole)), copy.deepcopy(whole)):  # noqa: S301  (our own)
        assert same == whole
        with pytest.raises(TypeError, match="cannot be changed"):
            same.selection.rate["default"] = 0.9
