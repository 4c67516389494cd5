"""What can be typed into a field is what the scenario allows, and all else is refused in words."""

import pytest

from funnelsim.web.allowed import Allowed, allowed_for
from tests.web.speaking import speak

SHARE = Allowed(0.0, 100.0)
OFFICERS = Allowed(0.0, 10_000.0, whole=True)
MARK = allowed_for("selection.valve.lift_at_m")
METRES = "allowed: a number above 0, at most 1,000,000"


@pytest.mark.parametrize("typed", ["8,5", "8.5", "8", " 8,50 ", "0,125", "8,1250", "100"])
def test_a_comma_and_a_point_are_decimal_marks(monkeypatch, typed):
    speak(monkeypatch)
    assert SHARE.wrong(typed) == ""


@pytest.mark.parametrize(
    ("allowed", "typed", "said"),
    [
        (SHARE, "-5", "-5 given; allowed: a number from 0 to 100"),
        (SHARE, "500", "500 given; allowed: a number from 0 to 100"),
        (SHARE, "1.500,5", "1.500,5 given; allowed: a number from 0 to 100"),
        (SHARE, "many", "many given; allowed: a number from 0 to 100"),
        (SHARE, "nan", "nan given; allowed: a number from 0 to 100"),
        (SHARE, "", "nothing given; allowed: a number from 0 to 100"),
        (OFFICERS, "2.5", "2.5 given; allowed: a whole number from 0 to 10,000"),
        (OFFICERS, "99999", "99999 given; allowed: a whole number from 0 to 10,000"),
        (MARK, "0", f"0 given; {METRES}"),
        (
            MARK,
            "2,000",
            f"2,000 given, which can mean 2000 or 2: write it like that; {METRES}",
        ),
        (
            MARK,
            "1.125",
            f"1.125 given, which can mean 1125 or 1.1250: write it like that; {METRES}",
        ),
    ],
)
def test_what_is_refused_says_what_was_given_and_what_is_allowed(monkeypatch, allowed, typed, said):
    speak(monkeypatch)
    assert allowed.wrong(typed) == said


def test_a_field_that_may_be_empty_is_not_refused_for_it(monkeypatch):
    speak(monkeypatch)
    assert Allowed(needed=False).wrong("") == ""
