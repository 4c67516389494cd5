"""What the page finds in a counts file is what the command line finds."""

import logging

import pytest

from funnelsim.counts import profile, read_counts
from funnelsim.web.counts.counts_reader import Asked, Choice, CountsReader
from tests.mutated_counts import mutated_counts

TWO_SITES = "start,total\n2024-05-06T06:00,100\n2024-05-06T07:00,200\n2024-05-07T06:00,140\n2024-05-07T07:00,220\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "road.csv"
    path.write_text(TWO_SITES, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("choice", "keys"),
    [
        (Choice(), {}),
        (Choice(weekdays=("tue",)), {"weekdays": ["tue"]}),
        (Choice(date="2024-05-06"), {"date": "2024-05-06"}),
    ],
)
def test_the_day_is_that_of_the_same_keys(file, choice, keys):
    found = CountsReader().look(Asked(file, choice=choice))
    assert choice.keys() == keys
    assert found.day.table.equals(profile(read_counts(file), **keys).table)


def test_a_file_that_was_read_is_kept_for_other_choices(file):
    reader = CountsReader()
    first = reader.look(Asked(file)).counts
    file.unlink()
    assert reader.look(Asked(file, choice=Choice(date="2024-05-06"))).counts is first


def test_a_choice_that_the_file_does_not_have_is_a_problem_and_the_file_still_there(file):
    found = CountsReader().look(Asked(file, choice=Choice(weekdays=("sun",))))
    assert found.counts is not None
    assert found.day is None
    assert "days chosen" in found.problems[0].message


def test_a_file_of_no_known_format_is_told_from_a_damaged_one(tmp_path):
    unknown, damaged = tmp_path / "unknown.csv", tmp_path / "damaged.csv"
    unknown.write_text("when;how many\n06:00;5\n", encoding="utf-8")
    damaged.write_text("start,total\n06:00,many\n07:00,5\n", encoding="utf-8")
    assert CountsReader().look(Asked(unknown)).is_unknown
    found = CountsReader().look(Asked(damaged))
    assert not found.is_unknown
    assert found.problems[0].where == "damaged.csv, line 2"


def test_a_visitor_can_say_what_the_columns_of_a_damaged_table_are_but_not_those_of_a_binary_file(tmp_path):
    damaged, binary = tmp_path / "damaged.csv", tmp_path / "binary.csv"
    damaged.write_text("start,total\n06:00,many\n07:00,5\n", encoding="utf-8")
    binary.write_bytes(bytes(range(256)) * 20)
    assert CountsReader().look(Asked(damaged)).has_columns
    assert not CountsReader().look(Asked(binary)).has_columns


@pytest.mark.parametrize("seed", range(40))
def test_a_mutated_file_is_read_or_refused_in_words(tmp_path, caplog, seed):
    """Nothing is raised, and nothing is left to the log of the server."""
    path = tmp_path / "mutated.csv"
    content, done = mutated_counts(seed)
    path.write_bytes(content)
    with caplog.at_level(logging.ERROR):
        found = CountsReader().look(Asked(path))
    assert not caplog.records, done
    assert found.problems or found.day is not None, done
