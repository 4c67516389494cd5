"""The picture of one operation in space and time."""

import dataclasses

import numpy as np
import pytest

from funnelsim.engines.simpy_engine import simulate
from funnelsim.experiments.run import run
from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate, Valve
from funnelsim.plots import time_space
from funnelsim.plots.time_space import valve_spans, worst_hour
from funnelsim.plots.trajectories import trajectories

DISTANCES_M = np.linspace(1500.0, 0.0, 101)


@pytest.fixture(scope="module")
def logs(busy, quiet, night, warned, days):
    """Return logs with and without a queue, a lifted funnel, drivers who turn off; over midnight, of several days."""
    return {name: (made.first_log(), made.plan, made.scenario) for name, made in locals().items()}


def test_vehicles_never_go_back_in_time_or_past_each_other_and_end_where_they_passed(logs):
    for log, plan, _ in logs.values():
        vehicles = np.flatnonzero(log.passed)
        times = trajectories(log, plan, vehicles, DISTANCES_M)
        assert np.all(np.isfinite(times))
        assert np.all(np.diff(times, axis=1) >= 0.0)
        assert np.all(np.diff(times, axis=0) >= 0.0)
        assert np.array_equal(times[:, -1], log.passed_s[vehicles])


def test_nobody_drives_faster_than_the_road_allows_before_the_queue(logs):
    log, plan, _ = logs["busy"]
    times = trajectories(log, plan, np.arange(len(log.passed_s)), DISTANCES_M)
    free = log.traffic.free_s[:, None] - DISTANCES_M / plan.funnel.road_speed_ms
    assert np.all(times >= np.minimum(free, times[:, -1:]) - 1e-6)
    beyond = plan.funnel.lane_length_m + log.tail_m.max() + 20.0 < DISTANCES_M
    assert times[:, beyond] == pytest.approx(free[:, beyond], abs=30.0)


def test_a_vehicle_in_the_queue_moves_when_the_wave_of_one_ahead_reaches_it(build, vehicles):
    # Boxes of 10 m, one a second, headway 2 s, waves of 5 m/s, and a lane so short that the queue is beyond it.
    plan = plan_of(build({"lane": {"length_m": 10.0}, "selection": {"rate": {"default": 0.0}}}))
    log = simulate(vehicles(plan, np.arange(60.0)), plan)
    last = 59
    joined_m = (log.traffic.free_s[last] - log.joined_s[last]) * plan.funnel.road_speed_ms
    assert joined_m > 60.0
    places = np.array([60.0, 50.0, 40.0, 30.0, 20.0, 10.0, 0.0])
    [times] = trajectories(log, plan, np.array([last]), places)
    ahead = last - (places / 10.0).astype(int)
    assert times == pytest.approx(log.passed_s[ahead] + places / 5.0)


def test_the_end_of_the_queue_stands_where_vehicles_join_it(logs):
    log, plan, scenario = logs["busy"]
    axes = time_space(log, plan, scenario).axes[1]
    tail = max(
        (line for line in axes.lines if line.get_drawstyle() == "steps-post"), key=lambda line: line.get_zorder()
    )
    times, metres = tail.get_data()
    from_s, to_s = axes.get_xlim()
    queued = (log.tail_m > 0.0) & (log.joined_s >= from_s) & (log.joined_s <= to_s)
    assert queued.any()
    for moment, beyond in zip(log.joined_s[queued], log.tail_m[queued], strict=True):
        here = metres[times == moment]
        assert np.any(np.isclose(here, beyond))


def test_sentence_and_axis_measure_from_the_taper(logs, words):
    log, plan, scenario = logs["busy"]
    axes = time_space(log, plan, scenario).axes[1]
    tail = max(
        (line for line in axes.lines if line.get_drawstyle() == "steps-post"), key=lambda line: line.get_zorder()
    )
    times, metres = tail.get_data()
    inside = (times >= axes.get_xlim()[0]) & (times <= axes.get_xlim()[1])
    said = f"{np.nanmax(metres[inside]):,.0f} metres upstream of the taper"
    assert said in words(axes.figure)
    assert axes.get_ylabel() == "metres upstream of the taper"


def test_diverted_vehicles_are_marked_at_the_selection_point(logs):
    log, plan, scenario = logs["busy"]
    axes = time_space(log, plan, scenario).axes[1]
    from_s, to_s = axes.get_xlim()
    [marks] = [line for line in axes.lines if line.get_marker() == "v"]
    diverted = log.passed_s[log.fate == Fate.INSPECTED]
    assert marks.get_xdata().tolist() == diverted[(diverted >= from_s) & (diverted <= to_s)].tolist()
    assert set(marks.get_ydata()) == {-plan.funnel.lane_length_m} == {axes.get_ylim()[0]}


def test_the_strip_shows_the_valve_as_the_log_has_it(logs):
    log, plan, _ = logs["busy"]
    assert len(log.valve)
    spans = valve_spans(log, plan, plan.window_s)
    assert spans[0][0] == plan.window_s[0]
    assert spans[-1][1] == plan.window_s[1]
    assert [end for _, end, _ in spans[:-1]] == [begin for begin, _, _ in spans[1:]]
    for begin, end, state in spans:
        index = np.searchsorted(log.valve_s, (begin + end) / 2.0) - 1
        assert state == (Valve(log.valve[index]) if index >= 0 else Valve.OPEN)


def test_the_hour_shown_holds_the_longest_queue(logs):
    log, plan, _ = logs["busy"]
    from_s, to_s = worst_hour(log, plan)
    during = (log.joined_s >= plan.window_s[0]) & (log.joined_s <= plan.window_s[1])
    longest_s = log.joined_s[during][np.argmax(log.tail_m[during])]
    assert from_s <= longest_s <= to_s
    assert to_s - from_s == 3600.0


def test_it_says_what_it_shows(logs, words):
    said = words(time_space(*logs["busy"]))
    for part in (
        "a vehicle that passed reaches it",
        "metres upstream of the taper",
        "operation 0",
        "critical point, 900 m",
    ):
        assert part in said
    assert "No queue reaches beyond the lane" in words(time_space(*logs["quiet"]))


def test_a_short_operation_is_shown_as_a_whole(busy):
    hour = busy.scenario.operation.model_copy(update={"closes": "07:00"})
    made = run(busy.scenario.model_copy(update={"operation": hour}), 1, 3)
    assert worst_hour(made.first_log(), made.plan) == made.plan.window_s


def test_whoever_turns_off_is_not_in_the_picture(logs, vehicles, build):
    log, plan, scenario = logs["warned"]
    assert (~log.passed).any()
    [lines] = time_space(log, plan, scenario).axes[1].collections
    assert all(np.isfinite(segment).all() for segment in lines.get_segments())
    nobody = plan_of(build())
    empty = simulate(vehicles(nobody, []), nobody)
    assert "no vehicle comes to the funnel" in time_space(empty, nobody, build()).axes[0].texts[0].get_text()


def test_a_vehicle_that_turned_off_takes_no_room_in_the_queue(logs):
    log, plan, _ = logs["warned"]
    comes = np.flatnonzero(log.passed)
    traffic = type(log.traffic)(
        *(value[comes] if isinstance(value, np.ndarray) else value for value in vars(log.traffic).values())
    )
    of_vehicles = {
        name: value[comes]
        for name, value in vars(log).items()
        if isinstance(value, np.ndarray) and len(value) == len(log.passed_s) and not name.startswith(("stage", "valve"))
    }
    alone = dataclasses.replace(log, traffic=traffic, **of_vehicles)
    np.testing.assert_allclose(
        trajectories(log, plan, comes, DISTANCES_M), trajectories(alone, plan, np.arange(len(comes)), DISTANCES_M)
    )


def test_the_exit_and_the_warning_sign_stand_at_their_distances(logs, across, words):
    log, plan, scenario = logs["warned"]
    figure = time_space(log, plan, scenario)
    top_m = figure.axes[1].get_ylim()[1]
    shown = [at_m for at_m in (0.0, 500.0, 700.0, 900.0) if at_m <= top_m]
    assert across(figure.axes[1]) == shown
    assert len(shown) >= 3
    assert "warning sign, 500 m" in words(figure)
    assert "exit, 700 m" in words(figure)


def test_of_several_windows_the_hour_lies_in_the_one_with_the_longest_queue(logs, words):
    log, plan, scenario = logs["days"]
    from_s, to_s = worst_hour(log, plan)
    longest_s = log.joined_s[np.argmax(log.tail_m)]
    assert from_s <= longest_s <= to_s
    [window] = [w for w in plan.windows_s if w[0] <= longest_s <= w[1]]
    assert window[0] <= from_s < window[1]
    assert f"of day {int(longest_s // 86400) + 1}" in words(time_space(log, plan, scenario))
    spans = valve_spans(log, plan, plan.window_s)
    assert {begin for begin, _, _ in spans} >= set(plan.funnel.opens_s.tolist())
    assert sum(end - begin for begin, end, _ in spans) == sum(closes - opens for opens, closes in plan.windows_s)


def test_of_several_funnels_the_one_with_the_longest_queue_is_drawn_and_named(sides):
    log, plan, scenario = sides.first_log(), sides.plan, sides.scenario
    figure = time_space(log, plan, scenario)
    alone = time_space(log.of_funnel(1), plan.other_funnels[0], scenario)
    assert figure.get_suptitle().endswith("westbound")
    assert len(figure.axes[1].collections[0].get_segments()) == len(alone.axes[1].collections[0].get_segments())
    assert log.of_funnel(1).tail_m.max() > log.of_funnel(0).tail_m.max()


def test_the_key_names_only_states_of_the_valve_that_occur(logs):
    log, plan, scenario = logs["busy"]
    for span_s in (worst_hour(log, plan), (plan.window_s[0], plan.window_s[0] + 300.0)):
        figure = time_space(log, plan, scenario, span_s)
        named = {text.get_text() for text in figure.legends[0].get_texts()}
        states = {state for *_, state in valve_spans(log, plan, span_s)}
        assert ("selecting" in named) == (Valve.OPEN in states)
        assert ("selection suspended" in named) == (Valve.SUSPENDED in states)
        assert ("funnel lifted" in named) == (Valve.LIFTED in states)
