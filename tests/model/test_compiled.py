from pathlib import Path

import numba
import pytest

from funnelsim.model import compiled as module
from funnelsim.model.compiled import cache_folder, compiled


@pytest.fixture
def fresh(monkeypatch, tmp_path):
    """Return the place where a package's sources and caches may be changed, and forget the folder found before."""
    sources = tmp_path / "package"
    sources.mkdir()
    (sources / "compiled.py").write_text("first = 1\n")
    monkeypatch.setattr(module, "__file__", str(sources / "compiled.py"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cache_folder.cache_clear()
    yield sources
    cache_folder.cache_clear()


def test_the_folder_is_in_the_users_cache(fresh, tmp_path):
    assert fresh.exists()
    assert cache_folder().parent == tmp_path / "cache" / "funnelsim"
    assert cache_folder().is_dir()


def test_any_edit_of_any_source_leads_to_another_folder(fresh):
    folders = [cache_folder()]
    for name, text in (("rules.py", "x = 1\n"), ("rules.py", "x = 2\n"), ("compiled.py", "first = 2\n")):
        (fresh / name).write_text(text)
        cache_folder.cache_clear()
        folders.append(cache_folder())
    assert len(set(folders)) == 4


def test_the_same_sources_lead_to_the_same_folder(fresh):
    before = cache_folder()
    (fresh / "notes.txt").write_text("no source\n")
    cache_folder.cache_clear()
    assert cache_folder() == before


def test_another_numba_leads_to_another_folder(fresh, monkeypatch):
    assert fresh.exists()
    before = cache_folder()
    monkeypatch.setattr(numba, "__version__", "0.0.0")
    cache_folder.cache_clear()
    assert cache_folder() != before


def test_where_the_users_cache_cannot_be_used_the_temporary_folder_is(fresh, monkeypatch, tmp_path):
    assert fresh.exists()
    blocked = tmp_path / "a file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    assert cache_folder().parent == tmp_path / "temporary" / "funnelsim"


def test_where_nothing_can_be_used_a_folder_of_its_own_is(fresh, monkeypatch, tmp_path):
    assert fresh.exists()
    blocked = tmp_path / "a file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: str(blocked))
    monkeypatch.setattr(module.tempfile, "mkdtemp", lambda prefix: str(tmp_path / (prefix + "x")))
    assert cache_folder() == Path(tmp_path / "funnelsim-x")


def test_compiling_leaves_numbas_own_folder_as_it_was():
    before = numba.config.CACHE_DIR
    compiled(_sum)
    assert before == numba.config.CACHE_DIR


def _sum(a, b, c):
    return a * b + c


def test_a_compiled_function_is_not_allowed_to_fuse_or_reorder():
    """A fused multiply-add would keep the 2**-60 of the product, which rounding takes away in Python's order."""
    fast = compiled(_sum)
    a, b = 1.0 + 2.0**-30, 1.0 - 2.0**-30
    assert fast(a, b, -1.0) == _sum(a, b, -1.0) == 0.0
