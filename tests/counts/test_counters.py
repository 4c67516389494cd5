"""Counter exports: by class, by channel, and one line a vehicle; dates are proved or asked for."""

import datetime as dt

import polars as pl
import pytest

from funnelsim.counts import passages, profile, read_counts
from funnelsim.errors import CountsError

CLASSES = "Site Code: 42\n\nNumber,Date,Time,Motorcycles,Cars & Trailers,Buses\n"
CHANNELS = '1/30/2024\n11:30 AM\n"11"\n"12"\n"Number","Date","Time","Channel 1","Channel 2"\n'
VEHICLES = "Date/Time:, 1/30/2024\nSite Code:, 42\nVeh. No., Date, Time, Channel, Class, Speed\n"


def quarter_hours(date_text, first=0, number=4, counts="1,2,3"):
    """Return rows of a counter on one date, from a quarter of the day on, with a 12-hour clock."""
    rows = []
    for i in range(first, first + number):
        hour, half = (i // 4) % 12 or 12, "AM" if i < 48 else "PM"
        rows.append(f"{i},{date_text},{hour}:{i % 4 * 15:02d} {half},{counts}\n")
    return "".join(rows)


def test_a_class_export_is_read_with_its_site_and_start_of_interval(write):
    counts = read_counts(write(CLASSES + quarter_hours("1/30/2024", 46)))
    assert counts.format == "fhwa-15min"
    assert set(counts.table["stream"]) == {"42"}
    assert counts.table["start_min"].unique().sort().to_list() == [690, 705, 720, 735]
    assert counts.table["date"][0] == dt.date(2024, 1, 30)
    assert counts.table.filter("partial")["start_min"].unique().sort().to_list() == [690, 735]


def test_channels_are_read_with_their_sites_and_the_pairing_gives_a_warning(write):
    counts = read_counts(write(CHANNELS + quarter_hours("1/30/2024", counts="5,7")))
    assert counts.format == "volume-15min"
    sums = counts.table.group_by("stream", "channel").agg(pl.col("vehicles").sum()).sort("stream").rows()
    assert sums == [("11", "1", 20), ("12", "2", 28)]
    assert "11 = channel 1, 12 = channel 2" in counts.warnings[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            CHANNELS.replace('"12"\n', "") + "1,1/30/2024,11:30 AM,5,7\n",
            "1 site is named before the header, which has 2",
        ),
        (
            CHANNELS + "1,1/30/2024,11:30 AM,5\n",
            "line 6: this row has 4 cells, the header has 5",
        ),
        (
            CHANNELS + "1,1/30/2024,11:30 AM,5,7\n2,1/30/2024,11:4",
            "the header has 5",
        ),
        (CHANNELS + "1,1/30/2024,13:30 PM,5,7\n", "with AM or PM the hour is 1 to 12"),
        (CHANNELS + "1,1/30/2024,25:30,5,7\n", "the hour is 0 to 23"),
        (CHANNELS + "1,1/30/24,11:30 AM,5,7\n", "with four-digit year"),
        (CHANNELS, "a header but no counts"),
        (
            CLASSES.replace("Buses", "Motorcycles") + quarter_hours("1/30/2024"),
            "the class 'Motorcycles' is in the header 2 times",
        ),
        (
            CHANNELS + "1,1/30/2024,11:45,5,7\n2,1/30/2024,12:00,5,7\n3,1/30/2024,1:00,5,7\n",
            "go from 12 to 1 without AM or PM",
        ),
    ],
)
def test_a_broken_counter_export_is_refused_in_words(write, text, message):
    with pytest.raises(CountsError) as caught:
        read_counts(write(text))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("days", "date"),
    [
        (["1/30/2024"], dt.date(2024, 1, 30)),
        (["30/1/2024"], dt.date(2024, 1, 30)),
        (["30.1.2024"], dt.date(2024, 1, 30)),
        (["2024-01-30"], dt.date(2024, 1, 30)),
        (["5/5/2024"], dt.date(2024, 5, 5)),
        (["1/3/2024", "1/4/2024"], dt.date(2024, 1, 3)),
        (["3/1/2024", "4/1/2024"], dt.date(2024, 1, 3)),
    ],
    ids=str,
)
def test_a_date_order_is_taken_where_the_file_proves_it(write, days, date):
    """A day above 12, equal numbers, a year in front, or a record through midnight under one order only."""
    text = CLASSES + "".join(quarter_hours(day, 0, 96) for day in days)
    assert read_counts(write(text)).table["date"][0] == date


@pytest.mark.parametrize("days", [["1/3/2024"], ["1/1/2024", "1/2/2024", "1/3/2024"]], ids=["one date", "no midnight"])
@pytest.mark.parametrize(("order", "date"), [("mdy", dt.date(2024, 1, 3)), ("dmy", dt.date(2024, 3, 1))])
def test_a_date_order_without_proof_is_asked_for_and_taken_from_the_planner(write, days, order, date):
    """Counts on firsts of months look like days in a row under the other order: a midnight is the proof."""
    path = write(CLASSES + "".join(quarter_hours(day, 28, 40) for day in days))
    with pytest.raises(CountsError, match="set date_order"):
        read_counts(path)
    assert read_counts(path, date_order=order).table["date"].max() == date


def test_a_date_order_against_the_file_is_refused_with_the_line(write):
    with pytest.raises(CountsError, match="line 4: '1/30/2024' is not a date in the order dmy"):
        read_counts(write(CLASSES + quarter_hours("1/30/2024")), date_order="dmy")
    with pytest.raises(CountsError, match="but date_order is ymd"):
        read_counts(write(CLASSES + quarter_hours("1/30/2024")), date_order="ymd")


def test_single_vehicles_are_replayed_in_seconds_after_midnight(write):
    rows = (
        "1, 1/30/2024, 11:59:50 PM, 1, 2, 40.0\n"
        "3, 1/31/2024, 12:00:10 AM, 1, 14, \n"
        "2, 1/31/2024, 12:00:05 AM, 1, 9, 30\n"
    )
    counts = read_counts(write(VEHICLES + rows))
    assert counts.vehicles["speed_kmh"].round(2).to_list() == [64.37, 48.28, None]
    trace = passages(counts)
    assert trace.rows() == [(86390.0, "car"), (86405.0, "lorry"), (86410.0, "car")]
    assert passages(counts, date="2024-01-31")["time_s"].to_list() == [5.0, 10.0]
    assert passages(counts, classes={"14": "-", "9": "reefer"})["class"].to_list() == ["car", "reefer"]
    assert "1 line goes back in time; the vehicles are sorted by time" in counts.notes


def test_an_interval_without_a_vehicle_is_zero_but_a_long_silence_is_a_gap(write):
    times = ["1:00 AM", "2:00 AM", "4:30 AM", "11:30 PM"]
    rows = "".join(f"{i},1/30/2024,{time},1,2,\n" for i, time in enumerate(times))
    counts = read_counts(write(VEHICLES + rows))
    assert counts.table.filter(pl.col("vehicles") == 0)["start_min"].to_list() == [
        75,
        90,
        105,
        *range(135, 270, 15),
    ]
    assert [str(gap) for gap in counts.gaps] == ["42, channel 1: Tue 30 Jan 2024 04:45, 1125 min without a count"]
    assert [warning.split(" h ")[0] for warning in counts.warnings] == ["no vehicle for 2.5", "no vehicle for 19.0"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1,1/30/2024,1:00 AM,1,150,30", "class '150' given; allowed: a class number, 1 to 99"),
        ("1,1/30/2024,1:00 AM,1,,30", "class '' given"),
        ("1,1/30/2024,1:00 AM,1,2,nan", "speed 'nan' given; allowed: 0 to 200 mph, or blank"),
        ("1,1/30/2024,1:00 AM,1,2,-3", "speed '-3' given"),
        ("1,1/30/2024,1:00 AM,,2,3", "the channel is blank"),
        ("1,1/30/2024,1:00 AM,1,2", "5 cells given; allowed: 6"),
        ("1,1/30/2024,one,1,2,3", "'one' is not a time"),
        ("1,2/30/2024,1:00 AM,1,2,3", "'2/30/2024' is not a date"),
    ],
)
def test_a_broken_line_of_a_vehicle_is_refused_with_its_number(write, row, message):
    with pytest.raises(CountsError) as caught:
        read_counts(write(VEHICLES + row + "\n"))
    assert message in str(caught.value)
    assert caught.value.problems[0].where == "count.csv, line 4"


def test_a_file_of_sums_has_no_trace(write):
    with pytest.raises(CountsError, match="fhwa-15min counts have no single vehicles"):
        passages(read_counts(write(CLASSES + quarter_hours("1/30/2024"))))


def test_a_class_that_no_map_knows_is_asked_for(write):
    counts = read_counts(write(CLASSES.replace("Buses", "Tanks") + quarter_hours("1/30/2024")))
    with pytest.raises(CountsError, match=r"no scenario class for Tanks; set classes = \{'Tanks' = 'car'\}"):
        profile(counts)
    made = profile(counts, classes={"Tanks": "lorry"})
    assert "lorry" in set(made.table["class"])


def test_a_class_that_is_not_known_is_asked_for_once_and_can_be_left_out(write):
    rows = "".join(f"{k},1/30/2024,{k // 60 + 1}:{k % 60:02d}:00 AM,1,{15 if k % 2 else 2},30\n" for k in range(240))
    counts = read_counts(write(VEHICLES + rows))
    with pytest.raises(CountsError, match=r"no scenario class for 15; set .*, or --class 15=car; - leaves") as caught:
        profile(counts)
    assert len(caught.value.problems) == 1
    assert profile(counts, classes={"15": "-"}).table["class"].unique().to_list() == ["car"]


def list_of(kinds, speed="30"):
    """Return a list of vehicles, a minute apart, with these classes."""
    clock = ((k // 60 + 1, k % 60, kind) for k, kind in enumerate(kinds))
    return VEHICLES + "".join(f"{h * 60 + m},1/30/2024,{h}:{m:02d}:00 AM,1,{kind},{speed}\n" for h, m, kind in clock)


def test_classes_that_are_hardly_those_of_fhwa_are_doubted(write):
    doubted = read_counts(write(list_of("333333333333333333325")))
    assert any("class 3 is 90% of the vehicles, but FHWA's cars are class 2" in said for said in doubted.warnings)
    assert not any("class 3" in said for said in read_counts(write(list_of("2222223325"))).warnings)


def test_speeds_in_another_unit_are_doubted(write):
    doubted = read_counts(write(list_of("222235", speed="98")))
    assert any("half of the vehicles drive faster than 158 km/h (98 mph)" in said for said in doubted.warnings)
    plausible = read_counts(write(list_of("222235")))
    assert not any("faster" in said for said in plausible.warnings)
    assert any("speeds as mph" in note for note in plausible.notes)
