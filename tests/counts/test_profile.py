"""Averages of days: what is summed, what is averaged, what is left out and said."""

import datetime as dt
import subprocess
import sys

import polars as pl
import pytest

from funnelsim.counts import FORMATS, SCENARIO_CLASSES, describe, profile, read_counts
from funnelsim.counts.names import LEFT_OUT
from funnelsim.counts.reading import format_of
from funnelsim.errors import CountsError

# Monday 6 May 2024 to Wednesday 8 May; on Tuesday 01:00 is missing.
WEEK = """start,car,lorry
2024-05-06T00:00,10,1
2024-05-06T01:00,20,2
2024-05-07T00:00,30,3
2024-05-08T00:00,50,8
2024-05-08T01:00,40,4
"""
CHANNELS = '"Number","Date","Time","Channel 1","Channel 2"\n' + "".join(
    f"{i},1/30/2024,{1 + i // 4}:{i % 4 * 15:02d} AM,{i},{10 * i}\n" for i in range(8)
)


def column(made, kind):
    return dict(made.table.filter(pl.col("class") == kind).select("start_min", "vehicles").iter_rows())


def test_an_average_is_over_the_days_on_which_an_interval_was_counted(write):
    made = profile(read_counts(write(WEEK)))
    assert column(made, "car") == {0: 30, 60: 30}
    assert made.days == (dt.date(2024, 5, 6), dt.date(2024, 5, 7), dt.date(2024, 5, 8))
    assert made.missing == tuple(range(120, 1440, 60))
    assert "most intervals were counted on 3 days, some on fewer days: 01:00 on 2" in made.notes


@pytest.mark.parametrize("weekdays", [["mon", "wed"], ["Monday", "WEDNESDAY"]])
def test_weekdays_choose_the_days(write, weekdays):
    made = profile(read_counts(write(WEEK)), weekdays=weekdays)
    assert column(made, "car") == {0: 30, 60: 30}
    assert made.days == (dt.date(2024, 5, 6), dt.date(2024, 5, 8))


def test_one_date_runs_on_into_the_next_where_that_was_counted(write):
    counts = read_counts(write(WEEK))
    assert column(profile(counts, date="2024-05-06"), "car") == {0: 10, 60: 20, 1440: 30}
    assert column(profile(counts, date=dt.date(2024, 5, 8)), "car") == {0: 50, 60: 40}
    assert profile(counts, date="2024-05-06").missing[-1] == 1440 + 23 * 60


def test_classes_are_overridden_summed_and_left_out_with_their_number(write):
    counts = read_counts(write(WEEK))
    assert column(profile(counts, classes={"lorry": "reefer"}), "reefer") == {0: 4, 60: 3}
    assert column(profile(counts, classes={"lorry": "car"}), "car") == {0: 34, 60: 33}
    made = profile(counts, classes={"lorry": ""})
    assert set(made.table["class"]) == {"car"}
    assert "left out, with vehicles counted: lorry (18)" in made.notes


def test_channels_that_are_chosen_together_are_summed(write):
    counts = read_counts(write(CHANNELS))
    both = profile(counts, channel=["1", "2"])
    assert column(both, "total") == {60 + 15 * i: 11 * i for i in range(1, 7)}
    assert both.streams == ("channel 1", "channel 2")
    assert "2 intervals may have been counted only in part and are left out" in both.notes


@pytest.mark.parametrize(
    ("text", "choice", "message"),
    [
        (CHANNELS, {}, "choose the channel (one or several): channel 1; channel 2"),
        (CHANNELS, {"channel": "3"}, "channel 3 given; allowed: 1, 2"),
        (
            CHANNELS,
            {"channel": "1", "stream": "A"},
            "stream A given; allowed: none, the file names no stream",
        ),
        (WEEK, {"date": "2024-05-09"}, "the file has 3 dates from 2024-05-06 to 2024-05-08, not this one"),
        (WEEK, {"date": "9 May"}, "date '9 May' given; allowed: like '2024-05-06'"),
        (WEEK, {"weekdays": ["sun"]}, "no complete interval was counted for weekdays sun"),
        (WEEK, {"weekdays": ["m"]}, "weekday 'm' given; allowed: mon, tue"),
        (WEEK, {"weekdays": []}, "no weekdays given"),
        (WEEK, {"weekdays": ["mon"], "date": "2024-05-06"}, "date and weekdays given"),
        (WEEK, {"classes": {"pkw": "car"}}, "classes: pkw given; the file counts car, lorry"),
        (WEEK, {"classes": {"car": "-", "lorry": "-"}}, "every class is left out"),
        (WEEK, {"classes": {"car": "total"}}, "no class can become 'total' while others become classes"),
        ("start,total\n06:00,1\n07:00,1\n", {"date": "2024-05-06"}, "the file has only times of day"),
        ("start,total\n06:00,1\n07:00,1\n", {"weekdays": ["mon"]}, "the file has only times of day"),
        ("start,car,van\n06:00,1,\n07:00,,1\n", {}, "no interval is counted in all chosen streams and classes"),
    ],
)
def test_an_impossible_choice_is_refused_with_what_there_is(write, text, choice, message):
    with pytest.raises(CountsError) as caught:
        profile(read_counts(write(text)), **choice)
    assert message in str(caught.value)


def test_a_description_names_all_a_planner_must_check(write):
    text = describe(read_counts(write(WEEK)))
    assert text.splitlines()[0] == "count.csv"
    for words in (
        "Mon 06 May 2024 00:00 to Wed 08 May 2024 02:00, every 60 min",
        "168 vehicles",
        "58 vehicles, Wed 08 May 2024 00:00 to 01:00",
        "Mon 06 May 2024 02:00, 22 h without a count",
        "car         150  89.3%",
    ):
        assert words in text


def test_the_shipped_maps_name_only_classes_a_scenario_has():
    maps = [format_of(name).class_map for name in FORMATS[1:]]
    assert {target for shipped in maps for target in shipped.values()} <= {*SCENARIO_CLASSES, *LEFT_OUT}
    assert set(format_of("per-vehicle").class_map) == {str(number) for number in range(1, 15)}


def test_the_names_of_formats_cost_no_table_library():
    code = "import sys; from funnelsim.counts import FORMATS; print('polars' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "False"
