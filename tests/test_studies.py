"""What the docs say of the shipped studies is what their tables say."""

from pathlib import Path

import polars as pl
import pytest

STUDIES = Path(__file__).parents[1] / "docs" / "studies"
OFFICERS, RATE = "staffing.roster.border police.count", "selection.rate.default"
EVERY, PLACES = "selection.every.default", "area.bays"


@pytest.fixture(scope="module")
def motorway():
    return pl.read_csv(STUDIES / "motorway.csv")


@pytest.fixture(scope="module")
def sobriety():
    table = pl.read_csv(STUDIES / "sobriety.csv")
    return {(row[EVERY], row[PLACES]): row for row in table.iter_rows(named=True)}


def test_every_plan_of_the_motorway_met_the_same_hundred_operations(motorway):
    assert (len(motorway), motorway["n"].unique().to_list()) == (40, [100])


def test_most_is_found_at_14_per_cent_with_five_border_police_or_more(motorway):
    best = motorway.sort("expected_detections.mean").group_by(OFFICERS, maintain_order=True).last()
    at = dict(best.select(OFFICERS, RATE).iter_rows())
    found = dict(best.select(OFFICERS, "expected_detections.mean").iter_rows())
    assert {officers: at[officers] for officers in (5, 7, 9, 11)} == dict.fromkeys((5, 7, 9, 11), 0.14)
    assert (round(found[5], 2), round(found[9], 2), round(found[11], 2)) == (0.37, 0.44, 0.44)


def test_the_motorway_keeps_its_limit_on_average(motorway):
    p95_min = motorway["delay_p95_s.mean"] / 60
    assert (round(p95_min.min(), 1), round(p95_min.max(), 1)) == (4.7, 6.2)


def test_one_officer_finds_most_by_stopping_every_fifth_vehicle(sobriety):
    found = {every: sobriety[every, 1]["expected_detections.mean"] for every in (1, 2, 5, 10)}
    assert max(found, key=found.get) == 5
    assert sobriety[1, 1]["suspended_share.mean"] == pytest.approx(0.42, abs=0.02)
    assert 2.5 < sobriety[1, 1]["delay_p95_s.mean"] / sobriety[5, 1]["delay_p95_s.mean"] < 3.0


def test_four_officers_can_stop_every_vehicle_or_every_second_almost_without_delay(sobriety):
    every, second = sobriety[1, 4], sobriety[2, 4]
    assert every["delay_p95_s.mean"] / 60 == pytest.approx(3.0, abs=0.1)
    assert second["delay_p95_s.mean"] / 60 == pytest.approx(0.5, abs=0.05)
    assert second["expected_detections.mean"] / every["expected_detections.mean"] == pytest.approx(5 / 8, abs=0.02)


def test_inspections_for_each_find_are_the_same_for_every_pattern(sobriety):
    stops = [row["stops_per_detection.mean"] for row in sobriety.values()]
    assert max(stops) / min(stops) < 1.01
