"""Known answers: officers finish what they have begun, begin nothing into a break, and take it in full, later.

Times of day are written in minutes after midnight. A vehicle of the small checkpoint that comes by itself reaches its
bay 8 s after its free passage, so it is made to come that much earlier.
"""

import numpy as np
import pytest

from funnelsim.analysis.measures import measure
from funnelsim.analysis.occupancy import overtime_h
from funnelsim.engines import compiled_engine, simpy_engine
from funnelsim.model.planning import plan_of

ENGINES = [simpy_engine, compiled_engine]
WAY_S = 8.0  # from the free passage to the bay
MIN_S = 60.0


def shift(from_, to, count=1, breaks=None, agency="police"):
    return {"agency": agency, "count": count, "from": from_, "to": to} | ({"breaks": breaks} if breaks else {})


def day_plan(build, roster, minutes, window=("08:00", "16:00"), crew=1):
    """Return a plan whose only stage takes exactly so many minutes by class, with a bay for everybody."""
    check = {
        "name": "check",
        "duration": {"mean_s": {kind: MIN_S * value for kind, value in minutes.items()}, "cv": 0.0},
        "crew": {"police": crew},
    }
    return plan_of(
        build(
            {
                "operation": {"opens": window[0], "closes": window[1]},
                "area": {"bays": 20, "stages": [check]},
                "staffing": {"roster": roster},
            }
        )
    )


def checks(engine, vehicles, plan, comes_min, kinds="box"):
    """Return the log, and beginnings and ends of the checks in minutes after midnight, in order of the vehicles."""
    after_opening_s = MIN_S * np.array(comes_min) - WAY_S - plan.window_s[0]
    log = engine.simulate(vehicles(plan, after_opening_s, kinds), plan)
    order = np.argsort(log.stage_vehicle, kind="stable")
    return log, (log.stage_from_s[order] / MIN_S).tolist(), (log.stage_to_s[order] / MIN_S).tolist()


NOON = 12 * 60


@pytest.mark.parametrize("engine", ENGINES)
def test_an_inspection_over_a_break_counts_in_full_and_the_break_is_taken_after_it(engine, build, vehicles):
    """11:55 to 12:10 over a break from 12:00 to 12:30: 15 minutes of work, and the break lasts from 12:10 to 12:40.

    With another check of 15 minutes at 12:35, which waits until 12:40, 30 of 450 minutes on duty are worked.
    """
    plan = day_plan(build, [shift("08:00", "16:00", breaks={"minutes": 30, "after_h": 4})], {"box": 15})
    log, begins, ends = checks(engine, vehicles, plan, [NOON - 5, NOON + 35])
    assert (begins, ends) == ([NOON - 5, NOON + 40], [NOON + 10, NOON + 55])
    measures = measure(log, plan)
    assert measures["crew_utilisation.police"] == pytest.approx(30 / 450)
    assert measures["overtime_officer_h"] == 0.0


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("minutes", "to"), [(30, "16:00"), (80, "12:40")], ids=["after the window", "lapsed"])
def test_officers_whose_break_falls_out_of_the_operation_are_busy_for_all_of_it(engine, build, vehicles, minutes, to):
    """At work from 11:50 until the funnel closes at 12:20, over a break from 12:00 that comes later or not at all."""
    roster = [shift("08:00", to, breaks={"minutes": 30, "after_h": 4})]
    plan = day_plan(build, roster, {"box": minutes}, window=("11:50", "12:20"))
    log, begins, _ = checks(engine, vehicles, plan, [NOON - 10])
    assert begins == [NOON - 10]
    assert measure(log, plan)["crew_utilisation.police"] == pytest.approx(1.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_begins_at_the_moment_at_which_a_break_begins(engine, build, vehicles):
    """Three checks of 5 minutes from minute 5 on, and a break from 10 to 15: they end at 10, 20 and 25."""
    hour = 60
    plan = day_plan(
        build,
        [shift("00:55", "16:00", breaks={"minutes": 5, "after_h": 0.25})],
        {"box": 5},
        window=("01:00", "01:24"),
    )
    _, begins, ends = checks(engine, vehicles, plan, [hour + 5, hour + 5.3, hour + 5.6])
    assert [end - hour for end in ends] == [10, 20, 25]
    assert [begin - hour for begin in begins] == [5, 15, 20]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_break_goes_to_whoever_was_at_work_when_it_began(engine, build, vehicles):
    """Two officers, breaks from 11:30 and from 12:00. One who is back at 12:00 does not take the other's.

    The second is in a check from 11:50 to 12:20, and has a break until 12:50. The first does three checks meanwhile.
    """
    plan = day_plan(
        build, [shift("08:00", "16:00", 2, {"minutes": 30, "after_h": 4})], {"box": 30, "truck": 10, "default": 10}
    )
    comes = [NOON - 10, NOON + 1, NOON + 12, NOON + 23, NOON + 24]
    _, begins, _ = checks(engine, vehicles, plan, comes, ["box", *["truck"] * 4])
    assert begins == [NOON - 10, NOON + 1, NOON + 12, NOON + 23, NOON + 33]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_break_that_is_due_comes_before_the_next_stage_of_the_same_vehicle(engine, build, vehicles):
    stages = [
        {"name": name, "duration": {"mean_s": 600.0, "cv": 0.0}, "crew": {"police": 1}} for name in ("papers", "search")
    ]
    plan = plan_of(
        build(
            {
                "operation": {"opens": "08:00", "closes": "16:00"},
                "area": {"bays": 2, "stages": stages},
                "staffing": {"roster": [shift("08:00", "16:00", breaks={"minutes": 30, "after_h": 4})]},
            }
        )
    )
    _, begins, _ = checks(engine, vehicles, plan, [NOON - 5])
    assert begins == [NOON - 5, NOON + 35]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_break_that_is_late_ends_with_the_shift(engine, build, vehicles):
    """The break from 12:00 to 12:30 begins at 12:20; the shift ends at 12:40, and then the next one is complete."""
    roster = [shift("08:00", "12:40", breaks={"minutes": 30, "after_h": 4}), shift("12:40", "16:00")]
    plan = day_plan(build, roster, {"box": 30})
    _, begins, _ = checks(engine, vehicles, plan, [NOON - 10, NOON + 33])
    assert begins == [NOON - 10, NOON + 40]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_break_that_work_overruns_to_the_end_of_the_shift_lapses(engine, build, vehicles):
    roster = [shift("08:00", "12:40", breaks={"minutes": 30, "after_h": 4}), shift("12:40", "16:00")]
    plan = day_plan(build, roster, {"box": 60})
    log, begins, _ = checks(engine, vehicles, plan, [NOON - 10, NOON + 33])
    assert begins == [NOON - 10, NOON + 50]
    assert overtime_h(log, plan)[0] == pytest.approx(10 / 60)


@pytest.mark.parametrize("engine", ENGINES)
def test_relief_that_waits_until_a_check_is_over_is_reported_and_the_check_is_overtime(engine, build, vehicles):
    """A check from 11:50 to 12:10 over a change of shift at 12:00: ten minutes of overtime, and ten of waiting."""
    plan = day_plan(build, [shift("08:00", "12:00"), shift("12:00", "16:00")], {"box": 20})
    log, begins, _ = checks(engine, vehicles, plan, [NOON - 10, NOON + 5])
    assert begins == [NOON - 10, NOON + 10]
    measures = measure(log, plan)
    assert measures["overtime_officer_h"] == pytest.approx(10 / 60)
    assert measures["relief_wait_officer_h"] == pytest.approx(10 / 60)
    assert measures["officer_h"] == pytest.approx(8 + 10 / 60)
    assert measures["crew_utilisation.police"] == pytest.approx(30 / 480)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_idle_officer_of_the_shift_that_ends_goes_before_one_at_work(engine, build, vehicles):
    """Two officers, of whom one goes home at 12:00 and one is in a check: the idle one goes; no overtime."""
    plan = day_plan(build, [shift("08:00", "12:00"), shift("08:00", "16:00")], {"box": 20})
    log, _, _ = checks(engine, vehicles, plan, [NOON - 10])
    measures = measure(log, plan)
    assert measures["overtime_officer_h"] == measures["relief_wait_officer_h"] == 0.0
