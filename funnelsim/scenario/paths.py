"""Paths in a scenario file: the steps through its tables and lists to one key."""

from collections.abc import Mapping, Sequence
from typing import Any

from funnelsim.scenario.toml_text import path_text

Steps = tuple[object, ...]
"""A path: keys of tables and, for entries of lists, numbers from 0."""


def value_at(data: object, steps: Sequence[object]) -> Any:  # noqa: ANN401  (whatever a file can hold)
    """Return the value at a path; None where the file has no such path.

    Examples
    --------
    >>> value_at({"targets": [{"name": "contraband"}]}, ("targets", 0, "name"))
    'contraband'
    """
    for step in steps:
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, list | tuple) and isinstance(step, int) and 0 <= step < len(data):
            data = data[step]
        else:
            return None
    return data


def keys_under(data: object, *steps: object) -> list[Steps]:
    """Return the paths of all keys of a table; none where there is no table."""
    table = value_at(data, steps)
    return [(*steps, key) for key in table if isinstance(key, str)] if isinstance(table, Mapping) else []


def tables_under(data: object, *steps: object) -> list[Steps]:
    """Return the paths of all tables in a list of tables; none where there is no such list."""
    entries = value_at(data, steps)
    if not isinstance(entries, list | tuple):
        return []
    return [(*steps, number) for number, entry in enumerate(entries) if isinstance(entry, Mapping)]


def entry_names(entries: Sequence[object]) -> list[str | None]:
    """Return the name of each entry of a list of tables: its ``name`` or its ``agency``."""
    names = [entry.get("name", entry.get("agency")) if isinstance(entry, Mapping) else None for entry in entries]
    return [name if isinstance(name, str) and name else None for name in names]


def dotted_key(data: object, steps: Sequence[object]) -> str:
    """Return a path as a dotted key, with list entries by their name where it is unique, else by number.

    Examples
    --------
    >>> dotted_key({"area": {"stages": [{"name": "full search"}]}}, ("area", "stages", 0, "duration"))
    'area.stages.full search.duration'
    """
    parts: list[object] = []
    for depth, step in enumerate(steps):
        parent = value_at(data, steps[:depth])
        names = entry_names(parent) if isinstance(parent, list | tuple) else []
        name = names[step] if isinstance(step, int) and 0 <= step < len(names) else None
        parts.append(name if name and names.count(name) == 1 else step)
    return path_text(parts)


def position(data: object, steps: Sequence[object]) -> tuple[int, ...]:
    """Return the position of a path in the file, for sorting; what is missing comes last."""
    found = []
    for depth, step in enumerate(steps):
        parent = value_at(data, steps[:depth])
        keys = list(parent) if isinstance(parent, Mapping) else []
        found.append(keys.index(step) if step in keys else step if isinstance(step, int) else len(keys))
    return tuple(found)
