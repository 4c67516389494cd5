"""What an open page knows: its plan, and the baseline that it is compared with."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.web.desk.answers import Answer
from funnelsim.web.desk.desk_state import DeskState
from funnelsim.web.draft import Draft
from funnelsim.web.folders import Folders
from funnelsim.web.visit import Visit
from tests.web.small_scenario import NAME, small_folder

OPENED = Draft(NAME)
MOVED = Draft(NAME, {"area.bays": 3})
FURTHER = Draft(NAME, {"area.bays": 4})


@pytest.fixture
def asked(monkeypatch):
    """Simulate nothing, and return what was to be simulated: the draft and how many operations."""
    found = []
    monkeypatch.setattr(
        "funnelsim.web.desk.answers.Answers.ask",
        lambda answers, draft, _, operations: found.append((answers._show.__name__, draft, operations)),
    )
    return found


@pytest.fixture
def visit(tmp_path, asked):
    assert asked == []
    made = Visit(Folders(small_folder(tmp_path / "scenarios"), tmp_path / "results"), "aaaa", nullcontext())
    made.open(OPENED)
    return made


def answer(draft, operations, *, final=False):
    return Answer(draft, run=SimpleNamespace(replications=range(operations)), final=final)


def of_baseline(asked):
    return [(draft, operations) for who, draft, operations in asked if who == "_heard_baseline"]


def test_the_baseline_is_the_plan_as_it_was_opened_also_where_a_lever_is_moved_before_it_is_known(visit, asked):
    visit._heard(answer(OPENED, 8))
    visit.restore(MOVED)
    assert of_baseline(asked) == [(OPENED, 100)]
    visit._heard(answer(MOVED, 100, final=True))
    visit._heard_baseline(answer(OPENED, 100, final=True))
    assert (visit.baseline.draft, len(visit.baseline.run.replications)) == (OPENED, 100)


def test_a_plan_that_is_pinned_while_it_is_simulated_is_simulated_to_the_end(visit, asked):
    visit.restore(MOVED)
    visit._heard(answer(MOVED, 8))
    visit.pin()
    visit.restore(FURTHER)
    visit.restore(replaced := FURTHER.changed({"area.waiting": 2}))
    assert of_baseline(asked) == [(OPENED, 100), (MOVED, 100)]
    visit._heard(answer(replaced, 100, final=True))
    visit._heard_baseline(answer(MOVED, 100, final=True))
    assert len(visit.baseline.run.replications) == 100


def test_the_baseline_has_as_many_operations_as_the_plan(visit, asked):
    visit._heard(answer(OPENED, 100, final=True))
    visit.restore(MOVED)
    assert of_baseline(asked) == []
    visit.simulate(300)
    assert of_baseline(asked) == [(OPENED, 300)]


def test_what_is_no_plan_is_neither_pinned_nor_kept(visit):
    visit._heard(answer(OPENED, 100, final=True))
    visit.restore(MOVED)
    visit._heard(answer(MOVED, 8))
    visit.restore(FURTHER)
    visit._heard(Answer(FURTHER, error=FunnelsimError("no"), final=True))
    visit.pin()
    assert visit.baseline.draft == OPENED
    assert visit.kept() == DeskState(MOVED, OPENED, 100)


def test_a_baseline_is_opened_with_its_plan(visit, asked):
    asked.clear()
    visit.open(FURTHER, MOVED, 300)
    assert visit.state == DeskState(FURTHER, MOVED, 300)
    assert asked == [("_heard", FURTHER, 300), ("_heard_baseline", MOVED, 300)]


def test_a_baseline_that_is_no_plan_is_refused(visit):
    with pytest.raises(FunnelsimError, match=r"area\.bays"):
        visit.open(OPENED, Draft(NAME, {"area.bays": -1}))
    assert visit.draft == OPENED
