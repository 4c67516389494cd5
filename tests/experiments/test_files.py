"""What is written is there whole or not at all, and nothing that was there is lost."""

import errno
from pathlib import Path, PureWindowsPath

import pytest

from funnelsim.errors import ResultsError
from funnelsim.experiments.files import folder_of_scenario, portable_name, prepare_folder, written_whole


def test_a_folder_with_something_in_it_is_refused_and_untouched(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ResultsError, match="not empty; allowed"):
        prepare_folder(tmp_path, must_be_new=True)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_file_where_the_folder_should_be_is_refused(tmp_path):
    (tmp_path / "out").write_text("")
    for must_be_new in (True, False):
        with pytest.raises(ResultsError, match="out"):
            prepare_folder(tmp_path / "out", must_be_new=must_be_new)


def test_a_folder_that_cannot_be_written_to_is_refused_before_anything_runs():
    with pytest.raises(ResultsError, match="cannot be written"):
        prepare_folder(Path("/proc/funnelsim"), must_be_new=True)


def test_a_full_disk_leaves_the_old_file_and_no_scraps(tmp_path):
    target = tmp_path / "summary.json"
    target.write_text("old")

    def write_on_a_full_disk():
        with written_whole(target) as beside:
            beside.write_text("half of it")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ResultsError, match="No space left on device"):
        write_on_a_full_disk()
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["summary.json"]


@pytest.mark.parametrize("name", ["CON", "nul", "Com1", "LPT9", "aux.2024", "early.", "a:b", "what?", "a|b*", '<"x">'])
def test_no_name_that_windows_cannot_hold_is_made(name):
    changed = portable_name(name)
    assert changed != name
    assert portable_name(changed) == changed
    assert PureWindowsPath(changed).name == changed
    assert not set('<>:"/\\|?*').intersection(changed)
    folder = folder_of_scenario(Path(f"{name}.toml")).name
    assert folder == portable_name(folder)


@pytest.mark.parametrize("name", ["early", "A3 früh 2024.toml", "console", "com10", "a.b", "[b]"])
def test_other_names_stay(name):
    assert portable_name(name) == name
