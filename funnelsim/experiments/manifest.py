"""The manifest of a results folder: what ran, and the checksum of every file that is read again.

It is the last file that is written, so a folder with a manifest is complete; and it holds a checksum of itself, so what
is read from it is what was written.
"""

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import funnelsim
from funnelsim.errors import Problem, ResultsError
from funnelsim.experiments.files import MANIFEST, read_json, write_json
from funnelsim.scenario.demand import Demand

LIBRARIES = ("matplotlib", "numba", "numpy", "polars", "scipy", "simpy")
WHOLE = "allowed: the whole results folder of a run, a sweep, a comparison or an optimisation"
NOT_GIVEN = "the key is not given, so what it describes is not there or follows from other keys"
WHY_NULL = {
    **dict.fromkeys(("scenario", "scenarios", "base"), NOT_GIVEN),
    "command": "the results were made from Python",
}
DIGITS = 16
READ_AT_A_TIME = 1 << 20


def provenance(engine: str, demands: Iterable[Demand], command: Sequence[str] | None) -> dict[str, Any]:
    """Return what ran: the engine, the counts as they were read, the command, and the versions.

    Parameters
    ----------
    engine
        The engine that simulated.
    demands
        The traffic that it simulated.
    command
        The command and its arguments; None where results were made from Python.
    """
    return {
        "engine": engine,
        "counts": counts_digest(demands),
        "command": None if command is None else list(command),
        **versions(),
    }


def versions() -> dict[str, Any]:
    """Return the versions of funnelsim, of Python and of the libraries that bear on numbers and figures."""
    return {
        "funnelsim": funnelsim.__version__,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def counts_digest(demands: Iterable[Demand]) -> str:
    """Return a hash of the traffic of some scenarios, counted or recorded, as it was read."""
    digest = hashlib.blake2b(digest_size=DIGITS // 2)
    for demand in demands:
        for road in (demand, *demand.other_funnels):
            digest.update("\0".join(road.classes).encode())
            for array in (road.starts_s, road.ends_s, road.vehicles, *(road.passages or ())):
                digest.update(array.tobytes())
    return digest.hexdigest()


def with_reasons(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a manifest or the plan of a sweep says, and what null means in it."""
    return dict(content) | {"why_null": {name: reason for name, reason in WHY_NULL.items() if name in content}}


def write_manifest(folder: Path, content: Mapping[str, Any], files: Sequence[str]) -> None:
    """Write the manifest of a folder whose other files are there.

    Parameters
    ----------
    folder
        The results folder.
    content
        What it says.
    files
        Names of the files, in the folder, that are read again.

    Raises
    ------
    ResultsError
        If it cannot be written.
    """
    whole = with_reasons(content) | {"checksums": {name: checksum_of(folder / name) for name in files}}
    write_json(whole | {"checksum": _checksum(whole)}, folder / MANIFEST)


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a folder, not compared with its checksums yet; None where there is none.

    Raises
    ------
    ResultsError
        If it cannot be read.
    """
    return read_json(folder / MANIFEST)


def check_whole(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Compare a manifest and the files of its folder with their checksums.

    Raises
    ------
    ResultsError
        With every file that is not as it was written.
    """
    rest = {name: value for name, value in manifest.items() if name != "checksum"}
    checksums = rest.get("checksums")
    if not isinstance(checksums, dict) or manifest.get("checksum") != _checksum(rest):
        raise ResultsError([Problem(str(folder / MANIFEST), f"is damaged, or was edited; {WHOLE}")])
    if problems := [found for name, sum_ in checksums.items() if (found := _problem_with(folder / name, sum_))]:
        raise ResultsError(problems)


def _problem_with(path: Path, checksum: str) -> Problem | None:
    try:
        if checksum_of(path) == checksum:
            return None
    except FileNotFoundError:
        return Problem(str(path), f"is missing; {WHOLE}")
    except OSError as error:
        return Problem(str(path), f"cannot be read ({error.strerror}); {WHOLE}")
    return Problem(str(path), f"is damaged: it is not as it was written; {WHOLE}")


def checksum_of(path: Path) -> str:
    """Return a hash of the bytes of a file."""
    digest = hashlib.blake2b(digest_size=DIGITS // 2)
    with path.open("rb") as file:
        while part := file.read(READ_AT_A_TIME):
            digest.update(part)
    return digest.hexdigest()


def _checksum(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=DIGITS // 2).hexdigest()
