"""A plan as a scenario file: the file it came from with some keys changed, comments and order kept."""

import os
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit

from funnelsim.errors import ScenarioError
from funnelsim.scenario.load import load_scenario
from funnelsim.scenario.overrides import split_path, steps_to
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.selection import Selection
from funnelsim.scenario.toml_text import printable

BY_CLASS = ("rate", "every")
FILES = (("traffic", "counts", "file"), ("traffic", "counts", "mapping"))


def plan_text(file: Path, values: Mapping[str, Any], heading: str, folder: Path) -> str:
    """Return the text of a scenario file with some keys changed.

    Parameters
    ----------
    file
        The scenario file.
    values
        New values by dotted key.
    heading
        A comment to stand at the head of the file, line by line.
    folder
        Where the text will lie: files of counts are named from there.

    Raises
    ------
    ScenarioError
        If a key leads nowhere.
    """
    document = tomlkit.parse(file.read_text(encoding="utf-8-sig"))
    for key, value in values.items():
        _set(document, steps_to(document.unwrap(), split_path(key)), value)
    for road in (document, *document.get("funnels", [])):
        for path in FILES:
            _point_to(road, path, file.parent, folder)
    comment = "".join(f"# {printable(line)}".rstrip() + "\n" for line in heading.splitlines())
    return f"{comment}\n{tomlkit.dumps(document)}"


def load_plan(path: Path, wanted: Scenario) -> Scenario:
    """Read a plan that was written, and make sure that it is the one wanted.

    Raises
    ------
    ScenarioError
        If it is another one.
    """
    written = load_scenario(path)
    if _comparable(written) != _comparable(wanted):
        raise ScenarioError(f"{path}: the plan written is not the plan chosen")
    return written


def _comparable(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario's data with real paths, however they were written."""
    data = scenario.model_dump(mode="json", by_alias=True)
    for road in (data, *data["funnels"]):
        for *tables, name in FILES:
            here = road
            for table in tables:
                here = here.get(table) or {}
            if here.get(name) and Path(here[name]).exists():
                here[name] = os.path.realpath(here[name])
    return data


def _set(here: Any, steps: tuple[str | int, ...], value: Any) -> None:  # noqa: ANN401  (a table or list of the file)
    for place, step in enumerate(steps[:-1]):
        if not isinstance(step, int) and step not in here:
            here[step] = tomlkit.inline_table() if isinstance(here, tomlkit.items.InlineTable) else tomlkit.table()
            here[step].update(_default(steps[: place + 1]))
        here = here[step]
    before = here.get(steps[-1]) if isinstance(here, MutableMapping) else None
    if isinstance(before, tomlkit.items.AoT):
        here[steps[-1]] = _tables(value)
    elif isinstance(before, tomlkit.items.Array) and any(isinstance(item, Mapping) for item in before):
        here[steps[-1]] = tomlkit.array().multiline(multiline=True)
        here[steps[-1]].extend(_written(value))
    else:
        here[steps[-1]] = _written(value)


def _tables(entries: Sequence[Mapping[str, Any]]) -> tomlkit.items.AoT:
    """Return tables of a list as the file has them, with an empty line between them and behind the last one."""
    written = tomlkit.aot()
    for entry in entries:
        table = tomlkit.table()
        table.update({name: _written(item) for name, item in entry.items()})
        written.append(table)
    if entries:
        written[-1].add(tomlkit.nl())
    return written


def _default(steps: tuple[str | int, ...]) -> dict[str, Any]:
    """Return what a table that a file leaves out holds by default, where one key of it does not replace the others."""
    *_, table, name = ("", *steps)
    return dict(getattr(Selection(), str(name))) if table == "selection" and name in BY_CLASS else {}


def _written(value: Any) -> Any:  # noqa: ANN401  (as above)
    """Return a value as the file has it: a table on one line, so that what follows it stays where it is."""
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update({name: _written(item) for name, item in value.items()})
        return table
    if isinstance(value, list | tuple):
        return [_written(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _point_to(road: Any, path: tuple[str, ...], before: Path, now: Path) -> None:  # noqa: ANN401  (as above)
    *tables, name = path
    for table in tables:
        road = road.get(table) if isinstance(road, Mapping) else None
    if isinstance(road, MutableMapping) and isinstance(road.get(name), str):
        file = before / road[name]
        if file.exists() and not Path(road[name]).is_absolute():
            road[name] = Path(os.path.relpath(file.resolve(), now.resolve())).as_posix()
