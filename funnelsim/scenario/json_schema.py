"""The JSON Schema of the scenario file: which keys each table has, and what each key allows, in words.

Read from the JSON Schema of `Scenario`, so that error messages, the reference page and editors agree.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from funnelsim.scenario.key import CLOCK
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import value_text

Node = Mapping[str, Any]
"""The JSON Schema of one key."""

FURTHER_FUNNELS = "funnels"
_KINDS = {"str": "string", "float": "number", "int": "integer", "dict": "object", "tuple": "array"}
_CHECKED = re.compile(r"function-after\[.*, (\w+)\]")
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "object": (Mapping,),
    "array": (list, tuple),
}


@cache
def root() -> Node:
    """Return the JSON Schema of the whole file."""
    return Scenario.model_json_schema()


def branches(node: Node) -> list[Node]:
    """Return the forms that a key may have; most have one. Being left out is not a form."""
    if "$ref" in node:
        target = root()["$defs"][node["$ref"].removeprefix("#/$defs/")]
        return [{**target, **{name: value for name, value in node.items() if name != "$ref"}}]
    forms = node.get("anyOf") or node.get("oneOf")
    if not forms:
        return [node]
    return [form for entry in forms for form in branches(entry) if form.get("type") != "null"]


def branch(node: Node, label: str) -> Node | None:
    """Return the form for a label of pydantic, such as "constrained-float", "dict[str,...]" or the name of a table."""
    table = _CHECKED.sub(r"\1", label)
    kind = _KINDS.get(label.partition("[")[0].removeprefix("constrained-"))
    for form in branches(node):
        title = form.get("title", "")
        if form.get("type") == kind or title == table or title.lower() == f"counts{label}":
            return form
    return None


def fits(form: Node, value: object) -> bool:
    """Return whether a value has at least the type of a form."""
    kind = form.get("type", "object")
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def keys_of(node: Node) -> list[str]:
    """Return the keys that a table may have, in all its forms; none if the planner chooses them."""
    return list(dict.fromkeys(key for form in branches(node) for key in form.get("properties", {})))


def child(node: Node, part: object) -> Node | None:
    """Return the schema of one key of a table, or of the entries of a list."""
    for form in branches(node):
        if form.get("type") == "array":
            return dict(_entry(form))
        if part in form.get("properties", {}):
            return dict(form["properties"][part])
        if isinstance(form.get("additionalProperties"), Mapping):
            return dict(form["additionalProperties"])
    return None


def allowed(node: Node) -> str:
    """Return what a key allows, in words.

    Examples
    --------
    >>> print(allowed({"type": "number", "exclusiveMinimum": 0, "maximum": 200}))
    a number above 0, at most 200
    >>> print(allowed({"type": "number", "minimum": 0, "exclusiveMinimum": 0, "maximum": 0.5}))  # a share above 0
    a number above 0, at most 0.5
    """
    return " or ".join(dict.fromkeys(_allowed_form(form) for form in branches(node)))


def words_of(node: Node) -> list[str]:
    """Return the words (or numbers) that a key allows, as in the file."""
    choices = [node["const"]] if "const" in node else node.get("enum", [])
    return [value_text(choice) for choice in choices]


def tables(node: Node | None = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Yield every table of the file with its dotted path, in the order of the schema.

    Where the planner chooses the name, such as of a class or a stage, the path has NAME.
    """
    for form in branches(root() if node is None else node):
        if form.get("type") == "array":
            yield from tables(_entry(form), (*path, "NAME"))
        elif "properties" in form:
            yield path, form
            if path[:1] != (FURTHER_FUNNELS,):  # its tables are those of the first funnel
                for key, entry in form["properties"].items():
                    yield from tables(entry, (*path, key))
        elif isinstance(form.get("additionalProperties"), Mapping):
            yield from tables(form["additionalProperties"], (*path, "NAME"))


def _allowed_form(form: Node) -> str:
    if words := words_of(form):
        return _either(words)
    match form.get("type"):
        case "number" | "integer" as kind:
            return f"a {'whole ' if kind == 'integer' else ''}number{_range(form)}"
        case "boolean":
            return "true or false"
        case "string":
            return _allowed_text(form)
        case "array":
            return f"a list{_entries(form)} of: {allowed(_entry(form))}"
        case _:
            return _allowed_table(form)


def _entry(form: Node) -> Node:
    """Return the schema of the entries of a list; those of a pair are alike."""
    entry: Node = form["items"] if "items" in form else form["prefixItems"][0]
    return entry


def _allowed_text(form: Node) -> str:
    if form.get("pattern") == CLOCK.pattern:
        return 'a time of day as "HH:MM", from "00:00" to "23:59"'
    return f"text in quotes, 1 to {form['maxLength']} characters" if "maxLength" in form else "text in quotes"


def _allowed_table(form: Node) -> str:
    if "properties" not in form:
        return f"a table of names, each with {allowed(form['additionalProperties'])}"
    needed = form.get("required", [])
    free = [key for key in form["properties"] if key not in needed]
    if not needed:
        return f"a table with any of {', '.join(free)}"
    return f"a table with {', '.join(needed)}{' and, if wanted, ' if free else ''}{', '.join(free)}"


def _entries(form: Node) -> str:
    least, most = form.get("minItems", 0), form.get("maxItems")
    if most is not None:
        return f" ({least} entries)" if least == most else f" ({least} to {most} entries)"
    return " (at least one entry)" if least else ""


NEARLY_0 = 1e-6  # a bound that only keeps calculations from overflowing is said as above 0


def _range(form: Node) -> str:
    least, above = form.get("minimum"), form.get("exclusiveMinimum")
    most, below = form.get("maximum"), form.get("exclusiveMaximum")
    if least is not None and 0 < least <= NEARLY_0:
        least, above = None, 0
    if least is not None and above is not None and above >= least:
        least = None
    if least is not None and most is not None:
        return f" from {_number(least)} to {_number(most)}"
    parts = [
        f"{words} {_number(bound)}"
        for words, bound in (("at least", least), ("above", above), ("at most", most), ("below", below))
        if bound is not None
    ]
    return f" {', '.join(parts)}" if parts else ""


def _number(bound: float) -> str:
    return f"{int(bound):,}" if bound == int(bound) else f"{bound:g}"


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
