"""A stage that the roster can never staff makes the scenario an error, with what it needs and what there is."""

import pytest

from funnelsim.errors import PlanError
from funnelsim.experiments.run import run
from funnelsim.model.planning import plan_of
from funnelsim.scenario.schema import Scenario


def stage(name, crew, **keys):
    return {"name": name, "duration": {"mean_s": 60.0, "cv": 0.0}, "crew": crew, **keys}


def shift(agency, count, from_="00:00", to="23:00"):
    return {"agency": agency, "count": count, "from": from_, "to": to}


@pytest.fixture
def refused(build):
    """Return what plans changes of the small checkpoint (01:00 to 02:00), and returns the message of the error."""

    def refused(roster, *stages, **area):
        with pytest.raises(PlanError) as caught:
            plan_of(build({"area": {"stages": list(stages), **area}, "staffing": {"roster": roster}}))
        return str(caught.value)

    return refused


def test_a_crew_that_is_never_complete_is_an_error_that_says_what_there_is(refused):
    message = refused([shift("police", 2)], stage("unload", {"police": 3}))
    assert message.startswith("area.stages.unload: needs 3 police, and at most 2 police can be free for it")


def test_every_stage_is_named_at_once(refused):
    message = refused([shift("police", 2)], stage("unload", {"police": 3}), stage("search", {"police": 4}))
    assert [line.split(":")[0] for line in message.splitlines()] == ["area.stages.unload", "area.stages.search"]


def test_officers_who_are_never_there_together_are_no_crew(refused):
    roster = [shift("police", 2, "00:30", "01:30"), shift("customs", 1, "01:30", "02:30")]
    message = refused(roster, stage("joint", {"police": 2, "customs": 1}))
    assert "needs 2 police and 1 customs at the same time" in message
    assert "2 police (01:00 to 01:30) and 1 customs (01:30 to 02:00)" in message


def test_officers_who_come_when_the_funnel_is_gone_are_no_crew(refused):
    assert "at most 1 police" in refused([shift("police", 1), shift("police", 2, "02:00")], stage("x", {"police": 2}))


def test_officers_of_a_post_are_not_free(build):
    staffing = {"roster": [shift("police", 2)], "posts": {"traffic": {"police": 1}}}
    with pytest.raises(PlanError, match="at most 1 police"):
        plan_of(build({"area": {"stages": [stage("x", {"police": 2})]}, "staffing": staffing}))


def test_what_follows_a_detection_and_an_alarm_must_be_possible_too(build):
    hidden = {"targets": [{"name": "hidden", "per_10k": {"box": 100}}], "staffing": {"roster": [shift("police", 1)]}}
    search = stage("search", {"police": 1}, finds={"hidden": 0.9}, alarms={"hidden": 0.5})
    after = {"duration": {"mean_s": 60.0}, "crew": {"police": 2}}
    with pytest.raises(PlanError, match="area: after detection needs 2 police"):
        plan_of(build(hidden | {"area": {"stages": [search], "after_detection": after}}))
    unload = stage("unload", {"police": 2}, only_after_alarm=True)
    with pytest.raises(PlanError, match=r"area.stages.unload: needs 2 police"):
        plan_of(build(hidden | {"area": {"stages": [search, unload]}}))


def test_what_is_never_asked_for_need_not_be_possible(build):
    """No alarm calls for the unloading, nothing is found, and without bays nobody is inspected."""
    roster = {"staffing": {"roster": [shift("police", 1)]}}
    stages = [stage("look", {"police": 1}), stage("unload", {"police": 2}, only_after_alarm=True)]
    plan_of(build(roster | {"area": {"stages": stages, "after_detection": {"crew": {"police": 9}}}}))
    plan_of(build(roster | {"area": {"stages": [stage("unload", {"police": 2})], "bays": 0, "waiting": 0}}))


def test_a_stage_that_is_possible_for_some_time_is_waited_for(build):
    plan_of(
        build(
            {
                "area": {"stages": [stage("pair", {"police": 2})]},
                "staffing": {"roster": [shift("police", 1), shift("police", 1, "01:50", "02:00")]},
            }
        )
    )


def unloading(officers):
    """Four hours, 600 to 700 veh/h, 6 % selected: unloading takes three officers and finds nothing, a search one."""
    return {
        "title": "unloading before the search",
        "operation": {"opens": "06:00", "closes": "10:00"},
        "traffic": {"counts": {"from": "06:00", "vehicles": {"total": [600, 700, 700, 600]}}},
        "targets": [{"name": "hidden", "per_10k": {"car": 20, "van": 20}}],
        "selection": {"rate": {"default": 0.06}},
        "area": {
            "bays": 4,
            "stages": [
                stage("unload", {"police": 3}) | {"duration": {"mean_s": 600.0}},
                stage("search", {"police": 1}, finds={"hidden": 0.8}) | {"duration": {"mean_s": 300.0}},
            ],
        },
        "staffing": {"roster": [shift("police", officers, "05:00", "11:00")]},
    }


def test_more_officers_find_more_and_too_few_are_an_error():
    """Where the unloading was skipped, two officers found most of all: 0.383, against 0.086 with three."""
    with pytest.raises(PlanError, match="needs 3 police, and at most 2 police"):
        run(Scenario.model_validate(unloading(2)), replications=2)
    found = [
        run(Scenario.model_validate(unloading(n)), replications=20).estimates["expected_detections"].mean
        for n in (3, 4, 8)
    ]
    assert found == sorted(found)
    assert found[-1] > 1.5 * found[0]


TWICE = {"operation": {"opens": "01:00", "closes": "02:00", "also": [{"opens": "05:00", "closes": "06:00"}]}}


def test_a_crew_that_is_complete_in_one_window_only_is_an_error_for_the_others(build):
    """Vehicles would stand in their bays from one window to the next."""
    roster = [shift("police", 2), shift("customs", 1, "04:30", "07:00")]
    stages = {"stages": [stage("joint", {"police": 1, "customs": 1})]}
    with pytest.raises(PlanError) as caught:
        plan_of(build(TWICE | {"area": stages, "staffing": {"roster": roster}}))
    assert str(caught.value) == (
        "area.stages.joint: needs 1 police and 1 customs, and at most 2 police and no customs can be free for it from "
        "01:00 to 02:00, so it cannot be carried out then; put more on the roster, need fewer, or leave it out"
    )


def test_the_days_of_a_crew_that_is_not_complete_are_named(build):
    days = {"operation": {"opens": "01:00", "closes": "02:00", "days": 3}}
    roster = [shift("police", 2) | {"days": [1, 2]}, shift("customs", 1) | {"days": [2, 3]}]
    stages = {"stages": [stage("joint", {"police": 1, "customs": 1})]}
    with pytest.raises(PlanError) as caught:
        plan_of(build(days | {"area": stages, "staffing": {"roster": roster}}))
    assert (
        "needs 1 police and 1 customs, and at most 2 police and no customs can be free for it on day 1 from 01:00 to "
        "02:00, and at most 1 customs and no police can be free for it on day 3 from 01:00 to 02:00"
    ) in str(caught.value)


def test_in_a_window_in_which_nobody_is_selected_no_stage_is_asked_for(build):
    """Nobody is on duty in the second window; equipment that is skipped is not there in it."""
    plan_of(
        build(
            TWICE
            | {
                "area": {"stages": [stage("x", {"police": 1})]},
                "staffing": {"roster": [shift("police", 1, "00:00", "03:00")]},
            }
        )
    )
    scanner = {"name": "scanner", "from": "00:00", "to": "03:00"}
    scan = {"area": {"stages": [stage("scan", {}, equipment={"scanner": 1})]}}
    plan_of(build(TWICE | scan | {"equipment": [scanner | {"when_absent": "skip"}]}))
    with pytest.raises(PlanError, match="no scanner can be free for it from 05:00 to 06:00"):
        plan_of(build(TWICE | scan | {"equipment": [scanner]}))


UNSELECTED = {
    "traffic": {"counts": {"vehicles": {"box": [600] * 24, "truck": [60] * 24}}},
    "selection": {"rate": {"truck": 0}},
}


@pytest.mark.parametrize("changes", [{}, UNSELECTED], ids=["none come", "none are selected"])
def test_a_stage_for_a_class_that_is_never_inspected_is_never_asked_for(build, changes):
    alone = {"area": {"stages": [stage("x", {"police": 9}) | {"for": ["truck"]}]}}
    plan_of(build(changes | alone | {"staffing": {"roster": [shift("police", 1)]}}))


def with_hours(build, *spans, rate=0.0, **operation):
    """Return the plan of a scenario whose search needs two police, with one on the roster."""
    hours = [{"from": from_, "to": to, "rate": {"default": other}} for from_, to, other in spans]
    return plan_of(
        build(
            {
                "selection": {"rate": {"default": rate}, "rate_by_time": hours},
                "operation": operation,
                "area": {"stages": [stage("search", {"police": 2})]},
                "staffing": {"roster": [shift("police", 1), shift("police", 1, "03:00", "04:00")]},
            }
        )
    )


def test_a_stage_is_asked_for_where_some_hours_of_the_window_have_a_rate(build):
    with pytest.raises(PlanError, match=r"area\.stages\.search: needs 2 police"):
        with_hours(build, ("01:30", "01:40", 0.1))
    with_hours(build, ("02:00", "02:30", 0.1))  # the funnel has gone
    with_hours(build, ("00:30", "02:30", 0.0), rate=0.1)  # nobody is selected while it stands


def test_a_stage_is_asked_for_in_the_windows_whose_hours_have_a_rate(build):
    later = {"also": [{"opens": "03:00", "closes": "04:00"}]}
    with_hours(build, ("03:00", "04:00", 0.1), **later)
    with pytest.raises(PlanError, match="from 01:00 to 02:00"):
        with_hours(build, ("01:00", "04:00", 0.1), **later)
