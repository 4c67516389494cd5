"""Files and folders of results: what is written is there whole or not at all."""

import contextlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from funnelsim.errors import Problem, ResultsError


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
        if must_be_new and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            message = "already exists and is not empty; allowed: a new or empty folder, so that nothing is lost"
            raise ResultsError([Problem(str(folder), message)])
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise cannot_write(folder, error) from None


def cannot_write(path: Path, error: OSError) -> ResultsError:
    """Return the error that says that something cannot be written, and why."""
    reason = error.strerror or str(error)
    return ResultsError([Problem(str(path), f"cannot be written ({reason}); allowed: a folder with room to write in")])


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
