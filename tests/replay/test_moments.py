"""Moments and the states of the selection point agree with the measures of the same log."""

import numpy as np
import pytest

from funnelsim.analysis.measures import measure
from funnelsim.model.states import Valve
from funnelsim.replay.gate_steps import GateState
from funnelsim.replay.moments import MomentKind, moments_of
from funnelsim.replay.outcomes import Outcome


@pytest.fixture(scope="module")
def moments(busy):
    _, plan, tracks = busy
    return moments_of(tracks, plan)


def of_kind(moments, kind):
    return [one.time_s for one in moments if one.kind == kind]


def test_moments_are_in_order_and_include_opening_and_closing(busy, moments):
    _, plan, _ = busy
    assert [one.time_s for one in moments] == sorted(one.time_s for one in moments)
    assert of_kind(moments, MomentKind.OPENS) == plan.funnel.opens_s.tolist()
    assert of_kind(moments, MomentKind.CLOSES) == plan.funnel.closes_s.tolist()


def test_the_queue_reaches_the_critical_point_if_the_measure_says_spillback(busy, moments):
    log, plan, tracks = busy
    assert measure(log, plan)["spillback"] == 1.0
    times_s = of_kind(moments, MomentKind.CRITICAL)
    assert times_s
    moments_s, metres = tracks.roads[0].queue
    for time_s in times_s:
        at = int(np.searchsorted(moments_s, time_s))
        assert metres[at] > plan.funnel.critical_m >= metres[at - 1]


def test_every_find_is_a_moment(busy, moments):
    log, plan, _ = busy
    assert len(of_kind(moments, MomentKind.FOUND)) == measure(log, plan)["detections"] > 0


def test_whoever_is_waved_through_comes_after_a_moment_at_which_the_area_became_full(busy, moments):
    _, _, tracks = busy
    first_s = tracks.passes_s[tracks.outcome == Outcome.AREA_FULL].min()
    assert of_kind(moments, MomentKind.AREA_FULL)[0] <= first_s


def test_the_valve_suspends_when_the_log_says_so(busy, moments):
    log, _, _ = busy
    assert of_kind(moments, MomentKind.SUSPENDED) == log.valve_s[log.valve == Valve.SUSPENDED].tolist()
    assert of_kind(moments, MomentKind.RESUMED) == log.valve_s[log.valve == Valve.OPEN].tolist()


def test_the_states_of_the_selection_point_last_as_long_as_the_measures_say(busy):
    log, plan, tracks = busy
    moments_s, states = tracks.roads[0].gate
    opens_s, closes_s = plan.window_s
    lasts_s = np.diff(np.clip(np.append(moments_s, np.inf), opens_s, closes_s))
    measures = measure(log, plan)
    for state, name in (
        (GateState.SELECTING, "selecting_share"),
        (GateState.SUSPENDED, "suspended_share"),
        (GateState.LIFTED, "lifted_share"),
        (GateState.UNSTAFFED, "unstaffed_share"),
        (GateState.LAST_MINUTES, "last_minutes_share"),
    ):
        assert lasts_s[states == state].sum() / (closes_s - opens_s) == pytest.approx(measures[name]), name
    assert lasts_s[states == GateState.CLOSED].sum() == 0.0
    assert measures["suspended_share"] > 0.0
