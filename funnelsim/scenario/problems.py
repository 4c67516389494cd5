"""What the schema found wrong, in a planner's words: pydantic's errors to problems of the file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import ValidationError

from funnelsim.scenario.json_schema import (
    Node,
    allowed,
    branch,
    branches,
    child,
    fits,
    keys_of,
    root,
    tables,
    words_of,
)
from funnelsim.scenario.paths import Steps, value_at
from funnelsim.scenario.spelling import did_you_mean
from funnelsim.scenario.toml_text import path_text, short_text, value_text
from funnelsim.scenario.traffic import DEFAULT_CLASSES

PER_CENT = 100.0
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*(%?)")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and the path to it through the file's tables and lists."""

    steps: Steps
    message: str


def findings_of(error: ValidationError, data: Mapping[str, Any]) -> list[Finding]:
    """Return what pydantic found, without its internal labels and without duplicates."""
    findings: dict[Finding, None] = {}
    incomplete: dict[str, list[str]] = {}
    for detail in error.errors(include_url=False):
        location = detail["loc"]
        if detail["type"] == "missing" and location[0] == "classes":
            incomplete.setdefault(str(location[1]), []).append(str(location[2]))
            continue
        steps, node, fitting = _place(location, data)
        message = _message(dict(detail), steps, node, data) if fitting else _unfit(steps, node, data)
        if message:
            findings[Finding(steps, message)] = None
    return [*findings, *(_incomplete_class(name, keys) for name, keys in incomplete.items())]


def _place(location: Sequence[int | str], data: Mapping[str, Any]) -> tuple[Steps, Node | None, bool]:
    """Follow the location of a pydantic error through the file.

    Returns the steps without pydantic's labels, what the schema has there, and whether the error is about a
    form of the key that fits what was given: of a number that may also be a table, only one is in error.
    """
    steps: list[object] = []
    node: Node | None = root()
    here: Any = data
    for part in location:
        if part == "[key]" and not (isinstance(here, Mapping) and part in here):
            return tuple(steps), None, True
        if node is not None and len(branches(node)) > 1:
            form = branch(node, str(part))
            if form is None or not fits(form, here):
                return tuple(steps), node, False
            node = form
            continue
        steps.append(part)
        node = None if node is None else child(node, part)
        here = value_at(here, (part,))
    return tuple(steps), node, True


def _message(detail: dict[str, Any], steps: Sequence[object], node: Node | None, data: object) -> str | None:
    given = value_at(data, steps)
    match detail["type"]:
        case "missing":
            return f"missing; allowed: {allowed(node or {})}"
        case "extra_forbidden":
            return _unknown_key(steps)
        case "value_error" if "allowed" in detail["msg"]:  # a rule that says all itself
            return str(detail["msg"]).removeprefix("Value error, ")
        case "too_short" if isinstance(given, list | tuple) and len(given) >= detail["ctx"]["min_length"]:
            return None  # a list whose only entries are themselves in error counts as empty
        case _ if node is None or not isinstance(steps[-1] if steps else "", int | str):
            return f"{short_text(steps[-1] if steps else given)} cannot be a key; allowed: text"
        case _:
            words = words_of(node)
            question = did_you_mean(value_text(given), words) if isinstance(given, str) else ""
            return _given(given, allowed(node), question or _number_meant(given, node))


def _number_meant(given: object, node: Node) -> str:
    """Ask whether a per cent or a decimal comma was meant: "10%", 10 where a share is wanted, "0,1"."""
    if node.get("type") not in ("number", "integer"):
        return ""
    share = node.get("maximum") == 1
    if isinstance(given, str) and (found := _NUMBER.fullmatch(given.strip())):
        value = float(found[1].replace(",", ".")) / (PER_CENT if found[2] else 1.0)
        return f"did you mean {value:g}? "
    if share and isinstance(given, int | float) and 1 < given <= PER_CENT:
        return f"did you mean {given / PER_CENT:g} ({given:g} %)? "
    return ""


def _unfit(steps: Sequence[object], node: Node | None, data: object) -> str | None:
    """Return what a key with several forms allows, if the given value has none of them."""
    given = value_at(data, steps)
    forms = branches(node) if node is not None else []
    return None if any(fits(form, given) for form in forms) else _given(given, allowed(node or {}))


def _given(given: object, allows: str, question: str = "") -> str:
    return f"{short_text(given)} given; {question}allowed: {allows}"


def _unknown_key(steps: Sequence[object]) -> str:
    """Suggest the key that was meant: the same key of another table, or a similar key of this table.

    In TOML a key belongs to the table header above it, so a correct key in a wrong table is a common mistake.
    """
    key = str(steps[-1])
    node: Node | None = root()
    for step in steps[:-1]:
        node = child(node, step) if node is not None else None
    known = keys_of(node) if node is not None else []
    elsewhere = [path_text((*path, key)) for path, keys in _all_tables() if key in keys]
    question = f"did you mean {' or '.join(elsewhere[:3])}? " if elsewhere else did_you_mean(key, known)
    if steps[0] == "uncertain":
        question = did_you_mean(key, known) or 'keys stand in quotes here, as in "traffic.scale" = { factor = 1.2 }; '
    return f"unknown key; {question}allowed: {', '.join(known)}"


@cache
def _all_tables() -> tuple[tuple[tuple[str, ...], frozenset[str]], ...]:
    """Return the dotted path and the keys of every table of the format."""
    return tuple((path, frozenset(table["properties"])) for path, table in tables())


def _incomplete_class(name: str, keys: Sequence[str]) -> Finding:
    question = did_you_mean(name, DEFAULT_CLASSES)
    message = (
        f"{', '.join(keys)} missing; {question}"
        f"allowed: a new class with every key, or one that has defaults ({', '.join(DEFAULT_CLASSES)})"
    )
    return Finding(("classes", name), message)
