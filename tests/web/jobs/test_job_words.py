"""A job says for which plan it is, and its numbers are as the visitor's language writes them."""

from funnelsim.reporting.section import Section, as_data
from funnelsim.web.draft import Draft
from funnelsim.web.jobs.job_words import plan_said, words_html
from tests.web.speaking import speak


def test_sentences_of_a_report_are_quoted_with_numbers_that_can_be_read_in_one_way_only(monkeypatch):
    speak(monkeypatch, "de")
    said = words_html(as_data([Section("After 60,000 operations", ("It finds 1.234 of 2,300 (area.bays = 4).",))]))
    assert said == "<h3>After 60\u202f000 operations</h3><p>It finds 1,234 of 2\u202f300 (area.bays = 4).</p>"


def test_every_change_is_named():
    values = {"selection.rate.van": 0.08, "area.bays": 3, "selection.valve.lift_at_m": 900.0}
    assert plan_said(Draft("a.toml", values)) == "a.toml, van selection rate 8 %, 3 bays, valve lift at 900 m"
    assert plan_said(Draft("a.toml", values)) != plan_said(Draft("a.toml", values | {"selection.rate.van": 0.25}))
