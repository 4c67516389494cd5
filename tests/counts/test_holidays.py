"""Public holidays are left out of an average on request."""

import sys

import pytest

from funnelsim.counts import profile, read_counts
from funnelsim.errors import CountsError

pytest.importorskip("holidays", reason="the extra holidays is not installed")


@pytest.fixture
def counts(write):
    days = {"2024-04-30": 100, "2024-05-01": 20, "2024-05-02": 110}  # the middle one is Labour Day in Croatia
    rows = "".join(f"{day}T{hour:02d}:00,{n}\n" for day, n in days.items() for hour in range(24))
    return read_counts(write(f"start,total\n{rows}"))


def test_holidays_are_left_out_and_named(counts):
    made = profile(counts, without_holidays="HR")
    assert set(made.table["vehicles"]) == {105}
    assert [str(day) for day in made.days] == ["2024-04-30", "2024-05-02"]
    assert any(note.startswith("1 public holiday of HR is left out: Wed 01 May 2024 (Lab") for note in made.notes)
    assert made.variation.days == 2
    assert profile(counts).table["vehicles"][0] == pytest.approx(230 / 3)


def test_without_a_holiday_among_the_days_that_is_said(counts):
    made = profile(counts, weekdays=["tue", "thu"], without_holidays="de-by")
    assert len(made.days) == 2
    assert "no day is a public holiday of US" in profile(counts, without_holidays="US").notes


@pytest.mark.parametrize("place", ["XX", "HR-ZZ", "", "Croatia"])
def test_an_unknown_place_is_refused(counts, place):
    with pytest.raises(CountsError, match=f"'{place}' given; allowed: a country by its two letters"):
        profile(counts, without_holidays=place)


def test_what_cannot_go_together_is_refused(counts, write):
    with pytest.raises(CountsError, match="date and without_holidays given; allowed: one of the two"):
        profile(counts, date="2024-05-02", without_holidays="HR")
    typical = read_counts(write("start,total\n06:00,5\n07:00,6\n"))
    with pytest.raises(CountsError, match="only times of day"):
        profile(typical, without_holidays="HR")


def test_the_missing_package_is_named(counts, monkeypatch):
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(CountsError, match=r"install funnelsim\[holidays\]"):
        profile(counts, without_holidays="HR")
