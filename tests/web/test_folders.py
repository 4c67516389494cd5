"""Nothing outside the folders of the page is read or written."""

import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.web.folders import Folders, unique_name


@pytest.fixture
def folders(tmp_path):
    scenarios = tmp_path / "scenarios"
    (scenarios / "north").mkdir(parents=True)
    (scenarios / "a.toml").write_text("[operation]\n", encoding="utf-8")
    (scenarios / "north" / "b.toml").write_text("[operation]\n", encoding="utf-8")
    (scenarios / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    (scenarios / ".hidden").mkdir()
    (scenarios / ".hidden" / "c.toml").write_text("[operation]\n", encoding="utf-8")
    (tmp_path / "secret.toml").write_text("[operation]\n", encoding="utf-8")
    return Folders(scenarios, tmp_path / "results")


def test_scenarios_are_listed_wherever_they_lie_and_nothing_else(folders):
    assert folders.scenario_files() == ["a.toml", "north/b.toml"]


@pytest.mark.parametrize("name", ["../secret.toml", "north/../../secret.toml", "/etc/passwd", "none.toml", "north", ""])
def test_no_file_elsewhere_is_found(folders, name):
    with pytest.raises(FunnelsimError, match="no such file here"):
        folders.file(name, "one")


def test_a_link_that_leads_elsewhere_is_not_followed(folders, tmp_path):
    (folders.scenarios / "link.toml").symlink_to(tmp_path / "secret.toml")
    with pytest.raises(FunnelsimError):
        folders.file("link.toml", "one")


def test_a_visitor_finds_the_own_files_and_not_those_of_others(folders):
    mine = folders.of_session("one") / "mine.toml"
    mine.touch()
    assert folders.file("mine.toml", "one") == mine.resolve()
    with pytest.raises(FunnelsimError):
        folders.file("mine.toml", "two")
    with pytest.raises(FunnelsimError):
        folders.file("../one/mine.toml", "two")


@pytest.mark.parametrize("session", ["..", "a/b", "", "a b", ".", "-"])
def test_the_name_of_a_session_cannot_lead_elsewhere(folders, session):
    with pytest.raises(FunnelsimError):
        folders.of_session(session)


def test_the_secret_is_kept_for_the_owner_alone(folders):
    assert folders.secret() == folders.secret()
    file = folders.results / "page" / "secret"
    assert file.stat().st_mode & 0o077 == 0


def test_a_name_that_is_taken_gets_a_number(tmp_path):
    (tmp_path / "plan.toml").touch()
    (tmp_path / "plan_2.toml").touch()
    assert unique_name(tmp_path, "plan.toml") == "plan_3.toml"
