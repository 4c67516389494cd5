"""CalibrationResult at 1,500 vehicles/h alone, the lane predicts SUMO's other demands; what it does not, says why."""

from dataclasses import replace

import numpy as np
import pytest

from funnelsim.validation.chapter import Effort
from funnelsim.validation.comparison import within
from validation.sumo import reference, twin
from validation.sumo.calibration import calibrate
from validation.sumo.recorded import (
    CALIBRATED_VPH,
    DEMANDS_VPH,
    MODELS,
    SATURATED_VPH,
    hours,
    lost_without_funnel,
    queues,
)
from validation.sumo.replayed import replay
from validation.sumo.twin import FREE_PASSAGE_S, OPENS_S, Calibration, twin_of

WHAT = ("mean delay", "P95 delay", "time to clear", "mean delay that the funnel adds", "longest queue")


@pytest.fixture(scope="module")
def written():
    return reference.chapter(Effort(quick=True))


@pytest.fixture(scope="module")
def recorded():
    return hours()


@pytest.fixture
def few_times(monkeypatch):
    monkeypatch.setattr(twin, "TIMES", 2)


def line(written, model, demand, what):
    begins = f"{model}, {demand:,} vehicles/h, "
    (found,) = (one for one in written.lines if one.case.startswith(begins) and f": {what} (" in one.case)
    return found


def test_every_demand_and_every_pair_of_classes_has_its_lines(written):
    made = [line(written, model, demand, what) for model in MODELS for demand in DEMANDS_VPH for what in WHAT]
    headways = [one for one in written.lines if ": headway, " in one.case]
    assert len(headways) == 4 * len(MODELS)
    assert len(written.lines) == len(made) + len(headways)
    assert len({one.case for one in written.lines}) == len(written.lines)


def test_a_line_says_whether_it_was_calibrated_and_how_far_it_is_off(written):
    for demand in DEMANDS_VPH:
        one = line(written, "IDM", demand, "longest queue")
        assert ("calibrated" in one.case) == (demand == CALIBRATED_VPH)
        assert ("predicted" in one.case) == (demand != CALIBRATED_VPH)
        assert one.case.endswith(f"({100 * (one.simulated / one.expected - 1):+.1f} %)")


@pytest.mark.parametrize("model", MODELS)
def test_it_must_hold_where_the_lane_is_saturated(written, model):
    """10 % of the mean delay, 15 % of the longest queue; also of the P95 delay and the time to clear."""
    for demand in DEMANDS_VPH:
        if demand < SATURATED_VPH:
            continue
        for what in WHAT:
            one = line(written, model, demand, what)
            assert abs(one.simulated / one.expected - 1) <= (0.15 if what == "longest queue" else 0.10)


@pytest.mark.parametrize("model", MODELS)
def test_it_must_hold_below_saturation_against_the_road_without_a_funnel(written, model):
    for demand in DEMANDS_VPH:
        if demand < SATURATED_VPH:
            one = line(written, model, demand, "mean delay that the funnel adds")
            assert abs(one.simulated - one.expected) <= 8.0


def test_bounds_are_those_of_the_chapter(written):
    for model in MODELS:
        for demand in DEMANDS_VPH:
            for what in WHAT:
                one = line(written, model, demand, what)
                share = 0.15 if what == "longest queue" else 0.10
                wanted = 8.0 if demand < SATURATED_VPH and what != "longest queue" else share * one.expected
                assert one.high - one.simulated == pytest.approx(wanted)


def test_headways_by_pair_hold(written):
    for one in written.lines:
        if ": headway, " in one.case:
            assert abs(one.simulated / one.expected - 1) <= 0.10, one.case


def test_what_fails_is_known_and_explained(written):
    failing = {one.case.split(" (")[0]: one.explanation for one in written.lines if not one.agrees}
    assert set(failing) == {
        "Krauss, 900 vehicles/h, predicted: mean delay",
        "Krauss, 900 vehicles/h, predicted: longest queue",
        "Krauss, 1,200 vehicles/h, predicted: longest queue",
        "IDM, 900 vehicles/h, predicted: mean delay",
        "IDM, 900 vehicles/h, predicted: longest queue",
        "IDM, 1,200 vehicles/h, predicted: longest queue",
    }
    assert all(failing.values())


def test_a_failing_delay_has_no_excuse_where_the_funnel_itself_is_wrong(recorded):
    lost = lost_without_funnel("Krauss")
    of = reference.Experiment("Krauss", recorded, {}, lost, None, [], [])
    assert reference.merging_reason(of, 900, within("added", "s", 8.0, 20.0, 8.0, "")) == ""
    p95 = within("P95", "s", 40.0, 60.0, 8.0, "")
    assert reference.tail_reason(of, 900, p95) == ""


def test_a_standing_queue_has_no_excuse(recorded):
    standing = queues("Krauss")[CALIBRATED_VPH]
    of = reference.Experiment("Krauss", recorded, {900: standing, CALIBRATED_VPH: standing}, {}, None, [], [])
    assert reference.queue_reason(of, 900) == ""


def test_the_data_are_the_experiment_s(recorded):
    """Figures of the experiment's own summary."""
    means = {
        (model, demand): np.mean([hour.delay_s(model).mean() for hour in recorded if hour.demand_vph == demand])
        for model in MODELS
        for demand in DEMANDS_VPH
    }
    assert [round(means["Krauss", demand], 1) for demand in DEMANDS_VPH] == [19.5, 28.9, 184.8, 559.8]
    assert [round(means["IDM", demand], 1) for demand in DEMANDS_VPH] == [16.6, 28.8, 243.9, 645.4]
    assert all(hour.lorry.mean() == pytest.approx(0.12) for hour in recorded)
    assert [hour.seed for hour in recorded] == [1, 2, 3] * 4


@pytest.mark.usefixtures("few_times")
def test_only_the_runs_at_1500_are_calibrated_to(recorded):
    twins = [twin_of(hour.arrives_s, hour.lorry, hour.seed) for hour in recorded]
    longest = queues("Krauss")
    found = calibrate(recorded, twins, longest, "Krauss", "compiled")
    others = [
        hour
        if hour.demand_vph == CALIBRATED_VPH
        else replace(hour, exit_s={model: 1.5 * exit_s for model, exit_s in hour.exit_s.items()})
        for hour in recorded
    ]
    longer = {
        demand: queue if demand == CALIBRATED_VPH else replace(queue, longest_m=9e3)
        for demand, queue in longest.items()
    }
    assert calibrate(others, twins, longer, "Krauss", "compiled") == found
    later = [
        replace(hour, exit_s={"Krauss": hour.exit_s["Krauss"] + 10.0}) if hour.demand_vph == CALIBRATED_VPH else hour
        for hour in recorded
    ]
    moved = calibrate(later, twins, longest, "Krauss", "compiled")
    assert moved.best.merge_s == pytest.approx(found.best.merge_s + 10.0, abs=0.05)
    assert moved.best.capacity_vph == pytest.approx(found.best.capacity_vph, abs=0.05)


@pytest.mark.usefixtures("few_times")
def test_calibrating_to_funnelsim_itself_finds_what_it_was_told(recorded):
    truth = Calibration(1300.0, 12.0, 18.0)
    runs = [hour for hour in recorded if hour.demand_vph == CALIBRATED_VPH]
    twins = [twin_of(hour.arrives_s, hour.lorry, hour.seed) for hour in runs]
    made = [replay(one, truth, "compiled") for one in twins]
    sumo = []
    for hour, ours in zip(runs, made, strict=True):
        lone_s = np.where(hour.lorry, 159.0, 157.0)
        sumo.append(replace(hour, exit_s={"Krauss": ours.delays_s.mean(axis=0) + hour.arrives_s + lone_s}))
    longest = {
        CALIBRATED_VPH: replace(queues("Krauss")[CALIBRATED_VPH], longest_m=np.mean([x.longest_m for x in made]))
    }
    found = calibrate(sumo, twins, longest, "Krauss", "compiled")
    assert found.best.capacity_vph == pytest.approx(1300.0, abs=0.1)
    assert found.best.merge_s == pytest.approx(12.0, abs=0.1)
    assert found.best.wave_speed_kmh == pytest.approx(18.0, abs=0.1)
    assert found.merge_each_s == pytest.approx((12.0, 12.0, 12.0), abs=0.1)


@pytest.mark.usefixtures("few_times")
def test_the_same_vehicles_come_to_the_second(recorded):
    hour = recorded[-1]
    one = twin_of(hour.arrives_s, hour.lorry, hour.seed)
    drawn, names = one.drawn[0], np.array(one.demand.classes)
    assert np.array_equal(names[drawn.vehicle_class], np.where(hour.lorry, "lorry", "car"))
    assert np.abs(drawn.free_s - OPENS_S - FREE_PASSAGE_S - hour.arrives_s).max() <= 0.5 + 1e-6


@pytest.mark.usefixtures("few_times")
def test_a_lone_vehicle_has_the_merge_cost_as_delay():
    one = replay(twin_of(np.array([10.0]), np.array([False]), 1), Calibration(1400.0, 7.0), "compiled")
    assert one.delays_s == pytest.approx(7.0, abs=1e-5)
    assert one.added_s == pytest.approx(7.0, abs=1e-5)
    assert one.free_flow_s == pytest.approx(3000 / (80 / 3.6) + 200 / (30 / 3.6))
    assert one.exits_s == pytest.approx(10.0 + one.free_flow_s + 7.0, abs=1e-5)


@pytest.mark.usefixtures("few_times")
def test_another_mix_keeps_the_headways_by_pair(recorded):
    few, many = (twin_of(recorded[0].arrives_s, np.arange(900) % 25 < heavy, 1) for heavy in (3, 10))
    before = Calibration(1377.0, 10.0)
    after = before.at_another_mix(few, many)
    assert after.capacity_vph < 0.95 * before.capacity_vph
    assert many.plan(after).funnel.headway_factor == pytest.approx(few.plan(before).funnel.headway_factor)


def test_headways_are_told_by_pair_and_in_saturation_only():
    exit_s = np.array([598.0, 601.0, 603.0, 607.0, 610.0, 611.5, 613.0, 3602.0])
    lorry = np.array([False, False, True, False, False, True, True, False])
    assert reference._headways([(exit_s, lorry), (exit_s[::-1], lorry[::-1])]) == {
        "car behind car": 3.0,
        "lorry behind car": (2.0 + 1.5) / 2,
        "car behind lorry": 4.0,
        "lorry behind lorry": 1.5,
    }


@pytest.mark.usefixtures("few_times")
@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_both_engines_give_the_same(recorded, engine):
    hour = recorded[0]
    one = twin_of(hour.arrives_s, hour.lorry, hour.seed)
    ours = replay(one, Calibration(1300.0, 10.0), engine)
    assert np.array_equal(ours.delays_s, replay(one, Calibration(1300.0, 10.0), "compiled").delays_s)
