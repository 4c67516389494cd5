"""Files that are no count files, and texts in many guises: handled or refused in words, never a traceback."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from funnelsim.counts import FORMATS, describe, read_counts
from funnelsim.errors import CountsError

OWN = "start,total\n06:00,5\n07:00,6\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file has no rows"),
        (b"\n\n  \n", "the file has no rows"),
        (b"# only a comment\n", "the file has no rows"),
        (b"PK\x03\x04rest", "the archive cannot be opened"),
        (b"\x1f\x8b\x08", "the archive cannot be opened"),
        (b"\xd0\xcf\x11\xe0rest", "an old Excel workbook, not text; allowed with a mapping; write a draft of one with"),
        (b"%PDF-1.7", "this is a PDF, not text; export the counts as CSV"),
        (b"start,total\x00\n", "a binary file"),
        (b"\xff\xfe\x00", "starts like UTF-16 text but is damaged"),
        (OWN.encode("utf-32"), "in UTF-32 or damaged; save it as UTF-8"),
        (b"hello\n", "its first line, 'hello', is not the header of a known format"),
        (b'start,total\n"' + b"x" * 200_000, "cannot be split into cells"),
    ],
)
def test_no_text_with_rows_is_refused(write, content, message):
    with pytest.raises(CountsError, match=message):
        read_counts(write(content))


def test_no_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(CountsError, match="cannot be opened"):
        read_counts(tmp_path / "none.csv")
    with pytest.raises(CountsError, match="this is a folder"):
        read_counts(tmp_path)


def test_a_file_beyond_100_mb_is_refused(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(100_000_001)
    with pytest.raises(CountsError, match="allowed: up to 100 MB"):
        read_counts(path)


@pytest.mark.parametrize(("keyword", "value"), [("format", "excel"), ("date_order", "american")])
def test_a_name_that_is_none_is_refused_with_the_list(write, keyword, value):
    with pytest.raises(CountsError, match=f"{keyword} '{value}' given; allowed: "):
        read_counts(write(OWN), **{keyword: value})


@pytest.mark.parametrize("format_name", FORMATS[2:])
def test_another_format_than_the_file_s_is_refused_with_the_columns_it_needs(write, format_name):
    with pytest.raises(CountsError, match=f"does not look like a file of the format {format_name}, .*: a header with "):
        read_counts(write(OWN), format_name)


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (OWN.encode("utf-8-sig"), "byte-order mark"),
        (OWN.encode("utf-16"), "UTF-16"),
        (("# Šentilj\n" + OWN).encode("cp1250"), "Windows-1250"),
        (("# März\n" + OWN).encode("latin-1"), "Latin-1"),
    ],
)
def test_every_encoding_gives_the_same_counts_and_a_note(write, content, note):
    counts = read_counts(write(content))
    assert counts.table["vehicles"].to_list() == [5, 6]
    assert any(note in line for line in counts.notes)


def test_letters_of_central_and_western_europe_are_told_apart(write):
    assert "Šentilj" in read_counts(write(("# Šentilj\n" + OWN).encode("cp1250"))).notes
    assert "März" in read_counts(write(("# März\n" + OWN).encode("latin-1"))).notes


HEADERS = [
    b"start,total\n",
    b"start;car;total\n",
    b"Number,Date,Time,Cars & Trailers\n",
    b'"Number","Date","Time","Channel 1"\n',
    b"Veh. No., Date, Time, Channel, Class, Speed\n",
    b"kennung,stromtyp,intervall_start,intervall_ende,pkw\n",
    b"date_time,traffic_volume\n",
    b"Zst;Datum;Stunde;KFZ_R1\n",
    b"Site Name,Report Date,Time Period Ending,0 - 520 cm,Total Volume\n",
    b"DTVMF;ZNR\n",
    b"",
]
cell = st.sampled_from(
    [
        "",
        "1",
        "A",
        "06:00",
        "7:15 AM",
        "00:14:00",
        "2024-05-06T06:00",
        "5/6/2024",
        "240506",
        "24",
        "-1",
        "1.234",
        "1,5",
        "Zählstrom",
        "06:15",
        "9" * 30,
        "nan",
        '"',
        "\u0661",
        "2024-10-27 02:00",
    ]
)
line = st.builds(lambda cells, mark: mark.join(cells), st.lists(cell, max_size=7), st.sampled_from([",", ";"]))


@settings(max_examples=150, deadline=None)
@given(
    header=st.sampled_from(HEADERS),
    body=st.one_of(st.binary(max_size=80), st.lists(line).map("\n".join).map(str.encode)),
)
@example(header=HEADERS[4], body=b"1,1/1/1950,1:00 AM,1,2,30\n2,1/13/2100,1:00 AM,1,2,30\n")
@example(header=HEADERS[6], body=b"1950-01-01 00:00,1\n2100-12-31 23:00,2\n")
def test_whatever_the_bytes_nothing_but_a_counts_error_comes_out(tmp_path_factory, header, body):
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(header + body)
    try:
        assert describe(read_counts(path))
    except CountsError as error:
        assert error.problems  # noqa: PT017 (either outcome is right)
