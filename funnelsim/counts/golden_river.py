"""Recordings of Golden River (Marksman) counters: what the lines ``* KEY = value`` say around the records.

A recording runs from ``* BEGIN`` to ``* END``, and the number in ``* END`` is that of all its lines. ``STARTREC`` and
``STOPREC`` say when the counter ran, ``CLASS`` the scheme of its classes, ``* HEAD`` the columns of the records.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from funnelsim.counts.builder import CountsBuilder
from funnelsim.counts.csv_file import CsvFile, Row
from funnelsim.counts.names import TOTAL
from funnelsim.wording import joined

_MARK: Final = "*"
_ORDERS: Final = {"DD/MM/YY": "%d/%m/%y", "MM/DD/YY": "%m/%d/%y", "YY/MM/DD": "%y/%m/%d"}
_DATEFORM: Final = "DD/MM/YY"
_HEADER_LINES: Final = 40

SWISS10: Final = {
    "1": "coach",
    "2": "car",  # motorcycle
    "3": "car",
    "4": "car",  # with trailer
    "5": "van",
    "6": "van",  # with trailer
    "7": "van",  # articulated
    "8": "lorry",
    "9": "lorry",  # with trailer
    "10": "lorry",  # articulated
    "0": "car",  # not classed
}
"""The ten Swiss classes by their numbers."""

UNKNOWN_SCHEME: Final = {TOTAL: TOTAL}
"""The class map of a scheme that is not known: every class is asked for."""

_SCHEMES: Final = {"SWISS10": SWISS10, "SPECIAL10": SWISS10}


@dataclass(frozen=True)
class Recording:
    """What a recording says about itself, and its records.

    Parameters
    ----------
    said
        The value of each key.
    heads
        The texts of the lines ``* HEAD``, without that word.
    records
        The lines that are no header.
    start, stop
        When the counter ran; None where it is not said.
    lines_missing
        Whether ``* END`` is missing or counts more lines than the file has.
    """

    said: Mapping[str, str]
    heads: tuple[str, ...]
    records: tuple[Row, ...]
    start: dt.datetime | None
    stop: dt.datetime | None
    lines_missing: bool

    @property
    def date_format(self) -> str:
        """The format of dates with two digits each, such as ``%d%m%y``."""
        return _ORDERS[self.said.get("DATEFORM", _DATEFORM)].replace("/", "")


def is_recording(file: CsvFile, form: str) -> bool:
    """Return whether a file is a recording in a format of the counter, such as ``VBV-1``."""
    return any(_pair(line_text(row)) == ("FORMAT", form) for row in file.rows[:_HEADER_LINES])


def line_text(row: Row) -> str:
    """Return a line as it stands in the file, but for blanks at its ends and after commas."""
    return ",".join(row.cells)


def read_recording(file: CsvFile, builder: CountsBuilder) -> Recording:
    """Read the lines that begin with ``*``, and say what they tell about the record.

    Raises
    ------
    CountsError
        When the file holds several recordings, or no date can be read.
    """
    marked = [(row, line_text(row)[1:].strip()) for row in file.rows if line_text(row).startswith(_MARK)]
    begins = [row for row, text in marked if text == "BEGIN"]
    if len(begins) > 1:
        builder.problem("a second recording begins here; allowed: one recording in a file", begins[1].line)
    builder.raise_problems()
    said = dict(pair for row, _ in marked if (pair := _pair(line_text(row))))
    if said.get("DATEFORM", _DATEFORM) not in _ORDERS:
        builder.problem(f"DATEFORM = {said['DATEFORM'][:40]!r} given; allowed: {joined(list(_ORDERS), 'or')}")
    builder.raise_problems()
    start, stop = (_time(said, key, builder) for key in ("STARTREC", "STOPREC"))
    recording = Recording(
        said,
        tuple(line_text(row).partition("HEAD ")[2] for row, text in marked if text.startswith("HEAD ")),
        tuple(row for row in file.rows if not line_text(row).startswith(_MARK)),
        start,
        stop,
        _lines_missing([(row.line, text) for row, text in marked], begins[0].line if begins else 1, builder),
    )
    builder.raise_problems()
    builder.class_map = _SCHEMES.get(said.get("CLASS", ""), UNKNOWN_SCHEME)
    for key in ("LOCATION", "CLASS"):
        if said.get(key):
            builder.notes.append(f"{key.lower()}: {said[key]}")
    return recording


def say_where_it_ends(recording: Recording, end: dt.datetime, silence: dt.timedelta, builder: CountsBuilder) -> None:
    """Warn where the records end long before the counter stopped.

    Parameters
    ----------
    recording
        The recording.
    end
        When the last record ends.
    silence
        How long before the stop it may end.
    builder
        Where the warning goes.
    """
    if recording.stop is not None and recording.stop - end >= silence:
        builder.warnings.append(
            f"the counter ran until {recording.stop:%a %d %b %Y %H:%M} (STOPREC), but the records end on "
            f"{end:%a %d %b %Y} at {end:%H:%M}"
        )


def _pair(text: str) -> tuple[str, str] | None:
    """Return the key and the value of a line ``* KEY = value``."""
    match = re.fullmatch(r"\*\s*([A-Z]+)\s*=\s*(.*)", text)
    return (match[1], match[2].strip()) if match else None


def _time(said: Mapping[str, str], key: str, builder: CountsBuilder) -> dt.datetime | None:
    """Read a time such as ``09:59 27/03/17``."""
    if not said.get(key):
        return None
    order = _ORDERS[said.get("DATEFORM", _DATEFORM)]
    try:
        return dt.datetime.strptime(said[key], f"%H:%M {order}")  # noqa: DTZ007  (counters keep local time)
    except ValueError:
        builder.problem(f"{key} = {said[key][:40]!r} given; allowed: a time and a date, like 09:59 27/03/17")
        return None


def _lines_missing(marked: list[tuple[int, str]], begin: int, builder: CountsBuilder) -> bool:
    """Compare the number of lines with that in ``* END``, and say whether some are missing."""
    end = next(((line, match[1]) for line, text in marked if (match := re.match(r"END\s+([0-9]+)\b", text))), None)
    if end is None:
        builder.warnings.append("the recording has no line * END: is the file cut off?")
        return True
    line, wanted = end[0], int(end[1])
    found = line - begin + 1
    if found != wanted:
        builder.warnings.append(
            f"the line * END counts {wanted:,} lines, but the file has {found:,}: "
            + ("records are missing" if found < wanted else "were lines added?")
        )
    return found < wanted
