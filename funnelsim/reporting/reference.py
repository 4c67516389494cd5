"""The reference pages: of the scenario file, made from its schema, and of the measures, made from their catalogue."""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from funnelsim.analysis.catalogue import CATALOGUE, GROUPS, INTERVALS, Measure, Ratio
from funnelsim.scenario.json_schema import Node, allowed, branches, root, tables
from funnelsim.scenario.starter import starter_scenario
from funnelsim.scenario.toml_text import value_text
from funnelsim.scenario.traffic import DEFAULT_CLASSES, DEFAULT_SHARES, SOURCES

_INTRODUCTION = """\
# The scenario file

<!-- Made from the schema by `make docs`. Change the schema, not this page. -->

A scenario is one TOML file. Units are part of the key names, times of day are text as in `"06:00"`, and what
is left out has the default given here; where no default stands, leaving the key out means that there is no
such thing. Unknown keys are errors. `funnelsim new NAME` writes a scenario to start from, and `funnelsim
schema` writes the same reference as JSON Schema, with which an editor completes and checks as you type.

A key is named by its path with dots, here as in error messages and behind `--set`: `selection.rate.van=0.1`.
NAME stands for a name that you choose: of a class, a stage, a target type; on the roster it is the agency.
"""

_MEASURES_INTRODUCTION = """\
# The measures

<!-- Made from funnelsim/analysis/measures.toml by `make docs`. Change the catalogue, not this page. -->

A measure has the same name in `summary.json`, in the columns of `replications.parquet` and of a sweep's tables, in
options such as `--precision delay_p95_s=5%`, and in Python (`result.estimates["delay_p95_s"]`). Files and Python have
it in the third column's unit; tables and figures show it as in the fourth.

A measure may also stand for a part of the operation: `NAME.CLASS` for a vehicle class, `NAME.TYPE` for a target type,
`NAME.STAGE` for a stage of the inspection, `NAME.AGENCY` for an agency, `NAME.EQUIPMENT` for a piece of equipment, and
`NAME.PART` for a window (`06:00-10:00`, `day 2 06:00-10:00`) or a direction, where a scenario has several.

Each estimate has its 95 % confidence interval, made as the last column says; [the page on intervals](intervals.md) says
how they are written and how often they hold. A mean is taken over the operations in which the measure has a meaning: a
wait, where somebody waited. [The model](model.md#4-experimentation) says what counts as yield and as delay, and gives
the references. "Better" is what a planner wants: more, less, or neither.
"""

_HEADER = re.compile(r"^\[+([^\[\]]+)\]+", re.MULTILINE)


def reference_page() -> str:
    """Return the reference of the scenario file as Markdown: every key, its unit, default, bounds and source.

    The examples are the starter scenario's own tables.
    """
    parts = [_INTRODUCTION]
    examples = _examples()
    for path, table in tables():
        parts.append(_section(path, table, examples.pop(".".join(path).removesuffix(".NAME"), [])))
        if table["title"] == "VehicleClass":
            parts.append(_default_classes())
    return "\n".join(parts)


def measures_page() -> str:
    """Return the reference of the measures as Markdown: name, meaning, units, which is better, and the interval."""
    parts = [_MEASURES_INTRODUCTION]
    for group, heading in GROUPS.items():
        members = [measure for measure in CATALOGUE if measure.group == group]
        heads = ["Name", "Meaning", "Unit in files", "Shown as", "Better", "Estimate and interval"]
        parts.append("\n".join([f"## {heading}", "", *_table(heads, map(_measure_row, members)), ""]))
    return "\n".join(parts)


def _measure_row(measure: Measure) -> list[str]:
    names = ([measure.name] if measure.alone else []) + [f"{measure.name}.{each}" for each in measure.each]
    kind = measure.kind
    if isinstance(kind, Ratio):
        factor = f"{kind.times:g} times " if kind.times != 1.0 else ""
        interval = f"{factor}`{kind.above}` over `{kind.below}`, {INTERVALS['ratio']}"
    else:
        interval = INTERVALS[kind]
    better = "" if measure.better == "neither" else measure.better
    symbol = measure.unit.symbol
    shown = measure.label if symbol in measure.label else f"{measure.label}, {symbol}"
    return [", ".join(f"`{name}`" for name in names), measure.meaning, measure.unit.kept, shown, better, interval]


def json_schema() -> str:
    """Return the JSON Schema of the scenario file, for editors.

    Classes that have defaults may leave keys out, which the schema of a single class does not know.
    """
    schema = json.loads(json.dumps(root()))
    full = schema["$defs"]["VehicleClass"]
    schema["$defs"]["DefaultClass"] = {name: value for name, value in full.items() if name != "required"}
    schema["properties"]["classes"]["properties"] = {name: {"$ref": "#/$defs/DefaultClass"} for name in DEFAULT_CLASSES}
    return json.dumps(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, indent=2, ensure_ascii=False
    )


def _examples() -> dict[str, list[str]]:
    """Return the paragraphs of the starter scenario by the table they begin with; the title's has none."""
    found: dict[str, list[str]] = {}
    for paragraph in starter_scenario("A3 eastbound, weekday early shift").strip().split("\n\n"):
        header = _HEADER.search(paragraph)
        found.setdefault(header[1] if header else "", []).append(paragraph)
    return found


def _section(path: tuple[str, ...], table: Node, examples: list[str]) -> str:
    title = f"`{'.'.join(path)}`" if path else "The file"
    lines = [f"## {title}", "", table["description"].split("\n\n")[0], ""]
    if examples:
        lines += ["```toml", "\n\n".join(examples), "```", ""]
    lines += _table(["Key", "Meaning", "Unit", "Default", "Allowed", "Source"], _rows(path, table))
    return "\n".join([*lines, ""])


def _rows(path: tuple[str, ...], table: Node) -> Iterator[list[str]]:
    for key, node in table["properties"].items():
        yield [
            f"`{'.'.join((*path, key))}`",
            (branches(node)[0] if "$ref" in node else node).get("description", ""),
            node.get("unit", ""),
            _default(key, node, table),
            _allowed(node),
            node.get("source", SOURCES.get(key, "") if table["title"] == "VehicleClass" else ""),
        ]


def _default(key: str, node: Node, table: Node) -> str:
    if table["title"] == "VehicleClass" and key in DEFAULT_CLASSES["car"]:
        return "by class"
    if key in table.get("required", []):
        return "**must be given**"
    default = node.get("default")
    if default is None or default in ({}, []):
        return ""
    written = re.sub(r"\.0\b", "", value_text(default))
    return f"`{written}`"


def _allowed(node: Node) -> str:
    """Return what a key allows; tables with a section of their own are not listed twice."""
    words = []
    for form in branches(node):
        inner = form.get("items") or form.get("additionalProperties") or {}
        if "properties" in form:
            words.append("a table, see below")
        elif inner and any("properties" in entry for entry in branches(inner)):
            words.append("tables, see below")
        else:
            words.append(allowed(form))
    return " or ".join(dict.fromkeys(words))


def _default_classes() -> str:
    keys = list(DEFAULT_CLASSES["car"])
    rows = (
        [f"`{name}`", *(value_text(DEFAULT_CLASSES[name][key]).removesuffix(".0") for key in keys), f"{share:g}"]
        for name, share in DEFAULT_SHARES.items()
    )
    return "\n".join(
        [
            "### The default classes",
            "",
            "None needs a table; a table changes what it names. The shares hold where no table has one.",
            "",
            *_table(["Class", *(f"`{key}`" for key in keys), "`share`"], rows),
            "",
        ]
    )


def _table(heads: list[str], rows: Iterable[list[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines]


if __name__ == "__main__":
    docs = Path(sys.argv[1])
    (docs / "scenario.md").write_text(reference_page(), encoding="utf-8")
    (docs / "measures.md").write_text(measures_page(), encoding="utf-8")
