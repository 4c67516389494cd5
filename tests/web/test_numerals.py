"""Numbers on the page can be read in one way only in the language of the visitor, and what is shown can be typed."""

import pytest

from funnelsim.web.numerals import in_field, number_locale, read, rewritten
from tests.web.speaking import speak


@pytest.mark.parametrize("language", ["de", "hr"])
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("critical point 2,300 m", "critical point 2\u202f300 m"),
        ("1.234 ± 0.012", "1,234 ± 0,012"),
        ("-1,234,567.5 (0 to 12.5)", "-1\u202f234\u202f567,5 (0 to 12,5)"),
        ("the 1,200th of 3,000.", "the 1\u202f200th of 3\u202f000."),
    ],
)
def test_thousands_have_a_space_and_fractions_a_comma(language, said, shown):
    assert rewritten(said, language) == shown
    assert rewritten(said, "en") == said


@pytest.mark.parametrize(
    "said",
    [
        "staffing.roster.0.count",
        "lane.length_m = 1.125",
        "points = [[0, 1], [200, 0.125]]",
        'vary = "0.05,0.1"',
        "area.bays=1,200",
        "06:00 to 14:00",
        "version 1.2.3, 2026-11-30",
        "{ van = 1.125 }",
    ],
)
def test_what_stands_in_a_file_stays_as_it_is(said):
    assert rewritten(said, "de") == said


@pytest.mark.parametrize("language", ["en", "de", "hr"])
@pytest.mark.parametrize("number", [8.5, 8.125, 0.1 + 0.2, 1_000_000.0, 2300.0, 0.00001, -3.0, 1.0])
def test_what_a_field_shows_can_be_typed(monkeypatch, language, number):
    speak(monkeypatch, language)
    assert float(read(in_field(number))) == pytest.approx(number, rel=1e-11)


def test_the_browser_writes_numbers_as_the_page_does(monkeypatch):
    speak(monkeypatch, "hr")
    assert number_locale() == "fr"
    speak(monkeypatch, "en")
    assert number_locale() == "en"
