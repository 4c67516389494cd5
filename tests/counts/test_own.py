"""The project's own CSV: what it allows, what it refuses, and that a written profile reads back."""

import datetime as dt
import errno
import os
import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelsim.counts import Profile, describe, profile, read_counts, write_profile
from funnelsim.counts.description import described
from funnelsim.errors import CountsError, NoRoomError

HOURS = "start,car,van,lorry\n06:00,812,95,140\n07:00,1240,120,155\n"


def vehicles(counts):
    return {
        (start, kind): number for start, kind, number in counts.table.select("start_min", "class", "vehicles").rows()
    }


def test_a_typical_day_has_times_of_day_only(write):
    counts = read_counts(write("# A3 eastbound\n" + HOURS))
    assert counts.format == "funnelsim"
    assert not counts.dated
    assert counts.minutes == 60
    assert vehicles(counts)[420, "van"] == 120
    assert counts.notes == ("A3 eastbound",)
    assert not counts.warnings


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("start,total\n06:00,5\n06:15,6\n", 15),
        ("start,total\n06:00,5\n06:30,6\n07:30,7\n", 30),
        ("start;total\n6:00;5\n7:00;6\n", 60),
        ("start\ttotal\r\n06:00\t5\r\n07:00\t6\r\n", 60),
        ("# minutes: 15\nstart,total\n06:00,5\n", 15),
        ("start,total\n2024-05-06T06:00,5\n2024-05-06T07:00,6\n", 60),
        ("start,total\n2024-05-06 06:00,5\n2024-05-06 07:00,6\n", 60),
    ],
)
def test_the_interval_follows_from_the_starts_or_is_stated(write, text, minutes):
    assert read_counts(write(text)).minutes == minutes


def test_hours_from_24_on_are_the_next_day(write):
    counts = read_counts(write("start,total\n22:00,5\n23:00,4\n24:00,3\n"))
    assert profile(counts).table["start_min"].to_list() == [1320, 1380, 1440]


def test_a_total_beside_its_parts_is_checked_and_not_added(write):
    counts = read_counts(write("start,car,van,total\n06:00,80,20,100\n07:00,90,30,120\n"))
    assert counts.table["vehicles"].sum() == 220
    assert "the file has both classes and totals; the totals are not added" in counts.notes


def test_a_total_that_is_not_the_sum_is_refused_with_its_line(write):
    with pytest.raises(CountsError, match="line 3: total 130 given, but the classes add up to 120"):
        read_counts(write("start,car,van,total\n06:00,80,20,100\n07:00,90,30,130\n"))


def test_blank_is_not_counted_and_never_zero(write):
    counts = read_counts(write("start,car,bus\n06:00,80,\n07:00,90,\n08:00,70,\n"))
    assert set(counts.table["class"]) == {"car"}
    assert "bus is blank in every row: not counted (not zero)" in counts.notes
    counts = read_counts(write("start,car,van\n06:00,80,7\n07:00,90,\n08:00,70,9\n", "b.csv"))
    assert "van is blank in 1 interval: not counted there (not zero)" in counts.warnings
    said = described(counts)
    assert said["gaps"] == ["07:00, without a count of van"]
    assert said["total"] == ["256 vehicles, 90 of them in intervals without some class, which a scenario leaves out"]
    made = profile(counts)
    assert 420 in made.missing
    assert 420 not in made.table["start_min"]


def test_a_note_shows_a_number_of_whole_vehicles_without_a_fraction(write):
    counts = read_counts(write("start;total\n06:00;1.234,5\n07:00;1.450\n"))
    assert counts.notes[-1] == "numbers are read as in this example: 1.234,5 = 1,234.5 vehicles"
    counts = read_counts(write("start;total\n06:00;1.450\n07:00;12,5\n", "b.csv"))
    assert counts.notes[-1] == "numbers are read as in this example: 1.450 = 1,450 vehicles"


def test_missing_intervals_are_named(write):
    counts = read_counts(write("start,total\n06:00,5\n07:00,6\n10:00,7\n"))
    assert [str(gap) for gap in counts.gaps] == ["08:00, 2 h without a count"]
    assert profile(counts).table["start_min"].to_list() == [360, 420, 600]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("start;total\n06:00;12,5\n07:00;1.234\n", 1234),
        ("start;total\n06:00;1.234,5\n07:00;1.234\n", 1234),
        ("start;total\n06:00;1.234.567\n07:00;1.234\n", None),
        ("start,total\n06:00,12.5\n07:00,1.234\n", 1.234),
        ('start,total\n06:00,12.5\n07:00,"1,234"\n', 1234),
    ],
)
def test_thousands_and_decimals_are_read_where_the_file_proves_them(write, text, value):
    if value is None:
        with pytest.raises(CountsError, match=r"1,234,567 vehicles in 60 min given; allowed: up to 50,000"):
            read_counts(write(text))
    else:
        assert vehicles(read_counts(write(text)))[420, "total"] == value


@pytest.mark.parametrize("cell", ["1.234", '"1,234"'])
def test_a_number_with_two_meanings_is_refused(write, cell):
    with pytest.raises(CountsError, match=r"can mean 1234 or 1\.2340; write one of these"):
        read_counts(write(f"start,total\n06:00,{cell}\n07:00,56\n"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("start,total\n06:00,-5\n07:00,6\n", "line 2: total: -5 given; a count is 0 or more"),
        ("start,total\n06:00,nan\n07:00,6\n", "line 2: total: 'nan' given; allowed: a number of vehicles"),
        ("start,total\n06:00,inf\n07:00,6\n", "line 2: total: 'inf' given"),
        ("start,total\n06:00,1e3\n07:00,6\n", "line 2: total: '1e3' given"),
        (
            "start,total\n06:00,9999999\n07:00,6\n",
            "9,999,999 vehicles in 60 min given; allowed: up to 50,000",
        ),
        ("start,total\n06:00,5\n07:00\n", "line 3: this row has 1 cell, the header has 2"),
        ("start,total\n06:00,5\n06:10,6\n", "intervals start 10 min apart; allowed: 15, 30 or 60"),
        ("start,total\n06:10,5\n07:10,6\n", "an interval of 60 min starts at 06:10"),
        ("start,total\n06:00,5\n", "only one interval, so its length is unknown"),
        ("start,total\n", "a header but no counts"),
        ("start,total\n06:00,\n07:00,\n", "every count in the file is blank"),
        ("start,total\n48:00,5\n49:00,6\n", "allowed: 00:00 to 47:45"),
        ("start,total\nsix,5\n07:00,6\n", "'six' given among times of day"),
        ("start,total\n06:00,5\n2024-05-06T07:00,6\n", "allowed: all with a date or all without"),
        ("start,total\n2024-05-06T07:00+02:00,5\n2024-05-06T08:00,6\n", "line 3: a time without its offset from UTC"),
        ("start,total\n2024-05-06T07:00Z,5\n2024-05-06T08:00Z,6\n", "all times are in UTC, not those of the road's"),
        ("start,total\n2024-13-06T07:00,5\n2024-05-06T08:00,6\n", "is not a date in the order"),
        ("start,total\n3024-05-06T07:00,5\n2024-05-06T08:00,6\n", "allowed: years 1950 to 2100"),
        ("start,car,car\n06:00,5,6\n07:00,5,6\n", "the column 'car' appears twice"),
        ("start,car,\n06:00,5,6\n07:00,5,6\n", "a column has no name"),
        ("start,stream,car\n06:00,A,6\n07:00,A,6\n", "'stream' is not a class"),
        (
            "start,total\n06:00,5\n07:00,6\n06:00,7\n",
            "line 4: 06:00 is counted again, with other numbers than on line 2",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(write, text, message):
    with pytest.raises(CountsError) as caught:
        read_counts(write(text))
    assert message in str(caught.value)
    assert all(problem.where.startswith("count.csv") for problem in caught.value.problems)


def test_offsets_from_utc_are_those_of_the_roads_clocks(write):
    rows = [
        "2024-03-31T00:00+01:00,10",
        "2024-03-31T01:00+01:00,20",
        "2024-03-31T03:00+02:00,30",
        "2024-03-31T04:00+0200,40",
    ]
    counts = read_counts(write("start,total\n" + "\n".join(rows)))
    assert dict(counts.table.select("start_min", "vehicles").iter_rows()) == {0: 10, 60: 20, 180: 30, 240: 40}
    assert counts.gaps == ()
    assert any("with their offsets from UTC (+01:00, +0200, +02:00)" in note for note in counts.notes)


def test_a_total_under_another_name_is_refused(write):
    text = "start,car,lorry,all vehicles\n06:00,812,140,952\n07:00,1240,155,1395\n08:00,1105,162,1267\n"
    with pytest.raises(CountsError, match="'all vehicles' is the sum of 'car' and 'lorry' in every row, so vehicles"):
        read_counts(write(text))


def test_two_classes_that_are_the_same_are_doubted(write):
    counts = read_counts(write("start,car,again\n06:00,812,812\n07:00,1240,1240\n08:00,1105,1105\n"))
    assert any("in every row; if it counts the same vehicles, they are counted twice" in it for it in counts.warnings)


def test_shares_are_taken_over_the_rows_that_have_classes(write):
    counts = read_counts(write("start,car,lorry,total\n06:00,90,10,100\n07:00,,,900\n"))
    said = describe(counts)
    assert re.search(r"car +90 +90.0%", said)
    assert re.search(r"total +900 +→ counted without classes: in no share", said)


def test_all_problems_are_told_at_once(write):
    with pytest.raises(CountsError) as caught:
        read_counts(write("start,car,van\n06:00,-5,x\n07:00,1,nan\n"))
    assert [problem.where for problem in caught.value.problems] == [f"count.csv, line {line}" for line in (2, 2, 3)]


def test_a_long_list_of_problems_is_cut_with_its_number(write):
    rows = "".join(f"{hour:02d}:00,x{hour}\n" for hour in range(24))
    with pytest.raises(CountsError) as caught:
        read_counts(write("start,total\n" + rows))
    assert len(caught.value.problems) == 24
    assert len(str(caught.value).splitlines()) == 21
    assert "\nand 4 more" in str(caught.value)


def test_equal_repeats_count_once(write):
    counts = read_counts(write("start,total\n06:00,5\n07:00,6\n06:00,5\n"))
    assert counts.table["vehicles"].sum() == 11
    assert "1 row repeats an interval with the same counts, which is counted once" in counts.notes


def test_write_refuses_to_overwrite_unless_told(write, tmp_path):
    made = profile(read_counts(write(HOURS)))
    target = tmp_path / "out.csv"
    write_profile(made, target)
    with pytest.raises(CountsError, match="the file exists; allowed: another name"):
        write_profile(made, target)
    write_profile(made, target, replace=True)
    with pytest.raises(CountsError, match="cannot be written"):
        write_profile(made, tmp_path / "no" / "folder.csv")


def test_a_profile_that_cannot_be_replaced_for_want_of_room_stays(write, tmp_path, monkeypatch):
    made, target = profile(read_counts(write(HOURS))), tmp_path / "out.csv"
    target.write_text("earlier")

    def no_room(path, *_, **__):
        path.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pathlib.Path.write_text", no_room)
    with pytest.raises(NoRoomError, match=os.strerror(errno.ENOSPC) + ".; allowed: a folder with room to write in"):
        write_profile(made, target, replace=True)
    assert sorted(path.name for path in tmp_path.glob("*out*")) == ["out.csv"]
    assert target.read_bytes() == b"earlier"


def test_three_decimals_are_written_so_that_they_are_no_thousands(write, tmp_path):
    made = profile(read_counts(write("start,total\n06:00,4.1250\n07:00,1.5000\n")))
    write_profile(made, tmp_path / "out.csv")
    assert "06:00,4.1250" in (tmp_path / "out.csv").read_text()
    lone = made.table.filter(pl.col("start_min") == 360)
    write_profile(Profile("x.csv", (), lone, (), (), ()), tmp_path / "lone.csv")
    assert profile(read_counts(tmp_path / "lone.csv")).table.equals(lone)


def test_a_written_profile_says_where_it_comes_from(write, tmp_path):
    write_profile(profile(read_counts(write(HOURS))), tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_text()
    assert text.startswith("# source: count.csv\n# days: a typical day\n# minutes: 60\nstart,car,van,lorry\n")


whole = st.integers(0, 5000).map(float)
numbers = whole | st.floats(1e-9, 5000)


@settings(max_examples=60, deadline=None)
@given(
    minutes=st.sampled_from([15, 30, 60]),
    kinds=st.lists(st.sampled_from(["car", "van", "lorry", "my class", "coach"]), min_size=1, unique=True),
    data=st.data(),
)
def test_a_written_profile_reads_back_the_same(tmp_path_factory, minutes, kinds, data):
    """Whatever a profile holds, gaps and hours after midnight too, the CSV gives the identical table."""
    slots = data.draw(st.lists(st.integers(0, 2 * 1440 // minutes - 1), min_size=1, unique=True))
    rows = [(slot * minutes, minutes, kind, data.draw(numbers)) for slot in slots for kind in kinds]
    schema = {"start_min": pl.Int64, "minutes": pl.Int64, "class": pl.String, "vehicles": pl.Float64}
    table = pl.DataFrame(rows, schema=schema, orient="row").sort("start_min", "class")
    path = tmp_path_factory.mktemp("round") / "out.csv"
    write_profile(Profile("x.csv", ("A, channel 1",), table, (dt.date(2024, 5, 6),), (), ("a note",)), path)
    assert profile(read_counts(path)).table.equals(table)
