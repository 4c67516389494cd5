"""Files joined to themselves, columns named twice and midnights of the old date: refused or counted once, by name."""

import tracemalloc

import pytest

from funnelsim.counts import profile, read_counts
from funnelsim.counts.csv_file import open_csv
from funnelsim.errors import CountsError

JUNCTION = "kennung,stromtyp,intervall_start,intervall_ende,pkw,lkw,pkw\nA,Zählstrom,07:00,07:15,100,9,50\n"
VEHICLES = ["1, 5/13/2024, 7:00:01, 1, 2, 50", "2, 5/13/2024, 7:00:01, 1, 2, 50", "3, 5/13/2024, 7:20:00, 1, 3, 51"]
HEADER = "Veh. No., Date, Time, Channel, Class, Speed"


def per_vehicle(*lines, header=HEADER):
    return "\n".join([header, *lines]) + "\n"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (JUNCTION, "pkw"),
        ("date_time,traffic_volume,traffic_volume\n2024-05-06 07:00,5,7\n", "traffic_volume"),
        ("Number,Date,Time,Channel 1,Channel 1\n1,5/13/2024,7:00,5,7\n", "channel 1"),
        ("Zst;Datum;Stunde;KFZ_R1;Lkw_R1;Lkw_R1\n1;240506;7;100;10;20\n", "lkw_r1"),
        (
            "Report Date,Time Period Ending,0 - 520 cm,0 - 520 cm,Total Volume\n2024-05-06,00:14:00,1,2,3\n",
            "0 - 520 cm",
        ),
        (per_vehicle("1, 5/13/2024, 7:00:01, 1, 2, 50, 3", header=f"{HEADER}, Class"), "class"),
    ],
)
def test_a_header_that_has_a_column_twice_is_refused_by_name(write, content, name):
    with pytest.raises(
        CountsError, match=rf"line 1: the column '{name}' is in the header 2 times; allowed: each column once"
    ):
        read_counts(write(content))


def test_a_column_that_is_not_read_may_come_twice(write):
    counts = read_counts(write("date_time,traffic_volume,rain,rain\n2024-05-06 07:00,5,0,1\n2024-05-06 08:00,6,0,0\n"))
    assert counts.table["vehicles"].to_list() == [5, 6]


def test_a_vehicle_is_counted_once_although_its_file_is_joined_to_itself(write):
    once, twice = (read_counts(write(per_vehicle(*VEHICLES * times))) for times in (1, 2))
    assert twice.table.equals(once.table)
    assert twice.vehicles.equals(once.vehicles)
    assert any(line.startswith("3 lines repeat a vehicle, its number and all else") for line in twice.warnings)
    assert not once.warnings


def test_the_number_tells_vehicles_apart_and_without_numbers_all_are_counted(write):
    nameless = [line[1:] for line in VEHICLES[:2]]
    counts = read_counts(write(per_vehicle(*nameless * 30)))
    assert counts.vehicles.height == 60
    assert not counts.warnings


def test_columns_of_single_vehicles_are_found_by_their_names(write):
    swapped = per_vehicle(
        "1, 5/13/2024, 7:00:01, 3, 1, 50",
        "2, 5/13/2024, 7:20:00, 2, 1, 50",
        header="Veh. No., Date, Time, Class, Channel, Speed",
    )
    assert read_counts(write(swapped)).vehicles["class"].to_list() == ["3", "2"]


QUARTERS = [f"{minute // 60}:{minute % 60:02d}" for minute in range(15, 1440, 15)]


def dated(day, times):
    return [f"{number},{day},{time},9" for number, time in enumerate(times)]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_midnight_with_the_date_of_the_day_that_it_ends_is_refused(write, backwards):
    rows = [*dated("2024-05-13", [*QUARTERS, "0:00"]), *dated("2024-05-14", [*QUARTERS, "0:00"])]
    content = "\n".join(["Number,Date,Time,Cars & Trailers", *(rows[::-1] if backwards else rows)])
    with pytest.raises(CountsError) as error:
        read_counts(write(content))
    said = "0:00 of 2024-05-13 comes after 23:45 of the same date, as if it ended that day; allowed: the start of each"
    assert len(error.value.problems) == 2
    assert any(said in str(problem) for problem in error.value.problems)


@pytest.mark.parametrize(
    "times",
    [["0:00", *QUARTERS], ["0:00", "23:45"], ["23:45", "0:00"], QUARTERS, [*QUARTERS[1:], "0:00", "0:15", "0:30"]],
)
def test_other_midnights_stay(write, times):
    rows = dated("2024-05-13", times) + dated("2024-05-14", ["0:00", "0:15"])
    rows = rows[:-2] if len(times) == 2 else rows
    assert read_counts(write("\n".join(["Number,Date,Time,Cars & Trailers", *rows]))).table.height


@pytest.mark.parametrize("backwards", [False, True])
def test_a_midnight_of_another_site_stays(write, backwards):
    """One site counted the second half of a day, the other one the first half of the same date."""
    ends = [f"{minute // 60}:{minute % 60:02d}" for minute in range(14, 1440, 15)]
    rows = [f"M6/12{'BA'[half]},2024-05-13,{end},9" for half in (1, 0) for end in ends[48 * half :][:48]]
    content = ["Site Name,Report Date,Time Period Ending,Total Volume", *(rows[::-1] if backwards else rows)]
    found = read_counts(write("\n".join(content))).table
    assert sorted(found.group_by("stream").len().rows()) == [("M6/12A", 48), ("M6/12B", 48)]


def test_rows_that_repeat_take_no_memory_and_are_counted_once(write):
    """Ten times the rows take no more than the text itself more: they once took 660 bytes each."""
    head = [f"{hour:02d}:00,{hour}" for hour in range(24)] * 3

    def read(copies):
        path = write("\n".join(["start,total", *head, *["06:00,6"] * copies]))
        tracemalloc.start()
        counts = read_counts(path)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert f"{48 + copies:,} rows repeat an interval with the same counts" in counts.notes[0]
        assert profile(counts).table["vehicles"].sum() == sum(range(24))
        return most

    few, many = read(2_000), read(20_000)
    assert (many - few) / 18_000 < 5 * len("06:00,6\n")


def test_only_rows_below_the_first_forty_are_read_once_and_only_if_asked(write):
    path = write("start,total\n" + "06:00,6\n" * 50)
    assert len(open_csv(path).rows) == 51
    rows = open_csv(path, same_rows_once=True).rows
    assert len(rows) == 41
    assert rows[1].times + sum(row.times for row in rows[2:]) == 50
