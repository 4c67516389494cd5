"""At the prompt a result is its headline with the limits; in a notebook it is a few tables."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

import funnelsim

SHORT = {("operation", "closes"): "08:00"}
LIMITED = SHORT | {("limits",): {"p95_delay_min": 0.01}}


@pytest.fixture(scope="module")
def one(planned):
    return funnelsim.run(planned(LIMITED | {("title",): "A4 [/bold] <b>"})[0], replications=4)


@pytest.fixture(scope="module")
def four(planned):
    vary = ["selection.rate.default=0.02,0.1", "area.bays=2,3"]
    return funnelsim.sweep(planned(LIMITED)[0], vary, replications=4)


@pytest.fixture(scope="module")
def both(planned):
    plans = {"as it is": planned(LIMITED)[0], "two bays": planned(LIMITED | {("area", "bays"): 2})[0]}
    return funnelsim.compare(plans, replications=4)


@pytest.fixture(scope="module")
def days(planned):
    return funnelsim.stress(planned(LIMITED)[0], replications=10)


@pytest.fixture(scope="module")
def windows(planned):
    return funnelsim.when(planned(LIMITED)[0], starts_every_h=6.0, replications=10)


@pytest.fixture(scope="module")
def assumed(planned):
    plans = {"as it is": planned(LIMITED)[0], "two bays": planned(LIMITED | {("area", "bays"): 2})[0]}
    return funnelsim.sensitivity(plans, points=32, replications=2)


@pytest.fixture(params=["one", "four", "both", "days", "windows", "assumed"])
def result(request):
    return request.getfixturevalue(request.param)


def test_a_result_fits_on_a_screen(result):
    lines = repr(result).splitlines()
    assert 2 < len(lines) <= 24
    assert max(map(len, lines)) <= 80


def test_a_run_is_its_headline_and_its_limits(one):
    text = repr(one)
    assert text.startswith("A4 [/bold] <b>\n  Broken limit: P95 delay. A funnel like this")
    assert "BROKEN: P95 delay at most 0.01 min, kept in 0 of 4" in text


def test_a_sweep_is_its_answer(four):
    assert "None of 4 plans is within the limits. The least bad is" in repr(four)


def test_a_comparison_is_its_differences_and_the_limits_of_each_plan(both):
    text = repr(both)
    assert "two bays instead of as it is: " in text
    assert text.count("BROKEN, ") == 2


def test_bad_days_are_what_they_break(days):
    assert "Even an ordinary day does not keep P95 delay at most 0.01 min." in repr(days)


def test_windows_are_the_best_of_them(windows):
    assert "No window keeps the limits. The nearest is " in repr(windows)


def test_a_sensitivity_analysis_is_its_answer(assumed):
    assert "as it is finds more than two bays with a probability of" in repr(assumed)


def test_a_notebook_shows_short_tables_that_are_well_formed(result):
    page = f"<div>{result._repr_html_()}</div>"
    assert len(page) < 6_000
    assert ET.fromstring(page).findall(".//table")  # noqa: S314  (our own page)


def test_a_title_is_no_markup_in_a_notebook(one):
    title = ET.fromstring(f"<div>{one._repr_html_()}</div>").find(".//h4")  # noqa: S314
    assert title.text == "A4 [/bold] <b>"


def test_a_sweep_in_which_nothing_was_finished_says_so(four):
    nothing = replace(four, points=four.points.head(0), complete=False)
    assert "No point of this sweep was finished." in repr(nothing)
