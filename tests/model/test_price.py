"""The rule `index`: an officer-minute goes where it promises most, at a price given or found."""

import numpy as np
import pytest
from scipy.special import ndtr

from funnelsim.model.expected import (
    chance_to_find,
    chances_of_score,
    free_officer_minutes,
    officer_minutes,
    selecting_spans,
    usual_cue,
)
from funnelsim.model.planning import plan_of
from funnelsim.model.price import promise_of

ROSTER = [{"agency": "police", "count": 10, "from": "00:30", "to": "04:00"}]
CHECK = {"name": "check", "duration": {"mean_s": 300.0}, "crew": {"police": 2}, "finds": {"drugs": 0.5}}
DRUGS = {"name": "drugs", "per_10k": {"box": 40, "truck": 200}, "cue_auc": 0.8}
COUNTS = {"from": "00:00", "minutes": 60, "vehicles": {"box": [600] * 24, "truck": [100] * 24}}


@pytest.fixture
def priced(build):
    """Return what makes a plan with the rule `index`: `priced({"rate": 0.05})`; two classes, one target type."""

    def make(index, targets=(DRUGS,), stages=(CHECK,), rate=None, area=None, **selection):
        return plan_of(
            build(
                {
                    "traffic": {"counts": COUNTS},
                    "targets": list(targets),
                    "area": {
                        "stages": list(stages),
                        "after_detection": {"duration": {"mean_s": 600.0}},
                        **(area or {}),
                    },
                    "staffing": {"roster": ROSTER},
                    "selection": {
                        "rule": "index",
                        "index": index,
                        "rate": rate or {"default": 0.05},
                        "look": {"mean_s": 2.0, "cv": 0.0},
                        **selection,
                    },
                }
            )
        )

    return make


def place(plan, name):
    return plan.classes.index(name)


def kinds(plan):
    prevalence = plan.road.prevalence
    return np.column_stack([1.0 - prevalence.sum(axis=1), prevalence])


def selected_share(plan, cutoff=None):
    """Return the share of all vehicles of each class that is selected by its score."""
    chances = chances_of_score(plan.selection.cutoff[0] if cutoff is None else cutoff, usual_cue(plan))
    return (kinds(plan) * chances).sum(axis=1)


def test_the_cutoff_for_a_price_is_where_the_likelihood_ratio_is_what_the_price_asks(priced):
    """One target type: posterior q = c m / f, odds q / (1 - q) = p / (1 - p) exp(d x - d^2 / 2), solved for x."""
    price, find, minutes = 0.002, 0.5, 10.0
    plan = priced({"price": price})
    d = plan.selection.cue[1]
    assert officer_minutes(plan)[place(plan, "box")] == pytest.approx(minutes)
    for name, p in (("box", 0.004), ("truck", 0.02)):
        q = price * minutes / find
        ratio = q / (1 - q) * (1 - p) / p
        x = np.log(ratio) / d + d / 2
        assert plan.selection.cutoff[0][place(plan, name)] == pytest.approx(x, abs=2**-25)  # half a step of the grid
        assert plan.selection.rate[0][place(plan, name)] == pytest.approx(ndtr(-x), rel=1e-7)
    assert plan.selection.price == price


def test_a_price_that_no_score_is_worth_selects_nobody_and_one_that_every_score_is_selects_everybody(priced):
    """A vehicle that certainly carries something promises 0.5 in 10 minutes: 0.05 a minute."""
    assert np.isposinf(priced({"price": 0.0501}).selection.cutoff).all()
    blind = priced({"price": 0.00019}, targets=({**DRUGS, "cue_auc": 0.5},))  # 0.004 / 20 and 0.02 / 20
    assert np.isneginf(blind.selection.cutoff[0][[place(blind, "box"), place(blind, "truck")]]).all()
    dearer = priced({"price": 0.00021}, targets=({**DRUGS, "cue_auc": 0.5},))
    assert np.isposinf(dearer.selection.cutoff[0][place(dearer, "box")])
    assert np.isneginf(dearer.selection.cutoff[0][place(dearer, "truck")])


@pytest.mark.parametrize("rate", [0.001, 0.05, 0.5, 0.99])
def test_the_price_is_found_at_which_a_wanted_share_of_all_vehicles_is_selected(priced, rate):
    plan = priced({"rate": rate})
    assert plan.road.demand.mix(plan.windows_s) @ selected_share(plan) == pytest.approx(rate, rel=1e-6)
    assert plan.selection.rate[0] == pytest.approx(ndtr(-plan.selection.cutoff[0]))


@pytest.mark.parametrize("utilisation", [0.05, 0.8, 1.0])
def test_the_price_is_found_at_which_inspections_take_the_wanted_share_of_the_free_officers_time(priced, utilisation):
    plan = priced({"utilisation": utilisation}, post={"police": 2})
    an_hour = np.zeros(len(plan.classes))
    an_hour[[place(plan, "box"), place(plan, "truck")]] = 600, 100
    assert free_officer_minutes(plan) == pytest.approx(8 * 60)
    assert an_hour @ (selected_share(plan) * officer_minutes(plan)) == pytest.approx(utilisation * 8 * 60, rel=1e-6)


def test_time_counts_only_while_vehicles_are_selected_in_all_windows(build):
    """Two windows of an hour, the last 20 minutes of each without selection; from 04:00 on nobody is on duty."""
    windows = {"also": [{"opens": "03:30", "closes": "04:30"}], "stop_selecting_min": 20.0}
    plan = plan_of(build({"operation": windows, "staffing": {"roster": ROSTER}, "selection": {"post": {"police": 1}}}))
    hour = 3600.0
    assert selecting_spans(plan, 0.0, 24 * hour) == [(hour, hour + 2400.0), (3.5 * hour, 4 * hour)]
    assert selecting_spans(plan, 1.5 * hour, 3.75 * hour) == [(1.5 * hour, hour + 2400.0), (3.5 * hour, 3.75 * hour)]
    assert free_officer_minutes(plan) == pytest.approx(9 * (40 + 30))


def test_at_the_cutoffs_every_class_promises_the_same_for_an_officer_minute(priced):
    plan = priced({"utilisation": 0.8})
    promise = promise_of(plan)
    found = [place(plan, "box"), place(plan, "truck")]
    assert [float(promise.index_of(c)(plan.selection.cutoff[0][c])) for c in found] == pytest.approx(
        [plan.selection.price] * 2, rel=1e-7
    )
    assert plan.selection.cutoff[0][found[0]] > plan.selection.cutoff[0][found[1]]  # trucks carry more often


def test_no_other_cutoffs_yield_more_with_the_same_officer_time(priced):
    """The knapsack: moving time from a class to another, as far as the same time allows, never yields more."""
    targets = (DRUGS, {"name": "arms", "per_10k": {"box": 10, "truck": 5}, "cue_auc": 0.6})
    stages = (
        CHECK,
        {"name": "scan", "for": ["truck"], "duration": {"mean_s": 200}, "crew": {"police": 1}, "finds": {"arms": 0.7}},
        {"name": "look", "for": ["box"], "duration": {"mean_s": 100}, "crew": {"police": 1}, "finds": {"arms": 0.9}},
    )
    plan = priced({"utilisation": 0.6}, targets=targets, stages=stages)
    box, truck = place(plan, "box"), place(plan, "truck")
    come = np.zeros(len(plan.classes))
    come[[box, truck]] = 600, 100
    minutes, finds = officer_minutes(plan), chance_to_find(plan.inspection)

    def takes(cutoff):
        return come * selected_share(plan, cutoff) * minutes

    def finds_with(cutoff):
        return float(come @ (kinds(plan) * chances_of_score(cutoff, usual_cue(plan)) * finds).sum(axis=1))

    best, cutoff = finds_with(plan.selection.cutoff[0]), plan.selection.cutoff[0]
    total = takes(cutoff).sum()
    trucks = np.linspace(-2, 5, 1401)
    moved = 0
    for truck_cutoff in trucks:
        other = cutoff.copy()
        other[truck] = truck_cutoff
        left = total - takes(other)[truck]
        if not 0.0 < left < come[box] * minutes[box]:
            continue
        scores = np.linspace(-6, 8, 14001)  # the cutoff of boxes that takes what is left, by its steps
        shares = (kinds(plan)[box] * ndtr(usual_cue(plan) - scores[:, None])).sum(axis=1)
        other[box] = np.interp(-left, -come[box] * minutes[box] * shares, scores)
        assert takes(other).sum() == pytest.approx(total, rel=1e-4)
        assert finds_with(other) <= best * (1 + 1e-4)
        moved += 1
    assert moved > 100


def test_of_a_class_without_cues_a_share_is_selected_that_makes_up_what_is_wanted(priced):
    """Dantzig's knapsack: trucks promise more and are all selected, of the boxes as many as there is room for."""
    plan = priced({"rate": 0.5}, targets=({**DRUGS, "cue_auc": 0.5},))
    assert np.isneginf(plan.selection.cutoff[0][place(plan, "truck")])
    assert plan.selection.rate[0][place(plan, "box")] == pytest.approx((0.5 * 700 - 100) / 600, rel=1e-6)
    assert plan.selection.price == pytest.approx(0.004 * 0.5 / 10.0)


def test_what_cannot_be_reached_selects_everybody_who_promises_anything_at_no_price(priced):
    plan = priced({"rate": 1.0}, targets=({**DRUGS, "per_10k": {"truck": 200}},))
    assert plan.selection.price == 0.0
    assert plan.selection.rate[0][place(plan, "truck")] == 1.0
    assert plan.selection.rate[0][place(plan, "box")] == 0.0


def test_a_class_with_rate_0_is_never_selected(priced):
    plan = priced({"rate": 0.01}, rate={"default": 0.05, "truck": 0.0})
    assert np.isposinf(plan.selection.cutoff[0][place(plan, "truck")])
    assert plan.road.demand.mix(plan.windows_s) @ selected_share(plan) == pytest.approx(0.01)


def test_without_targets_nobody_promises_anything(priced):
    stages = ({**CHECK, "finds": {}},)
    for index in ({"price": 0.1}, {"rate": 0.05}, {"utilisation": 0.8}):
        assert np.isposinf(priced(index, targets=(), stages=stages).selection.cutoff).all()


def test_who_costs_no_officer_minute_and_promises_anything_is_always_selected(priced):
    """A scanner that nobody attends looks at the trucks."""
    free = {"name": "portal", "for": ["truck"], "duration": {"mean_s": 60.0}, "finds": {"drugs": 0.1}}
    boxes = {**CHECK, "for": ["box"]}
    for index in ({"price": 10.0}, {"utilisation": 0.5}, {"rate": 0.5}):
        plan = priced(index, stages=(free, boxes))
        assert np.isneginf(plan.selection.cutoff[0][place(plan, "truck")])
    assert 0.0 < plan.selection.rate[0][place(plan, "box")] < 1.0
    assert np.isposinf(priced({"rate": 0.05}, stages=(free, boxes)).selection.price)  # trucks alone are more


def test_hits_of_the_watch_list_count_towards_what_is_wanted(priced):
    listed = {"target_share": 0.0, "false_hits_per_10k": 300.0}
    plan = priced({"rate": 0.05}, watchlist=listed)
    mix, false = plan.road.demand.mix(plan.windows_s), 0.03
    chances = chances_of_score(plan.selection.cutoff[0], usual_cue(plan))
    chances[:, 0] = false + (1.0 - false) * chances[:, 0]
    assert mix @ (kinds(plan) * chances).sum(axis=1) == pytest.approx(0.05)
    more = priced({"rate": 0.02}, watchlist=listed)
    assert np.isposinf(more.selection.price)
    assert np.isposinf(more.selection.cutoff).all()


def test_an_inspection_takes_the_officers_of_its_stages_and_of_what_follows_with_its_chance(priced):
    """By hand, truck with two occupants on average: documents, every tenth searched, 200 in 10,000 with drugs."""
    stages = (
        {"name": "papers", "duration": {"mean_s": 60, "per_occupant_s": 30}, "crew": {"police": 1}},
        {"name": "dog", "duration": {"mean_s": 120}, "crew": {"police": 1}, "alarms": {"ordinary": 0.1, "drugs": 1.0}},
        {**CHECK, "only_after_alarm": True},
    )
    after = {
        "duration": {"mean_s": 1800},
        "crew": {"police": 2},
        "transport": {"duration": {"mean_s": 3600}, "crew": {"police": 1}},
    }
    plan = priced({"rate": 0.05}, stages=stages, area={"after_detection": after})
    found = 0.02 * 0.5
    by_hand = 2 * 1 + 2 * 1 + 0.1 * 5 * 2 + found * (30 * 2 + 60 * 1)
    assert officer_minutes(plan)[place(plan, "truck")] == pytest.approx(by_hand)


def test_a_longer_look_and_a_tired_officer_change_what_a_score_tells(priced):
    """Four times the reference doubles d'; standing for two half-lives leaves (1 - 1/4) / (2 ln 2) of it."""
    plain = priced({"price": 0.001})
    look = {"mean_s": 2.0, "cv": 0.0}
    longer = priced({"price": 0.001}, look={**look, "reference_s": 0.5})
    assert usual_cue(longer)[1] == pytest.approx(2.0 * usual_cue(plain)[1])
    tired = priced({"price": 0.001}, look={**look, "tires_half_life_h": 0.5})
    assert usual_cue(tired)[1] == pytest.approx(usual_cue(plain)[1] * 0.75 / (2 * np.log(2)))
    fresh = priced({"price": 0.001}, look={**look, "tires_half_life_h": 0.5, "rotate_min": 30})
    assert usual_cue(fresh)[1] == pytest.approx(usual_cue(plain)[1] * 0.5 / np.log(2))
    scattered = priced({"price": 0.001}, look={"mean_s": 2.0, "cv": 0.5, "reference_s": 2.0})
    draws = np.random.default_rng(1).normal(size=1_000_000)
    sigma = np.sqrt(np.log1p(0.25))
    root = np.sqrt(np.exp(sigma * draws - sigma**2 / 2)).mean()
    assert usual_cue(scattered)[1] / usual_cue(plain)[1] == pytest.approx(root, rel=1e-3)


def test_where_the_index_falls_again_it_is_met_where_it_is_first_exceeded(priced):
    """Arms stand out and are never found: the more suspicious, the more likely it is arms, and drugs have no cue."""
    targets = ({**DRUGS, "cue_auc": 0.5}, {"name": "arms", "per_10k": {"box": 500}, "cue_auc": 0.9})
    plan = priced({"rate": 0.3}, targets=targets)
    assert plan.road.demand.mix(plan.windows_s) @ selected_share(plan) == pytest.approx(0.3, rel=1e-6)
    assert np.isneginf(plan.selection.cutoff[0][place(plan, "truck")])


def test_cutoffs_stand_on_a_grid_so_that_no_processor_changes_a_result(priced):
    """The digits of a root beyond it differ from processor to processor; a selection rate moves by less than 1e-7."""
    for index in ({"price": 0.001}, {"rate": 0.1}, {"utilisation": 0.5}):
        cutoff = priced(index).selection.cutoff[0]
        steps = cutoff[np.isfinite(cutoff)] * 2**24
        assert len(steps)
        assert np.array_equal(steps, np.round(steps))
