"""When which selection rates hold: hours of every day as steps over the operation."""

import numpy as np
import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.rate_steps import rate_steps_of
from tests.conftest import SMALL, merged

H = 3600.0


@pytest.fixture
def steps(build):
    """Return what turns spans and an operation into the steps of the rates of boxes and trucks."""

    def steps(*spans, rate=None, **operation):
        scenario = build(
            {"selection": {"rate": rate or {"default": 0.1}, "rate_by_time": list(spans)}, "operation": operation}
        )
        return rate_steps_of(scenario.selection, scenario.operation.windows, ("box", "truck"))

    return steps


def span(from_, to, **rate):
    return {"from": from_, "to": to, "rate": rate}


def at(steps, hour):
    return steps.rate[np.searchsorted(steps.times_s, hour * H, side="right") - 1].tolist()


def test_without_hours_there_is_one_step(steps):
    usual = steps(rate={"default": 0.1, "truck": 0.2})
    assert usual.times_s.tolist() == [-np.inf]
    assert usual.rate.tolist() == [[0.1, 0.2]]


def test_a_span_holds_from_its_beginning_up_to_its_end_on_every_day(steps):
    found = steps(span("01:15", "01:45", default=0.5), days=3)
    for day in range(3):
        hours = [24 * day + hour for hour in (1.24, 1.25, 1.74, 1.75)]
        assert [at(found, hour)[0] for hour in hours] == [0.1, 0.5, 0.5, 0.1]


def test_a_class_that_a_span_does_not_name_keeps_its_rate_unless_there_is_a_default(steps):
    rate = {"default": 0.1, "truck": 0.2}
    assert at(steps(span("01:00", "02:00", box=0.5), rate=rate), 1.5) == [0.5, 0.2]
    assert at(steps(span("01:00", "02:00", default=0.4), rate=rate), 1.5) == [0.4, 0.4]
    assert at(steps(span("01:00", "02:00", default=0.4, box=0.5), rate=rate), 1.5) == [0.5, 0.4]


def test_a_span_may_pass_midnight_and_may_have_begun_on_the_day_before(steps):
    found = steps(span("22:00", "02:00", default=0.5), opens="01:00", closes="23:00")
    assert [at(found, hour)[0] for hour in (1, 1.99, 2, 21.99, 22, 25.99, 26)] == [0.5, 0.5, 0.1, 0.1, 0.5, 0.5, 0.1]


def test_a_window_over_night_meets_the_hours_of_the_next_day(steps):
    found = steps(span("01:00", "02:00", default=0.5), opens="22:00", closes="06:00")
    assert [at(found, hour)[0] for hour in (24.9, 25, 25.9, 26)] == [0.1, 0.5, 0.5, 0.1]


def test_a_span_to_the_time_at_which_it_begins_is_a_whole_day(steps):
    found = steps(span("08:00", "08:00", default=0.5), opens="01:00", closes="23:00")
    assert {at(found, hour)[0] for hour in range(1, 24)} == {0.5}


@pytest.mark.parametrize("order", [1, -1])
def test_where_one_span_ends_as_another_begins_the_other_holds(steps, order):
    spans = [span("01:00", "01:30", default=0.5), span("01:30", "02:00", default=0.3)]
    found = steps(*spans[::order])
    assert [at(found, hour)[0] for hour in (1, 1.5, 2)] == [0.5, 0.3, 0.1]


def test_a_step_that_changes_no_rate_is_none(steps):
    halves = steps(span("01:00", "01:30", default=0.5), span("01:30", "02:00", default=0.5), opens="01:00")
    assert not (np.diff(halves.rate, axis=0) == 0.0).all(axis=1).any()
    assert len(steps(span("01:00", "02:00", box=0.1)).times_s) == 1


def problems_with(selection):
    with pytest.raises(ScenarioError) as caught:
        scenario_from(merged(SMALL, {"selection": selection}), where="x")
    return {problem.where: problem.message for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        (("07:00", "09:00"), ("08:00", "10:00"), True),
        (("08:00", "10:00"), ("07:00", "09:00"), True),
        (("07:00", "09:00"), ("09:00", "10:00"), False),
        (("22:00", "02:00"), ("01:00", "03:00"), True),
        (("22:00", "02:00"), ("02:00", "22:00"), False),
        (("06:00", "12:00"), ("08:00", "09:00"), True),
        (("08:00", "09:00"), ("06:00", "12:00"), True),
        (("05:00", "05:00"), ("12:00", "13:00"), True),
        (("12:00", "13:00"), ("05:00", "05:00"), True),
    ],
)
def test_spans_that_overlap_are_an_error_that_names_both(build, first, second, overlap):
    spans = [span(*first, default=0.1), span(*second, default=0.2)]
    if not overlap:
        assert len(build({"selection": {"rate_by_time": spans}}).selection.rate_by_time) == 2
        return
    message = problems_with({"rate_by_time": spans})["x: selection.rate_by_time"]
    assert message.startswith(f"{first[0]} to {first[1]} and {second[0]} to {second[1]} overlap; allowed: ")


def test_a_rule_without_rates_has_none_to_change():
    selection = {"rule": "index", "rate_by_time": [span("01:00", "02:00", default=0.1)]}
    assert problems_with(selection) == {
        "x: selection.rate_by_time": (
            'rule = "index" has no rate to change by time; allowed: score, random, every_nth, free_bay, batch'
        )
    }


def test_an_unknown_class_and_a_rate_above_1_are_found_in_a_span():
    found = problems_with({"rate_by_time": [span("01:00", "02:00", bxo=0.1, truck=5)]})
    assert found["x: selection.rate_by_time.0.rate.bxo"].startswith("unknown class; did you mean box?")
    assert "did you mean 0.05 (5 %)? allowed: a number from 0 to 1" in found["x: selection.rate_by_time.0.rate.truck"]


def test_one_rate_of_one_span_can_be_set():
    data = merged(SMALL, {"selection": {"rate_by_time": [span("01:00", "02:00", box=0.1)]}})
    scenario = scenario_from(data, where="x", overrides=["selection.rate_by_time.0.rate.truck=0.3"])
    assert scenario.selection.rate_by_time[0].rate == {"box": 0.1, "truck": 0.3}
