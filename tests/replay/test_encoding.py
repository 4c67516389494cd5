"""What a browser receives is what the tracks say, in few bytes."""

import base64
import json

import numpy as np
import pytest

from funnelsim.experiments.replication import log_of
from funnelsim.model.planning import plan_of
from funnelsim.replay.encoding import GAP_M, encoded
from funnelsim.replay.tracks import tracks_of

MOST_BYTES = 45  # a vehicle, in base64: 10,000 vehicles are below half a megabyte


@pytest.fixture(scope="module")
def sent(busy):
    _, plan, tracks = busy
    return encoded(tracks, plan)


def column(sent, name):
    kind, first, length = sent["columns"][name]
    return np.frombuffer(base64.b64decode(sent["data"]), f"<{kind}", length, first)


def test_every_column_reads_back_within_the_precision_of_32_bits(busy, sent):
    _, _, tracks = busy
    inside = np.flatnonzero(np.isfinite(tracks.taken_from_s))
    assert np.array_equal(column(sent, "inside"), inside)
    for name in ("free_s", "arrives_s", "passes_s", "turns_off_s", "look_from_s"):
        assert column(sent, name) == pytest.approx(getattr(tracks, name) - tracks.begins_s, abs=1e-3)
    for name in ("taken_from_s", "area_s", "ready_s", "bay_from_s", "bay_to_s", "left_s", "found_s"):
        assert column(sent, name) == pytest.approx(getattr(tracks, name)[inside] - tracks.begins_s, abs=1e-3)
    for name in ("vehicle_class", "outcome", "target"):
        assert np.array_equal(column(sent, name), getattr(tracks, name))
    for name in ("space", "bay", "spot"):
        assert np.array_equal(column(sent, name), getattr(tracks, name)[inside])
    assert column(sent, "queue.0") == pytest.approx(tracks.roads[0].queue[1])
    assert column(sent, "taken") == pytest.approx(tracks.taken[1])


def test_each_column_begins_where_its_type_may(sent):
    for kind, first, _ in sent["columns"].values():
        assert first % int(kind[1]) == 0


def test_a_day_of_a_motorway_is_a_few_hundred_kilobytes(build):
    plan = plan_of(build({"operation": {"closes": "11:00"}, "traffic": {"counts": {"vehicles": {"box": [1000] * 24}}}}))
    tracks = tracks_of(log_of(plan, 1, 0), plan)
    assert len(tracks) > 9_000
    assert len(json.dumps(encoded(tracks, plan))) < MOST_BYTES * len(tracks)


def test_a_vehicle_is_shorter_than_its_place_in_a_queue(busy, sent):
    _, plan, _ = busy
    lengths_m = [one["length_m"] for one in sent["site"]["classes"]]
    assert lengths_m == (plan.spacing_m - GAP_M).tolist()


def test_an_operation_that_nobody_meets_can_be_sent(build):
    plan = plan_of(build({"traffic": {"counts": {"vehicles": {"box": [0] * 24}}}}))
    sent = encoded(tracks_of(log_of(plan, 1, 0), plan), plan)
    assert len(column(sent, "free_s")) == 0
    assert [kind for _, kind, _ in sent["moments"]] == ["opens", "closes"]
