import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import funnelsim
from funnelsim.model import cache as module
from funnelsim.model.cache import cache_folder, is_compiled


@pytest.fixture
def fresh(monkeypatch, tmp_path):
    """Return the place where a package's sources and caches may be changed, and forget the folder found before."""
    sources = tmp_path / "package"
    for part in module.WITH_KERNELS:
        (sources / part).mkdir(parents=True)
    (sources / "model" / "compiled.py").write_text("first = 1\n")
    monkeypatch.setattr(module, "PACKAGE", sources)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cache_folder.cache_clear()
    yield sources
    cache_folder.cache_clear()


def folder_now():
    cache_folder.cache_clear()
    return cache_folder()


def test_the_folder_is_in_the_users_cache(fresh, tmp_path):
    assert fresh.exists()
    assert cache_folder().parent == tmp_path / "cache" / "funnelsim"
    assert cache_folder().is_dir()


def test_any_edit_of_any_source_leads_to_another_folder(fresh):
    folders = [cache_folder()]
    edits = (
        ("model/rules.py", "x = 1\n"),
        ("model/rules.py", "x = 2\n"),
        ("engines/lane.py", "x = 2\n"),
        ("analysis/queue.py", ""),
        ("model/compiled.py", "first = 2\n"),
    )
    for name, text in edits:
        (fresh / name).write_text(text)
        folders.append(folder_now())
    assert len(set(folders)) == 1 + len(edits)


def test_the_same_sources_lead_to_the_same_folder(fresh):
    before = cache_folder()
    (fresh / "model" / "notes.txt").write_text("no source\n")
    assert folder_now() == before


@pytest.mark.parametrize("library", ["numba", "llvmlite"])
def test_another_version_of_a_library_leads_to_another_folder(fresh, monkeypatch, library):
    assert fresh.exists()
    before = cache_folder()
    monkeypatch.setattr(getattr(module, library), "__version__", "0.0.0")
    assert folder_now() != before


def test_another_installation_of_the_same_sources_has_a_folder_of_its_own(fresh, monkeypatch, tmp_path):
    """Numba would not find its code there, and the first command could not say that it compiles."""
    before = cache_folder()
    shutil.copytree(fresh, tmp_path / "other")
    monkeypatch.setattr(module, "PACKAGE", tmp_path / "other")
    assert folder_now() != before


@pytest.fixture
def used(fresh):
    """Return what makes the folder of another state of the sources, used so many days ago, with so many bytes."""
    numbers = iter(range(1000))

    def make(days, size=1):
        (fresh / "model" / "rules.py").write_text(f"x = {next(numbers)}\n")
        folder = folder_now()
        (folder / "code").write_bytes(bytes(size))
        at = time.time() - days * 86_400.0
        os.utime(folder, (at, at))
        return folder

    return make


def test_what_nobody_has_used_for_two_months_is_removed(used):
    old, recent, many = used(61), used(59), [used(3) for _ in range(20)]
    now = used(0)
    assert [folder.exists() for folder in (old, recent, *many, now)] == [False, *[True] * 22]


def test_what_takes_too_much_room_is_removed_beginning_with_what_was_used_longest_ago(used, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 2500)
    folders = [used(days, 1000) for days in (4, 3, 2)]
    now = used(0, 1000)
    assert [folder.exists() for folder in (*folders, now)] == [False, True, True, True]


def test_using_a_folder_again_keeps_it(used, monkeypatch):
    folder = used(59)
    monkeypatch.setattr(module, "_state_of_sources", lambda: folder.name)
    assert folder_now() == folder
    assert time.time() - folder.stat().st_mtime < 60.0


def block(monkeypatch, tmp_path):
    """Make the user's cache unusable, as in a read-only home."""
    blocked = tmp_path / "a file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    return blocked


def test_where_the_users_cache_cannot_be_used_a_temporary_folder_of_the_user_is(fresh, monkeypatch, tmp_path):
    assert fresh.exists()
    block(monkeypatch, tmp_path)
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    assert cache_folder().parent == tmp_path / "temporary" / f"funnelsim-{os.getuid()}"
    assert cache_folder().stat().st_mode & 0o077 == 0


def test_a_user_without_a_home_has_a_folder_in_the_temporary_one(fresh, monkeypatch, tmp_path):
    """In some containers HOME is not set and the system does not know the number of the user."""

    def fail():
        raise RuntimeError

    assert fresh.exists()
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", fail)
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    assert cache_folder().parent == tmp_path / "temporary" / f"funnelsim-{os.getuid()}"


def test_a_folder_that_others_can_write_to_is_not_used(fresh, monkeypatch, tmp_path):
    """Machine code is read from there: whoever can write it could run anything."""
    assert fresh.exists()
    block(monkeypatch, tmp_path)
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    planted = tmp_path / "temporary" / f"funnelsim-{os.getuid()}"
    planted.mkdir(parents=True)
    planted.chmod(0o777)
    monkeypatch.setattr(module.tempfile, "mkdtemp", lambda prefix: str(tmp_path / (prefix + "x")))
    assert cache_folder() == tmp_path / "funnelsim-x"


def test_where_nothing_can_be_used_a_folder_of_its_own_is(fresh, monkeypatch, tmp_path):
    assert fresh.exists()
    blocked = block(monkeypatch, tmp_path)
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: str(blocked))
    monkeypatch.setattr(module.tempfile, "mkdtemp", lambda prefix: str(tmp_path / (prefix + "x")))
    assert cache_folder() == tmp_path / "funnelsim-x"


def test_all_counts_as_compiled_when_every_kernel_is_there(fresh):
    assert fresh.exists()
    (cache_folder() / "compiled_1").mkdir()
    for kernel in module.KERNELS:
        assert not is_compiled()
        (cache_folder() / "compiled_1" / f"{kernel}-33.py311.nbi").write_text("code")
    assert is_compiled()


HEADWAY = """
from funnelsim.model.passage import headways
print(headways(1.0, 10.0, 1.0, 10.0, 1.0, 20.0, 1)[0])
"""


@pytest.fixture
def headway(tmp_path):
    """Return what calls a compiled function of a copy of the package in a process of its own."""
    copy = tmp_path / "copy"
    shutil.copytree(Path(funnelsim.__file__).parent, copy / "funnelsim", ignore=shutil.ignore_patterns("__pycache__"))
    environment = os.environ | {"PYTHONPATH": str(copy), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    def call():
        done = subprocess.run(  # noqa: S603  (what is run is this test's own)
            [sys.executable, "-c", HEADWAY], env=environment, cwd=copy, capture_output=True, text=True, check=True
        )
        return float(done.stdout)

    call.rules = copy / "funnelsim" / "model" / "rules.py"
    call.cache = tmp_path / "cache" / "funnelsim"
    return call


def test_an_edited_rule_never_runs_as_it_was(headway):
    """The function called stands in another file than the rule that is edited."""
    assert (headway(), headway()) == (2.0, 2.0)
    text = headway.rules.read_text()
    edited = text.replace("(reaction_s + leader_spacing_m / speed_ms) * noise", "reaction_s * noise")
    assert edited != text
    headway.rules.write_text(edited)
    assert headway() == 1.0
    headway.rules.write_text(text)
    assert headway() == 2.0


def test_processes_that_start_together_on_an_empty_cache_agree(headway):
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: headway(), range(4))) == [2.0] * 4
    assert len([folder for folder in headway.cache.iterdir() if folder.is_dir()]) == 1
    assert headway() == 2.0


DAMAGED = """
import sys
from pathlib import Path
from funnelsim.model.cache import cache_folder
from funnelsim.model.compiled import compiled

@compiled
def twice(number):
    return 2 * number + {edition}

assert twice(20) == 40 + {edition}
print(*(path for path in cache_folder().rglob("*twice*")), sep="\\n")
"""


@pytest.mark.parametrize("left", [0.0, 0.5, 0.99])
@pytest.mark.parametrize("ending", [".nbi", ".nbc"])
def test_a_damaged_file_is_thrown_away_and_made_again(tmp_path, left, ending):
    """A power cut leaves files empty or in half."""
    script = tmp_path / "script.py"
    script.write_text(DAMAGED.format(edition=7))
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(Path.cwd())}

    def files():
        done = subprocess.run(  # noqa: S603
            [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True
        )
        return [Path(line) for line in done.stdout.split("\n") if line]

    damaged = next(path for path in files() if path.suffix == ending)
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[: int(left * len(whole))])
    files()
    assert len(damaged.read_bytes()) == pytest.approx(len(whole), rel=0.05)


def test_an_empty_index_is_no_machine_code(fresh):
    assert fresh.exists()
    for kernel in module.KERNELS:
        (cache_folder() / f"{kernel}-1.py311.nbi").touch()
    assert not is_compiled()
