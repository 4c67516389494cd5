"""The text of a scenario file, and what can be wrong with a file before its first line is understood."""

from difflib import get_close_matches
from pathlib import Path

from funnelsim.errors import Problem, ScenarioError

LARGEST_BYTES = 5_000_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_text(file: Path) -> str:
    """Read a file as UTF-8 text, with or without a byte order mark.

    Raises
    ------
    ScenarioError
        If the file is not there, cannot be read, is too large, or is not text in UTF-8.
    """
    where = str(file)
    problem = absent(file)
    if problem:
        raise ScenarioError([Problem(where, problem)])
    try:
        if not file.is_file():
            what = "a folder" if file.is_dir() else "not a file that can be read"
            raise ScenarioError([Problem(where, f"this is {what}; allowed: a scenario file")])
        with file.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise ScenarioError([Problem(where, message)]) from None
    return _decoded(content, where)


def absent(file: Path) -> str | None:
    """Say that a file is not there, and which one may have been meant; None if it is there."""
    try:
        if file.exists():
            return None
        if not file.parent.is_dir():
            return f"no such file: there is no folder {file.parent}"
        there = [entry.name for entry in file.parent.iterdir()]
    except (OSError, ValueError) as error:  # ValueError: of a name that no file can have
        return f"cannot be looked for: {error.strerror if isinstance(error, OSError) else error}"
    by_stem = {Path(name).stem: name for name in there}
    close = get_close_matches(file.name, there, n=1) or [
        by_stem[stem] for stem in get_close_matches(file.stem, by_stem, n=1)
    ]
    return f"no such file; did you mean {file.parent / close[0]}?" if close else "no such file"


def _decoded(content: bytes, where: str) -> str:
    if len(content) > LARGEST_BYTES:
        message = f"more than {LARGEST_BYTES // 1_000_000} MB; allowed: a scenario, which takes a few kB"
        raise ScenarioError([Problem(where, message)])
    if content.startswith(_UTF16):
        raise ScenarioError([Problem(where, "this text is in UTF-16; allowed: UTF-8 (save it as UTF-8)")])
    if b"\0" in content:
        raise ScenarioError([Problem(where, "this is a binary file; allowed: a text file in TOML")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = (
            f"byte 0x{content[error.start]:02X} is not UTF-8, so this text is in another encoding (Latin-1, "
            "Windows-1252); allowed: UTF-8 (save it as UTF-8)"
        )
        raise ScenarioError([Problem(f"{where}: line {line}", message)]) from None
