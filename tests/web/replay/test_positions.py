"""Where vehicles are drawn: a function of the moment alone that lets nobody go back or overtake, and ends as the log.

The scripts run in Node.js as they do in the page.
"""

import numpy as np
import pytest

from funnelsim.experiments.replication import log_of
from funnelsim.model.planning import plan_of
from funnelsim.plots.trajectories import trajectories
from funnelsim.replay.encoding import encoded
from funnelsim.replay.tracks import tracks_of
from tests.replay.conftest import BUSY
from tests.web.replay.node import run_script

EVERY_S = 2.0
NOTICED_M = 0.05  # times have 32 bits
HALF_A_LORRY_M = 10.0  # by which one stands behind the mean of the lanes
QUEUED = """
import { Tracks } from "SCRIPTS/tracks.js";
import { RoadPositions } from "SCRIPTS/positions.js";
const positions = new RoadPositions(new Tracks(given.encoded), 0);
const found = given.times_s.map((t) => {
  positions.at(t);
  const part = (array) => Array.from(array.subarray(0, positions.count));
  return [part(positions.vehicle), part(positions.x_m), part(positions.y_m)];
});
answer(found);
"""


@pytest.fixture(scope="module")
def shown(build):
    plan = plan_of(build(BUSY))
    log = log_of(plan, 1, 0)
    tracks = tracks_of(log, plan)
    return log, plan, tracks, encoded(tracks, plan)


@pytest.fixture(scope="module")
def at(shown, tmp_path_factory):
    """Return a function from times, in seconds since the beginning, to vehicles with their places on the road."""

    def at(times_s):
        given = {"encoded": shown[3], "times_s": list(times_s)}
        return run_script(QUEUED, given, tmp_path_factory.mktemp("node"))

    return at


@pytest.fixture(scope="module")
def film(shown, at):
    """Return the places of every vehicle on the road, shape (vehicles, times), and the times."""
    _, _, tracks, sent = shown
    times_s = np.arange(0.0, sent["lasts_s"], EVERY_S)
    x_m = np.full((len(tracks), len(times_s)), np.nan)
    for column, (vehicles, places_m, _) in enumerate(at(times_s.tolist())):
        x_m[vehicles, column] = places_m
    return x_m, times_s


def test_nobody_goes_back(film):
    moved_m = np.diff(film[0], axis=1)
    assert np.nanmin(moved_m) >= -NOTICED_M
    assert np.nanmax(moved_m) > 0.0


def test_nobody_drives_faster_than_the_road(shown, film):
    _, plan, _, _ = shown
    moved_m = np.diff(film[0], axis=1)
    assert np.nanmax(moved_m) <= EVERY_S * plan.funnel.road_speed_ms + NOTICED_M


def test_every_vehicle_passes_the_selection_point_when_the_log_says_so(shown, at):
    _, _, tracks, _ = shown
    inside = np.flatnonzero(np.isfinite(tracks.passes_s) & (tracks.passes_s > tracks.begins_s))
    chosen = inside[:: max(1, len(inside) // 300)]
    relative_s = tracks.passes_s[chosen] - tracks.begins_s
    for vehicle, just_before in zip(chosen, at((relative_s - 0.01).tolist()), strict=True):
        place = just_before[1][just_before[0].index(vehicle)]
        assert place == pytest.approx(0.0, abs=0.5)


def test_nobody_overtakes_in_the_lane(shown, film):
    _, plan, tracks, _ = shown
    x_m, _ = film
    through = np.flatnonzero(np.isfinite(tracks.passes_s))
    in_lane = np.where((x_m >= -plan.funnel.lane_length_m) & (x_m <= 0.0), x_m, np.nan)[through]
    for column in in_lane.T:
        places = column[np.isfinite(column)]
        assert np.all(np.diff(places) <= NOTICED_M)


def test_any_order_of_looking_gives_the_same(at):
    times_s = [600.0, 4000.0, 5000.0, 4000.5, 700.0]
    forwards, backwards = at(sorted(times_s)), at(sorted(times_s, reverse=True))
    assert forwards == backwards[::-1]
    alone = [at([time_s])[0] for time_s in sorted(times_s)]
    assert forwards == alone


def test_the_queue_is_drawn_as_long_as_the_log_says(shown, film):
    """Where the newest vehicle of the queue stands as it joins, but for a vehicle's length."""
    _, plan, tracks, _ = shown
    x_m, _ = film
    joins = np.flatnonzero((tracks.tail_m > 100.0) & np.isfinite(tracks.passes_s))
    assert len(joins) > 100
    columns = np.ceil((tracks.joins_s[joins] - tracks.begins_s) / EVERY_S).astype(int)
    drawn_m = -x_m[joins, columns] - plan.funnel.lane_length_m
    off_m = drawn_m - tracks.tail_m[joins]
    assert np.median(np.abs(off_m)) < HALF_A_LORRY_M
    assert np.quantile(np.abs(off_m), 0.95) < 3.0 * HALF_A_LORRY_M


def test_vehicles_are_where_the_figure_of_space_and_time_draws_them(shown, film):
    """But for pulling up, which the figure draws as creeping: a few vehicles' lengths of waiting."""
    log, plan, tracks, _ = shown
    x_m, times_s = film
    queued = np.flatnonzero((tracks.tail_m > 150.0) & np.isfinite(tracks.passes_s))[::5]
    distances_m = np.array([plan.funnel.lane_length_m + 80.0, plan.funnel.lane_length_m + 30.0, 40.0])
    figure_s = trajectories(log, plan, queued, np.append(distances_m, 0.0))[:, :-1] - tracks.begins_s
    off_s = []
    for vehicle, row in zip(queued, figure_s, strict=True):
        here = np.isfinite(x_m[vehicle]) & (x_m[vehicle] <= 0.0)
        reached_s = np.interp(-distances_m, x_m[vehicle][here], times_s[here])
        off_s += (reached_s - row).tolist()
    assert np.median(np.abs(off_s)) < 8.0


def overlapping(shown, at, where):
    """Return the share of vehicles that reach into the one in front in the same lane, of those that have one."""
    _, plan, tracks, sent = shown
    lengths_m = np.array([one["length_m"] for one in sent["site"]["classes"]])
    pairs = overlaps = 0
    for vehicles, x_m, y_m in at(np.arange(4000.0, 8000.0, 6.0).tolist()):
        placed = np.array([vehicles, x_m, y_m]).T[np.isin(vehicles, np.flatnonzero(np.isfinite(tracks.passes_s)))]
        for lane_m in np.unique(placed[:, 2].round(1)):
            lane = placed[(placed[:, 2].round(1) == lane_m) & where(placed[:, 1], plan.funnel)]
            lane = lane[np.argsort(-lane[:, 1])]
            rear_m = lane[:-1, 1] - lengths_m[tracks.vehicle_class[lane[:-1, 0].astype(int)]]
            pairs += len(rear_m)
            overlaps += int(np.sum(lane[1:, 1] > rear_m + 0.5))
    assert pairs > 500
    return overlaps / pairs


def test_vehicles_do_not_stand_in_each_other_in_the_queue(shown, at):
    assert overlapping(shown, at, lambda x_m, funnel: x_m < -funnel.lane_length_m - 35.0) < 0.005


def test_vehicles_hardly_ever_stand_in_each_other_in_the_lane(shown, at):
    """Only where the log lets one pass before the one in front has made room."""
    assert overlapping(shown, at, lambda x_m, funnel: (x_m > -funnel.lane_length_m + 5.0) & (x_m <= 0.0)) < 0.02
