"""Traffic: numbers, gaps, classes, targets. At fixed seeds; bounds are a few standard errors."""

from dataclasses import fields, replace

import numpy as np
import pytest
from scipy import stats

from funnelsim.model import traffic as traffic_module
from funnelsim.model.arrivals import TOO_MANY
from funnelsim.model.planning import plan_of
from funnelsim.model.road_arrays import road_arrays, shares_up_to
from funnelsim.model.traffic import Traffic, draw_into, draw_traffic, room_for, traffic_buffers
from funnelsim.scenario.demand import Demand, bunching

pytestmark = pytest.mark.heavy
GRID_PER_S = 2.0**20


def road_of(build, *, lanes=2, vehicles=None, **traffic):
    operation = {"opens": "06:00", "closes": "09:00", "lead_in_min": 0.0, "run_out_min": 0.0}
    counts = {"from": "06:00", "minutes": 60, "vehicles": vehicles or {"box": [400, 1000, 700]}}
    changes = {"operation": operation, "traffic": {"counts": counts, **traffic}, "approach": {"lanes": lanes}}
    return plan_of(build(changes)).road


def numbers(road, replications):
    """Return how many vehicles came in each hour of each replication, shape (replications, hours)."""
    edges = np.append(road.demand.starts_s, road.demand.ends_s[-1])
    return np.array([np.histogram(draw_traffic(road, 1, r).free_s, edges)[0] for r in range(replications)])


def test_poisson_numbers_have_the_counted_mean_and_the_same_variance(build):
    came = numbers(road_of(build), 800)
    for hour, counted in enumerate((400, 1000, 700)):
        assert abs(came[:, hour].mean() - counted) < 3.5 * np.sqrt(counted / 800)
        assert abs(came[:, hour].var(ddof=1) / counted - 1.0) < 3.5 * np.sqrt(2.0 / 800)
    assert abs(np.corrcoef(came.T)[0, 1]) < 3.5 / np.sqrt(800)


def test_poisson_gaps_are_exponential_and_independent(build):
    road = road_of(build, vehicles={"box": [1000] * 3})
    gaps_s = np.concatenate([np.diff(draw_traffic(road, 1, r).free_s) for r in range(20)])
    assert stats.kstest(gaps_s, stats.expon(scale=3.6).cdf).pvalue > 1e-3
    assert stats.pearsonr(gaps_s[:-1], gaps_s[1:]).pvalue > 1e-3


@pytest.mark.parametrize("arrivals", ["poisson", "bunched"])
def test_a_factor_of_the_day_scales_all_hours_together_and_keeps_their_mean(build, arrivals):
    road = road_of(build, arrivals=arrivals, day_cv=0.2)
    came = numbers(road, 2000)
    logs = np.log(came.sum(axis=1) / 2100)
    assert abs(came.sum(axis=1).mean() / 2100 - 1.0) < 3.5 * 0.2 / np.sqrt(2000)
    assert abs(logs.std() / np.sqrt(np.log(1.04)) - 1.0) < 3.5 / np.sqrt(2 * 2000) + 0.01  # random arrivals: 1 %
    assert np.corrcoef(came.T).min() > 0.9
    assert stats.skew(logs) == pytest.approx(0.0, abs=3.5 * np.sqrt(6 / 2000))


def test_the_factor_of_a_day_is_the_same_for_both_directions_and_for_any_scale(build):
    """A day that is busy on one road is busy on the other; a planner who scales traffic meets the same days."""
    counts = {"from": "06:00", "minutes": 60, "vehicles": {"box": [4000] * 3}}
    operation = {"opens": "06:00", "closes": "09:00", "lead_in_min": 0.0, "run_out_min": 0.0}
    traffic = {"counts": counts, "day_cv": 0.3}
    changes = {"operation": operation, "traffic": traffic, "approach": {"lanes": 2}}
    both = plan_of(build(changes | {"funnels": [{"direction": "back", "traffic": traffic}]})).road
    here, there = np.array([[len(draw_traffic(both, 1, r).of_funnel(k)) for r in range(200)] for k in (0, 1)])
    assert np.corrcoef(here, there)[0, 1] > 0.99
    scaled = plan_of(build(changes | {"traffic": traffic | {"scale": 1.5}})).road
    more = np.array([len(draw_traffic(scaled, 1, r)) for r in range(200)])
    assert more / here == pytest.approx(1.5, rel=0.05)


def test_arrivals_that_are_one_days_traffic_do_not_vary(build):
    assert {len(draw_traffic(road_of(build, arrivals="counted", day_cv=None), 1, r)) for r in range(5)} == {2100}
    with pytest.raises(ValueError, match="one day's traffic; allowed: 0"):
        road_of(build, arrivals="counted", day_cv=0.1)


def test_a_bunched_road_never_carries_more_than_fits_on_it(build):
    """On one lane 2,400 an hour fit at the least gap of 1.5 s; a day of twice 2,100 would bring 4,200."""
    came = numbers(road_of(build, lanes=1, vehicles={"box": [2100] * 3}, arrivals="bunched", day_cv=0.8), 60)
    assert 0.94 * 2400 < came.max() < 0.97 * 2400


@pytest.mark.parametrize("lanes", [1, 2])
def test_bunched_numbers_have_the_counted_mean(build, lanes):
    came = numbers(road_of(build, arrivals="bunched", lanes=lanes), 1500)
    for hour, counted in enumerate((400, 1000, 700)):
        error = came[:, hour].std(ddof=1) / np.sqrt(1500)
        assert abs(came[:, hour].mean() - counted) < 3.5 * error
        assert error < 1.0


@pytest.mark.parametrize("lanes", [1, 2])
def test_the_first_bunched_vehicle_of_an_interval_comes_after_a_stationary_remainder_of_a_gap(build, lanes):
    """Even up to the least gap, exponential beyond it: so an interval neither knows nor cares where it was cut."""
    least_s, factor = bunching(lanes)
    road = road_of(build, arrivals="bunched", lanes=lanes, vehicles={"box": [1000] * 3})
    first_s = []
    for replication in range(300):
        free_s = draw_traffic(road, 1, replication).free_s
        first_s += [free_s[np.searchsorted(free_s, start)] - start for start in road.demand.starts_s]
    tail_s = (3.6 - least_s) / np.exp(-factor * least_s / 3.6)

    def stationary(x):
        beyond = 1.0 - (1.0 - least_s / 3.6) * np.exp(-np.maximum(x - least_s, 0.0) / tail_s)
        return np.where(x < least_s, x / 3.6, beyond)

    assert stats.kstest(first_s, stationary).pvalue > 1e-3


@pytest.mark.parametrize("lanes", [1, 2])
def test_bunched_numbers_scatter_as_their_gaps_do(build, lanes):
    """Renewal theory: variance over mean of the number tends to the squared cv of the gaps."""
    least_s, factor = bunching(lanes)
    came = numbers(road_of(build, arrivals="bunched", lanes=lanes), 1500)
    for hour, counted in enumerate((400, 1000, 700)):
        mean_s = 3600.0 / counted
        free_share = np.exp(-factor * least_s / mean_s)
        tail_s = (mean_s - least_s) / free_share
        variance = 2.0 * free_share * tail_s**2 - (free_share * tail_s) ** 2
        dispersion = came[:, hour].var(ddof=1) / came[:, hour].mean()
        assert dispersion == pytest.approx(variance / mean_s**2, rel=3.5 * np.sqrt(2.0 / 1500))


@pytest.mark.parametrize("lanes", [1, 2])
def test_bunched_gaps_keep_the_least_gap_and_its_share(build, lanes):
    """Cowan's M3 within an interval: a share exp(-b Δ q) drives freely, exponentially beyond the least gap."""
    least_s, factor = bunching(lanes)
    road = road_of(build, arrivals="bunched", lanes=lanes, vehicles={"box": [1000] * 3})
    gaps_s = []
    for r in range(20):
        free_s = draw_traffic(road, 1, r).free_s
        starts = road.demand.starts_s
        gaps_s += [np.diff(free_s[(free_s >= start) & (free_s < start + 3600.0)]) for start in starts]
    gaps_s = np.concatenate(gaps_s)
    assert gaps_s.min() >= least_s - 1.0 / GRID_PER_S
    free = gaps_s > least_s + 2.0 / GRID_PER_S
    free_share = np.exp(-factor * least_s / 3.6)
    assert stats.binomtest(int(free.sum()), len(gaps_s), free_share).pvalue > 1e-3
    beyond_s = gaps_s[free] - least_s
    assert stats.kstest(beyond_s, stats.expon(scale=(3.6 - least_s) / free_share).cdf).pvalue > 1e-3


def test_a_road_may_have_bunches_of_its_own(build):
    """Nine in ten follow at the least gap given: exp(-b Δ q) of the gaps are longer."""
    own = {"least_gap_s": 1.25, "bunching_factor": 3.6 * np.log(10.0) / 1.25}
    road = road_of(build, arrivals="bunched", vehicles={"box": [1000] * 3}, **own)
    free_s = draw_traffic(road, 1, 0).free_s
    at_least_gap = np.abs(np.diff(free_s) - 1.25) <= 1.0 / GRID_PER_S
    assert at_least_gap.mean() == pytest.approx(0.9, abs=0.02)
    other = road_of(build, arrivals="bunched", vehicles={"box": [1000] * 3}, least_gap_s=1.25)
    assert (other.least_gap_s, other.bunching_factor) == (1.25, bunching(2)[1])


def test_counted_arrivals_are_exactly_the_counted_number_in_every_interval(build):
    assert (numbers(road_of(build, arrivals="counted"), 20) == [400, 1000, 700]).all()


def test_counted_arrivals_keep_the_counted_classes(build):
    road = road_of(build, arrivals="counted", vehicles={"box": [10, 20, 30], "truck": [3, 0, 5]})
    classes = list(road.demand.classes)
    for replication in range(5):
        traffic = draw_traffic(road, 1, replication)
        trucks = traffic.free_s[traffic.vehicle_class == classes.index("truck")]
        assert np.histogram(trucks, [21600, 25200, 28800, 32400])[0].tolist() == [3, 0, 5]


def test_a_fraction_of_a_counted_vehicle_comes_as_often(build):
    came = numbers(road_of(build, arrivals="counted", vehicles={"box": [10.25, 0.5, 7.0]}), 2000)
    assert set(came[:, 0]) == {10, 11}
    assert set(came[:, 1]) == {0, 1}
    assert set(came[:, 2]) == {7}
    assert stats.binomtest(int((came[:, 0] == 11).sum()), 2000, 0.25).pvalue > 1e-3
    assert stats.binomtest(int(came[:, 1].sum()), 2000, 0.5).pvalue > 1e-3


def test_counted_arrivals_lie_evenly_in_their_interval(build):
    road = road_of(build, arrivals="counted")
    free_s = np.concatenate([draw_traffic(road, 1, r).free_s for r in range(20)])
    within = (free_s[free_s < 25200.0] - 21600.0) / 3600.0
    assert stats.kstest(within, "uniform").pvalue > 1e-3


def recorded(build, times_s, classes, *spans_s):
    """Return the traffic that replays some passages within some spans."""
    passages = (np.array(times_s), np.array(classes))
    demand = Demand(("box", "truck"), np.zeros(1), np.ones(1), np.ones((1, 2)), True, spans_s, passages)
    return draw_traffic(replace(road_of(build), arrivals="trace", demand=demand), 1, 0)


def test_a_trace_is_what_was_recorded_in_order_of_time(build):
    traffic = recorded(build, [30.0, 10.0, 20.5], [1, 0, 1], (0.0, 60.0))
    assert traffic.number.tolist() == [1, 2, 0]  # its line in the record names a vehicle
    assert traffic.free_s.tolist() == [10.0, 20.5, 30.0]
    assert traffic.vehicle_class.tolist() == [0, 1, 1]


def test_a_trace_is_replayed_within_its_spans_only(build):
    traffic = recorded(build, [5.0, 10.0, 19.9, 20.0, 35.0, 40.0], [0, 1, 0, 0, 1, 1], (10.0, 20.0), (30.0, 40.0))
    assert traffic.number.tolist() == [1, 2, 4]
    assert traffic.vehicle_class.tolist() == [1, 0, 1]


def test_a_recorded_time_is_rounded_to_the_grid(build):
    free_s = recorded(build, [0.1, 21_600.3], [0, 0], (0.0, 86_400.0)).free_s
    assert len(free_s) == 2
    assert (free_s * GRID_PER_S == np.floor(free_s * GRID_PER_S)).all()


ARRIVALS = ["poisson", "bunched", "counted"]


@pytest.mark.parametrize("arrivals", ARRIVALS)
def test_a_vehicle_keeps_its_number_and_luck_when_the_window_moves(build, arrivals):
    """Identity by interval: whoever is in both windows is the same vehicle, whatever its position."""
    day = {"counts": {"from": "00:00", "minutes": 60, "vehicles": {"box": [300] * 24}}, "arrivals": arrivals}

    def draw(opens, closes):
        operation = {"opens": opens, "closes": closes, "lead_in_min": 17.0, "run_out_min": 30.0}
        return draw_traffic(plan_of(build({"operation": operation, "traffic": day})).road, 3, 2)

    early, late = draw("06:00", "09:00"), draw("07:20", "10:10")
    both = np.intersect1d(early.number, late.number)
    start, end = late.free_s[0], early.free_s[-1]
    assert len(both) == ((early.free_s >= start) & (early.free_s <= end)).sum() > 500
    for name in vars(early):
        if name not in ("seed", "replication"):
            one, other = getattr(early, name), getattr(late, name)
            assert np.array_equal(one[np.isin(early.number, both)], other[np.isin(late.number, both)]), name


@pytest.mark.parametrize("arrivals", ARRIVALS)
def test_times_are_sorted_on_the_grid_and_inside_the_window_and_numbers_are_apart(build, arrivals):
    operation = {"opens": "00:00", "closes": "03:00", "lead_in_min": 33.3, "run_out_min": 21.7}
    day = {"counts": {"from": "00:00", "minutes": 60, "vehicles": {"box": [900] * 24}}, "arrivals": arrivals}
    scenario = build({"operation": operation, "traffic": day, "approach": {"lanes": 2}})
    road = plan_of(scenario).road
    for replication in range(5):
        traffic = draw_traffic(road, 1, replication)
        assert (np.diff(traffic.free_s) >= 0).all()
        assert (traffic.free_s * GRID_PER_S == np.floor(traffic.free_s * GRID_PER_S)).all()
        assert (traffic.look_s * GRID_PER_S == np.floor(traffic.look_s * GRID_PER_S)).all()
        assert traffic.free_s[0] >= road.demand.window_s[0]
        assert traffic.free_s[-1] < road.demand.window_s[1]
        assert traffic.free_s[0] < 0.0  # the day before
        assert len(np.unique(traffic.number)) == len(traffic)
        assert traffic.number.min() >= 0


def test_replications_and_seeds_bring_different_vehicles(build):
    road = road_of(build)
    draws = [draw_traffic(road, seed, replication) for seed, replication in ((1, 0), (1, 1), (2, 0))]
    assert len({tuple(traffic.free_s[:5]) for traffic in draws}) == 3


@pytest.mark.parametrize("arrivals", ["poisson", "counted"])
def test_a_total_is_split_by_the_shares_of_the_classes(build, arrivals):
    shares = {"box": {"share": 0.7}, "truck": {"share": 0.3}}
    counts = {"from": "06:00", "minutes": 60, "vehicles": {"total": [1000] * 3}}
    operation = {"opens": "06:00", "closes": "09:00", "lead_in_min": 0.0, "run_out_min": 0.0}
    changes = {"classes": shares, "operation": operation}
    scenario = build(changes).model_dump(by_alias=True, exclude_none=True)
    scenario["traffic"] = {"counts": counts, "arrivals": arrivals}
    road = plan_of(type(build()).model_validate(scenario)).road
    kinds = np.concatenate([draw_traffic(road, 1, r).vehicle_class for r in range(20)])
    trucks = int((kinds == road.demand.classes.index("truck")).sum())
    assert set(kinds) == {road.demand.classes.index(name) for name in shares}
    assert stats.binomtest(trucks, len(kinds), 0.3).pvalue > 1e-3


def test_classes_come_as_often_as_each_was_counted(build):
    road = road_of(build, vehicles={"box": [900, 0, 100], "truck": [100, 500, 100]})
    kinds, hours = [], []
    for replication in range(20):
        traffic = draw_traffic(road, 1, replication)
        kinds.append(traffic.vehicle_class == road.demand.classes.index("truck"))
        hours.append((traffic.free_s - 21600.0) // 3600.0)
    truck, hour = np.concatenate(kinds), np.concatenate(hours)
    for k, share in ((0, 0.1), (2, 0.5)):
        assert stats.binomtest(int(truck[hour == k].sum()), int((hour == k).sum()), share).pvalue > 1e-3
    assert truck[hour == 1].all()


def test_scale_scales_every_interval(build):
    road = road_of(build, scale=1.5, arrivals="counted")
    assert (numbers(road, 3) == [600, 1500, 1050]).all()


def test_targets_come_at_their_prevalence_by_class(build):
    targets = [
        {"name": "hidden", "per_10k": {"box": 300.0, "truck": 1000.0}},
        {"name": "goods", "per_10k": {"box": 500.0}},
    ]
    counts = {"from": "00:00", "minutes": 60, "vehicles": {"box": [1500] * 24, "truck": [1500] * 24}}
    road = plan_of(build({"targets": targets, "traffic": {"counts": counts}})).road
    draws = [draw_traffic(road, 1, r) for r in range(20)]
    kinds = np.concatenate([traffic.vehicle_class for traffic in draws])
    target = np.concatenate([traffic.target for traffic in draws])
    for name, prevalences in (("box", (0.92, 0.03, 0.05)), ("truck", (0.9, 0.1, 0.0))):
        of_class = target[kinds == road.demand.classes.index(name)]
        assert len(of_class) > 50_000
        for k, prevalence in enumerate(prevalences):
            assert stats.binomtest(int((of_class == k).sum()), len(of_class), prevalence).pvalue > 1e-3


def test_luck_is_distributed_as_the_road_says_and_independent(build):
    changes = {
        "lane": {"headway_cv": 0.4},
        "selection": {"look": {"mean_s": 3.0, "cv": 0.5}},
        "traffic": {"counts": {"from": "00:00", "minutes": 60, "vehicles": {"box": [2000] * 24}}},
    }
    road = plan_of(build(changes)).road
    traffic = draw_traffic(road, 1, 0)

    def lognormal(mean, cv):
        sigma = np.sqrt(np.log1p(cv * cv))
        return stats.lognorm(s=sigma, scale=mean * np.exp(-sigma * sigma / 2.0)).cdf

    assert stats.kstest(traffic.impression, "norm").pvalue > 1e-3
    assert stats.kstest(traffic.headway_noise, lognormal(1.0, 0.4)).pvalue > 1e-3
    assert stats.kstest(traffic.look_s, lognormal(3.0, 0.5)).pvalue > 1e-3
    luck = np.stack([traffic.impression, np.log(traffic.headway_noise), np.log(traffic.look_s)])
    correlation = np.corrcoef(luck)[np.triu_indices(3, 1)]
    assert np.abs(correlation).max() < 3.5 / np.sqrt(len(traffic))


def test_a_hotter_road_changes_no_other_luck(build):
    """Purposes are apart: targets, looks and headways may change without moving a vehicle or its impression."""
    cold = draw_traffic(plan_of(build()).road, 1, 0)
    changes = {
        "targets": [{"name": "hidden", "per_10k": {"box": 5000.0}}],
        "lane": {"headway_cv": 0.9},
        "selection": {"look": {"mean_s": 9.0, "cv": 1.0}},
    }
    hot = draw_traffic(plan_of(build(changes)).road, 1, 0)
    for name in ("number", "free_s", "vehicle_class", "impression"):
        assert np.array_equal(getattr(cold, name), getattr(hot, name)), name
    assert hot.target.any()


def test_a_higher_prevalence_only_adds_targets_of_the_first_type(build):
    few, many = (
        draw_traffic(plan_of(build({"targets": [{"name": "t", "per_10k": {"box": prevalence}}]})).road, 1, 0)
        for prevalence in (300.0, 900.0)
    )
    assert (many.target[few.target == 1] == 1).all()
    assert (many.target == 1).sum() > (few.target == 1).sum()


def test_an_empty_road_brings_nobody(build):
    for arrivals in ARRIVALS:
        road = road_of(build, arrivals=arrivals, vehicles={"box": [0, 0, 0]})
        traffic = draw_traffic(road, 1, 0)
        assert isinstance(traffic, Traffic)
        assert len(traffic) == 0


def test_the_class_picked_is_the_share_in_which_the_draw_falls():
    """It is the number of summed shares that the draw reaches; rounding at the top goes to the last share above 0."""
    sums = shares_up_to(np.array([[0.0, 1.0, 0.0, 3.0, 0.0], [0.1, 0.2, 0.7, 0.0, 0.0]]))
    picked = (np.array([0.0, 0.2499, 0.25, 0.9, 1.0 - 1e-16])[:, None, None] >= sums).sum(axis=2)
    assert picked[:, 0].tolist() == [1, 1, 3, 3, 3]
    assert picked[:, 1].tolist() == [0, 1, 1, 2, 2]
    assert (np.isinf(sums) == [[False, False, False, True, True], [False, False, True, True, True]]).all()


# Buffers


def two_roads(build, arrivals):
    road = replace(road_of(build), arrivals=arrivals)
    if arrivals == "trace":
        passages = (np.linspace(21_600.0, 32_000.0, 500), np.zeros(500, dtype=np.int64))
        road = replace(road, demand=replace(road.demand, passages=passages))
    return replace(road, other_funnels=(road,))


@pytest.mark.parametrize("arrivals", [*ARRIVALS, "trace"])
def test_used_and_longer_buffers_hold_what_new_ones_hold(build, arrivals):
    road = two_roads(build, arrivals)
    buffers = traffic_buffers(2 * room_for(road) + 7, 2)
    for replication in (0, 1):
        count = draw_into(buffers, road_arrays(road), 1, replication)
        traffic = draw_traffic(road, 1, replication)
        assert buffers.first.tolist() == [0, *np.searchsorted(traffic.funnel, [1, 2])]
        assert buffers.first[-1] == count == len(traffic)
        for name in [entry.name for entry in fields(Traffic)[2:]]:
            assert np.array_equal(getattr(buffers, name)[:count], getattr(traffic, name)), name


@pytest.mark.parametrize("arrivals", [*ARRIVALS, "trace"])
def test_the_vehicles_of_two_funnels_have_numbers_of_their_own(build, arrivals):
    traffic = draw_traffic(two_roads(build, arrivals), 1, 0)
    assert len(traffic.of_funnel(0)) > 400
    assert len(traffic.of_funnel(1)) > 400
    assert len(np.unique(traffic.number)) == len(traffic)


@pytest.mark.parametrize("arrivals", [*ARRIVALS, "trace"])
def test_buffers_that_are_too_short_are_refused_and_made_longer(build, arrivals, monkeypatch):
    road = two_roads(build, arrivals)
    traffic = draw_traffic(road, 1, 0)
    for room in (0, 1, len(traffic.of_funnel(0)), len(traffic) - 1):
        assert draw_into(traffic_buffers(room, 2), road_arrays(road), 1, 0) == TOO_MANY
    monkeypatch.setattr(traffic_module, "room_for", lambda _: 3)
    assert np.array_equal(draw_traffic(road, 1, 0).look_s, traffic.look_s)
