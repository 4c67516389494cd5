"""Intervals that come again: rows that another column tells apart are said, and asked about."""

import pytest

from funnelsim.counts import describe, profile, read_counts
from funnelsim.errors import CountsError


def station(rows, columns="date_time,traffic_volume,detector"):
    return "\n".join([columns, *rows]) + "\n"


def of_detectors(volumes):
    """Return the rows of hours from 06:00 on, each with the volumes of detectors 1, 2, ..."""
    return [
        f"2024-05-06 {6 + hour:02d}:00:00,{volume},{detector}"
        for hour, each in enumerate(volumes)
        for detector, volume in enumerate(each, start=1)
    ]


@pytest.mark.parametrize("volumes", [[(50, 50), (60, 60), (70, 70)], [(50, 40), (60, 60), (70, 10)]])
def test_rows_of_two_detectors_are_asked_about_and_not_dropped(write, volumes):
    """Equal counts were dropped in silence, and other ones refused as a repeat."""
    counts = read_counts(write(station(of_detectors(volumes))))
    assert counts.table["vehicles"].sum() == sum(map(sum, volumes))
    assert (
        "the file holds several counters, told apart by detector (1, 2), which is read as the channel: choose one "
        "(channel), or several that are added"
    ) in counts.warnings
    with pytest.raises(CountsError, match=r"choose the channel \(one or several\): .*detector 1; .*detector 2"):
        profile(counts)
    first = profile(counts, channel="detector 1").table["vehicles"].to_list()
    assert first == [each[0] for each in volumes]
    both = profile(counts, channel=["detector 1", "detector 2"]).table["vehicles"].to_list()
    assert both == [sum(each) for each in volumes]
    assert "detector 2: " in describe(counts)


def test_sites_that_were_counted_on_other_days_are_never_merged(write):
    rows = [
        f"2024-05-0{day} {hour:02d}:00:00,{volume},{site}"
        for day, site, volume in ((6, "A1", 100), (7, "A2", 900))
        for hour in range(6, 9)
    ]
    counts = read_counts(write(station(rows, "date_time,traffic_volume,Site ID")))
    assert counts.gaps == ()
    assert "peak hour  no hour was counted in all streams and channels" in describe(counts)
    with pytest.raises(CountsError, match=r"choose the channel .*: channel site id A1; channel site id A2"):
        profile(counts)
    assert profile(counts, channel="site id A2").table["vehicles"].to_list() == [900] * 3


def test_other_columns_that_tell_rows_apart_are_asked_about(write):
    rows = [row[:-1] + {"1": "red", "2": "blue"}[row[-1]] for row in of_detectors([(50, 40), (60, 50), (70, 10)])]
    counts = read_counts(write(station(rows, "date_time,traffic_volume,colour")))
    (said,) = [warning for warning in counts.warnings if "come again" in warning]
    assert said.startswith("the same intervals come again for each colour (blue, red), so it is read as the channel")


def test_rows_that_are_the_same_in_every_column_are_counted_once_without_a_question(write):
    rows = of_detectors([(50,), (60,), (70,)])
    counts = read_counts(write(station([*rows, *rows])))
    assert counts.table["vehicles"].sum() == 180
    assert "3 rows repeat an interval with the same counts, which is counted once" in counts.notes
    assert not any("counted once" in warning for warning in counts.warnings)


def test_the_same_row_twice_among_several_detectors_is_counted_once(write):
    rows = of_detectors([(50, 50), (60, 60), (70, 70)])
    counts = read_counts(write(station([*rows, rows[0]])))
    assert counts.table["vehicles"].sum() == 360
    assert "1 row repeats an interval with the same counts, which is counted once" in counts.notes


def test_a_remark_that_differs_here_and_there_is_said(write):
    """The weather is no counter: its values do not come in most hours."""
    rows = [f"2024-05-06 {hour:02d}:00:00,{volume},dry" for hour, volume in ((6, 50), (7, 60), (8, 70), (9, 80))]
    counts = read_counts(
        write(
            station(
                [*rows, "2024-05-06 07:00:00,60,fog", "2024-05-06 09:00:00,80,rain"], "date_time,traffic_volume,weather"
            )
        )
    )
    assert counts.table["vehicles"].sum() == 260
    (said,) = [warning for warning in counts.warnings if "counted once" in warning]
    assert "differ in weather (dry, fog, rain); if they come from several counters or lanes" in said
    assert "keep the rows of one, or add them up" in said


def test_a_repeat_with_other_numbers_names_the_column_that_differs(write):
    text = station(["2024-05-06 06:00:00,50,1", "2024-05-06 06:00:00,60,2", "2024-05-06 07:00:00,70,1"])
    with pytest.raises(CountsError, match=r"other numbers than on line 2, and differs in detector \(1, 2\); keep only"):
        read_counts(write(text))


def test_the_hour_that_comes_twice_in_autumn_makes_no_detector(write):
    rows = [f"2024-10-27 {hour:02d}:00:00,{volume},x" for hour, volume in ((1, 9), (2, 50), (2, 60), (5, 8))]
    assert read_counts(write(station(rows))).table["channel"].unique().to_list() == [""]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        (
            "kennung,stromtyp,knoten,intervall_start,intervall_ende,pkw\n"
            + "".join(f"A,Zählstrom,{k},0{h}:00,0{h + 1}:00,{10 * h}\n" for h in (6, 7, 8) for k in (1, 2)),
            420,
        ),
        (
            "Site Name,Report Date,Time Period Ending,Total Volume,lane\n"
            + "".join(f"M1,2025-03-10T00:00:00,0{h}:59:00,{10 * h},{k}\n" for h in (6, 7, 8) for k in (1, 2)),
            420,
        ),
    ],
)
def test_every_format_with_further_columns_asks(write, text, total):
    counts = read_counts(write(text))
    assert counts.table["vehicles"].sum() == total
    assert any("so it is read as the channel" in warning for warning in counts.warnings)
