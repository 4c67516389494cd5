"""Known answers for real files, faults left in (totals and peaks are documented beside the files)."""

import datetime as dt

import polars as pl
import pytest

from funnelsim.counts import describe, passages, profile, read_counts
from funnelsim.counts.description import _hours, _peak
from funnelsim.errors import CountsError

I94 = "us_i94_hourly_excerpt.csv"
REGULAR = "us_i94_hourly_regularised.csv"
CLASSES = "us_dvrpc_166905_15min_class.txt"
LINES = "us_dvrpc_166905_per_vehicle.txt"
PEAK = "us_dvrpc_165367_per_vehicle_peak.txt"
VOLUME = "us_dvrpc_168193_15min_volume.txt"
JUNCTION = "de_magdeburg_2019_15min_class.csv"


def motor(counts):
    return counts.table.filter(pl.col("class") != "rad")


@pytest.mark.parametrize(
    ("name", "format_name", "total", "peak"),
    [
        (I94, "station-hourly", 2_828_285, "6,990 vehicles, Thu 04 Oct 2012 07:00 to 08:00"),
        (REGULAR, "station-hourly", 2_591_332, "6,594 vehicles, Fri 02 Dec 2016 16:00 to 17:00"),
        (CLASSES, "fhwa-15min", 3_926, "206 vehicles, Tue 07 Nov 2023 15:00 to 16:00"),
        (LINES, "per-vehicle", 8_706, None),
        (VOLUME, "volume-15min", 8_253 + 8_723, None),
        (JUNCTION, "junction", 36_114, "3,031 vehicles, 16:00 to 17:00"),
    ],
)
def test_total_and_peak_are_the_documented_ones(real, name, format_name, total, peak):
    counts = read_counts(real(name))
    assert counts.format == format_name
    assert motor(counts)["vehicles"].sum() == total
    assert peak is None or _peak(motor(counts)) == peak
    assert f"{total:,} vehicles" in describe(counts)


@pytest.mark.parametrize(
    ("name", "by", "peaks"),
    [
        (VOLUME, "stream", {"168194": 394, "168193": 402}),
        (JUNCTION, "stream", {"CG2": 1_117}),
        (PEAK, "channel", {"2": 708}),
    ],
)
def test_peak_hours_of_streams_are_the_documented_ones(real, name, by, peaks):
    hours = _hours(motor(read_counts(real(name), date_order="mdy")), ["stream", "channel"])
    found = dict(hours.group_by(by).agg(pl.col("vehicles").max()).iter_rows())
    assert {key: found[key] for key in peaks} == peaks


def test_a_row_a_weather_remark_counts_its_hour_once(real):
    counts = read_counts(real(I94))
    assert counts.table.height == 915 - 5
    assert any(note.startswith("127 rows repeat") for note in counts.notes)
    assert any("total is blank in 5 intervals: not counted" in warning for warning in counts.warnings)


def test_missing_hours_are_named_and_the_clock_change_is_no_gap(real):
    counts = read_counts(real(I94))
    assert "Fri 08 Aug 2014 02:00, 7,386 h without a count" in [str(gap) for gap in counts.gaps]
    assert any("Sun 12 Mar 2017: the hour 02:00 did not exist" in note for note in counts.notes)
    assert dt.date(2017, 3, 12) not in {gap.date for gap in counts.gaps}
    missing = profile(counts, date="2016-02-29").missing
    assert len([start for start in missing if start < 1440]) == 24 - 13


def test_an_hour_label_without_a_statement_gives_a_warning(real):
    assert any("start or the end of its hour" in warning for warning in read_counts(real(REGULAR)).warnings)
    assert any("Sun 06 Nov 2016 had 25 hours" in warning for warning in read_counts(real(REGULAR)).warnings)


def test_a_closed_road_gives_a_warning(real):
    assert any("closed road" in warning and "Sat 23 Jul 2016" in warning for warning in read_counts(real(I94)).warnings)


def test_sums_that_are_rows_are_left_out_and_blank_is_not_counted(real):
    counts = read_counts(real(JUNCTION))
    assert set(counts.table["stream"]) == {"AG1", "AG2", "CG1", "CG2"}
    assert "krad" not in set(counts.table["class"])
    assert any("krad is blank in every row: not counted (not zero)" in note for note in counts.notes)
    assert any("TUNNEL = AG2 + CG2" in note for note in counts.notes)
    heavy = motor(counts).filter(pl.col("class").is_in(["lkw", "lz", "bus"]))["vehicles"].sum()
    assert round(heavy / 36_114, 3) == 0.068


def test_bicycles_are_left_out_with_their_number(real):
    made = profile(read_counts(real(JUNCTION)), stream="CG2")
    assert any(note.startswith("left out, with vehicles counted: rad (") for note in made.notes)
    assert set(made.table["class"]) == {"car", "van", "coach", "lorry"}


def test_lines_of_channel_1_sum_to_the_class_export(real):
    lines = read_counts(real(LINES)).table.filter(pl.col("channel") == "1")
    export = read_counts(real(CLASSES)).table
    key = ["date", "start_min"]
    sums = lines.group_by(key).agg(pl.col("vehicles").sum())
    both = export.group_by(key).agg(pl.col("vehicles").sum()).join(sums, on=key, how="left")
    assert both.height == 192
    assert (both["vehicles"] == both["vehicles_right"]).all()


def test_the_first_and_last_interval_of_a_counter_are_left_out(real):
    counts = read_counts(real(CLASSES))
    made = profile(counts, date="2023-11-06")
    assert made.table["start_min"].min() == 11 * 60
    assert made.missing[0] == 0
    assert 10 * 60 + 45 in made.missing


def test_a_date_runs_on_into_the_night(real):
    counts = read_counts(real(CLASSES))
    made = profile(counts, date="2023-11-07")
    next_morning = profile(counts, date="2023-11-08").table.with_columns(pl.col("start_min") + 1440)
    assert made.table.filter(pl.col("start_min") >= 1440).equals(next_morning)
    assert made.table.filter(pl.col("start_min") < 1440)["start_min"].n_unique() == 96
    assert made.missing[0] == 1440 + 10 * 60 + 30


def test_lines_that_go_back_in_time_are_sorted(real):
    counts = read_counts(real(PEAK), date_order="mdy")
    assert any(note.startswith("298 lines go back in time") for note in counts.notes)
    trace = passages(counts, channel=["1", "2"])
    assert trace.height == 4_516
    assert trace["time_s"].is_sorted()
    assert trace["time_s"][0] == 15 * 3600
    assert passages(counts, channel="2").height == 2_573


def test_dates_that_prove_no_order_are_asked_for(real):
    with pytest.raises(CountsError, match=r"line 5: '11/8/2023' can mean 11 August 2023 \(dmy\) or 08 November"):
        read_counts(real(PEAK))


def test_a_header_with_more_channels_than_the_rows_is_refused(real):
    with pytest.raises(CountsError, match="line 5: this row has 5 cells, the header has 6, and so have 18"):
        read_counts(real("us_dvrpc_bad_channels.csv"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("si_pldp_2023_aadt_class_cp1250.csv", "by class (Slovenia)"),
        ("at_vienna_monthly_latin1.csv", "by day of the week (Vienna)"),
        ("fr_bordeaux_2019_bom.csv", "morning and the evening peak hour"),
    ],
)
@pytest.mark.parametrize("format_name", ["auto", "station-hourly"])
def test_daily_averages_are_refused_in_words(real, name, said, format_name):
    with pytest.raises(CountsError) as caught:
        read_counts(real(name), format_name)
    assert "average vehicles per day" in str(caught.value)
    assert said in str(caught.value)
    assert "allowed: the hourly values" in str(caught.value)


@pytest.mark.parametrize("name", [I94, CLASSES, JUNCTION, VOLUME])
def test_no_line_of_a_description_is_longer_than_110(real, name):
    assert max(map(len, describe(read_counts(real(name))).splitlines())) <= 110
