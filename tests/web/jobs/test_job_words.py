"""What a job says has its numbers as the visitor's language writes them."""

from funnelsim.reporting.section import Section, as_data
from funnelsim.web.jobs.job_words import words_html
from tests.web.speaking import speak


def test_sentences_of_a_report_are_quoted_with_numbers_that_can_be_read_in_one_way_only(monkeypatch):
    speak(monkeypatch, "de")
    said = words_html(as_data([Section("After 60,000 operations", ("It finds 1.234 of 2,300 (area.bays = 4).",))]))
    assert said == "<h3>After 60\u202f000 operations</h3><p>It finds 1,234 of 2\u202f300 (area.bays = 4).</p>"
