"""The cache of machine code on disk: what was compiled once on a machine need not be compiled again.

Numba looks only at the file a function stands in. A function that calls another file's would go on running that file's
old code after an edit or an upgrade; a folder for each state of all sources makes that impossible.
"""

import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import numba
from filelock import FileLock

from funnelsim.units import DAY_S

PACKAGE = Path(__file__).parents[1]
WITH_KERNELS = ("model", "engines", "analysis")
UNUSED_S = 60 * DAY_S  # after so long the machine code of another installation or state of the sources is removed
MOST_BYTES = 500_000_000  # and that used longest ago where all of it together takes more than this
KERNELS = ("traffic.draw_into", "checkpoint.run", "buffers.prepare", "measures.measure_into", "series.day_into")


@cache
def cache_folder() -> Path:
    """Return where machine code is kept: a folder named by a hash of all sources with compiled functions.

    It lies in the user's cache; where that cannot be used, in the temporary folder, and then only if nobody else can
    write there.
    """
    name = _state_of_sources()
    for parent in _places():
        folder = parent / name
        is_new = not folder.exists()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.utime(folder)  # it was used now
        except OSError:
            continue
        if os.access(folder, os.W_OK) and _is_ours(parent):
            if is_new:
                _clean(parent, folder)
            return folder
    return Path(tempfile.mkdtemp(prefix="funnelsim-"))


def is_compiled() -> bool:
    """Tell whether everything from drawing traffic to measures has been compiled for this installation."""
    return all(any(file.stat().st_size for file in cache_folder().rglob(f"{kernel}-*.nbi")) for kernel in KERNELS)


def guarded(saved: Any) -> "GuardedCache":  # noqa: ANN401  (Numba's own)
    """Return a compiled function's cache that several processes may write to."""
    return GuardedCache(saved, FileLock(cache_folder() / "lock"))


class GuardedCache:
    """Numba's cache of one function, written to by one process at a time; a damaged one is thrown away.

    Of two processes that compile at the same moment, one could otherwise file its code under the other's name. And a
    file that a power cut or a synchronised profile left empty or in half would end every later command.

    Parameters
    ----------
    saved
        Numba's cache.
    lock
        Held while something is written.
    """

    def __init__(self, saved: Any, lock: FileLock) -> None:  # noqa: ANN401  (Numba's own)
        self._saved = saved
        self._lock = lock

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever the cache has)
        return getattr(self._saved, name)

    def load_overload(self, signature: Any, target_context: Any) -> Any:  # noqa: ANN401  (Numba's own)
        """Return the machine code of one signature; None where it is not kept, or what is kept cannot be read."""
        try:
            return self._saved.load_overload(signature, target_context)
        except Exception:  # noqa: BLE001  (what unpickling raises depends on where the file ends)
            with suppress(OSError), self._lock:
                self._saved.flush()
            return None

    def save_overload(self, signature: Any, data: Any) -> None:  # noqa: ANN401  (Numba's own)
        """Keep the machine code of one signature, where that is possible; what runs needs no file."""
        with suppress(OSError), self._lock:
            self._saved.save_overload(signature, data)


def _state_of_sources() -> str:
    # Numba keeps code by where its source stands, so another installation of the same sources finds nothing here.
    made_by = f"{numba.__version__} {llvmlite.__version__} {PACKAGE}"
    digest = hashlib.blake2b(made_by.encode(), digest_size=8)
    sources = [*PACKAGE.glob("*.py"), *(source for part in WITH_KERNELS for source in (PACKAGE / part).rglob("*.py"))]
    for source in sorted(sources):
        digest.update(source.relative_to(PACKAGE).as_posix().encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _places() -> Iterator[Path]:
    with suppress(RuntimeError):  # a user whom the system does not know, as in some containers, has no home
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "funnelsim"
    yield Path(tempfile.gettempdir()) / f"funnelsim-{os.getuid() if hasattr(os, 'getuid') else os.getlogin()}"


def _is_ours(folder: Path) -> bool:
    """Tell whether nobody else can put code into a folder."""
    if not hasattr(os, "getuid"):  # on Windows the temporary folder is the user's own
        return True
    found = folder.stat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _clean(parent: Path, current: Path) -> None:
    """Remove what nobody has used for long, then what was used longest ago until the rest is not too large."""
    others = [folder for folder in parent.iterdir() if folder.is_dir() and folder != current]
    taken = 0
    for folder in sorted(others, key=_used_s, reverse=True):
        taken += _size(folder)
        if taken > MOST_BYTES or time.time() - _used_s(folder) > UNUSED_S:
            shutil.rmtree(folder, ignore_errors=True)


def _used_s(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:  # another process was faster
        return 0.0


def _size(folder: Path) -> int:
    size = 0
    for file in folder.rglob("*"):
        with suppress(OSError):  # another process was faster
            size += file.stat().st_size
    return size
