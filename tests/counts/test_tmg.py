"""Fixed-width records of the FHWA Traffic Monitoring Guide: hourly volumes and classes."""

import datetime as dt

import polars as pl
import pytest

from funnelsim.counts import describe, profile, read_counts
from funnelsim.errors import CountsError

TUESDAY = dt.date(2024, 6, 4)


def volume(hours, *, station="000123", lane="10", day="20240604", week="3", restriction="0"):
    """Return a volume record; an hour is a number or None for a blank."""
    numbers = "".join("     " if hour is None else f"{hour:05d}" for hour in hours)
    return f"31701{station}{lane}{day}{week}{numbers}{restriction}\n"


def classes(hour, total, counts, *, day="20240604", code=" "):
    """Return a class record; a count is a number or None for a blank."""
    numbers = "".join("     " if count is None else f"{count:5d}" for count in [total, *counts])
    return f"C1700012330{day}{hour:02d}{code}{numbers}\n"


def sums(counts, *by):
    return dict(counts.table.group_by(*by).agg(pl.col("vehicles").sum()).iter_rows())


def test_a_volume_record_is_a_day_and_blank_is_no_data_while_zero_is_zero(write):
    counts = read_counts(write(volume([0, 12, None, *range(21)]), "june.VOL"))
    assert counts.format == "tmg-volume"
    hours = dict(counts.table.select("start_min", "vehicles").iter_rows())
    assert hours[0] == 0
    assert hours[60] == 12
    assert 120 not in hours
    assert len(hours) == 23
    assert counts.table.select("stream", "channel", "date").unique().rows() == [("000123", "north", TUESDAY)]


def test_a_last_hour_that_is_blank_is_no_data(write):
    text = volume([*range(23), None], restriction="").rstrip() + "\n"
    assert read_counts(write(text)).table["start_min"].max() == 22 * 60


@pytest.mark.parametrize(("day", "week"), [("20240604", "3"), ("240604", "3")])
def test_years_of_two_and_of_four_digits_are_told_apart(write, day, week):
    counts = read_counts(write(volume(range(24), day=day, week=week)))
    assert counts.table["date"].unique().to_list() == [TUESDAY]
    assert counts.table["vehicles"].sum() == sum(range(24))


def test_lanes_and_directions_are_channels_and_their_sums_are_doubted(write):
    text = volume(range(24), lane="11") + volume(range(24), lane="12") + volume(range(0, 48, 2), lane="10")
    counts = read_counts(write(text))
    assert set(counts.table["channel"]) == {"north", "north, lane 1", "north, lane 2"}
    assert any("000123, channel north holds the vehicles of the other records" in said for said in counts.warnings)
    with pytest.raises(CountsError, match="choose the channel"):
        profile(counts)
    alone = read_counts(write(volume(range(24), lane="11") + volume(range(24), lane="51")))
    assert alone.warnings == ()


def test_a_wrong_day_of_the_week_and_restrictions_are_said(write):
    counts = read_counts(write(volume(range(24)) + volume(range(24), day="20240605", restriction="1")))
    assert "the day of the week does not fit the date in 1 line (line 2)" in counts.warnings
    assert any("1 day has a restriction" in said for said in counts.warnings)


@pytest.mark.parametrize(
    "line",
    [
        volume(range(24)).replace("20240604", "20241304"),
        volume(range(24)).replace("00007", "0000x"),
        volume(range(24)).strip() + "00012",
        "4" + volume(range(24))[1:],
    ],
)
def test_a_line_that_is_no_volume_is_refused_with_its_number(write, line):
    with pytest.raises(
        CountsError, match=r"count.csv, line 2: '.*' is no hourly volume; allowed: a line of 142 or 143"
    ):
        read_counts(write(volume(range(24)) + line.strip() + "\n"))


def test_thirteen_classes_are_those_of_fhwa_and_the_rest_of_the_total_was_not_classed(write):
    thirteen = [1, 70, 12, 2, 5, 0, 0, 1, 9, 0, 0, 0, 0]
    counts = read_counts(write(classes(7, 100, thirteen) + classes(8, 103, thirteen), "june.CLA"))
    assert counts.format == "tmg-class"
    assert sums(counts, "start_min") == {420: 100, 480: 103}
    assert sums(counts, "class")["not classed"] == 3
    assert profile(counts).table.filter(pl.col("start_min") == 480).select("class", "vehicles").rows() == [
        ("car", 74),
        ("coach", 2),
        ("lorry", 15),
        ("van", 12),
    ]


def test_classes_beyond_the_total_are_doubted(write):
    thirteen = [0, 70, 12, 2, 5, 0, 0, 1, 9, 0, 0, 0, 0]
    counts = read_counts(write(classes(7, 90, thirteen)))
    assert counts.table["vehicles"].sum() == 99
    assert any("do not add up to the total (line 1: 99 against 90" in said for said in counts.warnings)


def test_three_classes_are_asked_for_and_blank_ones_are_no_data(write):
    counts = read_counts(write(classes(7, 90, [70, 15, 5]) + classes(8, 60, [None, None, None])))
    assert "the records have 3 classes, so they are not FHWA's 13" in counts.notes
    assert "unknown: set it with classes" in describe(counts)
    with pytest.raises(CountsError, match="no scenario class for 1, 2, 3"):
        profile(counts)
    made = profile(counts, classes={"1": "car", "2": "lorry", "3": "lorry"})
    assert made.table.select("class", "vehicles").rows() == [("car", 70), ("lorry", 20)]


def test_class_records_of_2001_have_years_of_two_digits(write):
    text = classes(7, 99, [0, 70, 12, 2, 5, 0, 0, 1, 9, 0, 0, 0, 0], day="240604", code="")
    counts = read_counts(write(text))
    assert counts.table["date"].unique().to_list() == [TUESDAY]
    assert counts.table["start_min"].unique().to_list() == [420]
    assert counts.table["vehicles"].sum() == 99


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (classes(7, 1, [1] * 13, code="2"), "interval code '2' given .column 22.; allowed: a blank"),
        (classes(27, 1, [1] * 13), "is no hourly class record"),
        (classes(7, 1, [1] * 13).replace("    1\n", "   1x\n"), "letters among the numbers"),
    ],
)
def test_a_broken_class_record_is_refused_with_its_line(write, line, message):
    with pytest.raises(CountsError, match=f"count.csv, line 2: .*{message}"):
        read_counts(write(classes(6, 13, [1] * 13) + line))


def test_real_volumes_have_their_known_totals(real):
    counts = read_counts(real("counts_more/us_tmg_hours.VOL"))
    assert counts.format == "tmg-volume"
    by = counts.table.group_by("stream", "channel").agg(pl.col("vehicles").sum()).sort("vehicles").rows()
    assert [row[2] for row in by] == [218, 262, 3_627]
    assert [str(gap) for gap in counts.gaps] == [
        "01710A, channel north and south: Wed 25 Apr 2012 15:00, 2 h without a count"
    ]
