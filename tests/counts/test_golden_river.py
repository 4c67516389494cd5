"""Recordings of Golden River counters: a line a vehicle (VBV-1), and three views of the same vehicles (INT-2)."""

import datetime as dt

import polars as pl
import pytest

from funnelsim.counts import describe, passages, profile, read_counts
from funnelsim.errors import CountsError

VEHICLES = """\
* BEGIN
* FORMAT = VBV-1
* SITE = 00000042
* LOCATION = Chemin du Lac, nord
* STARTREC = 07:00 03/06/24
* STOPREC  = 07:45 03/06/24
* DATEFORM = DD/MM/YY
* PRUNITS = KPH-CM-10KG
* CLASS = SWISS10
* HEAD DDMMYY HHMM SS HH RESCOD  L D HEAD  GAP SPD LENTH    CS CH
000001 030624 0700 04 40 000000  2 1  0.0  0.0  73   427     3  L
000002 030624 0700 04 90 000000  1 1  0.0  0.0  50  1150    10 VL
000003 030624 0729 59 00 000000  2 1 99.9 99.9  61   381     3  L
000004 030624 0731 00 00 000000  2 1 61.0 60.9               2
* END 15 FFFF
"""

INTERVALS = """\
* BEGIN
* FORMAT = INT-2
* SITE = 00000042
* STARTREC = 21:40 03/06/24
* STOPREC  = 01:00 04/06/24
* DATEFORM = DD/MM/YY
* INTERVAL = 60
* CHANNELS = 1 2
* INTSPEC = LEN + CLS + SPD
* LENBINS = 0 700 9999
* CLASS = SWISS10
* SPDBINS = 0 50 999
* HEAD HHMM C       LN 1 LN 2
* HEAD HHMM C       CS 1 CS 2 CS 3 CS 4 CS 5 CS 6 CS 7 CS 8 CS 9 CS10
* HEAD HHMM C       SP 1 SP 2
030624 2200 1 00 01 0004 0001
030624 2200 1 00 02 0000 0000 0004 0000 0000 0000 0000 0001 0000 0000
030624 2200 1 00 03 0003 0002
030624 2300 1 00 01 0020 0004
030624 2300 1 00 02 0001 0000 0018 0000 0002 0000 0000 0002 0000 0001
030624 2300 1 00 03 0014 0010
030624 2400 1 00 01 0010 0002
030624 2400 1 00 02 0000 0000 0010 0000 0000 0000 0000 0002 0000 0000
030624 2400 1 00 03 0006 0006
040624 0100 1 00 01 0007 0000
040624 0100 1 00 02 0000 0000 0007 0000 0000 0000 0000 0000 0000 0000
040624 0100 1 00 03 0003 0004
* END 28 FFFF
"""


def test_a_line_a_vehicle_is_read_by_the_columns_that_its_heading_names(write):
    counts = read_counts(write(VEHICLES, "site.v00"))
    assert counts.format == "vbv-1"
    assert set(counts.table["stream"]) == {"00000042"}
    assert str(counts.vehicles["time"][0]) == "2024-06-03 07:00:04.400000"
    assert counts.vehicles["channel"].to_list() == ["2", "1", "2", "2"]
    assert counts.vehicles["class"].to_list() == ["3", "10", "3", "2"]
    assert counts.vehicles["speed_kmh"].to_list() == [73.0, 50.0, 61.0, None]
    assert passages(counts, channel=["1", "2"])["class"].to_list() == ["car", "lorry", "car", "car"]
    assert counts.warnings == ()
    assert not counts.table["partial"].any()  # STARTREC and STOPREC are ends of intervals
    assert "location: Chemin du Lac,nord" in counts.notes


def test_speeds_of_an_imperial_recording_are_miles_an_hour(write):
    counts = read_counts(write(VEHICLES.replace("KPH-CM-10KG", "MPH-IN-LB")))
    assert counts.vehicles["speed_kmh"][1] == pytest.approx(80.5, abs=0.05)


def test_missing_lines_are_said_and_leave_the_last_interval_partial(write):
    kept = VEHICLES.splitlines(keepends=True)
    counts = read_counts(write("".join(kept[:12] + kept[-1:]).replace("07:45 03/06", "14:45 03/06")))
    assert "the line * END counts 15 lines, but the file has 13: records are missing" in counts.warnings
    assert any("ran until Mon 03 Jun 2024 14:45 (STOPREC), but the records end" in said for said in counts.warnings)
    assert counts.table["partial"].all()
    cut = read_counts(write("".join(kept[:-1])))
    assert "the recording has no line * END: is the file cut off?" in cut.warnings


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (" 0729 59", " 0769 59", "line 13: time 0769 59 given"),
        (" 030624 0729", " 310624 0729", "line 13: date '310624' given; allowed: DDMMYY, like 310121"),
        ("000000  2 1 99.9", "000000  X 1 99.9", "line 13: lane 'X' given"),
        ("  1150    10 VL", "  1150    1x VL", "line 12: class '1x' given"),
        ("* HEAD DDMMYY HHMM", "* HEAD DDMMYY TIME", "no line [*] HEAD with the columns DDMMYY, HHMM"),
        ("DD/MM/YY", "DD.MM.YY", "DATEFORM = 'DD.MM.YY' given; allowed: DD/MM/YY, MM/DD/YY or YY/MM/DD"),
        ("07:00 03/06/24", "7 o'clock", 'STARTREC = "7 o\'clock" given'),
        ("* END 15", "* BEGIN\n* END 15", "a second recording begins here"),
    ],
)
def test_a_broken_recording_is_refused_in_words(write, old, new, message):
    with pytest.raises(CountsError, match=message):
        read_counts(write(VEHICLES.replace(old, new)))


def test_views_of_the_same_vehicles_are_counted_once_and_labels_are_ends(write):
    counts = read_counts(write(INTERVALS, "site.A00"))
    assert counts.format == "int-2"
    hours = counts.table.group_by("date", "start_min").agg(pl.col("vehicles").sum()).sort("date", "start_min").rows()
    june = [dt.date(2024, 6, 3), dt.date(2024, 6, 4)]
    assert hours == [(june[0], 1260, 5), (june[0], 1320, 24), (june[0], 1380, 12), (june[1], 0, 7)]
    assert "the lengths and speeds are other views of the same vehicles as the classes, and not added" in counts.notes
    assert set(profile(counts).table["class"]) == {"car", "coach", "lorry", "van"}


def test_a_short_first_interval_is_said_and_is_partial(write):
    counts = read_counts(write(INTERVALS))
    assert counts.table.filter("partial")["start_min"].unique().to_list() == [1260]
    assert counts.warnings == (
        "the counter started at 21:40 (STARTREC), so the first interval, from 21:00, holds 20 min",
    )


def test_views_that_differ_and_an_early_end_are_said(write):
    text = INTERVALS.replace("2300 1 00 03 0014", "2300 1 00 03 0015").replace("01:00 04/06/24", "14:00 05/06/24")
    warnings = read_counts(write(text)).warnings
    assert (
        "in 1 interval the views of the same vehicles differ (line 21: lengths 24, classes 24, speeds 25); the classes "
        "are used"
    ) in warnings
    assert any("(STOPREC), but the records end on Tue 04 Jun 2024 at 01:00" in said for said in warnings)


def test_without_classes_another_view_gives_totals(write):
    lines = [line for line in INTERVALS.splitlines() if " 00 02 " not in line and "CS 1" not in line]
    text = "\n".join(lines).replace("LEN + CLS + SPD", "LEN + SPD").replace(" 00 03 ", " 00 02 ")
    counts = read_counts(write(text.replace("* CLASS = SWISS10\n", "")))
    assert counts.table["class"].unique().to_list() == ["total"]
    assert counts.table["vehicles"].sum() == 48


def test_classes_of_a_scheme_that_is_not_known_are_asked_for(write):
    counts = read_counts(write(INTERVALS.replace("= SWISS10", "= LOCAL7")))
    assert "unknown: set it with classes" in describe(counts)
    with pytest.raises(CountsError, match="no scenario class for 1, 10"):
        profile(counts)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2300 1 00 01 0020 0004", "2300 1 00 01 0020", "line 19: 1 number given; allowed: 2"),
        ("2300 1 00 01 0020 0004", "2300 1 00 04 0020 0004", "line 19: specification 04 given; allowed: 1 to 3"),
        ("2300 1 00 01 0020 0004", "2460 1 00 01 0020 0004", "line 19: time '2460' given; allowed: 0000 to 2400"),
        ("030624 2300 1 00 01", "320624 2300 1 00 01", "line 19: date '320624' given"),
        ("2300 1 00 01 0020 0004", "2300 1 00", "line 19: '030624 2300 1 00' is no record"),
        ("INTERVAL = 60", "INTERVAL = 7", r"INTERVAL = 7 given; allowed: 15, 30 or 60"),
        ("LEN + CLS + SPD", "DRN", "INTSPEC = DRN given; allowed: one with CLS, LEN, SPD or CNT"),
    ],
)
def test_a_broken_interval_is_refused_in_words(write, old, new, message):
    with pytest.raises(CountsError, match=message):
        read_counts(write(INTERVALS.replace(old, new)))


def test_a_real_list_of_vehicles_has_its_known_totals(real):
    counts = read_counts(real("counts_more/ch_vbv1_first_vehicles.v00"))
    by = {column: dict(counts.vehicles[column].value_counts().iter_rows()) for column in ("channel", "class")}
    assert by == {"channel": {"1": 32, "2": 30}, "class": {"3": 60, "5": 2}}
    assert set(passages(counts, channel=["1", "2"])["class"]) == {"car", "van"}
    assert any("counts 1,805 lines" in said for said in counts.warnings)


def test_real_intervals_have_their_known_totals(real):
    counts = read_counts(real("counts_more/ch_int2_3_hours.A00"))
    assert counts.table.group_by("start_min").agg(pl.col("vehicles").sum()).sort("start_min").rows() == [
        (540, 0),
        (600, 252),
        (660, 255),
    ]
    assert dict(counts.table.group_by("channel").agg(pl.col("vehicles").sum()).iter_rows()) == {"1": 257, "2": 250}
    assert any("Tue 04 Apr 2017 13:49 (STOPREC), but the records end on Mon 27 Mar" in said for said in counts.warnings)
    assert any("holds 1 min" in said for said in counts.warnings)
    assert counts.table.filter("partial")["start_min"].unique().to_list() == [540]
