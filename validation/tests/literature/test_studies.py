"""The chapter of the literature: five studies; what they claim follows from what was simulated, and can fail."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from funnelsim.scenario import load_scenario
from funnelsim.validation.chapter import Effort
from funnelsim.validation.comparison import Claim
from validation.literature import every_nth, flushing, further_inspection, studies, tandem, weigh_station
from validation.literature.study import scenario_of

SCENARIOS = Path(__file__).parents[3] / "scenarios"
STUDIES = ("flushing", "tandem", "further_inspection", "weigh_station", "every_nth")
DIFFERS = "tandem: handbook figures, two officers who walk to their vehicles"
N = 10


@pytest.fixture(scope="module")
def quick():
    return studies.chapter(Effort(quick=True))


def around(mean):
    """Return replications that scatter a little around a mean."""
    return mean * (1.0 + 0.01 * np.linspace(-1.0, 1.0, N))


def test_the_chapter_has_five_studies_each_with_a_figure_that_is_put_into_words(quick):
    assert tuple(quick.figures) == STUDIES
    assert all(said.endswith(".") for _, said in quick.figures.values())
    assert not quick.missing


def test_every_line_names_its_source_and_how_sure_its_numbers_are(quick):
    for line in quick.lines:
        assert isinstance(line, Claim)
        assert "20" in line.source or "Gu and Han" in line.source
        assert "±" in line.measured or " of 21 cases" in line.measured


def test_a_quick_run_agrees_but_for_the_officers_who_walk(quick):
    """What differs is known and explained: a model's officers may serve a vehicle wherever it stands."""
    differing = [line for line in quick.lines if not line.agrees]
    assert [line.case for line in differing] == [DIFFERS]
    assert "upper bound" in differing[0].explanation


def test_where_a_claim_is_not_in_an_abstract_the_source_says_so(quick):
    second_hand = {line.case for line in quick.lines if "second hand" in line.source}
    assert second_hand == {"flushing: demand"} | {line.case for line in quick.lines if line.case.startswith("every n")}


@pytest.mark.parametrize(("own", "shipped"), [("weigh_station", "weigh_station"), ("every_nth", "sobriety_checkpoint")])
def test_the_settings_are_those_of_the_shipped_scenario(own, shipped):
    here = scenario_of(own).model_dump(exclude={"sweep"})
    assert here == load_scenario(SCENARIOS / f"{shipped}.toml").model_dump(exclude={"sweep"})


def test_one_officer_passes_a_vehicle_every_headway_and_look():
    """3.3 s at 15 km/h behind 7.5 m, and a look of 6.7 s: 360 an hour."""
    capacity = tandem.capacities_vph(tandem.Post(1, 6.7, 0.0), 1, Effort())
    assert capacity == pytest.approx(360.0, rel=1e-4)


def test_both_engines_give_the_same_capacity():
    post = tandem.Post(2, 6.3, 0.6)
    compiled, simpy = (tandem.capacities_vph(post, 1, Effort(engine=engine)) for engine in ("compiled", "simpy"))
    assert np.array_equal(compiled, simpy)


@pytest.mark.parametrize("cv", [0.0, 0.3, 1.0])
def test_pairs_pass_as_many_as_two_fixed_posts_that_are_simulated(cv):
    """The lane with two fixed posts, vehicle by vehicle: the next pair drives up when both of the pair before left."""
    headway_s, look_s, pairs = 3.3, 6.0, 200_000
    sigma = np.sqrt(np.log1p(cv**2))
    looks = np.random.default_rng(3).lognormal(np.log(look_s) - sigma**2 / 2, sigma, (pairs, 2))
    now_s = 0.0
    for front_s, rear_s in looks.tolist():
        front_left_s = now_s + headway_s + front_s
        rear_stands_s = now_s + 2 * headway_s
        now_s = max(rear_stands_s + rear_s, front_left_s + headway_s)
    assert headway_s + tandem.pair_look_s(look_s, cv) == pytest.approx(now_s / (2 * pairs), rel=0.004)


def test_tandem_claims_fail_where_officers_add_in_proportion_whatever_the_scatter():
    found = tandem.Capacities(
        {(cv, officers): around(300.0) * officers for cv in tandem.SCATTERS for officers in tandem.OFFICERS},
        {cv: around(600.0) for cv in tandem.SCATTERS},
        ((around(300.0), around(450.0)), (around(600.0), around(900.0)), (around(600.0), around(900.0))),
    )
    assert tandem._more(found).agrees
    assert not tandem._not_in_proportion(found).agrees
    assert not tandem._scatter(found).agrees
    assert [line.agrees for line in tandem._handbooks(found)] == [False, False]


def test_waiting_that_bends_downwards_is_not_called_convex():
    shares = np.array(further_inspection.SHARES)
    generator = np.random.default_rng(5)
    scatter = generator.normal(0.0, 0.1, (N, len(shares)))
    up = further_inspection.Curve(1e4 * shares**2 + scatter, np.tile(shares, (N, 1)))
    down = replace(up, wait_s=1e3 * np.sqrt(shares) + scatter)
    curves = dict.fromkeys(further_inspection.SETTINGS, up)
    assert further_inspection._convex(curves).agrees
    assert further_inspection._convex_with_several(curves).agrees
    for name in (further_inspection.QUEUE, further_inspection.HELD):
        assert not further_inspection._convex(curves | {name: down}).agrees
    assert not further_inspection._convex_with_several(curves | {further_inspection.SEVERAL: down}).agrees
    assert not further_inspection._best_between(down).agrees


def test_flushing_claims_fail_where_nothing_depends_on_anything():
    names = ("delay_p95_s", "expected_detections", "suspended_share", "loss_suspended")
    columns = {name: around(0.3) for name in names} | {"targets_offered": np.full(N, 5.0)}
    points = [
        flushing.DesignPoint(officers, demand, flushed)
        for officers in flushing.OFFICERS
        for demand in flushing.DEMANDS_VPH
        for flushed in (True, False)
    ]
    found = flushing.Found(dict.fromkeys(points, columns))
    for claim in (flushing._bounded, flushing._resources, flushing._growth, flushing._yield_lost):
        assert not claim(found).agrees


def test_a_wait_that_grows_in_spite_of_flushing_is_not_called_bounded():
    def columns(point):
        longer = point.demand_vph == flushing.LATEST_VPH
        delay_s = (400.0 if point.flushed else 3000.0) + (1000.0 if longer else 0.0)
        return {"delay_p95_s": around(delay_s), "expected_detections": around(0.5 if point.flushed else 1.0)}

    points = [
        flushing.DesignPoint(flushing.ENOUGH, demand, flushed)
        for demand in (flushing.LATER_VPH, flushing.LATEST_VPH)
        for flushed in (True, False)
    ]
    assert not flushing._bounded(flushing.Found({point: columns(point) for point in points})).agrees


def test_thresholds_that_bring_the_same_do_not_agree_with_the_literature():
    outcome = weigh_station.Outcome(around(0.6), around(0.1), around(40.0))
    points = [
        weigh_station.DesignPoint(rule, rate, demand)
        for rule in weigh_station.RULES
        for rate in weigh_station.RATES
        for demand in weigh_station.DEMANDS
    ]
    found = dict.fromkeys(points, outcome)
    for claim in (weigh_station._at_its_best, weigh_station._always, weigh_station._heavy):
        assert not claim(found).agrees


def test_a_threshold_that_catches_more_but_costs_more_time_does_not_agree():
    def outcome(point):
        better = point.rule == "dynamic"
        return weigh_station.Outcome(around(0.7 if better else 0.6), around(0.1), around(50.0 if better else 40.0))

    points = [
        weigh_station.DesignPoint(rule, rate, demand)
        for rule in weigh_station.RULES
        for rate in weigh_station.RATES
        for demand in weigh_station.DEMANDS
    ]
    found = {point: outcome(point) for point in points}
    assert weigh_station._always(found).agrees
    assert not weigh_station._at_its_best(found).agrees
    assert not weigh_station._heavy(found).agrees


def test_delay_that_grows_with_the_load_alone_is_not_called_steep():
    def columns(point):
        return {name: around(100.0 * point.load) for name in ("delay_p95_s", "delay_mean_s", "tail_mean_m")}

    points = [
        every_nth.DesignPoint(every, officers, suspended)
        for every in every_nth.PATTERNS
        for officers in every_nth.OFFICERS
        for suspended in (True, False)
    ]
    found = {point: columns(point) for point in points}
    assert every_nth._pattern(found).agrees
    assert every_nth._officers(found).agrees
    assert not every_nth._steep(found).agrees
    turned = {
        point: columns(every_nth.DesignPoint(11 - point.every, 5 - point.officers, point.suspended)) for point in points
    }
    assert not every_nth._pattern(turned).agrees
    assert not every_nth._officers(turned).agrees
