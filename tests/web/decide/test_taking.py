"""Taking a lever or a plan into the draft."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from funnelsim.web.decide.taking import is_for_draft, own_changes, take_plan, take_values
from funnelsim.web.draft import Draft
from funnelsim.web.folders import Folders
from funnelsim.web.visit import Visit
from tests.web.small_scenario import NAME, small_folder


@pytest.fixture
def visit(tmp_path, monkeypatch):
    monkeypatch.setattr("funnelsim.web.desk.answers.Answers.ask", lambda *_: None)  # nothing is simulated
    made = Visit(Folders(small_folder(tmp_path / "scenarios"), tmp_path / "results"), "aaaa", nullcontext())
    made.open(Draft(NAME, {"area.waiting": 3}, 5))
    return made


def job(values, file=NAME):
    return SimpleNamespace(draft=Draft(file, values, 1))


def test_a_lever_is_added_to_what_is_changed_already(visit):
    take_values(visit, {"area.bays": 3})
    assert visit.draft == Draft(NAME, {"area.waiting": 3, "area.bays": 3}, 5)


def test_a_value_as_in_the_file_is_no_change(visit):
    take_values(visit, {"area.waiting": 1})
    assert visit.draft == Draft(NAME, {}, 5)


def test_a_plan_is_taken_as_a_whole_with_what_its_job_began_with(visit):
    take_plan(visit, {"area.bays": 4}, job({"selection.rate.default": 0.1}))
    assert visit.draft == Draft(NAME, {"selection.rate.default": 0.1, "area.bays": 4}, 5)


def test_what_is_about_another_file_opens_it(visit):
    other = visit.folder / "other.toml"
    other.write_text((visit.folders.scenarios / NAME).read_text())
    take_plan(visit, {"area.bays": 4}, job({"area.waiting": 2}, "other.toml"))
    assert visit.draft == Draft("other.toml", {"area.waiting": 2, "area.bays": 4}, 1)


@pytest.mark.parametrize(
    ("values", "file", "same"),
    [({"area.waiting": 3}, NAME, True), ({"area.waiting": 2}, NAME, False), ({"area.waiting": 3}, "b.toml", False)],
)
def test_a_job_is_for_the_plan_on_the_desk_where_file_and_changes_are_the_same(visit, values, file, same):
    assert is_for_draft(visit, job(values, file)) is same


@pytest.mark.parametrize(
    ("began_with", "plans", "own"),
    [
        ({"area.waiting": 3}, [{"area.bays": 4}], []),
        ({}, [{"area.bays": 4}], ["area.waiting"]),
        ({}, [{"area.waiting": 2}, {"area.waiting": 3}], []),  # a plan of this job was taken before
        ({"area.waiting": 3, "area.bays": 2}, [{"selection.rate.default": 0.1}], ["area.bays"]),  # undone on the desk
    ],
)
def test_changes_of_the_desk_that_taking_a_plan_would_lose(visit, began_with, plans, own):
    assert own_changes(visit, job(began_with), plans) == own


def test_of_another_file_all_changes_of_the_desk_would_be_lost(visit):
    assert own_changes(visit, job({"area.waiting": 3}, "b.toml"), []) == ["area.waiting"]
