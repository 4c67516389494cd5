"""When and where to stand: sites at which it is known in which hours most is to be found."""

import datetime as dt

import pytest

from funnelsim.decision.levers.levers import FOUND
from funnelsim.decision.windows.when import PER_100_H, when
from funnelsim.decision.windows.windows import candidates_of, days_of, moved_roster
from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.scenario.load import scenario_from
from tests.conftest import merged

ALL_DAY = "this site"
TRUCKS = {
    "targets": [{"name": "hidden", "per_10k": {"truck": 1000.0}, "cue_auc": 0.7}],
    "selection": {"rule": "random", "rate": {"default": 0.0, "truck": 0.2}},
    "area": {
        "bays": 20,
        "waiting": 20,
        "stages": [
            {"name": "check", "duration": {"mean_s": 60.0, "cv": 0.0}, "crew": {"police": 1}, "finds": {"hidden": 1.0}}
        ],
    },
    "traffic": {
        "counts": {"from": "00:00", "vehicles": {"box": [100] * 24, "truck": [0] * 10 + [60] * 2 + [0] * 12}},
    },
    "staffing": {"roster": [{"agency": "police", "count": 4, "from": "00:30", "to": "02:30"}]},
}
"""Trucks alone carry something, and come from 10:00 to 12:00 alone; the window is from 1:00 to 2:00."""


@pytest.fixture(scope="module")
def of(build):
    return lambda changes=None: build(merged(TRUCKS, changes or {}))


def test_the_hours_in_which_targets_pass_are_found(of):
    made = when(of(), [2], replications=30)
    for answer in made.answers:
        assert answer.best == f"{ALL_DAY}, 10:00 to 12:00"
        assert answer.equal == ()
    assert made.stages[0] == (25, 10)  # a start an hour, and today's window


def test_windows_that_hold_the_same_hours_are_not_told_apart_in_all_but_for_an_officer_hour(of):
    """4 h with half an hour before and after are 5 h for each officer, 2 h are 3 h."""
    made = when(of(), [2, 4], replications=30, jobs=2)
    in_all, per_hour = made.answers
    holding = {
        f"{ALL_DAY}, {hours}" for hours in ("08:00 to 12:00", "09:00 to 13:00", "10:00 to 14:00", "10:00 to 12:00")
    }
    assert {in_all.best, *in_all.equal} <= holding
    assert len(in_all.equal) >= 2
    assert per_hour.goal == PER_100_H
    assert per_hour.best == f"{ALL_DAY}, 10:00 to 12:00"
    assert per_hour.equal == ()
    best = made.windows[per_hour.best].estimates
    assert best["officer_h"].mean == pytest.approx(12.0, abs=0.2)
    assert best[PER_100_H].mean == pytest.approx(100.0 * best[FOUND].mean / best["officer_h"].mean, rel=1e-6)


def test_windows_that_break_a_limit_are_no_answer(of):
    """From 10:00 to 12:00 more come than the lane passes; half of the trucks come from 13:00 to 14:00, too."""
    counts = {"box": [100] * 10 + [2400] * 2 + [100] * 12, "truck": [0] * 10 + [60, 60, 0, 30] + [0] * 10}
    changes = {"traffic": {"counts": {"vehicles": counts}}, "limits": {"p95_delay_min": 2.0}}
    made = when(of(changes), replications=30)
    assert {answer.best for answer in made.answers} == {f"{ALL_DAY}, 13:00 to 14:00"}
    assert f"{ALL_DAY}, 10:00 to 11:00" not in made.windows  # dropped, though it finds most
    assert made.nearest is None


def test_where_no_window_keeps_the_limits_the_nearest_is_named(of):
    """More vehicles come than the lane passes, fewest from 4:00 to 5:00."""
    box = [2600] * 4 + [2000] + [2600] * 19
    changes = {"traffic": {"counts": {"vehicles": {"box": box}}}, "limits": {"p95_delay_min": 0.5}}
    made = when(of(changes), starts_every_h=2, replications=10)
    assert made.answers == ()
    assert made.nearest == f"{ALL_DAY}, 04:00 to 05:00"
    (check,) = made.windows[made.nearest].checks
    assert not check.kept


def test_the_site_with_more_targets_is_the_better_one(of):
    rich = of({"targets": [TRUCKS["targets"][0] | {"per_10k": {"truck": 3000.0}}]})
    made = when({"poor": of(), "rich": rich}, replications=20)
    assert {made.candidates.possible[answer.best].site for answer in made.answers} == {"rich"}
    assert {one.candidate.site for one in made.windows.values()} == {"poor", "rich"}


def test_days_are_offered_where_the_counts_tell_them_apart(of, tmp_path):
    """From Monday to Friday; on Wednesday alone lorries come, from 10:00 to 11:00."""
    rows = ["start,car,lorry"]
    for day in range(5):
        date = dt.date(2024, 5, 6) + dt.timedelta(days=day)
        rows += [f"{date}T{hour:02d}:00,100,{60 if (day, hour) == (2, 10) else 0}" for hour in range(24)]
    file = tmp_path / "week.csv"
    file.write_text("\n".join(rows) + "\n")
    changes = {
        "targets": [TRUCKS["targets"][0] | {"per_10k": {"lorry": 1000.0}}],
        "selection": {"rate": {"default": 0.0, "lorry": 0.2}},
    }
    data = of(changes).model_dump(mode="json", by_alias=True, exclude_none=True)
    data["traffic"]["counts"] = {"file": str(file)}
    scenario = scenario_from(data, where="test")
    assert days_of(scenario) == ("mon", "tue", "wed", "thu", "fri")
    made = when(scenario, starts_every_h=2, replications=20)
    assert {answer.best for answer in made.answers} == {f"{ALL_DAY}, Wed 10:00 to 11:00"}
    data["traffic"]["counts"]["date"] = "2024-05-08"
    assert days_of(scenario_from(data, where="test")) == ()


def test_the_window_of_today_stands_beside_the_best(of):
    """It is from 1:00 to 2:00, and offered though windows open every two hours and last 2 h."""
    made = when(of(), [2], 2, 20)
    (today,) = [name for name, one in made.windows.items() if one.candidate.today]
    assert today == f"{ALL_DAY}, 01:00 to 02:00"
    assert all(answer.differences[today].seen for answer in made.answers)


@pytest.mark.parametrize(("hours", "lasts"), [((0.0, 24.0), "25 h"), ((2.0, 25.5), "24.5 h")])
def test_a_window_in_which_a_shift_would_last_longer_than_a_day_is_refused(of, hours, lasts):
    """Two times of day cannot say it: from 23:30 to 0:30 would be one hour, and the window without officers."""
    opens_s, closes_s = (3600.0 * hour for hour in hours)
    with pytest.raises(ScenarioError, match=f"would last {lasts} in this window; allowed: more than none"):
        moved_roster(of(), opens_s, closes_s)
    assert {one.where for one in candidates_of({"a": of()}, [24.0]).refused} == {"staffing.roster"}


def test_a_shift_that_would_shrink_to_nothing_is_refused(of):
    """A quarter of an hour within the window, of an hour in all, shrinks to less than half a minute in a short one."""
    shifts = [{"agency": "police", "count": 4, "from": "01:30", "to": "01:31"}]
    with pytest.raises(ScenarioError, match="would last 0 h in this window"):
        moved_roster(of({"staffing": {"roster": shifts}}), 0.0, 1200.0)


@pytest.mark.parametrize("given", [{}, None, "a3.toml", [5]])
def test_sites_that_are_none_are_named(given):
    with pytest.raises(FunnelsimError, match="sites: "):
        when(given)


@pytest.mark.parametrize("given", [4, "4", ["4"], [None]])
def test_lengths_that_are_none_are_named(of, given):
    with pytest.raises(FunnelsimError, match="lengths_h: "):
        when(of(), given)


def test_without_targets_no_window_is_best(of):
    without = of({"targets": [TRUCKS["targets"][0] | {"per_10k": {"truck": 0.0}}]})
    with pytest.raises(FunnelsimError, match="nothing can be found"):
        when(without)


def test_windows_that_lack_counts_are_refused(of):
    counts = {"from": "06:00", "vehicles": {"box": [100] * 8, "truck": [10] * 8}}
    made = candidates_of({"a": of({"traffic": {"counts": counts}})}, [2])
    assert [one.opens for one in made.possible.values()] == [f"{hour:02d}:00" for hour in range(6, 13)]
    assert {one.where for one in made.refused} == {"traffic.counts"}
    with pytest.raises(FunnelsimError, match="no window of a is possible, such as 00:00 to 12:00"):
        candidates_of({"a": of({"traffic": {"counts": counts}})}, [12])


def test_shifts_keep_their_distance_and_what_lies_between_its_place(of):
    """From 6:00 to 14:00 to 16:00 to 20:00: half an hour before and after; the relief in the middle stays there."""
    shifts = [
        {"agency": "police", "count": 2, "from": "05:30", "to": "10:00"},
        {"agency": "police", "count": 2, "from": "10:00", "to": "14:30"},
        {"agency": "customs", "count": 1, "from": "08:00", "to": "12:00"},
    ]
    scenario = of({"operation": {"opens": "06:00", "closes": "14:00"}, "staffing": {"roster": shifts}})
    moved = moved_roster(scenario, 16 * 3600.0, 20 * 3600.0)
    assert [(one["from"], one["to"]) for one in moved] == [("15:30", "18:00"), ("18:00", "20:30"), ("17:00", "19:00")]
    moved = moved_roster(scenario, 22 * 3600.0, 30 * 3600.0)
    assert [(one["from"], one["to"]) for one in moved] == [("21:30", "02:00"), ("02:00", "06:30"), ("00:00", "04:00")]
    as_it_is = moved_roster(scenario, 6 * 3600.0, 14 * 3600.0)
    assert [(one["from"], one["to"]) for one in as_it_is] == [(one["from"], one["to"]) for one in shifts]


def test_a_shift_over_midnight_moves_with_a_window_over_midnight(of):
    shifts = [
        {"agency": "police", "count": 2, "from": "21:00", "to": "02:00"},
        {"agency": "police", "count": 2, "from": "02:00", "to": "07:00"},
    ]
    scenario = of({"operation": {"opens": "22:00", "closes": "06:00"}, "staffing": {"roster": shifts}})
    moved = moved_roster(scenario, 6 * 3600.0, 14 * 3600.0)
    assert [(one["from"], one["to"]) for one in moved] == [("05:00", "10:00"), ("10:00", "15:00")]


def test_what_is_given_is_checked(of):
    with pytest.raises(FunnelsimError) as caught:
        when(of({"operation": {"days": 2}}), [0.1, 4], 0.01)
    assert [one.where for one in caught.value.problems] == [ALL_DAY, "lengths_h", "starts_every_h"]
    with pytest.raises(FunnelsimError, match="replications: 2 given"):
        when(of(), replications=2)
    with pytest.raises(FunnelsimError, match="allowed: a Scenario"):
        when({"a": "a3.toml"})


def test_the_number_of_jobs_changes_nothing(of):
    one, two = (when(of(), starts_every_h=4, replications=10, jobs=jobs) for jobs in (1, 2))
    assert {name: each.estimates for name, each in one.windows.items()} == {
        name: each.estimates for name, each in two.windows.items()
    }


def test_sites_that_look_for_something_else_are_refused(of):
    other = of({"targets": [TRUCKS["targets"][0] | {"name": "waste"}]})
    with pytest.raises(FunnelsimError, match=r"there: targets: waste given; allowed: those of here, \w+"):
        when({"here": of(), "there": other}, replications=20)
