"""Paths in a scenario file: the steps through its tables and lists to one key."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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
    return Places(data).dotted_key(steps)


class Places:
    """Where paths are in a file: each table and list is looked through once, however many paths lead into it.

    Parameters
    ----------
    data
        The file; it must not change meanwhile.
    """

    def __init__(self, data: object) -> None:
        self._data = data
        self._keys: dict[int, dict[object, int]] = {}
        self._names: dict[int, list[str | None]] = {}

    def dotted_key(self, steps: Sequence[object]) -> str:
        """Return a path as the function `dotted_key` does."""
        parts: list[object] = []
        for parent, step in zip(self._parents(steps), steps, strict=True):
            names = self._own_names(parent) if isinstance(parent, list | tuple) else []
            name = names[step] if isinstance(step, int) and 0 <= step < len(names) else None
            parts.append(name or step)
        return path_text(parts)

    def position(self, steps: Sequence[object]) -> tuple[int, ...]:
        """Return the position of a path in the file, for sorting; what is missing comes last."""
        found = []
        for parent, step in zip(self._parents(steps), steps, strict=True):
            keys = self._order(parent) if isinstance(parent, Mapping) else {}
            found.append(keys[step] if step in keys else step if isinstance(step, int) else len(keys))
        return tuple(found)

    def _parents(self, steps: Sequence[object]) -> Iterator[object]:
        """Yield the table or list in which each step is, None from where the file has no such path."""
        here = self._data
        for step in steps:
            yield here
            here = value_at(here, (step,))

    def _order(self, table: Mapping[object, object]) -> dict[object, int]:
        if id(table) not in self._keys:
            self._keys[id(table)] = {key: number for number, key in enumerate(table)}
        return self._keys[id(table)]

    def _own_names(self, entries: Sequence[object]) -> list[str | None]:
        """Return the names of entries that no other entry has."""
        if id(entries) not in self._names:
            names = entry_names(entries)
            times = Counter(names)
            self._names[id(entries)] = [name if times[name] == 1 else None for name in names]
        return self._names[id(entries)]
