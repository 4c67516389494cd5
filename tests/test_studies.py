"""What the docs say of the shipped studies is what their tables say."""

from pathlib import Path

import polars as pl
import pytest

import funnelsim
from funnelsim.plots.hours_on_site import on_site

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
    assert (round(found[5], 2), round(found[9], 2), round(found[11], 2)) == (0.32, 0.38, 0.39)


def test_the_delay_on_the_motorway_grows_with_the_finds(motorway):
    p95_min = motorway["delay_p95_s.mean"] / 60
    assert (round(p95_min.min(), 1), round(p95_min.max(), 1)) == (5.7, 6.4)


def test_one_officer_finds_most_by_stopping_every_fifth_vehicle(sobriety):
    found = {every: sobriety[every, 1]["expected_detections.mean"] for every in (1, 2, 5, 10)}
    assert max(found, key=found.get) == 5
    assert sobriety[1, 1]["suspended_share.mean"] == pytest.approx(0.4, abs=0.02)
    assert 2.5 < sobriety[1, 1]["delay_p95_s.mean"] / sobriety[5, 1]["delay_p95_s.mean"] < 3.0


def test_four_officers_can_stop_every_vehicle_or_every_second_almost_without_delay(sobriety):
    every, second = sobriety[1, 4], sobriety[2, 4]
    assert every["delay_p95_s.mean"] / 60 == pytest.approx(2.7, abs=0.05)
    assert second["delay_p95_s.mean"] / 60 == pytest.approx(0.55, abs=0.05)
    assert second["expected_detections.mean"] / every["expected_detections.mean"] == pytest.approx(2 / 3, abs=0.03)


def test_inspections_for_each_find_are_the_same_for_every_pattern(sobriety):
    stops = [row["stops_per_detection.mean"] for row in sobriety.values()]
    assert max(stops) / min(stops) < 1.01


SENT, FACTOR = "selection.rate.default", "selection.adapt.points.1.1"
FIXED, RISING = 1.0, 0.1


@pytest.fixture(scope="module")
def weigh_station():
    table = pl.read_csv(STUDIES / "weigh_station.csv")
    return {(row[SENT], row[FACTOR]): row for row in table.iter_rows(named=True)}


def test_a_rising_threshold_finds_more_overloaded_lorries_at_less_wait(weigh_station):
    def at(sent, factor):
        row = weigh_station[sent, factor]
        return round(row["expected_detections.mean"]), round(row["area_wait_mean_s.mean"] / 60, 1)

    def found(key):
        return weigh_station[key]["expected_detections.mean"]

    best = {factor: max((key for key in weigh_station if key[1] == factor), key=found) for factor in (FIXED, RISING)}
    assert best == {FIXED: (0.15, FIXED), RISING: (0.3, RISING)}
    assert (at(0.15, FIXED), at(0.3, RISING)) == ((139, 3.6), (147, 3.5))
    assert (at(0.1, FIXED), at(0.15, RISING)) == ((138, 2.4), (143, 1.9))
    assert (at(1.0, FIXED)[0], at(1.0, RISING)[0]) == (47, 118)
    assert round(weigh_station[0.3, FIXED]["targets_offered.mean"]) == 209


def test_a_rising_threshold_forgives_a_wrong_guess_and_stops_fewer(weigh_station):
    found = {key: row["expected_detections.mean"] for key, row in weigh_station.items()}
    assert found[0.3, FIXED] / found[0.15, FIXED] == pytest.approx(0.8, abs=0.02)
    assert found[0.05, RISING] / found[0.05, FIXED] == pytest.approx(0.96, abs=0.005)
    stops = {key: row["stops_per_detection.mean"] for key, row in weigh_station.items()}
    assert all(stops[sent, RISING] < stops[sent, FIXED] for sent, factor in stops if factor == FIXED)
    assert (round(stops[0.3, RISING], 1), round(stops[0.3, FIXED], 1)) == (1.8, 3.0)


@pytest.mark.parametrize(
    ("alerted", "best_min", "moving_on", "staying"), [("0.8", 80, 12.0, 6.9), ("0.0", 300, 17.4, 16.5)]
)
def test_moving_on_pays_when_word_goes_round(alerted, best_min, moving_on, staying):
    """Moving takes half an hour. With nobody warned, when one moves on matters little."""
    overrides = [f"targets.overloaded.evade.alerted={alerted}", "targets.overloaded.evade.half_life_h=1"]
    scenario = funnelsim.load_scenario(STUDIES.parents[1] / "scenarios" / "weigh_station.toml", overrides)
    site = on_site(funnelsim.run(scenario, replications=100, seed=1))
    per_hour = site.moving_on(setup_s=1800.0).mean(axis=0)
    assert site.until_s[per_hour.argmax()] == 60 * best_min
    assert (round(per_hour.max(), 1), round(per_hour[-1], 1)) == pytest.approx((moving_on, staying), abs=0.1)
    if alerted == "0.8":
        after_h = dict(zip(site.until_s / 3600.0, site.per_hour.mean(axis=0), strict=True))
        assert (round(after_h[1 / 6]), round(after_h[2.0]), round(after_h[4 + 1 / 6])) == (25, 10, 5)


def test_a_search_waits_a_quarter_of_the_time_where_officers_are_kept_for_its_team():
    kept, started = pl.read_csv(STUDIES / "teams.csv").iter_rows(named=True)
    assert (round(kept["search_wait_mean_min"], 1), round(started["search_wait_mean_min"], 1)) == (3.3, 12.8)
    assert (round(kept["search_wait_p95_min"], 1), round(started["search_wait_p95_min"], 1)) == (9.3, 30.4)
    assert (round(100 * kept["officers_busy"], 1), round(100 * started["officers_busy"], 1)) == (82.5, 85.6)
    assert (round(kept["inspected"]), round(started["inspected"])) == (219, 227)
