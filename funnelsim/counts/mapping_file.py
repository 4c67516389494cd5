"""Mappings as files: the planner's own, and those that are shipped."""

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from funnelsim.counts.mapping import CountMapping
from funnelsim.errors import CountsError, Problem

_FOLDER: Final = Path(__file__).parent / "mappings"
SUFFIX: Final = ".toml"
_WORDS: Final = {
    "a valid string": "text in quotes",
    "a valid tuple": "a list",
    "a valid dictionary": "a table",
    "a valid dictionary or instance of Quality": "a table",
    "a valid number": "a number",
    "a valid integer": "a whole number",
}


def shipped() -> list[str]:
    """Return the names of the mappings that are shipped."""
    return sorted(path.stem for path in _FOLDER.glob(f"*{SUFFIX}"))


def mapping_data(given: Path | str) -> dict[str, Any]:
    """Return the table of a mapping file, or of a shipped mapping by its name, as it is written.

    Raises
    ------
    CountsError
        If there is none, or the file is no TOML.
    """
    path = Path(given)
    if path.suffix != SUFFIX:
        known = shipped()
        if str(given) not in known:
            names = f", or one of {', '.join(known)}" if known else ""
            raise CountsError([Problem("mapping", f'"{given}" given; allowed: a file that ends with {SUFFIX}{names}')])
        path = _FOLDER / f"{given}{SUFFIX}"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        kind = "is no TOML file" if isinstance(error, ValueError) else "cannot be opened"
        raise CountsError([Problem(str(given), f"the mapping {path.name} {kind} ({reason})")]) from error


def mapping_of(given: CountMapping | Mapping[str, Any] | Path | str) -> tuple[CountMapping, str]:
    """Return a mapping, checked, and its name.

    Parameters
    ----------
    given
        A mapping, its table, the path of its file, or the name of a shipped one.

    Raises
    ------
    CountsError
        With all that is wrong with it.
    """
    if isinstance(given, CountMapping):
        return given, ""
    name = "" if isinstance(given, Mapping) else Path(given).name
    data = given if isinstance(given, Mapping) else mapping_data(given)
    try:
        return CountMapping.model_validate(data), name
    except ValidationError as error:
        raise CountsError(_problems(error, name)) from None


def _problems(error: ValidationError, name: str) -> list[Problem]:
    """Return what pydantic found in words: one problem for each key."""
    found: dict[str, list[str]] = {}
    given: dict[str, object] = {}
    for detail in error.errors(include_url=False):
        steps = [str(step) for step in detail["loc"]]
        plain = [step for step in steps if not re.search(r"\[|^str$|constrained-", step)]
        key = ".".join(plain)
        if detail["type"] == "extra_forbidden":
            found[key] = [_unknown(plain[-1], plain[:-1])]
        elif detail["type"] == "missing":
            found[key] = ["missing"]
        elif detail["type"] == "value_error":
            found.setdefault(key, []).append(detail["msg"].removeprefix("Value error, "))
        else:
            given[key] = detail["input"]
            said = detail["msg"].removeprefix("Input should be ")
            found.setdefault(key, []).append(_WORDS.get(said, said))
    return [
        Problem(
            ": ".join(part for part in (name or "mapping", key) if part),
            f"{str(given[key])[:40]!r} given; allowed: {' or '.join(dict.fromkeys(texts))}"
            if key in given
            else "; ".join(texts),
        )
        for key, texts in found.items()
    ]


def _unknown(key: str, table: list[str]) -> str:
    allowed = list(CountMapping.model_fields) if not table else ["column", "least", "most"]
    close = get_close_matches(key, allowed, n=1)
    question = f"did you mean {close[0]}? " if close else ""
    return f"unknown key; {question}allowed: {', '.join(allowed)}"
