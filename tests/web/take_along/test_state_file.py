"""The file that restores a draft: here, and where its scenario is not known."""

import json
from types import SimpleNamespace

import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.web.draft import Draft
from funnelsim.web.folders import Folders
from funnelsim.web.take_along.state_file import restored, state_text
from tests.web.small_scenario import COMMENT, NAME, small_folder

DRAFT = Draft(NAME, {"area.bays": 3}, 7)


def visit(place, scenarios):
    """Return as much of a visit as is needed."""
    folders = Folders(scenarios, place / "results")
    return SimpleNamespace(folders=folders, session="aaaa", folder=folders.of_session("aaaa"))


@pytest.fixture
def here(tmp_path):
    return visit(tmp_path, small_folder(tmp_path / "scenarios"))


@pytest.fixture
def content(here):
    return state_text(DRAFT, here.folders, here.session).encode()


def test_it_restores_the_draft(here, content):
    assert restored(content, "state.json", here) == DRAFT
    assert list(here.folder.glob("*.toml")) == []


def test_where_the_scenario_is_unknown_it_brings_it_along(content, tmp_path):
    (tmp_path / "empty").mkdir()
    there = visit(tmp_path / "there", tmp_path / "empty")
    draft = restored(content, "state.json", there)
    assert draft == DRAFT
    assert COMMENT in (there.folder / NAME).read_text()


def test_a_scenario_that_changed_since_is_kept_apart(here, content):
    file = here.folders.scenarios / NAME
    file.write_text(file.read_text() + "\n# changed\n")
    draft = restored(content, "state.json", here)
    assert (draft.values, draft.seed) == (DRAFT.values, DRAFT.seed)
    assert here.folders.file(draft.file, here.session).read_text().endswith("# changed\n") is False


@pytest.mark.parametrize("file", ["../../a.toml", "/etc/a.toml", ".."])
def test_it_writes_nowhere_else(here, content, file):
    bad = json.dumps(json.loads(content) | {"draft": Draft(file).query()}).encode()
    before = set(here.folders.results.parent.rglob("*"))
    draft = restored(bad, "state.json", here)
    assert all(path.parent == here.folder for path in set(here.folders.results.parent.rglob("*")) - before)
    assert "/" not in draft.file


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"draft": 1, "scenario": ""}', b"\xff", b'{"draft": "a=1"}'])
def test_what_is_no_state_is_refused_in_words(here, content):
    with pytest.raises(FunnelsimError, match="is no state of this page"):
        restored(content, "state.json", here)
