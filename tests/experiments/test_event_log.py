"""The event log: every vehicle's passage in order, bays as resources, in the words that animation packages read."""

import dataclasses
import math

import numpy as np
import polars as pl
import pytest

from funnelsim.engines.simpy_engine import simulate
from funnelsim.experiments.event_log import COLUMNS, EVENT_TYPES, bays_of, event_log
from funnelsim.experiments.replication import log_of
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate
from funnelsim.units import NEVER


@pytest.fixture(scope="module")
def quick(quick_run):
    log = log_of(quick_run.plan, quick_run.seed, 2)
    return log, quick_run.plan, event_log(log, quick_run.plan)


def test_columns_and_words_are_those_that_are_documented(quick):
    log, _, table = quick
    assert tuple(table.columns) == COLUMNS
    assert set(table["event_type"]) == set(EVENT_TYPES)
    assert table["resource_id"].dtype == pl.Int64
    assert set(table["run_number"]) == {2}
    assert set(table["entity_id"]) == set(log.traffic.number.tolist())
    ends = table.filter(event_type="arrival_departure")
    assert set(ends["event"]) == {"arrival", "depart"}
    assert table["time"].is_finite().all()
    assert table["time"].is_sorted()


def test_everybody_arrives_once_and_departs_once_last(quick):
    _, _, table = quick
    for vehicle in table.partition_by("entity_id"):
        events = vehicle["event"].to_list()
        assert events[:2] == ["arrival", "queue and lane"]
        assert events[-1] == "depart"
        assert events.count("arrival") == events.count("depart") == 1


def test_the_inspected_use_one_bay_from_coming_to_leaving(quick):
    log, plan, table = quick
    inspected = set(log.traffic.number[log.fate == Fate.INSPECTED].tolist())
    assert inspected
    used = table.filter(pl.col("event_type").str.starts_with("resource_use"))
    assert set(used["entity_id"]) == inspected
    assert used["resource_id"].is_between(1, plan.bays).all()
    assert table.filter(~pl.col("event_type").str.starts_with("resource_use"))["resource_id"].is_null().all()
    for vehicle in table.filter(pl.col("entity_id").is_in(inspected)).partition_by("entity_id"):
        assert vehicle["event"].to_list() == [
            "arrival",
            "queue and lane",
            "way to the area",
            "waiting for a bay",
            "inspection",
            "inspection ends",
            "depart",
        ]
        assert vehicle.filter(pl.col("resource_id").is_not_null())["resource_id"].n_unique() == 1


def test_a_passage_reckoned_by_hand(build, vehicles):
    plan = plan_of(build({"area": {"bays": 1, "divert_s": 20.0}}))
    table = event_log(simulate(vehicles(plan, [100.0, 900.0]), plan), plan)
    first = table.filter(entity_id=0)
    # 8 s lost in the lane, then 20 s to the area, then 300 s in the bay.
    assert dict(zip(first["event"], first["time"], strict=True)) == {
        "arrival": 100.0,
        "queue and lane": 100.0,
        "way to the area": 108.0,
        "waiting for a bay": 128.0,
        "inspection": 128.0,
        "inspection ends": 428.0,
        "depart": 428.0,
    }


def _events_of(table, vehicle):
    rows = table.filter(entity_id=vehicle)
    return list(zip(rows["event"], rows["time"], strict=True))


def test_whoever_turns_off_arrives_and_departs_at_the_exit_and_is_in_no_queue(build, vehicles):
    # The road is empty, so nobody leaves of himself: the log is changed as if the second had.
    approach = {"exit": {"at_m": 400.0, "leave_when_tail_m": 50.0}}
    plan = plan_of(build({"approach": approach, "area": {"bays": 1}}))
    log = simulate(vehicles(plan, [100.0, 900.0]), plan)
    fate, passed_s = log.fate.copy(), log.passed_s.copy()
    fate[1], passed_s[1] = Fate.LEFT_AT_EXIT, NEVER
    table = event_log(dataclasses.replace(log, fate=fate, passed_s=passed_s), plan)
    # The exit is 500 m before the selection point, 25 s at 20 m/s.
    assert _events_of(table, 1) == [("arrival", 875.0), ("depart", 875.0)]
    assert "queue and lane" in dict(_events_of(table, 0))


def test_drivers_who_leave_for_the_queue_are_in_no_queue(build, vehicles):
    approach = {"exit": {"at_m": 400.0, "leave_when_tail_m": 50.0, "share": 1.0}}
    plan = plan_of(build({"approach": approach, "selection": {"rate": {"default": 0.0}}}))
    log = simulate(vehicles(plan, np.arange(200.0).tolist()), plan)
    left = log.fate == Fate.LEFT_AT_EXIT
    assert 0 < left.sum() < 200
    table = event_log(log, plan)
    assert table["time"].is_finite().all()
    queued = set(table.filter(event="queue and lane")["entity_id"])
    assert queued == set(log.traffic.number[log.passed].tolist())
    assert queued.isdisjoint(log.traffic.number[left].tolist())
    for vehicle in np.flatnonzero(left).tolist():
        assert _events_of(table, vehicle) == [("arrival", vehicle - 25.0), ("depart", vehicle - 25.0)]


def test_whoever_is_brought_back_comes_to_a_bay_without_having_been_in_the_queue(build, vehicles):
    plan = plan_of(build({"area": {"bays": 1, "divert_s": 20.0}}))
    log = simulate(vehicles(plan, [100.0]), plan)
    changed = dataclasses.replace(
        log, fate=np.array([Fate.BROUGHT_BACK]), passed_s=np.array([NEVER]), area_s=log.bay_from_s
    )
    # It turned off at the taper, 100 m and 5 s before the selection point.
    assert _events_of(event_log(changed, plan), 0) == [
        ("arrival", 95.0),
        ("way to the area", 95.0),
        ("waiting for a bay", 128.0),
        ("inspection", 128.0),
        ("inspection ends", 428.0),
        ("depart", 428.0),
    ]


def test_a_bay_is_free_while_its_vehicle_stands_in_a_processing_spot(build, vehicles):
    plan = plan_of(build({"area": {"bays": 1, "waiting": 1}}))
    log = simulate(vehicles(plan, [100.0, 200.0]), plan)
    # The first leaves its bay at 158 and its spot at 408; the second comes into the bay that it has freed.
    changed = dataclasses.replace(
        log,
        bay_from_s=3600.0 + np.array([108.0, 208.0]),
        bay_to_s=3600.0 + np.array([158.0, 508.0]),
        left_s=3600.0 + np.array([408.0, 508.0]),
    )
    table = event_log(changed, plan)
    assert ("processing spot", 158.0) in _events_of(table, 0)
    assert _events_of(table, 0)[-1] == ("depart", 408.0)
    assert "processing spot" not in dict(_events_of(table, 1))
    assert set(table["resource_id"].drop_nulls()) == {1}


def test_the_vehicles_of_all_funnels_share_the_bays(build):
    traffic = {"counts": {"from": "00:00", "minutes": 60, "vehicles": {"box": [30] * 24}}}
    funnels = [{"direction": "south", "traffic": traffic}]
    plan = plan_of(build({"traffic": traffic, "direction": "north", "funnels": funnels}))
    log = log_of(plan, 1, 0)
    table = event_log(log, plan)
    assert set(table["entity_id"]) == set(log.traffic.number.tolist())
    assert table["entity_id"].n_unique() == len(log.traffic)
    for direction in (0, 1):
        numbers = log.traffic.number[(log.traffic.funnel == direction) & log.inspected].tolist()
        assert set(table.filter(pl.col("entity_id").is_in(numbers))["resource_id"].drop_nulls()) <= {1, 2}
        assert numbers


def test_no_bay_holds_two_vehicles_and_the_lowest_free_one_is_taken():
    rng = np.random.default_rng(7)
    from_s = np.sort(rng.integers(0, 200, 80)).astype(float)
    to_s = from_s + rng.integers(0, 30, 80)
    bays = bays_of(from_s, to_s)
    for k in range(80):
        before = [j for j in range(k) if to_s[j] > from_s[k]]
        taken = {int(bays[j]) for j in before}
        assert bays[k] == next(bay for bay in range(1, 82) if bay not in taken)


def test_the_written_file_is_the_documented_format(quick, tmp_path):
    _, _, table = quick
    table.write_csv(tmp_path / "events.csv")
    lines = (tmp_path / "events.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "entity_id,event_type,event,time,resource_id,run_number"
    for line in lines[1:]:
        entity, event_type, event, time, resource, number = line.split(",")
        assert int(entity) >= 0
        assert event_type in EVENT_TYPES
        assert event
        assert math.isfinite(float(time))
        assert (resource != "") == event_type.startswith("resource_use")
        assert resource == "" or int(resource) >= 1
        assert int(number) == 2


def test_vidigi_reads_it(quick, tmp_path):
    logging = pytest.importorskip("vidigi.logging", reason="vidigi is not installed", exc_type=ImportError)
    pandas = pytest.importorskip("pandas", reason="vidigi is not installed")
    prep = pytest.importorskip("vidigi.prep", reason="vidigi is not installed")
    _, _, table = quick
    table.write_csv(tmp_path / "events.csv")
    frame = pandas.read_csv(tmp_path / "events.csv", dtype={"resource_id": "Int64"})
    for record in frame.to_dict("records"):
        record["resource_id"] = None if pandas.isna(record["resource_id"]) else int(record["resource_id"])
        logging.BaseEvent.model_validate(record)
    logger = logging.EventLogger()
    logger.from_csv(frame)
    assert logger.summary()["unique_entities"] == table["entity_id"].n_unique()
    shown = prep.reshape_for_animations(logger.to_dataframe(), every_x_time_units=60, limit_duration=3600)
    assert {"queue and lane", "inspection"} <= set(shown["event"])
