"""The charts of a counts file draw what was counted, and mark what was not."""

import pytest

from funnelsim.web.counts import counts_days
from funnelsim.web.counts.counts_charts import day_options, days_height_px, days_options
from funnelsim.web.counts.counts_reader import Asked, Choice, CountsReader
from tests.web.speaking import speak

ROWS = """start,car,lorry
2024-05-06T06:00,100,10
2024-05-06T06:30,120,20
2024-05-06T07:30,80,8
2024-05-07T06:00,60,6
2024-05-08T06:00,50,5
"""


@pytest.fixture(autouse=True)
def _in_english(monkeypatch):
    speak(monkeypatch)


@pytest.fixture
def look(tmp_path):
    path = tmp_path / "road.csv"
    path.write_text(ROWS, encoding="utf-8")
    return lambda **choice: CountsReader().look(Asked(path, choice=Choice(**choice)))


def test_a_day_is_drawn_per_hour_by_class_and_what_was_not_counted_is_marked(look):
    options = day_options(look(date="2024-05-06").day)
    hours = options["xAxis"]["data"]
    car, lorry, uncounted = ({**one, "data": dict(zip(hours, one["data"], strict=True))} for one in options["series"])
    assert (car["name"], lorry["name"], uncounted["name"]) == ("car", "lorry", "not counted")
    assert (car["data"]["06:30"], lorry["data"]["06:30"]) == (240.0, 40.0)
    assert car["data"]["07:00"] is None
    assert uncounted["data"]["07:00"] == 1
    assert uncounted["data"]["06:30"] is None
    assert hours[-1] == "30:00"  # of the next day, which follows


def test_days_are_drawn_by_hour_and_an_hour_without_a_count_has_no_cell(look):
    found = look()
    options = days_options(found.days)
    assert options["yAxis"]["data"] == ["Mon 06 May 2024", "Tue 07 May 2024", "Wed 08 May 2024"]
    cells = {(day, hour): rate for hour, day, rate in options["series"][0]["data"]}
    assert cells == {(0, 6): 250, (0, 7): 176, (1, 6): 132, (2, 6): 110}


def test_days_that_are_counted_and_not_meant_have_no_row(look):
    """Otherwise they would look as if nobody had counted them."""
    found = look(weekdays=("mon", "wed"))
    options = days_options(found.days)
    assert options["yAxis"]["data"] == ["Mon 06 May 2024", "Wed 08 May 2024"]


def test_a_single_day_has_no_chart_of_days(look):
    assert look(date="2024-05-07").days is None


def test_of_very_many_days_the_last_ones_are_drawn(look, monkeypatch):
    assert not look().days.are_cut
    monkeypatch.setattr(counts_days, "MOST_DAYS", 2)
    days = look().days
    assert days.are_cut
    assert [str(day) for day in days.days] == ["2024-05-07", "2024-05-08"]
    assert days_height_px(days) == 90 + 2 * 14
