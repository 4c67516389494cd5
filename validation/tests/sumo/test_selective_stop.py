"""SUMO's input is what funnelsim is told; its output is read right; a reason is given only with evidence."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest

from funnelsim.model.states import Fate
from funnelsim.validation.chapter import Effort
from validation.sumo import runs, selective_stop, twin
from validation.sumo.network import Vehicles, every_nth, write_vehicles
from validation.sumo.open_road import lost
from validation.sumo.recorded import hours, open_road
from validation.sumo.replayed import replay
from validation.sumo.runs import SumoError, SumoRun, drive
from validation.sumo.stop_experiments import DIVERT_S, Predictor, StopExperiment, StopResults, costs_of
from validation.sumo.twin import Calibration, twin_of

STOPPED = StopExperiment(800, 300.0, saturated=False)
needs_sumo = pytest.mark.skipif(
    importlib.util.find_spec("sumo") is None, reason="SUMO is not installed: pip install 'funnelsim[peers]'"
)


def vehicles(arrives_s, stops, *, stop_s=300.0, lorry=False):
    number = len(arrives_s)
    picked = np.isin(np.arange(number), stops)
    return Vehicles(np.array(arrives_s, dtype=float), np.full(number, lorry), picked, stop_s)


def test_without_sumo_the_chapter_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(runs.importlib.util, "find_spec", lambda _: None)
    made = selective_stop.chapter_with_sumo(Effort(quick=True))
    assert not made.lines
    assert made.missing == "SUMO is not installed: pip install 'funnelsim[peers]'."


def test_all_is_predicted_before_sumo_runs(monkeypatch):
    happened = []

    def simulate(operation, seeds):
        happened.append("SUMO")
        raise SumoError(f"{operation.name} fails, {seeds} time")

    monkeypatch.setattr(twin, "TIMES", 1)
    monkeypatch.setattr(selective_stop, "programs", lambda: None)
    monkeypatch.setattr(selective_stop, "simulate", simulate)
    monkeypatch.setattr(Predictor, "predict", lambda _, operation, __: happened.append(operation))
    made = selective_stop.chapter_with_sumo(Effort(quick=True))
    assert happened == [*selective_stop.EXPERIMENTS, "SUMO"]
    assert made.missing == "800 vehicles/h, nobody stops fails, 1 time"


def test_funnelsim_singles_out_the_very_vehicles_that_sumo_does(monkeypatch):
    monkeypatch.setattr(twin, "TIMES", 1)
    told = STOPPED.vehicles(1)
    ours = replay(twin_of(told.arrives_s, told.lorry, 1, STOPPED.rest), Calibration(1300.0, 10.0), "compiled")
    assert np.array_equal(ours.logs[0].fate == Fate.INSPECTED, told.stops)
    assert told.lorry.sum() == 200
    assert told.stops.sum() == 600 // 20 + 200 // 20


def test_funnelsim_holds_the_lane_while_all_places_are_taken(monkeypatch):
    """Six cars, all singled out: the fifth passes when the first leaves its place."""
    monkeypatch.setattr(twin, "TIMES", 1)
    rest = {**STOPPED.rest, "selection": {"rule": "every_nth", "every": {"default": 1}}}
    six = twin_of(np.arange(6) * 10.0, np.zeros(6, dtype=bool), 1, rest)
    (log,) = replay(six, Calibration(1300.0, 10.0), "compiled").logs
    waits_s = log.passed_s - log.arrival_s
    assert waits_s[:4] == pytest.approx(0.0, abs=1e-6)
    assert log.passed_s[4] == pytest.approx(log.passed_s[0] + DIVERT_S + 300.0, abs=1e-5)


def test_a_diversion_that_costs_more_delays_more(monkeypatch):
    monkeypatch.setattr(twin, "TIMES", 2)
    busy = StopExperiment(1400, 120.0, saturated=True)
    told = busy.vehicles(1)
    predictor = Predictor(Calibration(1300.0, 10.0), twin_of(told.arrives_s, told.lorry, 1), "compiled")
    cheap, dear = (predictor.predict(busy, 1, {"car": cost_s, "lorry": cost_s}) for cost_s in (0.0, 20.0))
    assert dear.passed_vph < cheap.passed_vph
    assert dear.added_s > cheap.added_s + 100.0


def test_every_nth_counts_each_class_for_itself():
    lorry = np.array([0, 1, 0, 0, 1, 0, 1, 1], dtype=bool)
    assert every_nth(lorry, 2).tolist() == [False, False, True, False, True, True, False, True]


def test_nobody_is_singled_out_on_the_open_road(tmp_path):
    told = vehicles([0.0, 5.0], [1])
    write_vehicles(told, tmp_path / "funnel.xml", funnel=True)
    write_vehicles(told, tmp_path / "open.xml", funnel=False)
    assert (tmp_path / "funnel.xml").read_text().count("<stop ") == 1
    assert "<stop " not in (tmp_path / "open.xml").read_text()


def test_the_queue_is_the_row_of_slow_cells_from_the_taper_on(tmp_path):
    """Cells of 50 m: slow, slow, empty, slow; a fast one beside a slow one is slow together with it below 40 km/h."""

    def moment(*seen):
        inner = "".join(f'<vehicle pos="{pos}" speed="{speed}"/>' for pos, speed in seen)
        return f"<timestep>{inner}</timestep>"

    slow_then_gap = moment((2990, 1.0), (2930, 2.0), (2940, 18.0), (2820, 1.0))
    fast = moment((2990, 20.0), (2930, 2.0))
    file = tmp_path / "places.xml"
    file.write_text(f"<fcd>{slow_then_gap}{fast}{moment()}</fcd>", encoding="utf-8")
    assert runs._longest_queue_m(file) == 100.0


def test_costs_are_measured_behind_those_who_turn_off():
    """Cars 3 s apart; behind the one that turns off 5 s; one holds the lane until 400 s and the next follows at 404."""
    nan = np.nan
    exit_s = np.array([0.0, 3.0, 6.0, 11.0, 14.0, 404.0, 407.0])
    told = vehicles(exit_s, [2, 4])
    made = SumoRun(
        exit_s, np.array([nan, nan, 12.0, nan, 405.0, nan, nan]), np.array([nan, nan, 400.0, nan, 700.0, nan, nan]), 0.0
    )
    found = costs_of([told], [made])
    assert found.diverted_car_s == pytest.approx(2.0)
    assert np.isnan(found.diverted_lorry_s)
    assert found.restart_s == pytest.approx(4.0)
    assert found.way_s == pytest.approx((6.0 + 5.0) / 2)


SUMO, OURS = StopResults(1297.0, 180.0, 880.0, 70.0), StopResults(1248.0, 250.0, 1150.0, 70.0)


def test_a_reason_is_given_only_where_it_makes_both_agree():
    costs = selective_stop.Costs(0.1, 0.5, 4.0, 8.0)
    busy = StopExperiment(1400, 120.0, saturated=True)
    lines = selective_stop.lines_of(busy, SUMO, OURS)
    right = selective_stop.lines_of(busy, SUMO, replace(OURS, added_s=175.0))[:3]
    told = selective_stop.held(lines, right, costs)
    assert [line.agrees for line in told] == [True, False, False, True]
    assert told[1].explanation
    assert not told[2].explanation, "the queue still differs"


def test_capacity_is_a_reason_for_as_much_as_it_makes():
    lane = StopExperiment(1400, 0.0, saturated=True)
    excess = 1400 / 1297 - 1
    ours = replace(SUMO, passed_vph=1306.0, added_s=180.0 * (1400 / 1306 - 1) / excess)
    assert "+0.7 % off" in selective_stop.near_capacity(lane, SUMO, ours)
    assert not selective_stop.near_capacity(lane, SUMO, replace(ours, added_s=260.0))


def test_what_is_seen_without_a_stop_is_no_matter_of_the_stop():
    free = StopResults(800.0, 7.0, 100.0, 0.0), StopResults(800.0, 13.0, 40.0, 0.0)
    stopped = StopResults(800.0, 9.0, 100.0, 40.0), StopResults(800.0, 18.0, 70.0, 40.0)
    delay, queue, inspected = selective_stop.below_saturation(free, stopped)
    assert not delay.agrees
    assert "+6.0 s" in delay.explanation
    assert "100 m where nobody stops" in queue.explanation
    assert inspected.agrees
    worse = stopped[0], replace(stopped[1], added_s=30.0)
    assert not selective_stop.below_saturation(free, worse)[0].explanation


@needs_sumo
def test_sumo_holds_the_lane_while_all_places_are_taken():
    """Six cars, five of which stop: the last one passes when the first has left its place, and not before."""
    made = drive(vehicles(np.arange(6) * 30.0, range(5)), 1)  # so far apart that nobody overtakes
    assert np.isfinite(made.stopped_to_s[:5]).all()
    free_s = np.nanmin(made.stopped_to_s)
    assert made.exit_s[:5].max() < free_s < made.exit_s[5] < free_s + 30.0


@needs_sumo
def test_what_is_carried_of_the_open_road_is_what_sumo_makes():
    hour = hours()[0]
    carried, afresh = open_road("Krauss")[hour.demand_vph, hour.seed], lost(hour, "Krauss")
    assert afresh.mean_s == pytest.approx(carried.mean_s, abs=0.5)
    assert afresh.p95_s == pytest.approx(carried.p95_s, abs=2.0)


@needs_sumo
def test_sumo_that_stops_says_why():
    with pytest.raises(SumoError, match="SUMO stopped: Error"):
        drive(replace(vehicles([0.0], []), model="no model"), 1)
