"""A plan as a scenario file: the file it came from with some keys changed, comments and order kept."""

import os
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from funnelsim.errors import ScenarioError
from funnelsim.scenario.load import load_scenario
from funnelsim.scenario.overrides import split_path, steps_to
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.selection import Selection
from funnelsim.scenario.toml_text import key_text, printable, value_text

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
    _move(document, file.parent, folder)
    comment = "".join(f"# {printable(line)}".rstrip() + "\n" for line in heading.splitlines())
    return f"{comment}\n{tomlkit.dumps(document)}"


def moved_text(text: str, before: Path, now: Path) -> str:
    """Return the text of a scenario file for another folder: files of counts that exist are named from there.

    Parameters
    ----------
    text
        Of the scenario file.
    before, now
        Folders in which it lay, and will lie.

    Raises
    ------
    ScenarioError
        If it is no scenario.
    """
    try:
        document = tomlkit.parse(text)
        _move(document, before, now)
        return tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError, ValueError, OSError) as error:  # tables that are none, odd names
        raise ScenarioError(f"no scenario: {error}") from None


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


def _set(here: Any, steps: Sequence[str | int], value: Any, above: Sequence[str | int] = ()) -> Any | None:  # noqa: ANN401  (a table or list of the file)
    """Set a value in a table or list; return what must stand in its place: a table on one line gets new keys anew."""
    step, *rest = steps
    there = isinstance(step, int) or step in here
    if there and rest:
        changed = _set(here[step], rest, value, [*above, step])
        if changed is not None:
            here[step] = changed
        return None
    if there:
        here[step] = _rewritten(here[step], value)
    elif isinstance(here, tomlkit.items.InlineTable):
        return _with_key(here, step, _nested(rest, value, [*above, step]))
    elif rest:
        here[step] = tomlkit.table()
        here[step].update(_default([*above, step]))
        _set(here[step], rest, value, [*above, step])
    else:
        here[step] = _written(value)
    return None


def _rewritten(before: Any, value: Any) -> Any:  # noqa: ANN401  (as above)
    """Return a value in the form that the one before it has in the file: tables of a list, or a line for each."""
    if isinstance(before, tomlkit.items.AoT):
        return _tables(value)
    if isinstance(before, tomlkit.items.Array) and any(isinstance(item, Mapping) for item in before):
        lines = tomlkit.array().multiline(multiline=True)
        lines.extend(_written(value))
        return lines
    return _written(value)


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


def _nested(steps: Sequence[str | int], value: Any, above: Sequence[str | int]) -> Any:  # noqa: ANN401  (as above)
    """Return a value in the tables that lead to it, with what these hold by default."""
    if not steps:
        return value
    step, *rest = steps
    return {**_default(above), step: _nested(rest, value, [*above, step])}


def _with_key(table: Any, name: str | int, value: Any) -> Any:  # noqa: ANN401  (as above)
    """Return a table on one line with a key more, written as the other keys are."""
    before = table.as_string().strip()[1:-1].strip().removesuffix(",")
    entries = ", ".join(filter(None, (before, f"{key_text(name)} = {value_text(_whole(value))}")))
    return tomlkit.value(f"{{ {entries} }}")


def _default(steps: Sequence[str | int]) -> dict[str, Any]:
    """Return what a table that a file leaves out holds by default, where one key of it does not replace the others."""
    *_, table, name = ("", *steps)
    return dict(getattr(Selection(), str(name))) if table == "selection" and name in BY_CLASS else {}


def _written(value: Any) -> Any:  # noqa: ANN401  (as above)
    """Return a value as the file has it: a table on one line, so that what follows it stays where it is."""
    whole = _whole(value)
    return tomlkit.value(value_text(whole)) if isinstance(whole, Mapping | list) else whole


def _whole(value: Any) -> Any:  # noqa: ANN401  (as above)
    """Return a value whose numbers are whole where they can be."""
    if isinstance(value, Mapping):
        return {name: _whole(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _move(document: Any, before: Path, now: Path) -> None:  # noqa: ANN401  (without types)
    for road in (document, *document.get("funnels", [])):
        for path in FILES:
            _point_to(road, path, before, now)


def _point_to(road: Any, path: tuple[str, ...], before: Path, now: Path) -> None:  # noqa: ANN401  (as above)
    *tables, name = path
    for table in tables:
        road = road.get(table) if isinstance(road, Mapping) else None
    if isinstance(road, MutableMapping) and isinstance(road.get(name), str):
        file = before / road[name]
        if file.exists() and not Path(road[name]).is_absolute():
            road[name] = Path(os.path.relpath(file.resolve(), now.resolve())).as_posix()
