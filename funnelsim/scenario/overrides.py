"""Overrides: one key of a scenario set to another value, as ``dotted.key=value``.

Overrides never change the data they are applied to: they make a new mapping, which is then validated as a whole.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from funnelsim.errors import Problem, ScenarioError
from funnelsim.scenario.paths import entry_names
from funnelsim.scenario.spelling import did_you_mean
from funnelsim.scenario.toml_text import path_text, plain_text, short_text

Path = tuple[str, ...]
"""A dotted key, split into its names."""

Steps = tuple[str | int, ...]
"""A path in which entries of lists are numbers."""

_SEGMENT = r"""\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s.="'][^.=]*)\s*"""
_PATH = re.compile(rf"{_SEGMENT}(?:\.{_SEGMENT})*")
_SEGMENTS = re.compile(_SEGMENT)


class Override(NamedTuple):
    """One key set to another value; ``text`` is what to call it in messages."""

    path: Path
    value: Any
    text: str


def parse_override(text: str) -> Override:
    """Read ``dotted.key=value``; the value is read as by `parse_value`.

    Names in the key may hold spaces; those with a dot, an equals sign or a quotation mark stand in quotes.

    Raises
    ------
    ScenarioError
        If the text has no key, no value, or a value that begins like TOML and is not.

    Examples
    --------
    >>> parse_override("selection.rule=random")[:2]
    (('selection', 'rule'), 'random')
    >>> parse_override('area.stages."full search".duration.mean_s = 800')[:2]
    (('area', 'stages', 'full search', 'duration', 'mean_s'), 800)
    """
    found = _PATH.match(text)
    if not found or not text[found.end() :].startswith("="):
        raise _error(text, "no key and value; allowed: dotted.key=value, such as selection.rule=random")
    return Override(_split(found.group(), text), _value(text[found.end() + 1 :].strip(), text), text)


def parse_value(text: str) -> Any:  # noqa: ANN401  (whatever a TOML file can hold)
    """Read a value as TOML; what is no TOML value is text, so that words and times need no quotes.

    Raises
    ------
    ScenarioError
        If there is no value, or it begins like TOML and is not.

    Examples
    --------
    >>> parse_value("0.1"), parse_value("[1, 2]"), parse_value("random")
    (0.1, [1, 2], 'random')
    """
    return _value(text.strip(), text)


def split_path(path: str) -> Path:
    """Split a dotted path into its names.

    Raises
    ------
    ScenarioError
        If a name is missing or a quotation mark is not closed.

    Examples
    --------
    >>> split_path('area.stages."full search".crew')
    ('area', 'stages', 'full search', 'crew')
    """
    if not _PATH.fullmatch(path):
        raise _error(path, "no key; allowed: a dotted key, such as selection.rate.van")
    return _split(path, path)


def with_override(
    data: Mapping[str, Any],
    path: str | Path,
    value: Any,  # noqa: ANN401  (whatever a TOML file can hold)
) -> dict[str, Any]:
    """Return a scenario's data with one key set; the data given stays as it is.

    Missing tables are made. An entry of a list of tables is named by its ``name`` or
    ``agency``, or by its number from 0.

    Raises
    ------
    ScenarioError
        If the path goes through a value that is not a table, or to a list entry that is missing or not unique.

    Examples
    --------
    >>> data = {"selection": {"rate": {"default": 0.05}}}
    >>> with_override(data, "selection.rate.van", 0.1)
    {'selection': {'rate': {'default': 0.05, 'van': 0.1}}}
    >>> data
    {'selection': {'rate': {'default': 0.05}}}
    """
    steps = steps_to(data, path)
    return dict(_put(data, steps, value))


def steps_to(data: Mapping[str, Any], path: str | Path) -> Steps:
    """Return a path with its list entries as numbers, as they are in this data.

    Raises
    ------
    ScenarioError
        As `with_override`.
    """
    parts = split_path(path) if isinstance(path, str) else path
    steps: list[str | int] = []
    here: Any = data
    for part in parts:
        if isinstance(here, list | tuple):
            step: str | int = _entry(here, part, steps, parts)
            here = here[int(step)]
        elif isinstance(here, Mapping):
            step, here = part, here.get(part, {})
        else:
            at = path_text(steps)
            raise _error(path_text(parts), f"{at} is {short_text(here)}; allowed: set {at} itself")
        steps.append(step)
    return tuple(steps)


def _put(here: Any, steps: Steps, value: Any) -> Any:  # noqa: ANN401  (a table or a list of the file)
    step, *rest = steps
    if isinstance(here, Mapping):
        return {**here, step: _put(here.get(step, {}), tuple(rest), value) if rest else value}
    entries = list(here)
    entries[int(step)] = _put(entries[int(step)], tuple(rest), value) if rest else value
    return entries


def _entry(entries: Sequence[Any], part: str, steps: Sequence[object], parts: Path) -> int:
    """Find the entry of a list that a part of a path names."""
    names = entry_names(entries)
    places = [place for place, name in enumerate(names) if name == part]
    if len(places) == 1:
        return places[0]
    at = path_text(steps)
    if places:
        numbered = ", ".join(f"{at}.{place}" for place in places)
        raise _error(path_text(parts), f"{part} occurs {len(places)} times in {at}; allowed: {numbered}")
    if part in map(str, range(len(entries))):
        return int(part)
    known = [name for name in names if name is not None]
    numbers = f"a number from 0 to {len(entries) - 1}" if entries else "nothing: the list is empty"
    listed = f"{', '.join(dict.fromkeys(known))}, or " if known else ""
    raise _error(path_text(parts), f"{at} has no {part}; {did_you_mean(part, known)}allowed: {listed}{numbers}")


def _split(path: str, text: str) -> Path:
    segments = [segment.strip() for segment in _SEGMENTS.findall(path)]
    return tuple(str(_toml(s, text)) if s[0] in "\"'" else s for s in segments)


def _value(written: str, text: str) -> Any:  # noqa: ANN401  (whatever a TOML file can hold)
    if not written:
        raise _error(text, "no value; allowed: dotted.key=value")
    try:
        value = _toml(written, text)
    except ScenarioError:
        if written[0] in "\"'[{":
            raise
        return written
    # No key of a scenario takes a date or time of TOML's own: 2026-05-01 without quotes means the text.
    return written if isinstance(value, dt.date | dt.time) else value


def _toml(written: str, text: str) -> Any:  # noqa: ANN401  (whatever a TOML file can hold)
    try:
        table = tomllib.loads(f"value = {written}")
    except (ValueError, RecursionError):  # ValueError: also of a number with more digits than Python reads
        table = {}
    if table.keys() != {"value"}:
        raise _error(text, f"{short_text(written)} cannot be read; allowed: a TOML value")
    return table["value"]


def _error(text: str, message: str) -> ScenarioError:
    return ScenarioError([Problem(f"--set {plain_text(text)}", message)])
