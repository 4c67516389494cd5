"""Hourly exports of Trafikkdata (Norway): lanes, directions and totals of the same vehicles."""

import datetime as dt

import polars as pl
import pytest

from funnelsim.counts import profile, read_counts
from funnelsim.errors import CountsError

LENGTHS = ["< 5,6m", ">= 5,6m", "5,6m - 7,6m", "7,6m - 12,5m", "12,5m - 16,0m", ">= 16,0m", "16,0m - 24,0m", ">= 24,0m"]
HEADER = ";".join(
    [
        "Trafikkregistreringspunkt;Navn;Vegreferanse;Fra;Til;Dato;Fra tidspunkt;Til tidspunkt;Felt;Trafikkmengde",
        "Dekningsgrad (%);Antall timer total;Antall timer inkludert;Antall timer ugyldig;Ikke gyldig lengde",
        "Lengdekvalitetsgrad (%)",
        *LENGTHS,
    ]
)


def row(hour, lane, lengths, *, unmeasured=0, coverage="100.0", total=None):
    """Return a row of 6 May 2024; ``lengths`` are vehicles below 5.6 m, vans, lorries and articulated lorries."""
    cars, vans, lorries, long = lengths
    there = cars + vans + lorries + long + unmeasured if total is None else total
    cells = [cars, vans + lorries + long, vans, lorries, 0, long, long, 0] if lengths != (0, 0, 0, 0) else ["-"] * 8
    day = "2024-05-06"
    times = f"{day}T{hour:02d}:00+02:00;{day}T{hour + 1:02d}:00+02:00;{day};{hour:02d}:00;{hour + 1:02d}:00"
    lead = f"00042V1;E6 NORD;EV6 S1D1 m10;{times};{lane};{there};{coverage};1;1;0;{unmeasured};98.0"
    return ";".join([lead, *map(str, cells)])


def hour_of(hour, *, coverage="100.0"):
    """Return the five rows of an hour with two lanes: each is a direction."""
    east, west = (80, 10, 5, 5), (60, 4, 3, 2)
    both = tuple(a + b for a, b in zip(east, west, strict=True))
    return [
        row(hour, "1", east, unmeasured=2, coverage=coverage),
        row(hour, "2", west, coverage=coverage),
        row(hour, "Totalt i retning BYEN", east, unmeasured=2, coverage=coverage),
        row(hour, "Totalt i retning SJØEN", west, coverage=coverage),
        row(hour, "Totalt", both, unmeasured=2, coverage=coverage),
    ]


def text_of(*rows):
    return "\n".join([HEADER, *rows]) + "\n"


def test_directions_are_read_and_lanes_and_totals_never_added(write):
    counts = read_counts(write(text_of(*hour_of(7), *hour_of(8))))
    assert counts.format == "trafikkdata"
    by = counts.table.group_by("channel").agg(pl.col("vehicles").sum()).sort("channel").rows()
    assert by == [("BYEN", 204), ("SJØEN", 138)]
    assert counts.table["stream"].unique().to_list() == ["00042V1 E6 NORD"]
    assert counts.table["date"].unique().to_list() == [dt.date(2024, 5, 6)]
    assert counts.table["start_min"].unique().sort().to_list() == [420, 480]
    assert counts.warnings == ()
    assert "the rows of lanes and totals count the same vehicles as the directions, and are left out" in counts.notes


def test_lengths_become_classes_and_vehicles_without_a_length_are_cars(write):
    made = profile(read_counts(write(text_of(*hour_of(7)))), channel="BYEN")
    assert made.table.select("class", "vehicles").rows() == [("car", 82), ("lorry", 10), ("van", 10)]


def test_lanes_are_channels_where_there_are_no_directions(write):
    counts = read_counts(write(text_of(*hour_of(7)[:2])))
    assert set(counts.table["channel"]) == {"lane 1", "lane 2"}


def test_sums_that_differ_are_doubted(write):
    rows = hour_of(7)
    rows[0] = row(7, "1", (81, 10, 5, 5), unmeasured=2)
    counts = read_counts(write(text_of(*rows)))
    assert any(
        "in 1 hour lanes, directions and total differ (00042V1 E6 NORD, 2024-05-06T07:00+02:00: lanes 172, directions "
        "171, totals 171)" in said
        for said in counts.warnings
    )


def test_hours_that_were_counted_in_part_are_left_out_of_averages(write):
    counts = read_counts(write(text_of(*hour_of(7), *hour_of(8, coverage="62,5"))))
    assert set(counts.table.filter("partial")["start_min"]) == {480}
    assert any("2 rows were counted for less than 95 % of the hour (2024-05-06 08:00)" in it for it in counts.warnings)
    assert profile(counts, channel="BYEN").table["start_min"].unique().to_list() == [420]


def test_no_data_is_not_counted_and_an_hour_without_lengths_keeps_its_total(write):
    rows = [row(7, "Totalt", (0, 0, 0, 0), total="-", coverage="-"), row(8, "Totalt", (0, 0, 0, 0), total=40)]
    counts = read_counts(write(text_of(*rows, row(9, "Totalt", (30, 1, 1, 1)))))
    sums = counts.table.group_by("start_min", maintain_order=True).agg(pl.col("vehicles").sum()).rows()
    assert sorted(sums) == [(480, 40), (540, 33)]


def test_a_coverage_that_is_no_number_is_refused_with_its_line(write):
    with pytest.raises(CountsError, match="line 4: Dekningsgrad 'full' given"):
        read_counts(write(text_of(*hour_of(7, coverage="full"))))
