"""Chase cars in cases computed by hand (the small checkpoint of conftest). Times count from the opening.

Every target turns at the sight of the funnel, 5 s before its free passage of the selection point; pursuits take 100 s.
"""

import numpy as np
import pytest

from funnelsim.errors import PlanError
from funnelsim.model import random_numbers
from funnelsim.model.random_streams import BROUGHT, PURSUED
from funnelsim.model.states import Fate
from funnelsim.units import NEVER

TICK = 2**-20


def chasing(*, area=None, selection=None, roster=None, **chase):
    table = {"cars": 1, "pursues": 1.0, "brings": 1.0, "duration": {"mean_s": 100.0, "cv": 0.0}} | chase
    stages = [{"name": "check", "duration": {"mean_s": 300.0, "cv": 0.0}, "finds": {"hidden": 1.0}}]
    after = {"duration": {"mean_s": 50.0, "cv": 0.0}}
    return {
        "targets": [{"name": "hidden", "per_10k": {"box": 1.0}, "evade": {"visible": 1.0}}],
        "area": {"stages": stages, "after_detection": after} | (area or {}),
        "selection": selection or {},
        "staffing": {"chase": table, "roster": roster or []},
    }


def pursuits(outcome):
    log, opens_s = outcome
    return list(
        zip(
            log.pursuit_vehicle.tolist(),
            (log.pursuit_from_s - opens_s).tolist(),
            (log.pursuit_to_s - opens_s).tolist(),
            strict=True,
        )
    )


def test_whoever_turns_away_is_pursued_brought_to_the_area_and_inspected_there(run):
    outcome = run(chasing(), [105], targets=[1])
    log, opens_s = outcome
    assert pursuits(outcome) == [(0, 100, 200)]
    assert log.fate.tolist() == [Fate.BROUGHT_BACK]
    assert log.chase_ready.tolist() == [True]
    assert log.found_at.tolist() == [0]
    times = (log.area_s, log.bay_from_s, log.bay_to_s, log.left_s)
    assert [values[0] - opens_s for values in times] == [200, 200, 550, 550]
    assert log.passed_s.tolist() == [NEVER]
    assert log.inspected.all()


def test_ordinary_vehicles_are_let_alone_but_note_whether_a_car_was_ready(run):
    outcome = run(chasing(), [4, 105])
    assert pursuits(outcome) == []
    assert outcome[0].chase_ready.tolist() == [False, True]  # before the opening none is


def test_a_place_is_kept_from_the_moment_the_pursuit_begins(run):
    one = {"bays": 1, "waiting": 0}
    log, _ = run(chasing(area=one), [92 - TICK, 105], targets=[0, 1])
    assert log.fate.tolist() == [Fate.INSPECTED, Fate.EVADED]  # the box passes just before the target could turn
    assert log.chase_ready.tolist() == [True, False]
    log, _ = run(chasing(area=one), [92, 105], targets=[0, 1])
    assert log.fate.tolist() == [Fate.AREA_FULL, Fate.BROUGHT_BACK]  # at one moment who turns off comes first


def test_a_pursuit_in_vain_gives_its_place_back(run):
    one = {"bays": 1, "waiting": 0}
    outcome = run(chasing(area=one, brings=0.0), [105, 192 - TICK, 192], targets=[1, 0, 0])
    log, _ = outcome
    assert pursuits(outcome) == [(0, 100, 200)]
    assert log.fate.tolist() == [Fate.EVADED, Fate.AREA_FULL, Fate.INSPECTED]
    assert log.left_s[0] == NEVER


def test_the_place_of_a_pursuit_in_vain_goes_to_a_vehicle_held_in_the_lane(run):
    hold = {"bays": 1, "waiting": 0, "when_full": "hold"}
    log, opens_s = run(chasing(area=hold, brings=0.0), [105, 120, 130], targets=[1, 0, 0])
    assert (log.passed_s - opens_s).tolist() == [NEVER, 200, 500]
    assert log.fate.tolist() == [Fate.EVADED, Fate.INSPECTED, Fate.INSPECTED]


def test_a_place_kept_for_a_pursuit_is_freed_when_the_bay_is(run):
    hold = {"bays": 1, "waiting": 0, "when_full": "hold"}
    log, opens_s = run(chasing(area=hold), [105, 120], targets=[1, 0])
    assert log.bay_to_s[0] - opens_s == 550
    assert log.passed_s[1] - opens_s == 550


def test_a_car_that_is_away_pursues_nobody_else_until_its_very_return(run):
    outcome = run(chasing(), [105, 155, 205 - TICK, 205], targets=[1] * 4)
    log, _ = outcome
    assert pursuits(outcome) == [(0, 100, 200), (3, 200, 300)]
    assert log.chase_ready.tolist() == [True, False, False, True]
    assert log.fate.tolist() == [Fate.BROUGHT_BACK, Fate.EVADED, Fate.EVADED, Fate.BROUGHT_BACK]


def test_two_cars_pursue_two(run):
    outcome = run(chasing(cars=2), [105, 155, 160], targets=[1] * 3)
    assert pursuits(outcome) == [(0, 100, 200), (1, 150, 250)]


def test_a_car_needs_its_crew_and_takes_it_from_the_inspections(run):
    shift = {"agency": "police", "count": 1, "from": "00:00", "to": "01:02"}
    roster = [
        shift,
        shift | {"from": "01:04", "to": "03:00"},
        shift | {"agency": "guard", "from": "00:30", "to": "03:00"},
    ]
    outcome = run(chasing(crew={"police": 1}, roster=roster), [105, 205, 245 - TICK, 245], targets=[1] * 4)
    log, _ = outcome
    assert log.chase_ready.tolist() == [True, False, False, True]
    crewed = chasing(crew={"police": 1}, roster=[shift])
    crewed["area"]["stages"][0]["crew"] = {"police": 1}
    with pytest.raises(PlanError, match="no police can be free"):  # the only officer sits in the car
        run(crewed, [0])


def test_brought_vehicles_take_their_turn_when_they_come(run):
    """The box is singled out at 158 s and has the only bay; the one pursued since 100 s comes at 200 s."""
    log, opens_s = run(chasing(area={"bays": 1, "waiting": 1}), [105, 150], targets=[1, 0])
    assert (log.bay_from_s - opens_s).tolist() == [458, 158]


def test_whoever_leaves_at_the_exit_is_pursued_too(run):
    """Looks of 20 s, a 20 m lane: the vehicle that passes the exit at 26 s sees 20 m of queue and leaves."""
    changes = chasing(selection={"rate": {"default": 0.0}}) | {
        "lane": {"length_m": 20.0},
        "approach": {"exit": {"at_m": 60.0, "leave_when_tail_m": 20.0, "share": 1.0}},
    }
    outcome = run(changes, [5 * k for k in range(8)], look_s=20)
    log, _ = outcome
    assert pursuits(outcome) == [(6, 26, 126)]
    assert log.fate.tolist()[5:] == [Fate.NOT_SELECTED, Fate.BROUGHT_BACK, Fate.LEFT_AT_EXIT]


def test_whom_the_word_has_reached_is_not_there_to_be_pursued(run):
    changes = chasing()
    changes["targets"][0]["evade"] = {"alerted": 1.0, "half_life_h": 0.001}
    outcome = run(changes, [405], targets=[1])
    assert outcome[0].fate.tolist() == [Fate.EVADED]
    assert pursuits(outcome) == []


def test_shares_pursued_and_brought_follow_the_dice_of_the_vehicle(run):
    changes = chasing(
        cars=50, pursues=0.6, brings=0.3, duration={"mean_s": 1.0, "cv": 0.0}, area={"bays": 500, "waiting": 0}
    )
    log, _ = run(changes, [10.0 + 5 * k for k in range(500)], targets=[1] * 500)
    pursued = random_numbers.draws(1, 0, PURSUED, log.traffic.number) < 0.6
    brought = random_numbers.draws(1, 0, BROUGHT, log.traffic.number) < 0.3
    assert log.pursuit_vehicle.tolist() == np.flatnonzero(pursued).tolist()
    assert np.array_equal(log.fate == Fate.BROUGHT_BACK, pursued & brought)
    assert 60 < (pursued & brought).sum() < 120


def test_after_the_closing_nobody_is_pursued(run):
    changes = chasing(selection={"rate": {"default": 0.0}}) | {
        "lane": {"length_m": 20.0},
        "approach": {"exit": {"at_m": 60.0, "leave_when_tail_m": 20.0, "share": 1.0}},
    }
    outcome = run(changes, [3576 + 5 * k for k in range(8)], look_s=20)
    log, _ = outcome
    assert log.fate[6] == Fate.LEFT_AT_EXIT  # passes the exit at 3602 s, when the queue of the closing still stands
    assert pursuits(outcome) == []
