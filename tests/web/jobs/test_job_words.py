"""A job says for which plan it is, and its numbers are as the visitor's language writes them."""

from pathlib import Path

from funnelsim.reporting.section import Section, as_data
from funnelsim.web.draft import Draft
from funnelsim.web.jobs.job import Job
from funnelsim.web.jobs.job_words import asked_said, plan_said, words_html
from tests.web.speaking import speak


def test_sentences_of_a_report_are_quoted_with_numbers_that_can_be_read_in_one_way_only(monkeypatch):
    speak(monkeypatch, "de")
    said = words_html(as_data([Section("After 60,000 operations", ("It finds 1.234 of 2,300 (area.bays = 4).",))]))
    assert said == "<h3>After 60\u202f000 operations</h3><p>It finds 1,234 of 2\u202f300 (area.bays = 4).</p>"


def test_every_change_is_named():
    values = {"selection.rate.van": 0.08, "area.bays": 3, "selection.valve.lift_at_m": 900.0}
    assert plan_said(Draft("a.toml", values)) == "a.toml, van selection rate 8 %, 3 bays, valve lift at 900 m"
    assert plan_said(Draft("a.toml", values)) != plan_said(Draft("a.toml", values | {"selection.rate.van": 0.25}))


def test_what_was_asked_is_said_so_that_two_of_a_plan_can_be_told_apart(monkeypatch):
    speak(monkeypatch, "de")

    def said(**options):
        return asked_said(Job(Path("optimise_1"), "optimise", Draft("a.toml"), options, 0.0))

    vary = ["area.bays=4,5", "selection.rate.van=0.125:0.3"]
    assert said(vary=vary, replications=None).startswith("bays: 4, 5; van selection rate: 12,5 % … 30 %")
    assert said(vary=[], goal="front", operations=60_000) != said(vary=[], goal="most_found", operations=60_000)
    assert "0,25" in said(vary=[], goal="least_cost", find_at_least=0.25)
    assert "60\u202f000" in said(vary=[], goal="front", operations=60_000)
    assert said(retune=True, replications=100) != said(retune=False, replications=100)
    assert said(scenario={"name": "a.toml"}) == ""
