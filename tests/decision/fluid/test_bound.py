"""The bound: never below what a plan finds, and tight where theory knows the answer."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelsim.decision.fluid.bound import bound
from funnelsim.experiments.replication import measures_of
from funnelsim.model.planning import plan_of
from funnelsim.scenario.load import load_scenario
from funnelsim.validation.closed_forms.queueing import erlang_b
from tests.engines.strategies import possible_plan, scenarios, selections

OPERATIONS = 30
SOME = settings(max_examples=max(1, settings().max_examples // 4))
FEW = settings(max_examples=max(1, settings().max_examples // 50))  # 200 every night
TARGETS = [{"name": "hidden", "per_10k": {"box": 100.0}, "cue_auc": 0.5}]
STAGE = {"name": "search", "duration": {"mean_s": 300.0, "cv": 0.0}, "finds": {"hidden": 1.0}}
NO_ARREST = {"after_detection": {"duration": {"mean_s": 0.001, "cv": 0.0}, "crew": {}}}


def found(plan, operations=OPERATIONS):
    """Return the mean of the expected detections with its standard error."""
    each = measures_of([plan], 1, range(operations))[0]["expected_detections"]
    return each.mean(), each.std(ddof=1) / np.sqrt(operations)


def stays_below(plan, most):
    mean, error = found(plan)
    assert mean - 4.0 * error <= most * (1.0 + 1e-6) + 1e-9


@pytest.mark.heavy
@SOME
@given(changes=scenarios())
def test_no_plan_of_any_scenario_finds_more(build, changes):
    scenario = build(changes)
    stays_below(possible_plan(scenario), bound(scenario).finds)


@pytest.mark.nightly
@pytest.mark.heavy
@FEW
@given(changes=scenarios(), selection=st.lists(selections(), min_size=25, max_size=25))
def test_the_selection_does_not_matter(build, changes, selection):
    """Plans that differ in their selection alone, look and watch list apart, have one bound."""
    scenario = build(changes)
    possible_plan(scenario)
    most = bound(scenario).finds
    for one in selection:
        same = {key: changes["selection"][key] for key in ("look", "watchlist", "post") if key in changes["selection"]}
        rest = {key: value for key, value in one.items() if key not in ("look", "watchlist", "post")}
        other = build(changes | {"selection": rest | same})
        assert bound(other).finds == pytest.approx(most, rel=1e-6)
        stays_below(possible_plan(other), most)


@pytest.mark.parametrize(("when_full", "held"), [("wave_through", 0), ("hold", 1)])
@pytest.mark.parametrize("bays", [1, 4])
def test_a_saturated_bay(build, bays, when_full, held):
    """Everybody is wanted and each takes 5 min of a bay: 12 an hour and bay, and what is left at the end.

    Where vehicles are held, one of those stands at the selection point.

    One vehicle in a hundred carries something and is found.
    """
    scenario = build(
        {
            "targets": TARGETS,
            "operation": {"opens": "01:00", "closes": "09:00"},
            "area": {"bays": bays, "waiting": 2, "when_full": when_full, "stages": [STAGE], **NO_ARREST},
        }
    )
    inspected = bays * (8 * 12 + 1) + 2 + held
    mean, _ = found(plan_of(scenario))
    assert inspected / 100 <= bound(scenario).finds <= 1.015 * inspected / 100
    assert mean == pytest.approx(inspected / 100, rel=0.03)


def test_nobody_need_be_left_out(build):
    """With room for everybody the bound is what everybody brings: 600 vehicles, one in a hundred with something."""
    scenario = build({"targets": TARGETS, "area": {"bays": 1000, "waiting": 0, "stages": [STAGE], **NO_ARREST}})
    assert bound(scenario).finds == pytest.approx(6.0, rel=1e-6)
    assert max(bound(scenario).worth.values()) == pytest.approx(0.0, abs=1e-6)


def test_a_loss_system(build):
    """A bay that nobody waits for takes in the share of the arrivals that Erlang's formula leaves, below the bound."""
    load, bays = 8.0, 4
    stage = STAGE | {"duration": {"mean_s": 300.0, "distribution": "exponential"}}
    scenario = build(
        {
            "targets": TARGETS,
            "operation": {"opens": "01:00", "closes": "21:00"},
            "traffic": {"counts": {"vehicles": {"box": [load * 12] * 24}}},
            "area": {"bays": bays, "waiting": 0, "stages": [stage], **NO_ARREST},
        }
    )
    of_all = load * 12 * 20 / 100
    most = bound(scenario).finds / of_all
    assert 1.0 - erlang_b(bays, load) < most
    assert most == pytest.approx(bays / load, rel=0.03)  # bays that are never idle


def test_a_better_look_finds_more(build):
    """The bound rises with the cue, up to where every target is known: then they alone are inspected."""
    area = {"bays": 2, "waiting": 0, "stages": [STAGE], **NO_ARREST}
    most = [
        bound(build({"targets": [TARGETS[0] | {"cue_auc": auc}], "area": area})).finds
        for auc in (0.5, 0.7, 0.9, 0.9999)
    ]
    assert most == sorted(most)
    assert most[-1] == pytest.approx(6.0, rel=0.05)


def test_what_is_scarce(build):
    """With 3 bays and 1 officer the officer is scarce, and one more is worth what the bound then gains."""
    changes = {
        "targets": TARGETS,
        "operation": {"opens": "01:00", "closes": "09:00"},
        "area": {"bays": 3, "waiting": 0, "stages": [STAGE | {"crew": {"police": 1}}], **NO_ARREST},
        "staffing": {"roster": [{"agency": "police", "count": 1, "from": "00:00", "to": "10:00"}]},
    }
    of_one = bound(build(changes))
    two = changes | {"staffing": {"roster": [changes["staffing"]["roster"][0] | {"count": 2}]}}
    assert of_one.worth["police"] > 10 * max(of_one.worth["bays"], 1e-9)
    assert bound(build(two)).finds - of_one.finds == pytest.approx(of_one.worth["police"], rel=0.02)


def test_no_place(build):
    assert bound(build({"targets": TARGETS, "area": {"bays": 0, "waiting": 0}})).finds == pytest.approx(0.0, abs=1e-9)


def test_no_target(build):
    assert bound(build()).finds == pytest.approx(0.0, abs=1e-9)


@pytest.mark.heavy
@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parents[3] / "scenarios").glob("*.toml")), ids=lambda path: path.stem
)
def test_no_shipped_plan_finds_more(file):
    scenario = load_scenario(file)
    plan = plan_of(scenario)
    mean, error = found(plan, 10)
    assert mean - 4.0 * error > 0.0
    stays_below(plan, bound(scenario, plan).finds)


BACK = {"direction": "back", "traffic": {"day_cv": 0.0, "counts": {"from": "00:00", "vehicles": {"box": [300] * 24}}}}


@pytest.mark.parametrize("funnels", [[], [BACK], [BACK | {"selection": {"rate": {"default": 0.2}}}]])
def test_false_hits_of_the_watch_list_are_in_no_rate(small, funnels):
    """All targets are on the list of the first funnel, so it need select nobody else; one box in 10 is a false hit."""
    watchlist = {"target_share": 1.0, "false_hits_per_10k": 1000.0}
    found = bound(small({"selection": {"watchlist": watchlist}, "funnels": funnels}))
    of_box = found.rates[:, found.classes.index("box")]
    assert found.finds > 0.0
    assert of_box[0] == pytest.approx(0.0, abs=1e-9)
    if funnels and "selection" in funnels[0]:  # without a list of its own
        assert of_box[1] > 0.0
