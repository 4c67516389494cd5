"""A mapping reads a file that no format fits, or says what is wrong with the mapping or the file."""

import datetime as dt
import gzip
import io
import zipfile

import polars as pl
import pytest

from funnelsim.counts import describe, passages, profile, read_counts
from funnelsim.counts.mapping_proposal import proposed_mapping
from funnelsim.errors import CountsError
from tests.mutated_counts import MAPPED

HOURS = range(24)
DAY = "".join(f"A1;06.05.2024;{hour};{500 + hour};{450 + hour};50\n" for hour in HOURS)
CSV = "site;day;hour;all;cars;lorries\n" + DAY
MAPPING = {
    "sep": ";",
    "time": "day",
    "format": "%d.%m.%Y",
    "hour": "hour",
    "label": "start",
    "minutes": 60,
    "stream": "site",
    "counts": {"cars": "car", "lorries": "lorry"},
    "total": "all",
}


def total(counts):
    return counts.table["vehicles"].sum()


def zipped(data, names=("a.csv",)):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, data)
    return file.getvalue()


def problems(path, mapping):
    with pytest.raises(CountsError) as caught:
        read_counts(path, mapping=mapping)
    return str(caught.value)


def test_classes_are_read_and_their_total_is_not_added(write):
    counts = read_counts(write(CSV), mapping=MAPPING)
    assert total(counts) == sum(500 + hour for hour in HOURS)
    assert counts.class_map == {"cars": "car", "lorries": "lorry"}
    assert counts.table.row(0) == ("A1", "", dt.date(2024, 5, 6), 0, 60, "cars", 450.0, False)
    assert counts.warnings == ()
    assert profile(counts).table["class"].unique().sort().to_list() == ["car", "lorry"]
    assert "mapping" in describe(counts)


def test_the_end_of_an_interval_becomes_its_start(write):
    rows = "".join(f"2024-05-06 {hour:02d}:00,{hour}\n" for hour in range(1, 25))
    mapping = {"time": "t", "format": "%Y-%m-%d %H:%M", "label": "end", "minutes": 60, "total": "n"}
    table = read_counts(write("t,n\n" + rows), mapping=mapping).table
    assert table["date"].unique().to_list() == [dt.date(2024, 5, 6)]
    assert table.select("start_min", "vehicles").rows() == [(60 * hour, hour + 1.0) for hour in HOURS]


def test_hours_1_to_24_are_ends_or_refused(write):
    path = write("site;day;hour;n\n" + "".join(f"A1;06.05.2024;{hour};9\n" for hour in range(1, 25)))
    mapping = {key: MAPPING[key] for key in ("sep", "time", "format", "hour", "minutes")} | {"total": "n"}
    assert read_counts(path, mapping={**mapping, "label": "end"}).table["start_min"].to_list() == [
        60 * hour for hour in HOURS
    ]
    assert "line 25: '24' is no start of an hour" in problems(path, {**mapping, "label": "start"})


def test_the_last_minute_of_an_interval_becomes_its_start(write):
    path = write("t,n\n06/05/2024 00:14,5\n06/05/2024 00:29,7\n")
    mapping = {"time": "t", "format": "%d/%m/%Y %H:%M", "label": "last minute", "minutes": 15, "total": "n"}
    assert read_counts(path, mapping=mapping).table["start_min"].to_list() == [0, 15]


def test_offsets_tell_the_two_hours_of_the_autumn_night_apart(write):
    hours = ["2024-10-27T01:00:00+02:00,10", "2024-10-27T02:00:00+02:00,20", "2024-10-27T02:00:00+01:00,30"]
    mapping = {"time": "t", "format": "%Y-%m-%dT%H:%M:%S%z", "label": "start", "minutes": 60, "total": "n"}
    counts = read_counts(write("t,n\n" + "\n".join(hours)), mapping=mapping)
    assert counts.table.select("start_min", "vehicles").rows() == [(60, 10), (120, 20), (120, 30)]
    assert profile(counts).table["vehicles"].to_list() == [10, 25]


def test_times_in_utc_need_the_time_zone_of_the_road(write):
    path = write("t,n\n2024-05-06T22:00:00Z,10\n2024-05-06T23:00:00Z,20\n")
    mapping = {"time": "t", "format": "%Y-%m-%dT%H:%M:%S%z", "label": "start", "minutes": 60, "total": "n"}
    assert "all times are in UTC" in problems(path, mapping)
    assert "zone 'Mars/Base' given; allowed: a time zone such as" in problems(path, mapping | {"zone": "Mars/Base"})
    table = read_counts(path, mapping=mapping | {"zone": "Europe/Paris"}).table
    assert table.select("date", "start_min").rows() == [(dt.date(2024, 5, 7), 0), (dt.date(2024, 5, 7), 60)]


@pytest.mark.parametrize(
    ("names", "pattern", "minutes", "last"),
    [
        ([f"V{number:02d}" for number in range(96)], "V[0-9][0-9]", 15, 1425),
        ([f"H{number}" for number in range(1, 25)], "H*", 60, 1380),
        ([f"{hour:02d}:00-{hour + 1:02d}:00" for hour in HOURS], "*:*", 60, 1380),
        ([f"{(h - 1) % 12 + 1}:00-{h % 12 + 1}:00 {'AP'[(h + 1) % 24 // 12]}M" for h in range(24)], "*M", 60, 1380),
        (["07:00", "08:00", "09:00"], "0*", 60, 540),
    ],
)
def test_columns_that_are_times_of_day_become_intervals(write, names, pattern, minutes, last):
    path = write(f"day,{','.join(names)}\n06/05/2024,{','.join(str(n) for n in range(len(names)))}\n")
    mapping = {"time": "day", "format": "%d/%m/%Y", "wide": pattern, "minutes": minutes}
    table = read_counts(path, mapping=mapping).table
    assert table["vehicles"].to_list() == list(range(len(names)))
    assert table["start_min"].max() == last


def test_wide_columns_out_of_order_are_refused(write):
    path = write("day,08:00,07:00\n06/05/2024,1,2\n")
    said = problems(path, {"time": "day", "format": "%d/%m/%Y", "wide": "0*", "minutes": 60})
    assert "'08:00' and '07:00' are not 60 min apart" in said


def test_short_intervals_are_summed_and_an_incomplete_one_is_marked(write):
    rows = "".join(f"07:{minute:02d};{minute}\n" for minute in range(0, 48, 6))
    mapping = {"sep": ";", "time": "t", "format": "%H:%M", "label": "start", "minutes": 6, "total": "n"}
    counts = read_counts(write("t;n\n" + rows), mapping=mapping)
    assert counts.table.select("start_min", "vehicles", "partial").rows() == [(420, 60, False), (450, 108, True)]
    assert any("1 interval of 30 min was counted in part, the first at 07:30 (3 of 5)" in w for w in counts.warnings)


def test_vehicles_are_summed_and_kept(write):
    rows = "".join(f"06/05/2024 07:{minute:02d}:30,{minute % 2 + 1},N\n" for minute in range(0, 60, 2))
    mapping = {
        "time": "t",
        "format": "%d/%m/%Y %H:%M:%S",
        "each_row": "vehicle",
        "channel": "lane",
        "class_column": "kind",
        "classes": {"1": "car", "2": "lorry"},
    }
    counts = read_counts(write("t,kind,lane\n" + rows), mapping=mapping)
    assert total(counts) == 30
    assert passages(counts)["class"].unique().to_list() == ["car"]
    assert counts.table["partial"].to_list() == [True, False, False, True]
    said = problems(write("t,kind,lane\n06/05/2024 07:00:00,7,N\n"), mapping)
    assert "1 row has the class '7', which classes does not name; allowed: 1, 2" in said


@pytest.mark.parametrize("pack", [gzip.compress, zipped])
def test_archives_are_opened(write, pack):
    counts = read_counts(write(pack(CSV.encode()), "count.bin"), mapping=MAPPING)
    assert total(counts) == sum(500 + hour for hour in HOURS)


def test_an_archive_of_several_files_is_refused(write):
    assert "the archive holds 2 files" in problems(write(zipped(b"x", ("a.csv", "b.csv"))), MAPPING)


def test_a_sheet_of_a_workbook_is_read(tmp_path):
    pytest.importorskip("fastexcel")
    frame = pl.read_csv(CSV.encode(), separator=";")
    frame.write_excel(tmp_path / "counts.xlsx", worksheet="Data")
    counts = read_counts(tmp_path / "counts.xlsx", mapping={**MAPPING, "sheet": "Data"})
    assert total(counts) == sum(500 + hour for hour in HOURS)
    assert "has no sheet 'Gone'; allowed: Data" in problems(tmp_path / "counts.xlsx", {**MAPPING, "sheet": "Gone"})


def test_fixed_widths_are_cut_and_blank_is_not_counted(write):
    path = write("A120240506  31   0\nA120240507   7    \n")
    mapping = {
        "widths": [2, 8, 4, 4],
        "names": ["site", "day", "08:00", "09:00"],
        "stream": "site",
        "time": "day",
        "format": "%Y%m%d",
        "wide": "0*",
        "minutes": 60,
    }
    counts = read_counts(path, mapping=mapping)
    assert counts.table["vehicles"].to_list() == [31, 0, 7]
    assert "total is blank in 1 interval: not counted there (not zero)" in counts.warnings
    assert "line 2: the line has 17 characters; allowed: 18" in problems(
        write("A120240506  31   0\nA120240507   7   \n"), mapping
    )


@pytest.mark.parametrize(
    ("text", "keys", "right"),
    [
        ("1 234", {"thousands": " "}, 1234),
        ("1.234", {"thousands": "."}, 1234),
        ("1.234", {"decimal": "."}, 1.234),
        ("1,5", {"decimal": ","}, 1.5),
        ("1'234", {"thousands": "'"}, 1234),
        ("-1", {"missing": ["-1"]}, None),
        ("9999", {"missing": ["9999"]}, None),
        ("1 234", {}, "'1 234' given; allowed: a number of vehicles"),
        ("1.234", {}, "'1.234' can mean 1234 or 1.2340; write one of these"),
        ("-1", {}, "-1 given; a count is 0 or more"),
        ("\\N", {}, "given; allowed: a number of vehicles"),
        ("nan", {}, "'nan' given; allowed: a number of vehicles"),
    ],
)
def test_a_number_is_read_as_the_mapping_says_or_refused_with_its_line(write, text, keys, right):
    path = write(f"t;n\n07:00;{text}\n08:00;5\n")
    mapping = {"sep": ";", "time": "t", "format": "%H:%M", "label": "start", "minutes": 60, "total": "n", **keys}
    if isinstance(right, str):
        said = problems(path, mapping)
        assert "count.csv, line 2: n: " in said
        assert right in said
    else:
        assert (
            read_counts(path, mapping=mapping).table["vehicles"].to_list() == [5.0] if right is None else [right, 5.0]
        )


def test_where_keeps_rows_and_says_how_many_are_left_out(write):
    path = write(CSV + DAY.replace("A1", "B2"))
    counts = read_counts(path, mapping={**MAPPING, "where": {"site": "B2"}})
    assert counts.table["stream"].unique().to_list() == ["B2"]
    assert "24 rows are left out: site is not B2" in counts.notes
    assert "where: no row has site C3; there are A1, B2" in problems(path, {**MAPPING, "where": {"site": "C3"}})


def test_counts_per_hour_become_counts_per_interval(write):
    path = write("t,n\n07:00,400\n07:15,800\n")
    mapping = {"time": "t", "format": "%H:%M", "label": "start", "minutes": 15, "total": "n", "unit": "hour"}
    assert read_counts(path, mapping=mapping).table["vehicles"].to_list() == [100, 200]


@pytest.mark.parametrize("kind", sorted(MAPPED))
def test_a_proposal_names_the_columns_of_the_file(write, kind):
    make, mapping = MAPPED[kind]
    draft = proposed_mapping(write("\n".join(make()) + "\n"))
    time = mapping["time"]
    assert f'time = "{time}"' in draft
    assert f'format = "{mapping["format"]}"' in draft
    assert "QUESTION" in draft or "wide" in draft


def test_a_proposal_asks_for_the_classes_of_a_row_a_class(write):
    rows = "".join(f"X1;2024-05-06 {h:02d}:00;{kind};{9 + h}\n" for h in range(24) for kind in ("PKW", "Sonstige"))
    draft = proposed_mapping(write("Messstelle;Zeit;Fahrzeugklasse;Anzahl\n" + rows))
    for line in ('class_column = "Fahrzeugklasse"', '"PKW" = "car"', '# "Sonstige" = ""  # QUESTION: which class?'):
        assert f"{line}\n" in draft
    assert 'total = "Anzahl"  # the vehicles of the row\'s class\n' in draft


def test_a_proposal_finds_what_is_a_sum(write):
    rows = "".join(
        f"06.05.2024;{h};{a + b};{a};{b}\n" for h in range(24) for a, b in [(400 + 7 * h * h % 90, 30 + h % 7)]
    )
    draft = proposed_mapping(write("Tag;Stunde;Kfz;Pkw;Lkw\n" + rows))
    for line in ('hour = "Stunde"', 'total = "Kfz"  # all vehicles', '"Pkw" = "car"', '"Lkw" = "lorry"'):
        assert f"{line}\n" in draft


def test_a_name_given_to_two_columns_is_refused(write):
    mapping = {"names": ["t", "n", "n"], "time": "t", "format": "%H:%M", "label": "start", "minutes": 60, "total": "n"}
    assert "names has the same name twice; allowed: another name for each column" in problems(
        write("07:00,1,2\n"), mapping
    )
