"""Nothing outside the folders of the page is read or written."""

import tomllib

import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.web.folders import Folders


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


IMPOSSIBLE = ["", "\0", "a" * 5000]


@pytest.mark.parametrize(
    "name", ["../secret.toml", "north/../../secret.toml", "/etc/passwd", "none.toml", "north", *IMPOSSIBLE]
)
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


@pytest.mark.parametrize("name", ["a.toml", "../a.toml", "elsewhere/a.toml"])
def test_a_file_to_write_hides_behind_no_scenario_and_replaces_nothing(folders, name):
    (folders.of_session("one") / "a_2.toml").touch()
    file = folders.new_file(name, "one")
    assert file == folders.of_session("one") / "a_3.toml"
    file.touch()
    assert folders.file(file.name, "one") == file.resolve()


def test_a_scenario_that_was_taken_along_finds_its_counts_again(folders):
    (folders.scenarios / "north" / "counts.csv").write_text("counts", encoding="utf-8")
    given = '# why\n[traffic]\ncounts = { file = "counts.csv" }\n'
    (folders.scenarios / "north" / "b.toml").write_text(given, encoding="utf-8")
    taken = folders.text_to_take(folders.file("north/b.toml", "one"))
    assert taken == given.replace("counts.csv", "north/counts.csv")
    kept = folders.keep_scenario("b.toml", taken.encode(), "one")
    named = tomllib.loads(kept.read_text(encoding="utf-8"))["traffic"]["counts"]["file"]
    assert (kept.parent / named).read_text(encoding="utf-8") == "counts"
    assert folders.text_to_take(kept) == taken


@pytest.mark.parametrize("content", [b"\xff", b"[", b"a = 1\nfunnels = 3\n", b""])
def test_what_is_no_scenario_is_kept_as_it_is(folders, content):
    assert folders.keep_scenario("c.toml", content, "one").read_bytes() == content
