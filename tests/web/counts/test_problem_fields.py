"""Each problem of a mapping or of a counts file stands beside the field that it names."""

import pytest

from funnelsim.counts import profile, read_counts
from funnelsim.counts.mapping_file import mapping_of
from funnelsim.errors import CountsError, Problem
from funnelsim.web.counts.problem_fields import by_field

KEYS = ("time", "format", "hour", "label", "minutes", "total", "wide", "zone", "sep", "counts", "names", "stream")
GOOD = {"time": "t", "format": "%H:%M", "label": "start", "minutes": 60, "total": "n"}


def fields_of(table):
    with pytest.raises(CountsError) as raised:
        mapping_of(table)
    return by_field(raised.value.problems, KEYS)


def test_of_an_empty_mapping_each_missing_key_is_named_beside_its_field():
    found = fields_of({})
    assert set(found) == {"time", "label", "minutes", "total"}
    assert found["minutes"] == ["minutes missing; allowed: the length of an interval"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"minutes": 7}, "minutes"),
        ({"label": "middle"}, "label"),
        ({"format": "hours"}, "format"),
        ({"zone": "Europe/Paris"}, "zone"),
        ({"hour": "h"}, "hour"),
        ({"wide": "V*"}, "wide"),
        ({"names": ["t", "t"]}, "names"),
        ({"sep": ";;"}, "sep"),
    ],
)
def test_a_wrong_answer_is_named_beside_its_field(change, field):
    assert set(fields_of(GOOD | change)) >= {field}
    assert "" not in fields_of(GOOD | change)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time": "when"}, "time"),
        ({"total": "vehicles"}, "total"),
        ({"format": "%H.%M"}, "format"),
        ({"sep": ";"}, "sep"),
        ({"stream": "site"}, "stream"),
    ],
)
def test_what_the_file_contradicts_is_named_beside_its_field(tmp_path, change, field):
    path = tmp_path / "a.csv"
    path.write_text("t,n\n06:00,5\n07:00,6\n", encoding="utf-8")
    with pytest.raises(CountsError) as raised:
        read_counts(path, mapping=GOOD | change)
    assert set(by_field(raised.value.problems, KEYS)) == {field}


def test_a_choice_that_is_missing_is_named_beside_it(tmp_path):
    path = tmp_path / "sites.csv"
    path.write_text("t,n,site\n06:00,5,a\n06:00,6,b\n", encoding="utf-8")
    with pytest.raises(CountsError) as raised:
        profile(read_counts(path, mapping=GOOD | {"stream": "site"}))
    assert set(by_field(raised.value.problems, ("stream", "channel"))) == {"stream"}


def test_a_line_is_kept_and_what_names_no_field_keeps_its_place():
    problems = [Problem("a.csv, line 5", "'11' is not a time in the format '%H'"), Problem("a.csv", "the file is odd")]
    found = by_field(problems, ("format",))
    assert found == {"format": ["line 5: '11' is not a time in the format '%H'"], "": ["a.csv: the file is odd"]}


def test_a_key_of_a_scenario_is_found_by_its_last_name():
    assert set(by_field([Problem("a.toml: operation.opens", "x given; allowed: HH:MM")], ("opens",))) == {"opens"}


def test_a_number_that_can_mean_two_is_said_beside_the_field_that_tells_or_asks_for_it(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('start,total\n06:00,"1.450"\n07:00,600\n', encoding="utf-8")
    with pytest.raises(CountsError) as raised:
        read_counts(path)
    ways = "total: '1.450' can mean 1450 or 1.4500"
    asked = by_field(raised.value.problems, ("total", "thousands"))
    assert asked == {"thousands": [f"line 2: {ways}; choose above how a thousand is written"]}
    told = f"a.csv, line 2: {ways}; say what its columns are, and how a thousand is written"
    assert by_field(raised.value.problems, ("title",)) == {"": [told]}
