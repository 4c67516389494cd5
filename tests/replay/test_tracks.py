"""Tracks say what the log says, whichever engine wrote it, and nothing else."""

import dataclasses

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from funnelsim.engines import compiled_engine, simpy_engine
from funnelsim.experiments.event_log import event_log
from funnelsim.experiments.replication import log_of
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate
from funnelsim.model.traffic import draw_traffic
from funnelsim.replay.outcomes import Outcome
from funnelsim.replay.tracks import NO_PLACE, tracks_of
from tests.conftest import merged
from tests.engines.strategies import possible_plan, scenarios
from tests.replay.conftest import BUSY

FEW = settings(max_examples=max(4, settings().max_examples // 4))


def level(steps, time_s):
    """Return what a step function says at a moment."""
    moments, levels = steps
    step = np.searchsorted(moments, time_s, side="right") - 1
    return levels[step] if step >= 0 else 0


def same(one, other):
    """Tell whether two values of tracks are the same, to the last bit."""
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if dataclasses.is_dataclass(one):
        return all(same(getattr(one, entry.name), getattr(other, entry.name)) for entry in dataclasses.fields(one))
    return one == other


@FEW
@given(changes=scenarios())
def test_both_engines_give_the_same_tracks_and_no_more_places_are_taken_than_there_are(build, changes):
    plan = possible_plan(build(changes))
    traffic = draw_traffic(plan.road, 1, 0)
    tracks = tracks_of(compiled_engine.simulate(traffic, plan), plan)
    assert same(tracks, tracks_of(simpy_engine.simulate(traffic, plan), plan))
    assert tracks.taken[1].max(initial=0) <= plan.bays + plan.waiting
    assert tracks.bay.max(initial=0) <= plan.bays
    assert tracks.spot.max(initial=0) <= plan.spots
    for (moments_s, used), pool in zip(tracks.pools, range(len(tracks.pools)), strict=True):
        assert used.min(initial=0) >= 0, plan.inspection.pools[pool]
        assert np.all(np.diff(moments_s) > 0.0)


def test_whoever_is_waved_through_meets_a_full_area_and_whoever_is_diverted_finds_a_place(busy):
    _, plan, tracks = busy
    places = plan.bays + plan.waiting
    refused = np.flatnonzero(tracks.outcome == Outcome.AREA_FULL)
    assert len(refused)
    assert all(level(tracks.taken, tracks.passes_s[vehicle]) == places for vehicle in refused)
    diverted = np.flatnonzero(np.isfinite(tracks.taken_from_s))
    assert all(level(tracks.taken, np.nextafter(tracks.taken_from_s[one], 0.0)) < places for one in diverted)


def test_times_of_a_vehicle_follow_each_other(busy):
    _, _, tracks = busy
    through = np.isfinite(tracks.passes_s)
    assert np.all(tracks.joins_s[through] <= tracks.passes_s[through])
    assert np.all(tracks.free_s[through] <= tracks.arrives_s[through])
    assert np.all(tracks.arrives_s[through] <= tracks.passes_s[through])
    assert np.all(np.isfinite(tracks.turns_off_s) == ~through)
    inside = np.isfinite(tracks.taken_from_s)
    stations = [
        getattr(tracks, name)[inside]
        for name in ("taken_from_s", "area_s", "ready_s", "bay_from_s", "bay_to_s", "left_s")
    ]
    assert np.all(np.diff(stations, axis=0) >= 0.0)
    assert np.all(tracks.left_s[inside] <= tracks.ends_s)


def test_nobody_waits_beside_the_spaces_that_there_are(build):
    """A bay that changes over counts for the vehicle that will stand in it, so that no space is taken twice."""
    area = {"changeover_s": 60.0, "divert_s": 5.0, "waiting": 2}
    plan = plan_of(build(merged(BUSY, {"area": area})))
    for replication in range(3):
        tracks = tracks_of(log_of(plan, 1, replication), plan)
        assert tracks.space.max() == plan.waiting
        assert tracks.bay.max() <= plan.bays


def test_a_look_is_as_long_as_its_officer_needs_and_ends_at_the_selection_point(busy):
    log, _, tracks = busy
    looked_at = np.isfinite(tracks.look_from_s)
    assert looked_at.any()
    lasts_s = tracks.passes_s[looked_at] - tracks.look_from_s[looked_at]
    assert lasts_s == pytest.approx(log.traffic.look_s[looked_at], abs=1e-6)
    assert {Outcome(one) for one in tracks.outcome[looked_at]} >= {Outcome.NOT_SELECTED, Outcome.AREA_FULL}


def test_tracks_agree_with_the_event_log(busy):
    """Arrivals, bays and departures are those that `funnelsim events` writes."""
    log, plan, tracks = busy
    events = event_log(log, plan)
    opens_s = plan.window_s[0]

    def times(event, of):
        rows = events.filter(pl.col("event") == event)
        by_number = dict(zip(rows["entity_id"].to_list(), rows["time"].to_list(), strict=True))
        return [by_number.get(number) for number in tracks.number[of].tolist()]

    everybody, inside = np.arange(len(tracks)), np.flatnonzero(np.isfinite(tracks.taken_from_s))
    arrives_s = np.where(np.isfinite(tracks.turns_off_s), tracks.turns_off_s, tracks.joins_s)
    assert times("arrival", everybody) == pytest.approx(arrives_s - opens_s, abs=1e-3)
    assert times("waiting for a bay", inside) == pytest.approx(tracks.area_s[inside] - opens_s, abs=1e-3)
    assert times("inspection", inside) == pytest.approx(tracks.bay_from_s[inside] - opens_s, abs=1e-3)
    assert times("inspection ends", inside) == pytest.approx(tracks.bay_to_s[inside] - opens_s, abs=1e-3)
    assert times("depart", inside) == pytest.approx(tracks.left_s[inside] - opens_s, abs=1e-3)
    begins = events.filter(event="inspection")
    bays = dict(zip(begins["entity_id"].to_list(), begins["resource_id"].to_list(), strict=True))
    assert [bays[number] for number in tracks.number[inside].tolist()] == tracks.bay[inside].tolist()
    assert np.all(tracks.bay[np.isinf(tracks.taken_from_s)] == NO_PLACE)


def test_a_find_happens_at_the_end_of_the_stage_that_finds(busy):
    log, _, tracks = busy
    found = np.flatnonzero(tracks.outcome == Outcome.TARGET_FOUND)
    assert len(found)
    assert np.array_equal(np.flatnonzero(np.isfinite(tracks.found_s)), found)
    for vehicle in found:
        stage = (log.stage_vehicle == vehicle) & (log.stage == log.found_at[vehicle])
        assert tracks.found_s[vehicle] == log.stage_to_s[stage]
        assert tracks.target[vehicle] > 0


def test_a_pursuit_takes_a_place_whether_it_succeeds_or_not(busy):
    log, _, tracks = busy
    assert len(log.pursuit_vehicle) > np.sum(log.fate == Fate.BROUGHT_BACK) > 0
    for from_s in log.pursuit_from_s:
        assert level(tracks.taken, from_s) > level(tracks.taken, np.nextafter(from_s, 0.0))


def test_stages_stand_in_the_order_of_their_beginnings(busy):
    log, _, tracks = busy
    assert np.all(np.diff(tracks.stage_from_s) >= 0.0)
    assert sorted(zip(tracks.stage_vehicle, tracks.stage_from_s, strict=True)) == sorted(
        zip(log.stage_vehicle, log.stage_from_s, strict=True)
    )
