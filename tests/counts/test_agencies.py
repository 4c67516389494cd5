"""Junctions, stations, BASt and WebTRIS, on invented numbers in the agencies' own formats."""

import datetime as dt

import polars as pl
import pytest

from funnelsim.counts import profile, read_counts
from funnelsim.errors import CountsError

JUNCTION = "kennung,stromtyp,formel,kommentar,intervall_start,intervall_ende,rad,pkw,lkw\n"
STATION = "weather,date_time,traffic_volume\n"
NINE = {"KFZ": 100, "Lkw": 25, "PLZ": 70, "Pkw": 55, "Lfw": 10, "Mot": 5, "PmA": 4, "Bus": 2, "LoA": 8}
NINE |= {"Lzg": 15, "Sat": 12, "Son": 1}
BAST_NINE = list(NINE)
WEBTRIS = (
    "Report for site M6/1234A\n\nSite Name,Report Date,Time Period Ending,Time Interval,"
    "0 - 520 cm,521  - 660 cm,661 - 1160 cm,1160+ cm,0 - 10 mph,Avg mph,Total Volume\n"
)


def sums(counts):
    return dict(counts.table.group_by("class").agg(pl.col("vehicles").sum()).iter_rows())


def bast(rows, kinds=BAST_NINE):
    """Return a BASt file; a row is a date, an hour, R1's values by kind, and flags by kind."""
    names = [f"{k}{kind}_{r}" for r in ("R1", "R2") for kind in kinds for k in ("", "K_")]
    lines = ["TKNR;Zst;Land;Strklas;Strnum;Datum;Wotag;Fahrtzw;Stunde;" + ";".join(names)]
    for date, hour, values, flags in rows:
        cells = [cell for kind in kinds for cell in (str(values.get(kind, "")), flags.get(kind, "-"))]
        blank = [cell for _ in kinds for cell in ("-1", "a")]
        lines.append(";".join(["4711", " 9010", "9", "A", "   3", date, "1", "w", f"{hour:02d}", *cells, *blank]))
    return "\n".join(lines) + "\n"


def test_bast_nine_kinds_add_up_with_articulated_lorries_once(write):
    counts = read_counts(write(bast([("240506", hour, NINE, {}) for hour in (7, 8)])))
    assert counts.format == "bast"
    parts = {kind: NINE[kind] for kind in ("Pkw", "Lfw", "Mot", "PmA", "Bus", "LoA", "Sat", "Son")} | {"LmA": 3}
    assert sums(counts) == {kind: 2 * number for kind, number in parts.items()}
    assert not counts.warnings
    made = profile(counts)
    assert dict(made.table.filter(pl.col("start_min") == 360).select("class", "vehicles").iter_rows()) == {
        "car": 65,
        "van": 10,
        "coach": 2,
        "lorry": 23,
    }


def test_bast_hours_end_at_their_number_and_directions_without_counts_are_named(write):
    counts = read_counts(write(bast([("240506", hour, NINE, {}) for hour in (1, 24)])))
    assert counts.table["start_min"].unique().sort().to_list() == [0, 1380]
    assert counts.table["date"][0] == dt.date(2024, 5, 6)
    assert set(counts.table["channel"]) == {"R1"}
    assert "9010, R2: nothing counted" in counts.notes
    assert "Stunde 1 to 24 names each hour by its end" in counts.notes


def test_bast_sums_tell_whether_lorry_trailers_hold_articulated_lorries(write):
    apart = NINE | {"Lzg": 3}
    counts = read_counts(write(bast([("240506", hour, apart, {}) for hour in (7, 8)])))
    assert sums(counts)["LmA"] == 6
    assert not counts.warnings


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (
            ["KFZ", "Lkw", "PLZ", "PmA", "Bus", "LoA", "Lzg", "Son"],
            {"PLZ": 70, "PmA": 4, "Bus": 2, "LoA": 8, "Lzg": 15, "Son": 1},
        ),
        (["KFZ", "Lkw"], {"Pkw-Gruppe": 75, "Lkw-Gruppe": 25}),
        (["KFZ"], {"total": 100}),
    ],
)
def test_bast_is_read_at_the_finest_level_the_station_counts(write, kinds, expected):
    rows = [("240506", hour, {kind: NINE[kind] for kind in kinds}, {}) for hour in (7, 8)]
    assert sums(read_counts(write(bast(rows, kinds)))) == {kind: 2 * number for kind, number in expected.items()}


def test_bast_flags_and_missing_values_are_told(write):
    hours = [
        ("240506", 7, NINE, {"KFZ": "s"}),
        ("240506", 8, NINE, {"KFZ": "u", "Pkw": "z"}),
        ("240506", 9, NINE, dict.fromkeys(BAST_NINE, "a")),
        ("240506", 10, {"KFZ": 90, "Lkw": -1}, {}),
        ("240506", 11, NINE, {}),
        ("240506", 12, NINE | {"Pkw": 50}, {}),
    ]
    counts = read_counts(write(bast(hours)))
    notes, warnings = "\n".join(counts.notes), "\n".join(counts.warnings)
    assert "1 value flagged 's' (estimated by the agency) is used" in notes
    assert "1 value flagged 'u' (unusual but true) is used" in notes
    assert "1 value with the unknown flag 'z' is used" in warnings
    assert "in 1 hour the classes do not add up to KFZ" in warnings
    assert "1 interval has a total but no classes" in warnings
    assert [gap.start_min for gap in counts.gaps] == [480]
    made = profile(counts)
    assert "1 interval without classes (90 vehicles) is left out" in made.notes
    assert {480, 540} <= set(made.missing)


@pytest.mark.parametrize(
    ("date", "hour", "message"),
    [
        ("2405", 7, "Datum '2405' given; allowed: YYMMDD"),
        ("241306", 7, "Datum '241306' does not exist"),
        ("240506", 25, "Stunde '25' given; allowed: 1 to 24"),
        ("240506", 0, "Stunde '00' given"),
    ],
)
def test_bast_dates_and_hours_out_of_range_are_refused(write, date, hour, message):
    with pytest.raises(CountsError) as caught:
        read_counts(write(bast([(date, hour, NINE, {})])))
    assert message in str(caught.value)


def webtris(*rows):
    return WEBTRIS + "".join(f"M6/1234A,{date},{end},0,{bins},,60,{total}\n" for date, end, bins, total in rows)


def test_webtris_times_end_their_interval_and_totals_are_not_added(write):
    day = "2025-03-10T00:00:00"
    text = webtris((day, "00:14:00", "10,2,3,5", 20), (day, "00:29:00", "11,2,3,5", 21))
    counts = read_counts(write(text))
    assert counts.format == "webtris"
    assert sums(counts) == {"0 - 520 cm": 21, "521 - 660 cm": 4, "661 - 1160 cm": 6, "1160+ cm": 10}
    assert counts.table["start_min"].unique().sort().to_list() == [0, 15]
    assert counts.table["stream"][0] == "M6/1234A"
    assert set(profile(counts).table["class"]) == {"car", "van", "lorry"}


def test_webtris_blank_bins_leave_the_total_and_an_hour_ends_at_59(write):
    text = webtris(*[("30/03/2025 00:00:00", f"{hour:02d}:59:00", ",,,", 300 + hour) for hour in (0, 2, 23)])
    counts = read_counts(write(text))
    assert counts.minutes == 60
    assert sums(counts) == {"total": 925}
    assert counts.table["start_min"].to_list() == [0, 120, 1380]
    assert counts.gaps[0].start_min == 180
    assert any("30 Mar 2025: the hour 01:00 did not exist" in note for note in counts.notes)


def test_webtris_bins_that_miss_the_total_give_a_warning(write):
    day = "2025-03-10T00:00:00"
    counts = read_counts(write(webtris((day, "00:14:00", "10,2,3,5", 25), (day, "00:29:00", "1,1,1,1", 4))))
    assert any(
        "in 1 interval the classes do not add up to the total (line 4: 20 against 25 on Mon 10 Mar 2025 00:00)" in d
        for d in counts.warnings
    )


def test_webtris_dates_are_asked_for_where_ambiguous_and_odd_ends_refused(write):
    with pytest.raises(CountsError, match="set date_order"):
        read_counts(write(webtris(("10/03/2025 00:00:00", "00:14:00", "1,1,1,1", 4))))
    with pytest.raises(CountsError, match="'00:20:00' given; allowed: minutes 14, 29, 44 and 59"):
        read_counts(write(webtris(("2025-03-10", "00:20:00", "1,1,1,1", 4))))


def junction(*rows):
    return JUNCTION + "".join(f"{row}\n" for row in rows)


def test_a_junction_keeps_counted_streams_only(write):
    counts = read_counts(
        write(
            junction(
                "A,Zählstrom,,x,06:00,06:15,1,50,5",
                "A,Zählstrom,,x,23:45,24:00,0,40,4",
                "B,Zählstrom,,x,06:00,06:15,2,60,6",
                "S,summierter Strom,1+2,A + B,06:00,06:15,3,110,11",
            )
        )
    )
    assert sums(counts) == {"rad": 3, "pkw": 150, "lkw": 15}
    assert "rows that are sums of other rows are left out: S = A + B" in counts.notes
    with pytest.raises(CountsError, match="choose the stream"):
        profile(counts)
    assert profile(counts, stream=["A", "B"]).table["vehicles"].to_list() == [110, 11]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["A,geschätzt,,x,06:00,06:15,1,50,5"], "stromtyp 'geschätzt' given; allowed: Zählstrom"),
        (["A,Zählstrom,,x,06:00,06:20,1,50,5"], "interval 06:00 to 06:20 given"),
        (
            ["A,Zählstrom,,x,06:00,06:15,1,50,5", "A,Zählstrom,,x,07:00,08:00,1,50,5"],
            "intervals of 15, 60 min given",
        ),
        (["S,summierter Strom,,A + B,06:00,06:15,1,50,5"], "every row is a sum"),
        (["A,Zählstrom,,x,06:00,06:15,1,50"], "this row has 8 cells, the header has 9"),
    ],
)
def test_a_broken_junction_count_is_refused_in_words(write, rows, message):
    with pytest.raises(CountsError) as caught:
        read_counts(write(junction(*rows)))
    assert message in str(caught.value)


def test_a_station_s_repeats_with_other_volumes_are_refused(write):
    text = STATION + "rain,2024-05-06 07:00:00,50\nfog,2024-05-06 07:00:00,60\n"
    with pytest.raises(
        CountsError, match="line 3: 2024-05-06 07:00 is counted again, with other numbers than on line 2"
    ):
        read_counts(write(text))


def test_a_repeat_of_a_blank_takes_the_volume(write):
    text = STATION + "rain,2024-05-06 07:00:00,\nfog,2024-05-06 07:00:00,60\nfog,2024-05-06 08:00:00,70\n"
    assert read_counts(write(text)).table["vehicles"].to_list() == [60, 70]


@pytest.mark.parametrize(("day", "hour"), [("2024-10-27", "02"), ("2024-11-03", "01")], ids=["Europe", "America"])
def test_the_hour_that_comes_twice_in_autumn_may_differ_and_averages_by_its_mean(write, day, hour):
    rows = "".join(f"x,{day} {h}:00:00,{v}\n" for h, v in (("00", 9), (hour, 50), (hour, 60), ("05", 8)))
    counts = read_counts(write(STATION + rows))
    assert counts.table["vehicles"].sum() == 127
    assert any(note.startswith(f"clocks went back: both counts of {day} {hour}:00") for note in counts.notes)
    assert profile(counts).table.filter(pl.col("start_min") == int(hour) * 60)["vehicles"].to_list() == [55]


def test_an_hour_without_vehicles_beside_busy_ones_is_warned_of_but_kept(write):
    rows = "".join(f"x,2024-05-06 0{h}:00:00,{v}\n" for h, v in ((7, 500), (8, 0), (9, 600)))
    counts = read_counts(write(STATION + rows))
    assert counts.table["vehicles"].to_list() == [500, 0, 600]
    assert any("almost no vehicles" in warning and "08:00" in warning for warning in counts.warnings)


def test_a_station_with_every_second_hour_is_hourly_with_gaps(write):
    rows = "".join(f"x,2024-05-06 0{h}:00:00,5\n" for h in (1, 3, 5))
    counts = read_counts(write(STATION + rows))
    assert counts.minutes == 60
    assert [gap.intervals for gap in counts.gaps] == [1, 1]
