"""The one place where Numba's untyped decorator meets the typed house."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")

config: Any = numba.config


@cache
def cache_folder() -> Path:
    """Return where machine code is kept: a folder named by a hash of all sources of the model.

    Numba looks only at the file a function stands in. A function that calls another file's would go on running that
    file's old code after an edit or an upgrade; a folder for each state of the sources makes that impossible.
    """
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    for source in sources:
        digest.update(source.read_bytes())
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for parent in (home, Path(tempfile.gettempdir())):
        folder = parent / "funnelsim" / digest.hexdigest()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="funnelsim-"))


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a pure function of numbers and arrays to machine code, cached on disk.

    No fast-math: a compiled function gives the very numbers that the same lines give in Python.
    """
    before = config.CACHE_DIR
    config.CACHE_DIR = str(cache_folder())  # read by Numba in the next line only
    try:
        return cast("Callable[P, R]", numba.njit(cache=True)(function))
    finally:
        config.CACHE_DIR = before
