"""Places in a scenario file: the steps through its tables and lists to one key."""

from collections.abc import Mapping, Sequence
from typing import Any

from funnelsim.scenario.toml_text import path_text

Steps = tuple[object, ...]
"""Keys of tables and, for entries of lists, numbers from 0."""


def value_at(data: object, steps: Sequence[object]) -> Any:  # noqa: ANN401  (whatever stands in the file)
    """Return what stands at a place; None where the file has no such place.

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
    """Return the places of all keys of a table; none where there is no table."""
    table = value_at(data, steps)
    return [(*steps, key) for key in table if isinstance(key, str)] if isinstance(table, Mapping) else []


def tables_under(data: object, *steps: object) -> list[Steps]:
    """Return the places of all tables in a list of tables; none where there is no such list."""
    entries = value_at(data, steps)
    if not isinstance(entries, list | tuple):
        return []
    return [(*steps, number) for number, entry in enumerate(entries) if isinstance(entry, Mapping)]


def entry_names(entries: Sequence[object]) -> list[str | None]:
    """Return the name by which each entry of a list of tables goes: its ``name`` or its ``agency``."""
    names = [entry.get("name", entry.get("agency")) if isinstance(entry, Mapping) else None for entry in entries]
    return [name if isinstance(name, str) and name else None for name in names]


def named(data: object, steps: Sequence[object]) -> str:
    """Return a place as a dotted key, entries of lists by their name where only one bears it, else by number.

    Examples
    --------
    >>> named({"area": {"stages": [{"name": "full search"}]}}, ("area", "stages", 0, "duration"))
    'area.stages.full search.duration'
    """
    parts: list[object] = []
    for depth, step in enumerate(steps):
        around = value_at(data, steps[:depth])
        names = entry_names(around) if isinstance(around, list | tuple) else []
        name = names[step] if isinstance(step, int) and 0 <= step < len(names) else None
        parts.append(name if name and names.count(name) == 1 else step)
    return path_text(parts)


def position(data: object, steps: Sequence[object]) -> tuple[int, ...]:
    """Return where in the file a place comes, for sorting; what is not there comes after what is."""
    found = []
    for depth, step in enumerate(steps):
        around = value_at(data, steps[:depth])
        keys = list(around) if isinstance(around, Mapping) else []
        found.append(keys.index(step) if step in keys else step if isinstance(step, int) else len(keys))
    return tuple(found)
