import numpy as np
import pytest

from funnelsim.scenario.roster import duty_of

H = 3600.0


def shift(agency, count, from_, to, **keys):
    return {"agency": agency, "count": count, "from": from_, "to": to, **keys}


@pytest.fixture
def duty(build):
    """Return the duty of an operation from a given opening to a given closing, 06:00 to 14:00 if not told otherwise."""

    def duty(
        *shifts, opens="06:00", closes="14:00", also=(), days=1, posts=None, post=None, stages=None, chase=None, **keys
    ):
        changes = {
            "operation": {"opens": opens, "closes": closes, "also": list(also), "days": days},
            "staffing": {"roster": list(shifts), "posts": posts or {}} | ({"chase": chase} if chase else {}),
            "selection": {"post": post or {}},
            **keys,
        }
        if stages:
            changes["area"] = {"stages": stages}
        return duty_of(build(changes))

    return duty


def on_duty(duty, hour, agency="police"):
    return int(duty.on_duty[duty.at(hour * H), duty.agencies.index(agency)])


def spans_away(duty, agency="police"):
    """Return (from, to, officers away) of every step in which somebody is on a break."""
    column = duty.agencies.index(agency)
    away = duty.rostered[:, column] - duty.on_duty[:, column]
    ends = np.append(duty.times_s[1:], np.inf)
    return [(a, b, int(n)) for a, b, n in zip(duty.times_s, ends, away, strict=True) if n]


# Shifts


def test_a_shift_holds_from_its_beginning_up_to_its_end(duty):
    police = duty(shift("police", 3, "07:00", "09:00"))
    assert [on_duty(police, hour) for hour in (6.9, 7.0, 8.99, 9.0)] == [0, 3, 3, 0]


def test_shifts_of_one_agency_add_up(duty):
    police = duty(shift("police", 3, "06:00", "10:00"), shift("police", 2, "09:30", "14:00"))
    assert [on_duty(police, hour) for hour in (6, 9.5, 10, 13.9, 14)] == [3, 5, 2, 2, 0]


def test_a_shift_that_begins_before_the_opening_counts_from_its_beginning(duty):
    police = duty(shift("police", 3, "05:15", "13:00"))
    assert [on_duty(police, hour) for hour in (5.2, 5.25, 12.9)] == [0, 3, 3]
    assert police.officer_h.tolist() == [3 * 7.75]


@pytest.mark.parametrize(
    ("from_", "to", "begins_h", "ends_h"),
    [
        ("21:30", "06:30", 21.5, 30.5),  # over midnight
        ("00:00", "06:00", 24.0, 30.0),  # after midnight: the second day
        ("18:00", "23:30", 18.0, 23.5),  # before midnight: the first
        ("01:00", "01:00", 25.0, 49.0),  # a whole day: five hours of the second, three of the first
        ("02:00", "02:00", 2.0, 26.0),  # four hours of both: the first
        ("22:00", "22:00", 22.0, 46.0),
    ],
)
def test_a_shift_of_a_night_operation_lies_where_it_overlaps_the_operation_most(duty, from_, to, begins_h, ends_h):
    police = duty(shift("police", 1, from_, to), opens="22:00", closes="06:00")
    assert police.times_s.tolist() == [-np.inf, begins_h * H, ends_h * H]


def test_a_shift_of_the_evening_before_lies_before_an_early_operation(duty):
    police = duty(shift("police", 1, "22:00", "06:00"), opens="00:00", closes="05:00")
    assert police.times_s.tolist() == [-np.inf, -2 * H, 6 * H]


def test_an_agency_that_only_a_crew_or_a_post_names_is_known_with_nobody_on_duty(duty):
    stage = {"name": "check", "duration": {"mean_s": 60.0}, "crew": {"customs": 1}}
    known = duty(shift("police", 1, "06:00", "14:00"), stages=[stage], posts={"cones": {"road authority": 1}})
    assert known.agencies == ("police", "customs", "road authority")
    assert known.on_duty[:, 1:].max() == 0


def test_hours_and_cost_add_up_by_agency(duty):
    police = duty(
        shift("police", 2, "06:00", "10:00", cost_per_h=40.0),
        shift("police", 4, "10:00", "14:00", cost_per_h=55.0),
        shift("customs", 0, "06:00", "14:00"),
    )
    assert police.officer_h.tolist() == [24.0, 0.0]
    assert police.cost.tolist() == [1200.0, 0.0]
    assert police.cost_per_h.tolist() == [50.0, 0.0]


def test_without_a_roster_nobody_is_there(duty):
    nobody = duty()
    assert nobody.agencies == ()
    assert nobody.times_s.tolist() == [-np.inf]
    assert nobody.staffed.tolist() == [True]  # there is no post to be staffed


# Breaks


def test_breaks_not_in_turn_are_taken_by_all_at_once(duty):
    breaks = {"minutes": 30.0, "after_h": 3.0, "in_turn": False}
    police = duty(shift("police", 4, "06:00", "13:00", breaks=breaks))
    assert spans_away(police) == [(9 * H, 9.5 * H, 4)]


BREAKS = [(30.0, 4.0), (15.0, 2.0), (45.0, 1.0), (20.0, 6.0), (7.0, 0.5)]


@pytest.mark.parametrize("count", [2, 3, 8, 9, 30])
@pytest.mark.parametrize(("minutes", "after_h"), BREAKS)
def test_breaks_are_staggered_so_that_never_all_are_away(duty, count, minutes, after_h):
    """With room for two groups at least, no more are away at once than the largest group."""
    groups = min(count, int(after_h * 60.0 // minutes))
    police = duty(shift("police", count, "06:00", "14:00", breaks={"minutes": minutes, "after_h": after_h}))
    away = [officers for _, _, officers in spans_away(police)]
    assert away
    assert max(away) == -(-count // groups)
    if groups > 1:
        assert max(away) < count


@pytest.mark.parametrize("count", [1, 2, 3, 8, 9])
@pytest.mark.parametrize(("minutes", "after_h"), BREAKS)
def test_everybody_has_a_break_of_full_length_by_the_time_it_is_due(duty, count, minutes, after_h):
    """In officer-minutes: until the last group is back, each has been away once and no longer than once."""
    police = duty(shift("police", count, "06:00", "14:00", breaks={"minutes": minutes, "after_h": after_h}))
    due_s = 6 * H + after_h * H + minutes * 60.0
    away = sum(officers * (min(b, due_s) - a) for a, b, officers in spans_away(police) if a < due_s)
    first_back_s = min(b for _, b, _ in spans_away(police))
    assert first_back_s + after_h * H >= due_s - 1e-6  # so nobody's second break lies before the last one's first
    assert away == pytest.approx(count * minutes * 60.0)


def test_breaks_follow_each_other_in_turn(duty):
    """Three officers, half an hour after 4 h: away from 9:00 on in turn, and again 4.5 h later if it fits."""
    police = duty(shift("police", 3, "06:00", "14:30", breaks={"minutes": 30.0, "after_h": 4.0}))
    assert [(a / H, b / H, n) for a, b, n in spans_away(police)] == [
        (9.0, 9.5, 1),
        (9.5, 10.0, 1),
        (10.0, 10.5, 1),
        (13.5, 14.0, 1),
    ]


def test_a_break_that_would_not_end_before_the_shift_does_is_left_out(duty):
    police = duty(shift("police", 1, "06:00", "10:30", breaks={"minutes": 30.0, "after_h": 4.0}))
    assert spans_away(police) == []


def test_steps_lie_on_the_grid_of_the_clock(duty):
    """An inspection that waits for the end of a break begins at that moment, and every moment is on the grid."""
    police = duty(shift("police", 3, "06:00", "14:00", breaks={"minutes": 7.7777, "after_h": 0.3333}))
    steps = police.times_s[1:] * 2.0**20
    assert (steps == np.floor(steps)).all()


# Posts


def test_posts_are_staffed_in_the_order_of_the_file_and_the_rest_is_free(duty):
    police = duty(
        shift("police", 5, "06:00", "14:00"),
        posts={"cones": {"police": 2}, "desk": {"police": 1}},
        post={"police": 1},
    )
    step = police.at(7 * H)
    assert police.free[step].tolist() == [1]
    assert bool(police.staffed[step])
    assert not police.staffed[0]


def test_a_post_is_staffed_wholly_or_not_at_all(duty):
    """Three officers: two at the cones; the desk needs two and has none; the selection point takes the third."""
    police = duty(
        shift("police", 3, "06:00", "14:00"),
        posts={"cones": {"police": 2}, "desk": {"police": 2}},
        post={"police": 1},
    )
    step = police.at(7 * H)
    assert police.free[step].tolist() == [0]
    assert not police.staffed[step]


def test_a_post_of_two_agencies_needs_both(duty):
    joint = duty(
        shift("police", 2, "06:00", "14:00"),
        shift("customs", 1, "08:00", "10:00"),
        post={"police": 1, "customs": 1},
    )
    assert [bool(joint.staffed[joint.at(hour * H)]) for hour in (7, 9, 11)] == [False, True, False]
    assert [joint.free[joint.at(hour * H)].tolist() for hour in (7, 9, 11)] == [[2, 0], [1, 0], [2, 0]]


def test_breaks_take_officers_from_inspections_first_and_then_from_posts(duty):
    breaks = {"minutes": 30.0, "after_h": 4.0}
    police = duty(shift("police", 2, "06:00", "14:00", breaks=breaks), post={"police": 2})
    assert [bool(police.staffed[police.at(hour * H)]) for hour in (9.4, 9.6, 10.1, 10.6)] == [True, False, False, True]
    assert police.free[police.at(9.6 * H)].tolist() == [1]  # one alone cannot hold the post


# Several windows and days


AFTERNOON = {"opens": "16:00", "closes": "20:00"}


def steps_h(duty):
    return [(time_s / H, int(officers)) for time_s, officers in zip(duty.times_s[1:], duty.on_duty[1:, 0], strict=True)]


def test_a_shift_over_two_windows_of_a_day_comes_once(duty):
    police = duty(shift("police", 2, "05:30", "20:30"), closes="10:00", also=[AFTERNOON])
    assert steps_h(police) == [(5.5, 2), (20.5, 0)]
    assert police.officer_h.tolist() == [30.0]


def test_shifts_of_two_windows_of_a_day_each_come_to_their_own(duty):
    police = duty(
        shift("police", 2, "05:30", "10:30"), shift("police", 3, "15:30", "20:30"), closes="10:00", also=[AFTERNOON]
    )
    assert steps_h(police) == [(5.5, 2), (10.5, 0), (15.5, 3), (20.5, 0)]


def test_a_shift_comes_every_day_and_its_hours_add_up(duty):
    police = duty(shift("police", 2, "05:30", "14:30"), days=3)
    assert steps_h(police) == [(5.5, 2), (14.5, 0), (29.5, 2), (38.5, 0), (53.5, 2), (62.5, 0)]
    assert police.officer_h.tolist() == [3 * 18.0]


def test_a_shift_comes_on_the_days_that_it_names_alone(duty):
    police = duty(
        shift("police", 2, "05:30", "14:30", days=[1, 3]), shift("police", 1, "05:30", "14:30", days=[2]), days=3
    )
    assert [on_duty(police, hour) for hour in (7, 31, 55)] == [2, 1, 2]
    assert police.officer_h.tolist() == [45.0]


def test_a_shift_of_days_beyond_the_operation_never_comes(duty):
    police = duty(shift("police", 2, "05:30", "14:30", days=[2]))
    assert police.on_duty.max(initial=0) == 0
    assert police.officer_h.sum() == 0.0


def test_the_days_of_a_night_operation_are_those_of_its_openings(duty):
    """The shift after midnight of the first night is of day 1."""
    police = duty(shift("police", 2, "00:00", "06:30", days=[1]), opens="22:00", closes="06:00", days=2)
    assert steps_h(police) == [(24.0, 2), (30.5, 0)]


def test_breaks_are_the_same_every_day(duty):
    breaks = {"minutes": 30.0, "after_h": 4.0}
    police = duty(shift("police", 3, "06:00", "14:00", breaks=breaks), days=2)
    away = spans_away(police)
    assert [(a + 24 * H, b + 24 * H, n) for a, b, n in away[:3]] == away[3:]
    assert len(away) == 6


def test_each_selection_point_is_staffed_by_itself_after_the_posts_for_all(duty):
    """Two are at the cones, the third is at the first point, and the fourth, until 10:00, at the second."""
    west = {"direction": "west", "traffic": {"counts": {"from": "00:00", "vehicles": {"box": [1] * 24}}}}
    police = duty(
        shift("police", 3, "06:00", "14:00"),
        shift("police", 1, "06:00", "10:00"),
        posts={"cones": {"police": 2}},
        post={"police": 1},
        funnels=[west],
    )
    assert [bool(police.staffed[police.at(hour * H)]) for hour in (7, 11)] == [True, True]
    assert [bool(police.staffed_elsewhere[0][police.at(hour * H)]) for hour in (7, 11)] == [True, False]


def test_no_selection_point_is_staffed_while_a_post_for_all_is_not(duty):
    west = {"direction": "west", "traffic": {"counts": {"from": "00:00", "vehicles": {"box": [1] * 24}}}}
    police = duty(shift("police", 1, "06:00", "14:00"), posts={"cones": {"police": 2}}, funnels=[west])
    assert not police.staffed.any()
    assert not police.staffed_elsewhere[0].any()


def test_as_many_chase_cars_are_manned_as_find_their_whole_crew_after_the_posts(duty):
    chase = {"cars": 3, "crew": {"police": 2}, "pursues": 1.0, "brings": 1.0, "duration": {"mean_s": 600.0}}
    police = duty(
        shift("police", 6, "06:00", "10:00"), shift("police", 8, "10:00", "14:00"), post={"police": 1}, chase=chase
    )
    assert [int(police.cars[police.at(hour * H)]) for hour in (5, 7, 11, 15)] == [0, 2, 3, 0]
    assert [police.free[police.at(hour * H)].tolist() for hour in (7, 11)] == [[1], [1]]
