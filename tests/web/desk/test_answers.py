"""The newest plan is answered; one that nobody asks about any more is dropped."""

import asyncio

import pytest

from funnelsim.reporting.warnings import warnings_of
from funnelsim.web.desk import answers as module
from funnelsim.web.desk.answers import Answers
from funnelsim.web.draft import Draft, Planner
from tests.web.loops import finished
from tests.web.serving import SCENARIOS


@pytest.fixture(scope="module")
def planner():
    return Planner(SCENARIOS / "sobriety_checkpoint.toml")


def heard_of(planner, *drafts, between=None):
    """Return the answers to drafts that are asked about one after another."""

    async def asked():
        heard, done = [], asyncio.Event()

        def show(answer):
            heard.append(answer)
            if answer.final and answer.draft == drafts[-1]:
                done.set()

        asking = Answers(show)
        for draft in drafts:
            asking.ask(draft, planner)
            if between is not None:
                await between(heard)
        await done.wait()
        return heard

    return finished(asked())


def test_the_first_answer_has_few_operations_and_the_last_all(planner):
    heard = heard_of(planner, Draft("a"))
    assert [len(one.run.replications) for one in heard] == [8, 20, 35, 50, 75, 100, 100]
    assert [one.final for one in heard] == [False] * 6 + [True]
    assert heard[-1].bound.finds > 0.0


def test_the_warnings_are_those_of_check_and_the_first_answer_does_not_wait_for_them():
    planner = Planner(SCENARIOS / "motorway_early_shift.toml")
    late = {"operation.closes": "15:00"}
    first, *others = heard_of(planner, Draft("a", late))
    wanted = warnings_of(*planner.plan(late))
    assert first.warnings is None
    assert [one.warnings for one in others] == [wanted] * len(others)
    assert sum("cannot be staffed 14:30-15:00" in one.text for one in wanted) == 4


def test_drafts_asked_about_at_once_are_dropped_but_for_the_newest(planner):
    drafts = [Draft("a", {"area.bays": bays}) for bays in range(2, 9)]
    heard = heard_of(planner, *drafts)
    assert {one.draft.values["area.bays"] for one in heard} == {8}


def test_a_draft_that_is_being_answered_is_given_up_for_a_newer_one(planner):
    async def until_first(heard):
        while not heard:  # noqa: ASYNC110  (whatever is heard first)
            await asyncio.sleep(0)

    heard = heard_of(planner, Draft("a"), Draft("b"), between=until_first)
    assert not any(one.final for one in heard if one.draft.file == "a")
    assert [one.draft.file for one in heard] == sorted(one.draft.file for one in heard)


def test_a_plan_that_is_none_is_answered_with_its_problems(planner):
    [answer] = heard_of(planner, Draft("a", {"area.bays": -1}))
    assert answer.run is None
    assert "area.bays" in str(answer.error)


def test_an_error_of_the_page_itself_is_said_in_words_and_logged(planner, monkeypatch, caplog):
    monkeypatch.setattr(module, "growing_run", lambda *_: 1 / 0)
    [answer] = heard_of(planner, Draft("a"))
    assert "log" in str(answer.error)
    assert "ZeroDivisionError" in caplog.text
