"""Where a queue tips: from which capacity or look on it forms, and from which on it outlasts the window."""

import numpy as np
import pytest

from funnelsim.analysis.fluid import fluid_of
from funnelsim.analysis.tipping import queue_forms, queue_stays
from funnelsim.reporting.queue_words import clearing_text, tipping_text, waiting_at_closing_text

PEAK = [0.0] * 6 + [1000.0] * 4 + [600.0] * 6 + [0.0] * 8  # from 06:00 on: 4 h of 1,000 vehicles an hour, then 600


def looked_at(look_s, **more):
    """Return the changes for an officer who looks at everybody for so long, in a window of 8 h, without a valve."""
    return {
        ("traffic", "counts", "vehicles"): {"car": PEAK},
        ("operation", "stop_selecting_min"): 0,
        ("selection",): {"rate": {"default": 0.0}, "look": {"mean_s": look_s, "cv": 0.0, **more}},
        ("lane", "headway_cv"): 0.0,
    }


@pytest.mark.parametrize(
    ("look_s", "queue", "wait_min", "said"),
    [
        (3.5, 0, 0, ""),
        (4.0, 400, 400 / 15, "it is gone around 11:20, 1 h 20 min later"),
        (5.0, 1120, 93.3, "it is gone after closing, around 14:10"),
    ],
)
def test_a_peak_is_cleared_late_or_not_at_all(planned, look_s, queue, wait_min, said):
    """3,600 / 4.0 = 900 an hour leave 400 after four hours, gone in 400 / 300 h; 720 an hour leave 640 at closing."""
    fluid = fluid_of(planned(looked_at(look_s))[1])
    assert fluid.waiting.max() == pytest.approx(queue, abs=1e-6)
    assert fluid.wait_s.max() / 60.0 == pytest.approx(wait_min, abs=0.05)
    assert clearing_text(fluid) == said


def test_a_queue_forms_at_the_peak_and_outlasts_the_window_at_its_mean(planned):
    """A look of 3.6 s passes 1,000 an hour; 800 an hour pass the 6,400 vehicles of 8 h."""
    _, plan = planned(looked_at(4.0))
    forms, stays = queue_forms(plan), queue_stays(plan)
    assert (forms.capacity_vph, stays.capacity_vph) == pytest.approx((1000.0, 800.0))
    assert (forms.look_s, stays.look_s) == pytest.approx((3.6, 4.5), rel=1e-6)
    assert tipping_text(plan) == (
        "A queue forms if fewer than 1,000 vehicles an hour get through (looks over 3.6 s); it does not clear before "
        "closing with fewer than 800 (looks over 4.5 s)."
    )


def test_a_peak_at_the_end_of_a_window_tips_both_at_once(planned):
    changes = looked_at(2.0) | {("operation", "closes"): "10:00"}
    _, plan = planned(changes)
    assert (queue_forms(plan).capacity_vph, queue_stays(plan).capacity_vph) == pytest.approx((1000.0, 1000.0))
    assert tipping_text(plan).startswith("A queue forms and does not clear before closing if fewer than 1,000")


def test_the_window_that_tips_first_counts(planned):
    """Two hours of 1,000 an hour need them all; 1,000, 600, 600 need 733 on average."""
    changes = looked_at(2.0) | {
        ("operation", "opens"): "09:00",
        ("operation", "closes"): "12:00",
        ("operation", "also"): [{"opens": "12:30", "closes": "14:00"}],
    }
    _, plan = planned(changes)
    assert queue_forms(plan).capacity_vph == pytest.approx(1000.0)
    assert queue_stays(plan).capacity_vph == pytest.approx(2200 / 3)


def test_windows_without_a_break_are_one(planned):
    """Four hours of 1,000 and four of 600: 800 on average, whether the funnel closes at 10:00 for a moment or not."""
    changes = looked_at(4.0) | {
        ("operation", "closes"): "10:00",
        ("operation", "also"): [{"opens": "10:00", "closes": "14:00"}],
    }
    scenario, plan = planned(changes)
    assert queue_stays(plan).capacity_vph == pytest.approx(800.0)
    assert waiting_at_closing_text(fluid_of(plan), scenario.operation) == ""


def test_vehicles_that_halt_lose_the_moving_up_to_the_look(planned):
    """A headway of 2.4 s and a look of 1.2 s make 3.6 s a vehicle."""
    _, plan = planned(looked_at(2.0, mode="stop") | {("lane", "capacity_vph"): 1500})
    assert (queue_forms(plan).look_s, queue_stays(plan).look_s) == pytest.approx((1.2, 2.1), rel=1e-6)


def test_a_lane_that_does_not_carry_the_peak_tips_without_a_look(planned):
    _, plan = planned(looked_at(2.0) | {("lane", "capacity_vph"): 900})
    assert queue_forms(plan).look_s is None
    assert queue_stays(plan).look_s == pytest.approx(4.5, rel=1e-6)
    assert "1,000 vehicles an hour get through (more than the lane carries)" in tipping_text(plan)


@pytest.mark.parametrize("from_the_value", [0.97, 1.03])
def test_the_tipping_points_are_those_of_the_queue_forecast(planned, from_the_value):
    """With scattered looks and two classes: just below the look there is no queue, just above it there is one."""
    changes = looked_at(2.0) | {("traffic", "counts", "vehicles"): {"car": PEAK, "lorry": [50.0] * 24}}
    changes[("selection",)] = {"rate": {"default": 0.02}, "look": {"mean_s": 2.0, "cv": 0.5}, "valve": {}}
    _, plan = planned(changes)
    for tips, left in (
        (queue_forms(plan), lambda fluid: fluid.waiting[fluid.stands].max()),
        (queue_stays(plan), lambda fluid: fluid.waiting[fluid.stands][-1]),
    ):
        look = changes[("selection",)]["look"] | {"mean_s": tips.look_s * from_the_value}
        fluid = fluid_of(planned(changes | {("selection", "look"): look})[1])
        assert (left(fluid) > 1.0) == (from_the_value > 1.0)


def test_without_traffic_nothing_tips(planned):
    _, plan = planned(looked_at(2.0) | {("traffic", "counts", "vehicles"): {"car": [0.0] * 24}})
    assert tipping_text(plan) == ""
    assert queue_stays(plan).look_s == np.inf


def test_a_valve_is_left_out_and_that_is_said(planned):
    _, plan = planned(looked_at(4.0) | {("selection", "valve"): {"lift_at_m": 500}})
    assert queue_stays(plan).capacity_vph == pytest.approx(800.0)
    assert tipping_text(plan).startswith("Without the valve, a queue forms if")


def test_a_queue_that_comes_back_is_not_said_to_be_gone(planned):
    """1,000 an hour meet a look of 4 s twice, with three hours of 300 in between."""
    twice = {
        ("traffic", "counts", "vehicles"): {
            "car": [0.0] * 6 + [1000.0, 1000.0, 300.0, 300.0, 300.0, 990.0] + [0.0] * 12
        }
    }
    fluid = fluid_of(planned(looked_at(4.0) | twice)[1])
    assert clearing_text(fluid).endswith("later, and then another forms")
