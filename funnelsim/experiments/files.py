"""Files and folders of results: what is written is there whole or not at all."""

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from filelock import BaseFileLock, FileLock, Timeout

from funnelsim.errors import NO_ROOM, NoRoomError, Problem, ResultsError

MANIFEST = "manifest.json"
QUESTION = "optimise.json"
"""Lies in the folder of an optimisation, finished or not."""

LOCK = ".funnelsim.lock"
"""Lies in a folder while a command is at work, and afterwards where it did not finish."""

UNFINISHED = ".*.part*"
"""Names of files that are being written."""

ALLOWED = "allowed: the results folder of a run, a sweep, a comparison or an optimisation"


_NOT_ON_WINDOWS = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])\s*", re.IGNORECASE)


def portable_name(name: str) -> str:
    """Return the name of a file or folder with what Windows cannot hold changed, so that results can move anywhere.

    Examples
    --------
    >>> portable_name("A3: rush?"), portable_name("con.toml"), portable_name("early. "), portable_name("early")
    ('A3_ rush_', 'con_.toml', 'early_', 'early')
    """
    name = _NOT_ON_WINDOWS.sub("_", name)
    kept = name.rstrip(". ")
    name = kept if kept == name else f"{kept}_"
    stem, dot, rest = name.partition(".")
    return f"{stem}_{dot}{rest}" if _DEVICES.fullmatch(stem) else name


def folder_of_scenario(file: Path) -> Path:
    """Return the folder in which the results of a scenario file are kept, unless the user names another."""
    return Path("results") / portable_name(re.sub(r"[^\w.-]+", "_", file.stem))


def prepare_folder(folder: Path, *, must_be_new: bool) -> None:
    """Create a folder for results before anything is simulated, so that a problem with it is found at once.

    Parameters
    ----------
    folder
        The results folder.
    must_be_new
        Whether to refuse a folder that is not empty: nothing in a folder that a user named is overwritten.

    Raises
    ------
    ResultsError
        If the folder cannot be created or written to, or is not new.
    """
    try:
        if must_be_new and folder.exists() and (not folder.is_dir() or _holds_something(folder)):
            message = "already exists and is not empty; allowed: a new or empty folder, so that nothing is lost"
            raise ResultsError([Problem(str(folder), message)])
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise cannot_write(folder, error) from None


def _holds_something(folder: Path) -> bool:
    """Tell whether a folder holds anything but what a command left that did not finish."""
    names = [entry.name for entry in folder.iterdir() if not entry.match(UNFINISHED)]
    return bool(names) and (LOCK not in names or MANIFEST in names)


@contextlib.contextmanager
def results_folder(folder: Path, *, must_be_new: bool) -> Iterator[None]:
    """Prepare a folder as `prepare_folder` does and keep all other commands out of it.

    Raises
    ------
    ResultsError
        As `prepare_folder`; or if another command is at work in the folder.
    """
    prepare_folder(folder, must_be_new=must_be_new)
    with in_use(folder):
        prepare_folder(folder, must_be_new=must_be_new)  # another command may have been here since
        yield


@contextlib.contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Keep all other commands out of a folder, and remove what killed ones left half written.

    Raises
    ------
    ResultsError
        If another command is at work in it.
    """
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        busy = "another command is at work in this folder; allowed: to wait until it has ended, or another folder"
        raise ResultsError([Problem(str(folder), busy)]) from None
    except NotImplementedError:  # the file system has no locks
        pass
    except OSError as error:
        raise cannot_write(folder, error) from None
    finished = False
    try:
        for unfinished in folder.glob(UNFINISHED):
            unfinished.unlink(missing_ok=True)
        yield
        finished = True
    finally:
        _leave(folder, lock, finished=finished)


def _leave(folder: Path, lock: BaseFileLock, *, finished: bool) -> None:
    """Release a folder; of a command that did not finish, the mark stays, or the folder goes if nothing is in it."""
    with contextlib.suppress(OSError):
        nothing = [entry.name for entry in folder.iterdir()] == [LOCK]
        if os.name == "nt":  # a file that is open cannot be removed there
            lock.release()
        if finished or nothing:
            (folder / LOCK).unlink(missing_ok=True)
        if nothing:
            folder.rmdir()
    lock.release()


def cannot_write(path: Path, error: OSError) -> ResultsError:
    """Return the error that says that something cannot be written, and why."""
    kind = NoRoomError if error.errno in NO_ROOM else ResultsError
    reason = error.strerror or str(error)
    return kind([Problem(str(path), f"cannot be written ({reason}); allowed: a folder with room to write in")])


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary path to write to; it is renamed to `path` when everything is written.

    Raises
    ------
    ResultsError
        If the file cannot be written; an earlier file at `path` is kept.
    """
    beside = path.with_name(f".{path.name}.part{path.suffix}")
    try:
        yield beside
        beside.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write a file of JSON.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    with written_whole(path) as beside:
        beside.write_text(json.dumps(content, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the table in a file of JSON; None where there is no file.

    Raises
    ------
    ResultsError
        If it cannot be read, or holds something else.
    """
    try:
        content = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ResultsError([Problem(str(path), f"cannot be read ({error.strerror}); {ALLOWED}")]) from None
    except (ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:120]
        raise ResultsError([Problem(str(path), f"is damaged ({type(error).__name__}: {reason}); {ALLOWED}")]) from None
    if not isinstance(content, dict):
        raise ResultsError([Problem(str(path), f"is damaged: it holds no table; {ALLOWED}")])
    return content
