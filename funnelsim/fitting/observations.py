"""A planner's own observations: a CSV file with a header, read column by column, and how its cells are read."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.counts.csv_file import CsvFile, column_name, open_csv
from funnelsim.counts.dates import Stamp, calendar_date, clock, prove_order, split_stamp
from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.names import DateOrder
from funnelsim.scenario.spelling import did_you_mean
from funnelsim.scenario.toml_text import plain_text
from funnelsim.units import DAY_S, HOUR_S, MINUTE_S

T = TypeVar("T")

_NUMBER: Final = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,9})?")
_MINUTES: Final = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9](?:[.,][0-9]{1,6})?)")
_TO_SECONDS: Final = re.compile(r"([0-9]{1,2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]{1,6}))?(\s*[AaPp]\.?[Mm]\.?)?")
_MOST_PERSONS: Final = 200
_HALF_DAY_S: Final = DAY_S / 2.0


class ObservationTable(Diagnostics):
    """The observations of one file, a row each, under the header of their columns.

    Parameters
    ----------
    path
        A CSV file; commas, semicolons or tabs separate the cells, lines that start with ``#`` are comments.
    needed
        Sets of columns, in lower case, of which the file must have one.
    optional
        Further columns that can be used.
    file
        The file, if it is already open.

    Attributes
    ----------
    columns
        The set of needed columns that the file has.
    notes
        How the file was read, in words.

    Raises
    ------
    FunnelsimError
        If the file cannot be opened, has no rows, or lacks columns.
    """

    def __init__(
        self,
        path: Path,
        needed: Sequence[Sequence[str]],
        optional: Sequence[str] = (),
        file: CsvFile | None = None,
    ) -> None:
        file = file or open_csv(path)
        super().__init__(file.source, file.notes)
        header, *self._rows = file.rows
        self._names = [column_name(cell) for cell in header.cells]
        self.columns = tuple(next((names for names in needed if all(name in self for name in names)), ()))
        if not self.columns:
            self.problem(self._lacking(needed, optional), header.line)
            self.raise_problems()  # rows cannot be judged by a header that is none
        for name in sorted({name for name in self._names if self._names.count(name) > 1}):
            self.problem(f"the column {name!r} appears twice; allowed: each column once", header.line)
        if not self._rows:
            self.problem("there are no rows under the header; allowed: one row per observation", header.line)
        self.full_rows(self._rows, len(self._names))
        self.raise_problems()
        unused = [name for name in self._names if name not in (*self.columns, *optional)]
        if unused:
            self.notes.append(f"ignored column{'s' if len(unused) > 1 else ''}: {plain_text(', '.join(unused))}")

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def line(self, row: int) -> int:
        """Return the line of the file on which a row ends."""
        return self._rows[row].line

    def leave_out_blanks(self, name: str) -> None:
        """Leave out the rows with a blank cell in a column, which were not observed, and note how many."""
        place = self._names.index(name)
        kept = [row for row in self._rows if row.cells[place]]
        if len(kept) < len(self._rows):
            self.notes.append(f"left out: {len(self._rows) - len(kept):,} rows in which {name} is blank")
        self._rows = kept
        if not kept:
            self.problem(f"{name} is blank in every row; allowed: at least one that is not")
            self.raise_problems()

    def read(self, name: str, reader: Callable[[str], T]) -> list[T]:
        """Return the values of a column; each cell that the reader refuses is a problem."""
        place = self._names.index(name)
        made: list[T] = []
        for row in self._rows:
            try:
                made.append(reader(row.cells[place]))
            except ValueError as error:
                self.problem(f"{name} {plain_text(row.cells[place], 40)!r} given; allowed: {error}", row.line)
        return made

    def seconds(self, name: str) -> FloatArray:
        """Return a column of durations in seconds."""
        return np.array(self.read(name, read_seconds))

    def times(self, names: Sequence[str], order: DateOrder | None) -> list[FloatArray]:
        """Return columns of times as seconds after midnight of the first date.

        Times of day without a date are continuous: where they go back by more than half a day, midnight has passed. All
        problems of the columns are raised at once.
        """
        columns = [self.read(name, read_time) for name in names]
        self.raise_problems()
        rows = list(zip(*columns, strict=True))
        dated = {bool(found.date) for row in rows for found in row}
        if len(dated) > 1:
            self.problem("some times have a date and others do not; allowed: all of them or none")
            self.raise_problems()
        values = self._dated(rows, order) if dated == {True} else _running_on(rows)
        return list(values.T)

    def _dated(self, rows: "Sequence[Sequence[ObservedTime]]", order: DateOrder | None) -> FloatArray:
        stamps = [Stamp(self.line(at), found.date, int(found.time_s)) for at, row in enumerate(rows) for found in row]
        try:
            order = prove_order(stamps, order)
        except ValueError as error:
            self.problem(str(error).replace("date_order", "--date-order"), stamps[0].line)
            self.raise_problems()
        days = {}
        for stamp in stamps:
            if stamp.date not in days:
                try:
                    days[stamp.date] = calendar_date(stamp.date, order)
                except ValueError as error:
                    self.problem(str(error), stamp.line)
        self.raise_problems()
        first = min(days.values())
        return np.array([[(days[found.date] - first).days * DAY_S + found.time_s for found in row] for row in rows])

    def _lacking(self, needed: Sequence[Sequence[str]], optional: Sequence[str]) -> str:
        wanted = dict.fromkeys(name for names in needed for name in names)
        question = next((said for name in self._names if (said := did_you_mean(name, wanted, 0.75))), "")
        also = f"; also allowed: {', '.join(optional)}" if optional else ""
        sets = ", or ".join(" and ".join(names) for names in needed)
        return f"the header has {plain_text(', '.join(self._names))}; {question}needed: {sets}{also}"


def _running_on(rows: "Sequence[Sequence[ObservedTime]]") -> FloatArray:
    """Return times of day as a clock that runs on through midnight, along each row and from row to row."""
    values = np.array([[found.time_s for found in row] for row in rows])
    along = values.ravel()
    along += np.cumsum(np.diff(along, prepend=along[0]) < -_HALF_DAY_S) * DAY_S
    return along.reshape(values.shape)


class ObservedTime(NamedTuple):
    """A time of day in seconds after midnight, and the text of its date; empty where there is none."""

    date: str
    time_s: float


def read_seconds(text: str) -> float:
    """Return a duration in seconds.

    Raises
    ------
    ValueError
        If it is none; the message says what is allowed.

    Examples
    --------
    >>> read_seconds("75.5"), read_seconds("75,5"), read_seconds("1:15"), read_seconds("1:00:00")
    (75.5, 75.5, 75.0, 3600.0)
    """
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    if found := _MINUTES.fullmatch(text):
        return int(found[1] or 0) * HOUR_S + int(found[2]) * MINUTE_S + float(found[3].replace(",", "."))
    raise ValueError("seconds, like 75 or 75.5, or minutes and seconds, like 1:15")


def read_time(text: str) -> ObservedTime:
    """Return a time to the second or finer, with or without a date.

    Raises
    ------
    ValueError
        If it is none; the message says what is allowed.

    Examples
    --------
    >>> read_time("6:00:01.5"), read_time("11/6/2023 3:00:02 PM")
    (ObservedTime(date='', time_s=21601.5), ObservedTime(date='11/6/2023', time_s=54002.0))
    """
    date, time = "", text.strip()
    if "T" in time or re.search(r"[-/.][0-9]+[-/.][0-9]+\s", time):
        date, time, _ = split_stamp(time)
    found = _TO_SECONDS.fullmatch(time)
    if found is None:
        raise ValueError("a time to the second, like 06:15:07, 06:15:07.5 or 2024-05-06 06:15:07")
    return ObservedTime(date, clock(found[1] + (found[3] or "")) + float(f"0.{found[2] or 0}"))


def read_persons(text: str) -> float:
    """Return a number of persons.

    Raises
    ------
    ValueError
        If it is none; the message says what is allowed.
    """
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _MOST_PERSONS):
        raise ValueError(f"persons in the vehicle, the driver included: 1 to {_MOST_PERSONS}")
    return float(text)


def read_name(text: str) -> str:
    """Return a name, which must not be blank.

    Raises
    ------
    ValueError
        If it is none; the message says what is allowed.
    """
    if not text:
        raise ValueError("a name, not a blank")
    return text
