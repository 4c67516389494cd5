import numpy as np
import pytest

from funnelsim.analysis.fluid import capacity_of, fluid_of
from funnelsim.analysis.forecast import selection_chances
from funnelsim.analysis.measures import measure
from funnelsim.experiments.replication import log_of

VEHICLES = ("traffic", "counts", "vehicles")
CARS = (*VEHICLES, "car")
DAYS = ("operation", "days")
ROSTER = ("staffing", "roster")
STAGES = ("area", "stages")


def test_the_fluid_queue_is_that_of_a_deterministic_work_zone(planned):
    """Case 5 of the known answers: 400 more than can pass in an hour wait, 400 / 1400 h long."""
    vehicles = [0.0] * 24
    vehicles[7] = 1800.0
    vehicles[8] = 1000.0
    _, plan = planned(
        {
            VEHICLES: {"car": vehicles},
            ("lane", "capacity_vph"): 1400,
            ("selection",): {"rate": {"default": 0.0}, "look": {"mean_s": 0.0}},
            ("operation", "opens"): "07:00",
            ("operation", "closes"): "09:00",
        }
    )
    fluid = fluid_of(plan)
    assert fluid.waiting.max() == pytest.approx(400, rel=1e-3)
    assert fluid.wait_s.max() == pytest.approx(17.14 * 60, rel=1e-3)
    assert fluid.waiting[fluid.times_s == 9 * 3600.0 - 15.0] == pytest.approx(0.0, abs=0.1)  # an hour later


# Two lanes; 2,000 vehicles an hour come for the three hours for which the funnel stands, and 1,200 get through.
NOBODY = {"rate": {"default": 0.0}, "look": {"mean_s": 0.0}}
OVERLOADED = {
    ("traffic", "day_cv"): 0,  # a mean day
    VEHICLES: {"car": [0.0] * 6 + [2000.0] * 3 + [0.0] * 15},
    ("lane", "capacity_vph"): 1200,
    ("approach", "merge_s"): 0,
    ("lane", "speed_kmh"): 80,  # nothing is lost but the wait
    ("lane", "length_m"): 1,
    ("selection",): NOBODY,
    ("operation", "closes"): "09:00",
    ("operation", "run_out_min"): 180,
}


def p95_s(fluid):
    order = np.argsort(fluid.delay_s)
    share = np.cumsum((fluid.arriving * fluid.delayed)[order])
    return fluid.delay_s[order][np.searchsorted(share, 0.95 * share[-1])]


def test_after_closing_the_queue_dissolves_at_the_road_s_rate(planned):
    """The three hours by hand, and as simulated.

    Who comes t hours after the opening is number 2,000 t. Number 3,600, who came at 1.8 h, waits 1.2 h and is the
    last in the lane. The others pass from the closing on, R an hour: the last waits 2,400 / R hours. More than w hours
    wait those who come from 1.5 w until (3 - 3,600 / R - w) / (1 - 2,000 / R): 5 per cent of three hours for w = P95.
    """
    _, plan = planned(OVERLOADED)
    fluid = fluid_of(plan)
    road = capacity_of(plan, plan.road.demand.mix(plan.windows_s), selection_chances(plan)[0]).road
    slope = 1.0 / (1.0 - 2000.0 / road)
    p95_h = ((3.0 - 3600.0 / road) * slope - 0.15) / (1.5 + slope)
    assert fluid.waiting.max() == pytest.approx(2400)
    assert fluid.wait_s.max() == pytest.approx(1.2 * 3600.0, abs=15.0)
    assert fluid.wait_s[fluid.times_s == 9 * 3600.0 - 15.0] == pytest.approx(2400 / road * 3600.0, abs=1.0)
    assert p95_s(fluid) == pytest.approx(p95_h * 3600.0, abs=15.0)
    assert p95_s(fluid) / 60.0 == pytest.approx(69.1, abs=1.0)  # simulated: 69.1 +- 0.3


# What happens while vehicles wait, and by how much the forecast of the delay may miss the simulated one.
WAITS = {
    "the demand goes on": ({VEHICLES: {"car": [0.0] * 6 + [2000.0] * 6 + [0.0] * 12}}, 0.03),
    "the demand ends early": ({VEHICLES: {"car": [0.0] * 6 + [2000.0] + [0.0] * 17}}, 0.03),
    "the funnel opens again upon the queue": (
        {
            VEHICLES: {"car": [0.0] * 6 + [2000.0] * 6 + [0.0] * 12},
            ("operation", "closes"): "08:00",
            ("operation", "also"): [{"opens": "08:15", "closes": "10:00"}],
        },
        0.03,
    ),
    "the valve suspends selection": (
        {
            ("lane", "capacity_vph"): 1800,
            ("selection",): {
                "rate": {"default": 0.01},
                "look": {"mean_s": 2.8},
                "valve": {"suspend_at_m": 2000, "resume_at_m": 500},
            },
        },
        0.05,
    ),
    "the valve lifts the funnel": ({("selection", "valve"): {"lift_at_m": 2000, "resume_at_m": 500}}, 0.1),
    "the road is too narrow, too": ({("approach", "lanes"): 1, ("operation", "run_out_min"): 400}, 0.03),
    "merging and the slow lane cost time": ({("lane", "length_m"): 500, ("lane", "speed_kmh"): 10}, 0.03),
}


@pytest.mark.parametrize("case", WAITS)
def test_the_forecast_of_the_delay_is_near_the_simulated_one(planned, case):
    changes, tolerance = WAITS[case]
    _, plan = planned(OVERLOADED | {("selection", "valve"): {}} | changes)
    fluid = fluid_of(plan)
    simulated = [measure(log_of(plan, 1, replication), plan) for replication in range(8)]
    mean_s = np.average(fluid.delay_s, weights=fluid.arriving * fluid.delayed)
    for forecast_s, name in (
        (p95_s(fluid), "delay_p95_s"),
        (fluid.delay_s.max(), "delay_max_s"),
        (mean_s, "delay_mean_s"),
    ):
        assert forecast_s == pytest.approx(np.mean([one[name] for one in simulated]), rel=tolerance), name


@pytest.mark.heavy
def test_the_fluid_queue_is_near_the_simulated_one(planned):
    changes = {
        VEHICLES: {"car": [900] * 7 + [1400] * 3 + [900] * 14, "lorry": [100] * 24},
        ("traffic", "day_cv"): 0,
        ("selection", "valve"): {},
    }
    _, plan = planned(changes)
    fluid = fluid_of(plan)
    simulated = [measure(log_of(plan, 1, replication), plan) for replication in range(3)]
    assert fluid.tail_m.max() == pytest.approx(np.mean([m["tail_max_m"] for m in simulated]), rel=0.15)
    assert fluid.wait_s.max() == pytest.approx(np.mean([m["delay_max_s"] for m in simulated]) - 31.25, rel=0.15)


def test_the_valve_holds_the_fluid_queue(planned):
    lifted = {VEHICLES: {"car": [1700] * 24}, ("selection", "valve"): {"lift_at_m": 1200.0, "resume_at_m": 300.0}}
    _, plan = planned(lifted)
    fluid = fluid_of(plan)
    assert 1200.0 <= fluid.tail_m.max() < 1500.0


def test_capacity_without_a_look_is_the_lane_alone(planned):
    _, plan = planned({("selection", "look"): {"mean_s": 0.0}})
    capacity = capacity_of(plan, plan.road.demand.mix(plan.windows_s), selection_chances(plan)[0])
    assert capacity.selecting == capacity.diverting < capacity.lane < capacity.road


def test_the_queue_of_each_window_is_that_of_its_own_demand(planned):
    """The same two hours twice a day, and twice a second day: four times the same queue, and none in between."""
    rush = [0] * 7 + [1700, 900] + [0] * 8 + [1700, 900] + [0] * 5
    changes = {
        CARS: rush,
        ("operation", "opens"): "07:00",
        ("operation", "closes"): "09:00",
        ("operation", "also"): [{"opens": "17:00", "closes": "19:00"}],
        DAYS: 2,
        ROSTER: [{"agency": name, "count": 10, "from": "06:00", "to": "20:00"} for name in ("police", "customs")],
    }
    _, plan = planned(changes)
    fluid = fluid_of(plan)
    longest = [fluid.tail_m[(fluid.times_s >= a) & (fluid.times_s < b)].max() for a, b in plan.windows_s]
    assert longest[0] > 1000.0
    assert longest == pytest.approx([longest[0]] * 4)
    assert not fluid.stands[(fluid.times_s >= 9 * 3600.0) & (fluid.times_s < 17 * 3600.0)].any()
    assert fluid.times_s.max() < plan.road.demand.window_s[1]
    assert not ((fluid.times_s >= 11 * 3600.0) & (fluid.times_s < 17 * 3600.0)).any()  # after the run-out


def test_between_two_windows_the_road_runs_free(planned):
    """A queue left at 08:00 dissolves at once where the funnel is gone, though the demand stays; it grows where not."""
    rush = {CARS: [1500] * 24, ("operation", "opens"): "06:00", ("operation", "closes"): "08:00"}
    also = ("operation", "also")
    apart = fluid_of(planned(rush | {also: [{"opens": "08:30", "closes": "10:00"}]})[1])
    joined = fluid_of(planned(rush | {("operation", "closes"): "10:00"})[1])
    at = apart.times_s == 8.5 * 3600.0 - 15.0
    assert apart.waiting[at] == 0.0
    assert joined.waiting[at] > 400.0


def test_the_valve_of_the_fluid_opens_anew_in_each_window(planned):
    """At 10:00 the queue lies between the two lengths of the valve, shut since the rush; it opens with a window."""
    changes = {
        CARS: [900] * 7 + [1450] + [1250] * 16,
        ("selection", "valve"): {"suspend_at_m": 900, "resume_at_m": 10},
        ("operation", "closes"): "10:00",
    }
    again = {("operation", "also"): [{"opens": "10:00", "closes": "14:00"}]}
    one, two = (fluid_of(planned(changes | more)[1]) for more in ({("operation", "closes"): "14:00"}, again))
    at, later = (one.times_s == time_h * 3600.0 for time_h in (10.0, 10.25))
    assert 10.0 < one.tail_m[at] < 900.0
    assert one.waiting[at] == pytest.approx(two.waiting[at], abs=1.0)
    assert one.waiting[later] < one.waiting[at]
    assert two.waiting[later] > two.waiting[at]


def test_the_fluid_of_a_day_is_that_of_every_day(planned):
    rush = {CARS: [900] * 7 + [1400] * 2 + [900] * 15}
    _, one = planned(rush)
    _, three = planned(rush | {DAYS: 3})
    assert fluid_of(three).longest_m == fluid_of(one).longest_m > 0.0
    assert fluid_of(three).waiting.reshape(3, -1) == pytest.approx(np.tile(fluid_of(one).waiting, (3, 1)))


@pytest.mark.parametrize(("officers", "passes"), [(1, 3600 / 4.4), (4, 1500)])
def test_vehicles_that_halt_for_the_look_lose_it_after_moving_up(planned, officers, passes):
    """2.4 s of headway, then 2 s of look: one officer looks at 3600 / 4.4; beside three others nobody waits for it."""
    look = {"mode": "stop", "mean_s": 2.0, "cv": 0.0, "officers": officers}
    changes = {
        VEHICLES: {"car": [600] * 24},
        ("selection",): {"rate": {"default": 0.0}, "look": look},
        ("targets",): [],
        STAGES: [{"name": "documents", "duration": {"mean_s": 60}}],
        ("lane", "headway_cv"): 0.0,
    }
    _, plan = planned(changes)
    capacity = capacity_of(plan, plan.road.demand.mix(plan.windows_s), selection_chances(plan)[0])
    assert capacity.selecting == pytest.approx(passes)
    assert capacity.look == pytest.approx(officers * 3600 / 4.4)


@pytest.mark.parametrize("mode", ["rolling", "stop"])
@pytest.mark.parametrize(("officers", "look_s"), [(1, 3.0), (2, 3.0), (3, 7.0), (4, 9.0)])
def test_as_many_get_through_past_officers_who_look_as_in_a_simulation(planned, mode, officers, look_s):
    """In a lane where vehicles always wait, with looks, headways and classes that differ."""
    changes = {
        VEHICLES: {"car": [2400] * 24, "lorry": [400] * 24},
        ("traffic", "day_cv"): 0,
        ("selection", "rate"): {"default": 0.02},
        ("selection", "valve"): {},
        ("selection", "look"): {"mode": mode, "officers": officers, "mean_s": look_s},
        ("operation", "stop_selecting_min"): 0,
    }
    _, plan = planned(changes)
    opens_s, closes_s = plan.window_s
    passed_s = log_of(plan, 1, 0).passed_s
    simulated = np.count_nonzero((passed_s >= opens_s + 600.0) & (passed_s < closes_s))
    simulated_vph = simulated * 3600.0 / (closes_s - opens_s - 600.0)
    capacity = capacity_of(plan, plan.road.demand.mix(plan.windows_s), selection_chances(plan)[0])
    assert capacity.selecting == pytest.approx(simulated_vph, rel=0.02)
