"""The chapter of a report that says how sure its result is."""

from dataclasses import replace

import pytest

from funnelsim.decision.bad_days import stress_folder
from funnelsim.decision.uncertainty import sensitivity_folder
from funnelsim.decision.words_file import write_words
from funnelsim.errors import FunnelsimError, ResultsError
from funnelsim.experiments.manifest import write_manifest
from funnelsim.reporting.html import decision_page
from funnelsim.reporting.html.document import Chapter, Document
from funnelsim.reporting.html.how_sure import HEADING, how_sure_in, how_sure_of, with_how_sure
from funnelsim.reporting.optimise_words import HOW_SURE
from funnelsim.reporting.section import Entry, Section, as_data

ASSUMPTIONS = [Section("What if?", ("It holds.",)), Section("What would change it", (Entry("-", "Nothing."),))]
PLAN, OTHER = ({"title": "A", "area": {"bays": bays}} for bays in (2, 3))
BAD_DAYS = [Section("Bad days", ("One limit breaks.",))]


@pytest.fixture
def folders(tmp_path):
    made = {"assumptions": (sensitivity_folder.WORDS, ASSUMPTIONS), "days": (stress_folder.WORDS, BAD_DAYS)}
    for name, (file, sections) in made.items():
        (tmp_path / name).mkdir()
        write_words(as_data(sections), tmp_path / name / file)
    write_manifest(tmp_path / "assumptions", {"scenarios": {"a": PLAN | {"uncertain": {}}, "b": OTHER}}, [])
    write_manifest(tmp_path / "days", {"scenario": PLAN}, [])
    return [tmp_path / name for name in made]


@pytest.fixture
def ran(tmp_path):
    """Return the folder of a result of the plan that the others are about."""
    (tmp_path / "ran").mkdir()
    write_manifest(tmp_path / "ran", {"scenario": PLAN | {"title": "the same"}}, [])
    return tmp_path / "ran"


def page(*names):
    return Document("A plan", "a decision", (), (), (), tuple(Chapter(name, name, ()) for name in names), "")


def test_folders_say_what_was_printed_in_the_order_given(folders, ran):
    assert how_sure_in(folders, ran) == [*ASSUMPTIONS, *BAD_DAYS]
    assert how_sure_in(folders[::-1], ran) == [*BAD_DAYS, *ASSUMPTIONS]
    assert how_sure_in([], ran) == []


def test_what_is_about_another_plan_is_said_to_be(folders, tmp_path):
    """Of the two plans of the first folder the other one is that of the result; the second has it not."""
    (tmp_path / "other").mkdir()
    write_manifest(tmp_path / "other", {"scenarios": {"x": OTHER}}, [])
    said = how_sure_in(folders, tmp_path / "other")
    assert said[: len(ASSUMPTIONS)] == ASSUMPTIONS
    assert (
        said[len(ASSUMPTIONS)]
        .items[0]
        .endswith("days is about none of the plans of this page, but about another scenario.")
    )


def test_every_folder_that_says_nothing_is_named(folders, ran, tmp_path):
    with pytest.raises(ResultsError) as caught:
        how_sure_in([*folders, tmp_path, tmp_path / "none"], ran)
    assert [one.where for one in caught.value.problems] == [str(tmp_path), str(tmp_path / "none")]
    (folders[1] / stress_folder.WORDS).write_text('{"sections": [{"items": 3}]}')
    with pytest.raises(ResultsError, match="is damaged"):
        how_sure_in(folders, ran)


def test_the_chapter_stands_in_front_of_the_signatures():
    chapters = with_how_sure(page("plans", decision_page.SIGNATURES, "limits"), BAD_DAYS).chapters
    assert [one.heading for one in chapters] == ["plans", HEADING, decision_page.SIGNATURES, "limits"]
    assert chapters[1].items == tuple(BAD_DAYS)
    assert with_how_sure(page("plans"), BAD_DAYS).chapters[-1].heading == HEADING


def test_the_chapter_begins_with_how_sure_the_selection_is():
    document = page("plans", decision_page.SIGNATURES)
    selection = Chapter("decision-3", HOW_SURE, ("With 95 % confidence.",))
    made = with_how_sure(replace(document, chapters=(selection, *document.chapters)), BAD_DAYS)
    assert [one.heading for one in made.chapters] == ["plans", HEADING, decision_page.SIGNATURES]
    assert made.chapters[1].items == (Section(HOW_SURE, ("With 95 % confidence.",)), *BAD_DAYS)


def test_other_results_are_refused():
    with pytest.raises(FunnelsimError, match="how_sure: int given; allowed: what funnelsim"):
        how_sure_of([3])
