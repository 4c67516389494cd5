"""The questions of a mapping: what is sure from the file itself, what is asked, and the mapping that answers make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from funnelsim.counts.guesses import Guesses
from funnelsim.counts.mapping_guesses import guesses_of
from funnelsim.counts.mapping_layout import layout_of
from funnelsim.counts.mapping_proposal import wide_pattern
from funnelsim.scenario.toml_text import key_text, printable, value_text
from funnelsim.web.language import mark

ROWS: Final = 6
USUAL: Final = {"each_row": "interval", "unit": "interval"}
"""What a mapping means where it does not say otherwise."""

MOST: Final = 30
"""Values of a column that names classes."""


@dataclass(frozen=True)
class Questions:
    """What is known of a file before the questions are answered.

    Attributes
    ----------
    layout
        Keys of the mapping that say how cells are found.
    columns, rows
        The names of its columns, and its first rows.
    sheets
        The sheets of a workbook.
    answers
        Keys of the mapping of which the file itself makes sure.
    formats
        Formats that fit all its times.
    countable
        Columns that may hold counts.
    values
        The different values of each column that has few.
    hints
        What to know for an answer, by key.
    """

    layout: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sheets: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    countable: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hints: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def questions_of(path: Path, layout_keys: Mapping[str, Any] | None = None) -> Questions:
    """Return what is known of a file, and what is asked.

    Parameters
    ----------
    path
        The file.
    layout_keys
        Keys of a mapping that say how cells are found; None finds them out.

    Raises
    ------
    CountsError
        If the file cannot be opened, or has no columns.
    """
    layout = layout_of(path, layout_keys)
    frame = layout.frame
    found = guesses_of(frame)
    columns = tuple(frame.columns)
    counted = {*found.counts, *([found.total] if found.total else []), *found.others}
    return Questions(
        layout.keys,
        columns,
        tuple(frame.head(ROWS).iter_rows()),
        layout.sheets,
        _sure(found),
        tuple(found.formats),
        tuple(name for name in columns if name in counted),
        {name: tuple(frame[name].unique().sort().to_list()) for name in columns if frame[name].n_unique() <= MOST},
        _hints(found),
    )


def mapping_of_answers(questions: Questions, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table of a mapping; what is not answered is left out.

    Parameters
    ----------
    questions
        What is known of the file.
    answers
        By key of the mapping; None, an empty text, list or table is no answer.
    """
    given = {**questions.layout, **answers}
    return {key: value for key, value in given.items() if value not in (None, "", [], {}) and value != USUAL.get(key)}


def alone(names: Sequence[str] | None) -> str | list[str] | None:
    """Return one name as a text, several as a list, and none as None.

    Examples
    --------
    >>> alone(["day"]), alone(["day", "hour"]), alone([])
    ('day', ['day', 'hour'], None)
    """
    given = list(names or ())
    return None if not given else given[0] if len(given) == 1 else given


def mapping_text(table: Mapping[str, Any], source: str) -> str:
    """Return a mapping as the text of a file.

    Parameters
    ----------
    table
        The mapping.
    source
        The name of the counts file.
    """
    lines = [f"{key_text(key)} = {value_text(value)}" for key, value in table.items()]
    return "\n".join([f"# How {printable(source)} is read: which column is what.", *lines]) + "\n"


def _sure(found: Guesses) -> dict[str, Any]:
    """Return what a draft of the mapping sets; what it asks is left out, as `funnelsim counts --propose` does."""
    sure: dict[str, Any] = {
        "each_row": None if found.per_vehicle else USUAL["each_row"],
        "unit": None if found.rate else USUAL["unit"],
        "time": None if found.rivals else alone(found.time),
        "format": found.formats[0] if len(found.formats) == 1 else None,
        "hour": found.hour,
        "minutes": None if found.per_vehicle else found.minutes,
        "label": "start" if found.ends else None,
        "wide": wide_pattern(found.wide) if found.wide else None,
        "stream": alone(found.stream),
        "channel": alone(found.channel),
        "total": None if found.rate or found.per_vehicle else found.total,
        "class_column": found.class_column,
        "classes": found.classes,
        # Some classes without the others would be read as all vehicles.
        "counts": found.counts if all(found.counts.values()) else {},
        "thousands": found.thousands if found.thousands in tuple("' ") else None,
    }
    return {key: value for key, value in sure.items() if value}


def _hints(found: Guesses) -> dict[str, tuple[str, str]]:
    """Return what to know for an answer: a message, and what it names."""
    hints = {
        "format": (
            len(found.formats) > 1 and mark("Several formats fit the dates: {what}."),
            _listed(found.formats),
        ),
        "time": (bool(found.rivals) and mark("Several columns hold times: {what}."), _listed(found.rivals)),
        "label": (
            not (found.ends or found.wide or found.per_vehicle)
            and mark("Ask the agency: an hour's traffic moved by one hour makes a wrong plan."),
            "",
        ),
        "each_row": (found.per_vehicle and mark("A row seems to be one vehicle."), ""),
        "counts": (
            bool(found.counts)
            and not all(found.counts.values())
            and mark("Some names do not tell the class. Give all columns of classes, or none."),
            "",
        ),
        "unit": (found.rate and mark("{what} is called like a flow per hour; is it?"), found.total or ""),
        "missing": (
            bool(found.missing) and mark('Do these stand for "not counted"? {what}'),
            _listed(found.missing),
        ),
        "thousands": (
            found.thousands in (".", ",") and mark("Is {what} more than a thousand, or a fraction?"),
            found.example,
        ),
        "quality": (bool(found.quality) and mark("{what} seems to say how well was counted."), found.quality or ""),
        "skip": (
            found.last_is_sum and mark("The last row seems to be a sum; delete it from the file."),
            "",
        ),
    }
    return {key: (str(message), what) for key, (message, what) in hints.items() if message}


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
