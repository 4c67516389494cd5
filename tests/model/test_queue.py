import math

import numpy as np
import pytest

from funnelsim.model.queue import advance_tail

LANES, LANE_M, ROAD_MS, WAVE_MS = 2, 20.0, 22.2, 5.56
SLOWNESS = 1.0 / WAVE_MS + 1.0 / ROAD_MS


def tails(free_s, passed_s, spacing_m, moments=((math.inf, None),)):
    """Return when vehicles met the queue and how far it reached, asked at some moments (time, next to pass)."""
    up_to_m = np.concatenate([[0.0], np.cumsum(spacing_m)]).tolist()
    joined_s, tail_m = [math.nan] * len(free_s), [math.nan] * len(free_s)
    newest, foot = -1, 0
    for now_s, passing in moments:
        newest, foot = advance_tail(
            now_s,
            len(free_s) if passing is None else passing,
            newest,
            foot,
            list(free_s),
            list(passed_s),
            up_to_m,
            LANE_M,
            1.0 / LANES,
            1.0 / ROAD_MS,
            1.0 / WAVE_MS,
            joined_s,
            tail_m,
        )
    return joined_s, tail_m, newest


def random_traffic(seed, headway_s, count=80):
    """Return traffic whose gaps on the road are those that its waves allow."""
    rng = np.random.default_rng(seed)
    spacing_m = rng.choice([7.5, 19.0], count)
    gaps_s = np.concatenate([[0.0], spacing_m[:-1]]) * SLOWNESS + rng.exponential(1.0, count)
    free_s = 1000.0 + np.cumsum(gaps_s)
    passed_s = np.empty(count)
    ahead_s = -math.inf
    for i in range(count):
        passed_s[i] = ahead_s = max(free_s[i], ahead_s + headway_s * rng.lognormal(0.0, 0.5))
    return free_s, passed_s, spacing_m


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("headway_s", [2.0, 4.0, 8.0])
def test_a_vehicle_stands_where_the_first_wave_that_it_cannot_pass_meets_it(seed, headway_s):
    """Straight from the definition: of all vehicles ahead, the first whose wave comes later than the vehicle itself."""
    free_s, passed_s, spacing_m = random_traffic(seed, headway_s)
    joined_s, tail_m, newest = tails(free_s, passed_s, spacing_m)
    assert newest == len(free_s) - 1
    for n in range(len(free_s)):
        for ahead in range(n + 1):
            metres = spacing_m[ahead:n].sum()
            upstream_m = max(0.0, (metres - LANE_M) / LANES)
            distance_m = min(metres, LANE_M) + upstream_m
            if ahead == n or passed_s[ahead] + distance_m / WAVE_MS > free_s[n] - distance_m / ROAD_MS:
                break
        assert tail_m[n] == pytest.approx(upstream_m, abs=1e-9)
        earliest = max(joined_s[n - 1], free_s[n] - distance_m / ROAD_MS) if n else free_s[n]
        assert joined_s[n] == pytest.approx(earliest, abs=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_the_queue_depends_on_the_past_only(seed):
    """Whatever comes, or passes, later than a moment changes no tail that was known at it."""
    free_s, passed_s, spacing_m = random_traffic(seed, 4.0)
    passing = 30
    now_s = float(passed_s[passing - 1])
    joined_s, tail_m, newest = tails(free_s, passed_s, spacing_m, [(now_s, passing)])
    assert newest >= passing
    rng = np.random.default_rng(seed)
    other_passed_s = passed_s.copy()
    other_passed_s[passing:] = now_s + rng.uniform(0.0, 500.0) + np.arange(len(free_s) - passing)
    other_free_s, other_spacing_m = free_s.copy(), spacing_m.copy()
    other_free_s[newest + 1 :] += 50.0
    other_spacing_m[newest + 1 :] = 99.0
    later_joined_s, later_tail_m, _ = tails(other_free_s, other_passed_s, other_spacing_m)
    assert later_joined_s[: newest + 1] == joined_s[: newest + 1]
    assert later_tail_m[: newest + 1] == tail_m[: newest + 1]


@pytest.mark.parametrize("seed", range(10))
def test_it_does_not_matter_how_often_one_looks(seed):
    free_s, passed_s, spacing_m = random_traffic(seed, 4.0)
    often = [(float(passed_s[i - 1]), i) for i in range(1, len(free_s))]
    assert tails(free_s, passed_s, spacing_m, [*often, (math.inf, None)]) == tails(free_s, passed_s, spacing_m)


def test_without_delay_there_is_no_queue():
    free_s = np.arange(50.0) * 5.0
    joined_s, tail_m, _ = tails(free_s, free_s, np.full(50, 7.5))
    assert tail_m == [0.0] * 50
    assert joined_s == free_s.tolist()
