"""Officers who are not there: in no post, in no break, in overtime alone. On the small checkpoint, 01:00 to 02:00."""

import pytest

from funnelsim.model.planning import plan_of
from funnelsim.reporting.staff_words import officers
from funnelsim.reporting.warnings import warnings_of


@pytest.fixture
def warned(build):
    """Return the warnings about a roster of the small checkpoint, with their grades, that say some words."""

    def warned(words, roster, crew=None, **changes):
        stages = [{"name": "check", "duration": {"mean_s": 60.0}, "crew": crew or {"police": 1}}]
        scenario = build({"area": {"stages": stages}, "staffing": {"roster": roster}, **changes})
        found = warnings_of(scenario, plan_of(scenario))
        return [(warning.grade, warning.text) for warning in found if words in warning.text]

    return warned


def shift(agency, count, begins, ends, **keys):
    return {"agency": agency, "count": count, "from": begins, "to": ends, **keys}


@pytest.mark.parametrize(("begins", "grade"), [("01:12", "grave"), ("01:03", "unusual")])
def test_a_time_in_which_nobody_is_on_duty_is_named(warned, begins, grade):
    ((found, text),) = warned("nobody is on duty", [shift("police", 2, begins, "03:00")])
    assert found == grade
    assert f"01:00-{begins}" in text


def test_a_post_says_itself_when_nobody_is_on_duty(warned):
    posts = {"selection": {"post": {"police": 1}}}
    roster = [shift("police", 2, "01:12", "03:00")]
    assert warned("nobody is on duty", roster, **posts) == []
    assert len(warned("cannot be staffed 01:00-01:12", roster, **posts)) == 1


@pytest.mark.parametrize(("begins", "only"), [("01:12", True), ("00:30", False)])
def test_without_posts_somebody_must_be_on_duty(build, begins, only):
    scenario = build({"staffing": {"roster": [shift("police", 2, begins, "03:00")]}})
    words = officers(scenario, plan_of(scenario)).items
    assert ("No post has to be staffed. Vehicles are selected only while somebody is on duty." in words) == only
    assert ("No post has to be staffed." in words) != only


def test_a_crew_that_is_complete_in_overtime_alone_is_grave(warned):
    """The police go at 01:31, when the customs have been there for one minute."""
    roster = [shift("police", 2, "00:30", "01:31"), shift("customs", 1, "01:30", "03:00")]
    ((grade, text),) = warned("area.stages.check", roster, {"police": 2, "customs": 1})
    assert grade == "grave"
    assert "not free together 01:00-01:30 (50 % of the time)" in text
    assert "free together 01:31-02:00 (48 % of the time) only because officers stay on in overtime" in text


def test_a_crew_that_is_free_only_while_nobody_is_selected_is_grave(warned):
    roster = [shift("police", 1, "00:30", "03:00"), shift("police", 1, "01:30", "03:00")]
    posts = {"selection": {"post": {"police": 2}}}
    ((grade, text),) = warned("area.stages.check", roster, **posts)
    assert grade == "grave"
    assert "01:30-02:00 (100 % of the time)" in text


@pytest.mark.parametrize(
    ("minutes", "after_h", "found"),
    [
        (60, 1.5, [("grave", "nobody takes a break")]),
        (30, 1.75, [("unusual", "1 do not take a break")]),  # one of two groups is back in time
        (30, 1.0, []),
        (60, 2.0, []),  # not due
    ],
)
def test_breaks_that_do_not_fit_into_a_shift_are_named(warned, minutes, after_h, found):
    """Two hours on duty."""
    breaks = {"minutes": minutes, "after_h": after_h}
    roster = [shift("police", 2, "00:30", "02:30", breaks=breaks), shift("police", 1, "00:30", "02:30")]
    said = warned("a break", roster)
    assert [grade for grade, _ in said] == [grade for grade, _ in found]
    assert all(words in text for (_, text), (_, words) in zip(said, found, strict=True))


def test_a_break_that_nobody_takes_is_not_said_to_be_taken(build):
    roster = [shift("police", 2, "00:30", "02:30", breaks={"minutes": 120, "after_h": 2})]
    scenario = build({"staffing": {"roster": roster}})
    words = officers(scenario, plan_of(scenario)).items[0]
    assert "(no break: one of 120 min after at most 2 h does not fit in)" in words
    assert "taken in full" not in words


@pytest.mark.parametrize(("minutes", "named"), [(59.0, True), (50.0, False)])
def test_selection_for_a_sliver_of_the_window_is_grave(build, minutes, named):
    scenario = build({"operation": {"stop_selecting_min": minutes}})
    found = [one for one in warnings_of(scenario, plan_of(scenario)) if "stop_selecting_min = " in one.text]
    assert [one.grade for one in found] == ["grave"] * named
