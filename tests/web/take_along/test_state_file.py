"""The file that restores a draft: here, and where its scenario is not known."""

import json
from types import SimpleNamespace

import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.web.desk.desk_state import DeskState
from funnelsim.web.draft import Draft
from funnelsim.web.folders import Folders
from funnelsim.web.take_along.state_file import restored, state_text
from tests.web.small_scenario import COMMENT, NAME, small_folder

DRAFT = Draft(NAME, {"area.bays": 3}, 7)
STATE = DeskState(DRAFT, Draft(NAME, {"area.bays": 2}, 7), 300)


def visit(place, scenarios):
    """Return as much of a visit as is needed."""
    folders = Folders(scenarios, place / "results")
    return SimpleNamespace(folders=folders, session="aaaa", folder=folders.of_session("aaaa"))


@pytest.fixture
def here(tmp_path):
    return visit(tmp_path, small_folder(tmp_path / "scenarios"))


@pytest.fixture
def content(here):
    return state_text(STATE, here.folders, here.session).encode()


def test_it_restores_the_plan_the_baseline_the_seed_and_the_number_of_operations(here, content):
    assert restored(content, "state.json", here) == STATE
    assert list(here.folder.glob("*.toml")) == []


def test_where_the_scenario_is_unknown_it_brings_it_along(content, tmp_path):
    (tmp_path / "empty").mkdir()
    there = visit(tmp_path / "there", tmp_path / "empty")
    assert restored(content, "state.json", there) == STATE
    assert COMMENT in (there.folder / NAME).read_text()


def test_a_scenario_that_changed_since_is_kept_apart(here, content):
    file = here.folders.scenarios / NAME
    file.write_text(file.read_text() + "\n# changed\n")
    state = restored(content, "state.json", here)
    assert (state.draft.values, state.draft.seed) == (DRAFT.values, DRAFT.seed)
    assert state.baseline.file == state.draft.file != NAME
    assert here.folders.file(state.draft.file, here.session).read_text().endswith("# changed\n") is False


def test_a_file_that_holds_the_draft_alone_is_still_opened(here, content):
    before = json.dumps(json.loads(content) | {"draft": DRAFT.query()}).encode()
    assert restored(before, "state.json", here) == DeskState(DRAFT)


@pytest.mark.parametrize("file", ["../../a.toml", "/etc/a.toml", ".."])
def test_it_writes_nowhere_else(here, content, file):
    bad = json.dumps(json.loads(content) | {"draft": Draft(file).query()}).encode()
    before = set(here.folders.results.parent.rglob("*"))
    draft = restored(bad, "state.json", here).draft
    assert all(path.parent == here.folder for path in set(here.folders.results.parent.rglob("*")) - before)
    assert "/" not in draft.file


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"draft": 1, "scenario": ""}', b"\xff", b'{"draft": "a=1"}'])
def test_what_is_no_state_is_refused_in_words(here, content):
    with pytest.raises(FunnelsimError, match="is no state of this page"):
        restored(content, "state.json", here)
