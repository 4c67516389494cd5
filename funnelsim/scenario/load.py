"""Loading a scenario: from a file or a mapping to one validated object, or to all of its problems."""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from funnelsim.errors import CountsError, Problem, ScenarioError
from funnelsim.scenario.overrides import Override, parse_override, split_path, steps_to, with_override
from funnelsim.scenario.paths import Places, Steps, value_at
from funnelsim.scenario.problems import Finding, findings_of
from funnelsim.scenario.references import reference_findings
from funnelsim.scenario.schema import SCHEMA_VERSION, Scenario
from funnelsim.scenario.toml_text import path_text, plain_text, short_text, value_text

_LARGEST_BYTES = 5_000_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
COUNTS_FILE = ("traffic", "counts", "file")
MAPPING = ("traffic", "counts", "mapping")


def load_scenario(path: Path | str, overrides: Sequence[str] = ()) -> Scenario:
    """Read a scenario file.

    The path of a count file is relative to the scenario file; the returned scenario has it as an absolute
    path, so that it is all a run needs, wherever it is started.

    Parameters
    ----------
    path
        The scenario file, TOML in UTF-8.
    overrides
        Keys to set to other values than the file does, each as ``dotted.key=value``.

    Raises
    ------
    ScenarioError
        With every problem of the file and the overrides: where it is, what was given and what is allowed.
    """
    file = Path(path)
    data = _parsed(_read_text(file), str(file))
    return _validated(data, str(file), overrides, folder=file.parent)


def scenario_from(
    data: Mapping[str, Any], *, where: str, overrides: Sequence[str] | Mapping[str, Any] = ()
) -> Scenario:
    """Make a scenario from a mapping that has the shape of a scenario file.

    Parameters
    ----------
    data
        The tables and keys; they are not changed.
    where
        Its name in messages, such as a file's name.
    overrides
        Keys to set to other values: texts ``dotted.key=value``, or values by dotted key.

    Raises
    ------
    ScenarioError
        As `load_scenario`. It is not checked whether a count file exists, because its folder is unknown.
    """
    return _validated(data, where, overrides, folder=None)


def _read_text(file: Path) -> str:
    """Read a file as UTF-8 text, with or without a byte order mark.

    Raises
    ------
    ScenarioError
        If the file is not there, cannot be read, is too large, or is not text in UTF-8.
    """
    where = str(file)
    problem = _absent(file)
    if problem:
        raise ScenarioError([Problem(where, problem)])
    try:
        if not file.is_file():
            what = "a folder" if file.is_dir() else "not a file that can be read"
            raise ScenarioError([Problem(where, f"this is {what}; allowed: a scenario file")])
        with file.open("rb") as stream:
            content = stream.read(_LARGEST_BYTES + 1)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise ScenarioError([Problem(where, message)]) from None
    return _decoded(content, where)


def _absent(file: Path) -> str | None:
    """Return that a file is missing and which one may be meant; None if it exists."""
    try:
        if file.exists():
            return None
        if not file.parent.is_dir():
            return f"no such file: there is no folder {file.parent}"
        there = [entry.name for entry in file.parent.iterdir()]
    except (OSError, ValueError) as error:  # ValueError: of a name that no file can have
        return f"cannot be found: {error.strerror if isinstance(error, OSError) else error}"
    by_stem = {Path(name).stem: name for name in there}
    close = get_close_matches(file.name, there, n=1) or [
        by_stem[stem] for stem in get_close_matches(file.stem, by_stem, n=1)
    ]
    return f"no such file; did you mean {file.parent / close[0]}?" if close else "no such file"


def _decoded(content: bytes, where: str) -> str:
    if len(content) > _LARGEST_BYTES:
        message = f"more than {_LARGEST_BYTES // 1_000_000} MB; allowed: a scenario file, which has a few kB"
        raise ScenarioError([Problem(where, message)])
    if content.startswith(_UTF16):
        raise ScenarioError([Problem(where, "this text is in UTF-16; allowed: UTF-8 (save it as UTF-8)")])
    if b"\0" in content:
        raise ScenarioError([Problem(where, "this is a binary file; allowed: a text file in TOML")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = (
            f"byte 0x{content[error.start]:02X} is not UTF-8, so this text is in another encoding (Latin-1, "
            "Windows-1252); allowed: UTF-8 (save it as UTF-8)"
        )
        raise ScenarioError([Problem(f"{where}: line {line}", message)]) from None


def _parsed(text: str, where: str) -> dict[str, Any]:
    try:
        data = tomllib.loads(text)
    except RecursionError:
        message = "lists or tables are nested too deeply; allowed: the tables of the scenario format"
        raise ScenarioError([Problem(where, message)]) from None
    except ValueError as error:  # ValueError: also of a number with more digits than Python reads
        raise ScenarioError([_syntax_problem(str(error), text, where)]) from None
    if not data:
        message = "the file is empty; allowed: a scenario (`funnelsim new NAME` writes one to start from)"
        raise ScenarioError([Problem(where, message)])
    return data


def _syntax_problem(said: str, text: str, where: str) -> Problem:
    """Return a TOML parser's message together with the line it is about."""
    found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", said)
    reason = said[: found.start()] if found else said
    for theirs, ours in _SYNTAX_WORDS.items():
        if reason.startswith(theirs):
            reason = ours
    lines = text.rstrip().splitlines()
    number = min(int(found[1] or len(lines)), len(lines)) if found else 0
    if not number:
        return Problem(where, reason)
    line = lines[number - 1].strip()
    for pattern, ours in _HABITS.items():
        if re.search(pattern, line):
            reason = ours
    return Problem(f"{where}: line {number}", f"{plain_text(line)}: {reason}")


_HABITS = {  # ways of writing a number that TOML does not read, in a line that it cannot read
    r"=\s*\d+,\d": "a comma in a number; allowed: decimals with a point (0.1)",
    r"=\s*[\d.,]+\s*%": "a per cent sign; allowed: a share (0.1 is 10 %)",
}


_BACKSLASH = "a backslash has a special meaning in double quotes; allowed: / in file names, or 'single quotes'"
_SYNTAX_WORDS = {
    "Invalid value": 'no value; allowed: a number, true, false, "text", [a, list] or { a = "table" }',
    "Expected newline or end of document after a statement": (
        'there is more on the line after the value; allowed: one value per line, text and times in quotes ("06:00"), '
        "decimals with a point (0.5)"
    ),
    "Expected '=' after a key in a key/value pair": "no equals sign; allowed: key = value",
    "Cannot overwrite a value": "this key is given twice; allowed: each key once in a table",
    "Cannot declare": "this table is given twice; allowed: each table once",
    "Unterminated string": "a quotation mark is not closed",
    "Illegal character '\\n'": "a quotation mark is not closed",
    "Unclosed array": "a bracket [ is not closed",
    "Unescaped '\\'": _BACKSLASH,
    "Invalid hex value": _BACKSLASH,
    "Exceeds the limit": "a number has thousands of digits; allowed: numbers of a realistic size",
}


def _validated(
    data: Mapping[str, Any], where: str, overrides: Sequence[str] | Mapping[str, Any], folder: Path | None
) -> Scenario:
    problems: list[Problem] = []
    changed: dict[str, Any] = dict(data)
    touched: list[tuple[Steps, str]] = []
    for given in overrides.items() if isinstance(overrides, Mapping) else overrides:
        try:
            override = parse_override(given) if isinstance(given, str) else _override(*given)
            steps = steps_to(changed, override.path)
            if steps in (before for before, _ in touched):
                problems.append(Problem(f"--set {path_text(override.path)}", "set twice; allowed: once"))
            touched.append((steps, override.text))
            changed = with_override(changed, override.path, override.value)
        except ScenarioError as error:
            problems.extend(error.problems)
    if folder is not None:
        changed = _with_absolute_counts(folder, changed)
        changed = _with_whole_mapping(folder, changed, where, problems)
    scenario, findings = _checked(changed, look_for_counts=folder is not None)
    places = Places(changed)
    problems.extend(_problem(finding, places, where, touched) for finding in findings)
    if scenario is None or problems:
        raise ScenarioError(problems)
    return scenario


def _override(key: str, value: object) -> Override:
    return Override(split_path(key), value, f"{key}={value_text(value)}")


def _checked(data: dict[str, Any], *, look_for_counts: bool) -> tuple[Scenario | None, list[Finding]]:
    """Return the scenario, if it is valid, and all that is wrong, in the order of the file."""
    version = data.get("version", SCHEMA_VERSION)
    if isinstance(version, bool) or version != SCHEMA_VERSION:
        reads = f"{SCHEMA_VERSION}, the version of the format that this funnelsim reads"
        message = f"{short_text(version)} given; allowed: {reads}"
        return None, [Finding(("version",), message)]
    scenario, findings = None, []
    try:
        scenario = Scenario.model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        findings = findings_of(error, data)
    findings += reference_findings(data)
    if look_for_counts:
        findings += _missing_counts(data)
    places = Places(data)
    return scenario, sorted(findings, key=lambda finding: places.position(finding.steps))


def _of_all_funnels(data: Mapping[str, Any], path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the path of a key of the first funnel's traffic, and those of the same key of the others."""
    funnels = data.get("funnels")
    others = len(funnels) if isinstance(funnels, list | tuple) else 0
    return [path, *(("funnels", str(number), *path) for number in range(others))]


def _text_at(data: Mapping[str, Any], path: tuple[str, ...]) -> str | None:
    value = value_at(data, [int(part) if part.isdecimal() else part for part in path])
    return value if isinstance(value, str) else None


def _with_absolute_counts(folder: Path, data: dict[str, Any]) -> dict[str, Any]:
    for path in _of_all_funnels(data, COUNTS_FILE):
        if (given := _text_at(data, path)) is not None:
            absolute = os.path.abspath(folder / given)  # noqa: PTH100  (drops "..", keeps links)
            data = with_override(data, path, absolute)
    return data


def _with_whole_mapping(folder: Path, data: dict[str, Any], where: str, problems: list[Problem]) -> dict[str, Any]:
    """Put the table of a mapping in the place of its name: the scenario is then all that a run needs."""
    for path in _of_all_funnels(data, MAPPING):
        if (given := _text_at(data, path)) is not None:
            try:
                data = with_override(data, path, _whole_mapping(folder, given))
            except CountsError as error:
                problems.extend(Problem(f"{where}: {path_text(path)}", problem.message) for problem in error.problems)
                data = with_override(data, path, None)
    return data


def _whole_mapping(folder: Path, given: str) -> dict[str, Any]:
    from funnelsim.counts.mapping_file import SUFFIX, mapping_data  # noqa: PLC0415  (needed by few)

    return mapping_data(folder / given if given.endswith(SUFFIX) else given)


def _missing_counts(data: dict[str, Any]) -> list[Finding]:
    found = []
    for path in _of_all_funnels(data, COUNTS_FILE):
        if (given := _text_at(data, path)) is not None:
            read_otherwise = not given.isprintable()
            problem = f"{short_text(given)} given: {_BACKSLASH}" if read_otherwise else _absent(Path(given))
            if problem:
                found.append(Finding(tuple(int(part) if part.isdecimal() else part for part in path), problem))
    return found


def _problem(finding: Finding, places: Places, where: str, touched: Sequence[tuple[Steps, str]]) -> Problem:
    """Return where a finding is, and the override that led to it, if one did."""
    for steps, text in touched:
        shared = min(len(steps), len(finding.steps))
        if shared and steps[:shared] == finding.steps[:shared]:
            where = f"{where} with {plain_text(text)}"
            break
    key = places.dotted_key(finding.steps)
    return Problem(f"{where}: {key}" if key else where, finding.message)
