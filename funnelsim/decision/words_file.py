"""A file of what was said of a result, so that a report can say it again: sections as data."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from funnelsim.errors import Problem, ResultsError
from funnelsim.experiments.files import ALLOWED, read_json, write_json


def write_words(sections: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write sections (`funnelsim.reporting.section.as_data`) into a file.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    write_json({"sections": list(sections)}, path)


def load_words(path: Path) -> list[dict[str, Any]]:
    """Return the sections of a file; empty where there is none.

    Raises
    ------
    ResultsError
        If the file cannot be read.
    """
    found = read_json(path)
    sections = [] if found is None else found.get("sections")
    if not isinstance(sections, list):
        raise ResultsError([Problem(str(path), f"is damaged: it holds no sections; {ALLOWED}")])
    return sections
