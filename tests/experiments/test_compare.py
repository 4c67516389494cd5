"""A comparison pairs replications, and its intervals hold all together."""

import itertools
import math

import numpy as np
import polars as pl
import pytest
from scipy import stats

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.compare import compare, differences_of_runs
from funnelsim.experiments.comparison_folder import differences_table, save_comparison
from funnelsim.experiments.differences import differences
from funnelsim.experiments.loading import load_result
from funnelsim.experiments.results import resolved
from funnelsim.experiments.run import run
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.schema import Scenario

RECORDED = "Veh. No., Date, Time, Channel, Class, Speed\n" + "".join(
    f"{k}, 2024-01-30, 06:0{k}:00, 1, 2, 50\n" for k in (1, 2, 3)
)
MEASURES = ("expected_detections", "delay_mean_s", "stops_per_detection")


def changed(scenario, **tables):
    """Return the scenario with keys of its tables changed."""
    return scenario.model_copy(
        update={name: getattr(scenario, name).model_copy(update=keys) for name, keys in tables.items()}
    )


@pytest.fixture(scope="module")
def plans(scenario):
    return {
        "as it is": scenario,
        "no waiting": changed(scenario, area={"waiting": 0}),
        "two bays": changed(scenario, area={"bays": 2}),
    }


@pytest.fixture(scope="module")
def comparison(plans):
    return compare(plans, replications=30, seed=4, measures=MEASURES)


def found(comparison, measure, second):
    return next(d for d in comparison.differences if (d.measure, d.second) == (measure, second))


def test_the_replications_of_a_plan_are_those_of_its_own_run(comparison, plans):
    alone = run(plans["two bays"], replications=30, seed=4)
    mine = comparison.replications.filter(pl.col("plan") == "two bays").drop("plan")
    assert mine.equals(alone.replications)
    assert str(comparison.estimates["two bays"]) == str(alone.estimates)


def test_differences_are_paired_by_replication_with_bonferronis_half_width(comparison, plans):
    """Against SciPy: a paired t interval at 1 - 0.05/6, as there are two pairs and three measures."""
    values = {name: comparison.replications.filter(pl.col("plan") == name)["delay_mean_s"].to_numpy() for name in plans}
    difference = values["two bays"] - values["as it is"]
    low, high = stats.t.interval(1 - 0.05 / 6, len(difference) - 1, difference.mean(), stats.sem(difference))
    got = found(comparison, "delay_mean_s", "two bays").estimate
    assert (got.low, got.high) == pytest.approx((low, high))


def test_the_difference_of_a_ratio_is_the_difference_of_the_ratios(comparison):
    got = found(comparison, "stops_per_detection", "two bays").estimate.mean
    each = [comparison.estimates[name]["stops_per_detection"].mean for name in ("as it is", "two bays")]
    assert got == pytest.approx(each[1] - each[0])


def test_pairing_makes_differences_surer(plans, comparison):
    apart = compare(plans, replications=30, seed=4, measures=MEASURES, paired=False)
    for paired, unpaired in zip(comparison.differences, apart.differences, strict=True):
        assert paired.estimate.half_width < unpaired.estimate.half_width
    numbers = [set(apart.replications.filter(pl.col("plan") == name)["replication"]) for name in plans]
    assert all(a.isdisjoint(b) for a, b in itertools.pairwise(numbers))


def test_a_plan_against_itself_does_not_differ(scenario):
    same = compare({"a": scenario, "b": scenario}, replications=5, measures=MEASURES)
    assert {(d.estimate.mean, d.estimate.half_width, d.seen, d.to_settle) for d in same.differences} == {
        (0.0, 0.0, False, None)
    }


def test_more_officers_in_every_operation_are_seen_whatever_the_overtime():
    """Overtime in one operation leaves no interval, but all 20 differences are above zero, as chance would not do."""
    hours, twelve = np.array([100.0] * 19 + [100.5]), np.full(20, 112.0)
    values = {"a": {"officer_h": hours}, "b": {"officer_h": twelve}}
    means = {name: {"officer_h": float(of["officer_h"].mean())} for name, of in values.items()}
    (found,) = differences(values, means, [("a", "b")], paired=True, smallest=0.02)
    assert math.isnan(found.estimate.half_width)
    assert found.seen
    twelve[3] = 99.0
    assert not differences(values, means, [("a", "b")], paired=True, smallest=0.02)[0].seen


def test_all_pairs_are_compared_on_request(plans):
    pairs = {(d.first, d.second) for d in compare(plans, 3, pairs="all", measures=MEASURES).differences}
    assert pairs == {("as it is", "no waiting"), ("as it is", "two bays"), ("no waiting", "two bays")}


def test_what_is_not_seen_says_how_many_replications_would_settle_it(scenario):
    """With that many the half-width would be as large as the difference: what matters is set to nothing here."""
    plans = {"a": scenario, "b": changed(scenario, area={"divert_s": 21.0})}
    measures = ("delay_mean_s", "area_wait_mean_s", "tail_max_m")
    few = compare(plans, replications=6, seed=4, measures=measures, smallest=0.0)
    unseen = [d for d in few.differences if d.to_settle is not None]
    for d in unseen:
        assert not d.seen
        assert d.to_settle == math.ceil(6 * (d.estimate.half_width / d.estimate.mean) ** 2) >= 6
    assert all(d.to_settle is None for d in few.differences if d.seen)


@pytest.mark.parametrize(
    "other",
    [
        {"traffic": {"scale": 2.0}},
        {"traffic": {"scale": 2.0}, "operation": {"opens": "06:10"}},
        {"traffic": {"arrivals": "bunched"}},
        {"approach": {"lanes": 3}},
    ],
)
def test_plans_on_other_traffic_are_not_paired(scenario, other):
    plans = {"a": scenario, "b": changed(scenario, **other)}
    with pytest.raises(FunnelsimError, match="b: the traffic is not that of a"):
        compare(plans, 3)
    assert not compare(plans, 3, paired=False).paired


def test_another_window_on_the_same_road_is_paired(scenario):
    later = changed(scenario, operation={"opens": "06:10"})
    assert compare({"a": scenario, "b": later}, 3).paired


def test_the_same_counts_given_in_another_way_are_paired(scenario):
    """A result holds its scenario with all counts filled in, by class and scaled: the vehicles are the same."""
    kept = Scenario.model_validate(resolved(scenario, demand_of(scenario)))
    found = compare({"file": scenario, "result": kept}, 3)
    assert all(one.estimate.mean == 0.0 for one in found.differences)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"replications": 1}, "at least two"),
        ({"measures": ("delay_p59_s",)}, "delay_p59_s: unknown measure; did you mean delay_p95_s, "),
    ],
)
def test_what_cannot_be_compared_is_said_in_words(plans, arguments, words):
    with pytest.raises(FunnelsimError, match=words):
        compare(plans, **{"replications": 2, **arguments})


def test_one_plan_is_nothing_to_compare(scenario):
    with pytest.raises(FunnelsimError, match="1 plan and"):
        compare({"a": scenario}, 5)


def test_the_folder_holds_differences_and_what_is_needed_to_do_it_again(comparison, tmp_path):
    save_comparison(comparison, tmp_path, lambda _comparison, _folder: [])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "differences.csv",
        "manifest.json",
        "replications.parquet",
    ]
    assert pl.read_csv(tmp_path / "differences.csv").height == differences_table(comparison).height == 6


def test_plans_whose_counts_differ_in_their_source_alone_meet_the_same_vehicles(scenario):
    counts = scenario.traffic.counts.model_copy(update={"source": "counter 7"})
    named = scenario.model_copy(update={"traffic": scenario.traffic.model_copy(update={"counts": counts})})
    compared = compare({"a": scenario, "b": named}, replications=2)
    assert all(one.estimate.mean == 0.0 for one in compared.differences if one.estimate.n)


def one_difference(apart, *, of, smallest):
    values = {"a": {"tail_max_m": np.full(len(apart), of)}, "b": {"tail_max_m": of + apart}}
    means = {name: {"tail_max_m": float(found["tail_max_m"].mean())} for name, found in values.items()}
    (found,) = differences(values, means, [("a", "b")], paired=True, smallest=smallest)
    return found


def test_a_difference_is_too_small_to_matter_if_its_whole_interval_is():
    """0.1 ± 0.47 of 100 m (t of 39 degrees of freedom, standard deviation 1.46): at most 0.57 %."""
    apart = np.tile([1.6, -1.4], 20) * 0.975
    found = one_difference(apart, of=100.0, smallest=0.02)
    assert found.negligible
    assert found.to_settle is None
    assert found.at_most == pytest.approx(max(abs(found.estimate.low), abs(found.estimate.high)) / 100.0)
    assert not one_difference(apart, of=100.0, smallest=0.004).negligible
    assert found.relative == pytest.approx(apart.mean() / 100.0)


def test_what_is_open_is_settled_by_its_sign_or_by_being_too_small_whatever_comes_first():
    apart = np.tile([31.0, -29.0], 20)  # 1 ± 9.7 of 100 m
    wide = one_difference(apart, of=100.0, smallest=0.05)
    n, width = wide.estimate.n, wide.estimate.half_width
    assert wide.to_settle == math.ceil(n * (width / 4.0) ** 2)  # 5 m matter, 1 m is seen
    assert one_difference(apart, of=100.0, smallest=0.0).to_settle == math.ceil(n * (width / 1.0) ** 2)


def test_a_comparison_is_read_as_it_was_saved(comparison, tmp_path):
    save_comparison(comparison, tmp_path, lambda _comparison, _folder: [])
    loaded = load_result(tmp_path)
    assert list(loaded.scenarios) == list(comparison.scenarios)
    assert loaded.replications.equals(comparison.replications)
    assert loaded.differences == comparison.differences
    assert str(loaded.estimates) == str(comparison.estimates)
    assert (loaded.seed, loaded.paired, loaded.pairs, loaded.engine) == (4, True, "first", "compiled")


def test_recorded_passages_are_kept_with_the_comparison(scenario, tmp_path):
    passages = tmp_path / "passages.csv"
    passages.write_text(RECORDED)
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    data["traffic"] = {"arrivals": "trace", "counts": {"file": str(passages)}}
    one = Scenario.model_validate(data)
    made = compare({"a": one, "b": changed(one, area={"bays": 1})}, replications=3)
    folder = tmp_path / "kept"
    folder.mkdir()
    save_comparison(made, folder, lambda _comparison, _folder: [])
    passages.unlink()
    loaded = load_result(folder)
    assert str(loaded.differences) == str(made.differences)
    assert len(loaded.plans["a"].road.demand.passages[0]) == len(RECORDED.splitlines()) - 1


@pytest.mark.parametrize("smallest", [-0.1, 1.5, "2%", True, float("nan")])
def test_the_smallest_difference_is_a_share(plans, smallest):
    with pytest.raises(FunnelsimError, match=r"smallest: .* allowed: a share from 0 to 1"):
        compare(plans, 2, smallest=smallest)


def test_unpaired_plans_whose_values_never_meet_differ_although_hardly_any_operation_varies():
    """65 officer-hours against 130, in all but one operation exactly: no interval, but no doubt."""
    values = {"a": {"officer_h": np.array([65.0] * 19 + [65.1])}, "b": {"officer_h": np.full(20, 130.0)}}
    means = {name: {"officer_h": float(found["officer_h"].mean())} for name, found in values.items()}
    (found,) = differences(values, means, [("a", "b")], paired=False, smallest=0.02)
    assert found.seen
    values["b"]["officer_h"][0] = 65.05
    assert not differences(values, means, [("a", "b")], paired=False, smallest=0.02)[0].always


def test_runs_that_were_made_already_differ_as_their_plans_do_on_what_both_have(plans):
    first, second = list(plans)[:2]
    runs = [run(plans[name], 10 + 5 * place, seed=1) for place, name in enumerate((first, second))]
    measures = ["expected_detections", "delay_p95_s", "share_found", "chance_of_any"]
    wanted = compare({first: plans[first], second: plans[second]}, 10, seed=1, measures=measures).differences
    found = differences_of_runs(*runs, measures, (first, second))
    assert [one.estimate for one in found] == [one.estimate for one in wanted]
    assert [one.of for one in found] == pytest.approx([one.of for one in wanted])
    assert [one.seen for one in found] == [one.seen for one in wanted]


def test_runs_on_other_traffic_are_not_compared(scenario):
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    other = scenario_from(data, where="other", overrides={"traffic.scale": 2})
    with pytest.raises(FunnelsimError, match="the traffic is not that of"):
        differences_of_runs(run(scenario, 2), run(other, 2))
