"""The questions of a mapping: what the file makes sure of, what is asked, and the mapping that answers make."""

import tomllib
from contextlib import suppress

import pytest

from funnelsim.counts import read_counts
from funnelsim.counts.mapping_file import mapping_of
from funnelsim.counts.mapping_proposal import proposed_mapping
from funnelsim.errors import CountsError
from funnelsim.web.counts.mapping_answers import mapping_of_answers, mapping_text, questions_of
from tests.mutated_counts import mutated_mapped

COUNTY = """Road counts of the county
Station;Day;Hour;All vehicles;Cars;Trucks;Speed
7001;06.05.2024;7;450;412;38;81
7001;06.05.2024;8;429;388;41;79
7001;07.05.2024;7;466;425;41;80
7001;07.05.2024;8;440;401;39;78
"""


@pytest.fixture
def county(tmp_path):
    path = tmp_path / "county.csv"
    path.write_text(COUNTY, encoding="utf-8")
    return path


def test_what_is_sure_is_what_a_draft_of_the_command_line_sets(county):
    """The draft leaves questions in comments; the form leaves these fields empty."""
    known = questions_of(county)
    assert mapping_of_answers(known, known.answers) == tomllib.loads(proposed_mapping(county))


def test_a_question_left_open_is_refused_by_its_name(county):
    known = questions_of(county)
    with pytest.raises(CountsError, match="label missing"):
        read_counts(county, mapping=mapping_of_answers(known, known.answers))


def test_answers_make_a_mapping_that_reads_the_file_as_the_command_line_does(county, tmp_path):
    known = questions_of(county)
    table = mapping_of_answers(known, {**known.answers, "label": "end"})
    saved = tmp_path / "county_mapping.toml"
    saved.write_text(mapping_text(table, county.name), encoding="utf-8")
    assert read_counts(county, mapping=saved).table.equals(read_counts(county, mapping=table).table)
    assert mapping_of(saved)[0] == mapping_of(table)[0]
    assert read_counts(county, mapping=saved).table["vehicles"].sum() == 450 + 429 + 466 + 440


def test_what_is_usual_is_left_out_of_the_mapping(county):
    known = questions_of(county)
    assert known.answers["each_row"] == "interval"
    assert "each_row" not in mapping_of_answers(known, known.answers)
    assert mapping_of_answers(known, {"each_row": "vehicle", "missing": [], "zone": ""})["each_row"] == "vehicle"


def test_cells_can_be_found_otherwise(county):
    """A line more above the header makes the first row the header."""
    assert questions_of(county).layout == {"sep": ";", "skip": 1}
    assert questions_of(county, {"sep": ";", "skip": 2}).columns[0] == "7001"


def test_a_header_of_units_with_blank_and_equal_names_is_asked_about(tmp_path):
    path = tmp_path / "units.csv"
    path.write_text(";time;total;total\n;hh:mm;veh;veh\na;06:00;10;11\na;07:00;10;12\n", encoding="utf-8")
    assert questions_of(path).columns == ("column 1", "time", "total", "total 4")


@pytest.mark.parametrize("seed", range(40))
def test_a_mutated_file_is_laid_out_or_refused_in_words(tmp_path, seed):
    path = tmp_path / "mutated.csv"
    path.write_bytes(mutated_mapped(seed)[1])
    with suppress(CountsError):
        assert questions_of(path).columns


def test_of_classes_of_which_one_is_unknown_none_is_answered(tmp_path):
    """Some classes without the others would be read as all vehicles."""
    path = tmp_path / "other.csv"
    path.write_text("when;Cars;Sonstige\n06:00;5;1\n07:00;6;3\n08:00;4;2\n", encoding="utf-8")
    known = questions_of(path)
    assert known.countable == ("Cars", "Sonstige")
    assert "counts" not in known.answers
    assert "counts" in known.hints
