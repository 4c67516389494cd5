"""A planner's own observations: a CSV with a header, read column by column, all its problems told at once."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.counts.csv_file import CsvFile, column_name, open_csv
from funnelsim.counts.dates import Stamp, calendar_date, prove_order
from funnelsim.counts.names import DateOrder
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.fitting.cells import Moment, moment, seconds
from funnelsim.scenario.spelling import did_you_mean
from funnelsim.scenario.toml_text import plain_text
from funnelsim.units import DAY_S

T = TypeVar("T")

_PROBLEMS_NAMED: Final = 20
_HALF_DAY_S: Final = DAY_S / 2.0


class Sheet:
    """The rows of an observer's file under their header.

    Parameters
    ----------
    path
        A CSV; commas, semicolons or tabs part the cells, lines that start with ``#`` are comments.
    needed
        Sets of columns, in lower case, of which the file must have one.
    beside
        Further columns that can be used.
    document
        The file, where it was opened already.

    Attributes
    ----------
    columns
        The set of needed columns that the file has.
    notes
        What was handled, in words.

    Raises
    ------
    FunnelsimError
        If the file cannot be opened, is no text with rows, or lacks columns.
    """

    def __init__(
        self,
        path: Path,
        needed: Sequence[Sequence[str]],
        beside: Sequence[str] = (),
        document: CsvFile | None = None,
    ) -> None:
        document = document or open_csv(path)
        self.source = document.source
        self.notes = list(document.notes)
        self._problems: list[Problem] = []
        header, *self._rows = document.rows
        self._names = [column_name(cell) for cell in header.cells]
        self.columns = tuple(next((names for names in needed if all(name in self for name in names)), ()))
        if not self.columns:
            self.fault(self._lacking(needed, beside), header.line)
            self.stop_if_faulty()  # rows cannot be judged by a header that is none
        for name in sorted({name for name in self._names if self._names.count(name) > 1}):
            self.fault(f"the column {name!r} comes twice; allowed: each column once", header.line)
        if not self._rows:
            self.fault("there is nothing under the header; allowed: a row an observation", header.line)
        for row in self._rows:
            if len(row.cells) != len(self._names):
                self.fault(f"{len(row.cells)} cells given; the header has {len(self._names)}", row.line)
        self.stop_if_faulty()
        unused = [name for name in self._names if name not in (*self.columns, *beside)]
        if unused:
            self.notes.append(f"not used: the column{'s' if len(unused) > 1 else ''} {plain_text(', '.join(unused))}")

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def fault(self, message: str, line: int | None = None) -> None:
        """Enter a problem, at a line of the file or of the file as a whole."""
        self._problems.append(Problem(self.source if line is None else f"{self.source}, line {line}", message))

    def stop_if_faulty(self) -> None:
        """Raise all problems entered so far, if any.

        Raises
        ------
        FunnelsimError
            With the first twenty problems and the number of the others.
        """
        more = len(self._problems) - _PROBLEMS_NAMED
        rest = [Problem(self.source, f"and {more:,} more problems")] if more > 0 else []
        if self._problems:
            raise FunnelsimError(self._problems[:_PROBLEMS_NAMED] + rest)

    def line(self, row: int) -> int:
        """Return the line of the file on which a row ends."""
        return self._rows[row].line

    def leave_out_blanks(self, name: str) -> None:
        """Leave out the rows in which a cell is blank, and note how many: they were not observed."""
        place = self._names.index(name)
        kept = [row for row in self._rows if row.cells[place]]
        if len(kept) < len(self._rows):
            self.notes.append(f"left out: {len(self._rows) - len(kept):,} rows in which {name} is blank")
        self._rows = kept
        if not kept:
            self.fault(f"{name} is blank in every row; allowed: at least one that is not")
            self.stop_if_faulty()

    def read(self, name: str, reader: Callable[[str], T]) -> list[T]:
        """Return the cells of a column as a reader reads them; what it refuses is entered as a problem."""
        place = self._names.index(name)
        made: list[T] = []
        for row in self._rows:
            try:
                made.append(reader(row.cells[place]))
            except ValueError as error:
                self.fault(f"{name} {plain_text(row.cells[place], 40)!r} given; allowed: {error}", row.line)
        return made

    def seconds(self, name: str) -> FloatArray:
        """Return a column of durations in seconds."""
        return np.array(self.read(name, seconds))

    def times(self, names: Sequence[str], order: DateOrder | None) -> list[FloatArray]:
        """Return columns of times as seconds after midnight of the first date.

        Times of day without a date run on: where they go back by more than half a day, midnight has passed. All
        problems of the columns are raised at once.
        """
        columns = [self.read(name, moment) for name in names]
        self.stop_if_faulty()
        rows = list(zip(*columns, strict=True))
        dated = {bool(found.date) for row in rows for found in row}
        if len(dated) > 1:
            self.fault("some times have a date and others do not; allowed: all or none")
            self.stop_if_faulty()
        values = self._dated(rows, order) if dated == {True} else _running_on(rows)
        return list(values.T)

    def _dated(self, rows: Sequence[Sequence[Moment]], order: DateOrder | None) -> FloatArray:
        stamps = [Stamp(self.line(at), found.date, int(found.time_s)) for at, row in enumerate(rows) for found in row]
        try:
            order = prove_order(stamps, order)
        except ValueError as error:
            self.fault(str(error).replace("date_order", "--date-order"), stamps[0].line)
            self.stop_if_faulty()
        days = {}
        for stamp in stamps:
            if stamp.date not in days:
                try:
                    days[stamp.date] = calendar_date(stamp.date, order)
                except ValueError as error:
                    self.fault(str(error), stamp.line)
        self.stop_if_faulty()
        first = min(days.values())
        return np.array([[(days[found.date] - first).days * DAY_S + found.time_s for found in row] for row in rows])

    def _lacking(self, needed: Sequence[Sequence[str]], beside: Sequence[str]) -> str:
        wanted = dict.fromkeys(name for names in needed for name in names)
        question = next((said for name in self._names if (said := did_you_mean(name, wanted, 0.75))), "")
        also = f"; allowed beside: {', '.join(beside)}" if beside else ""
        sets = ", or ".join(" and ".join(names) for names in needed)
        return f"the header has {plain_text(', '.join(self._names))}; {question}needed: {sets}{also}"


def _running_on(rows: Sequence[Sequence[Moment]]) -> FloatArray:
    """Return times of day as a clock that runs on through midnight, along each row and from row to row."""
    values = np.array([[found.time_s for found in row] for row in rows])
    along = values.ravel()
    along += np.cumsum(np.diff(along, prepend=along[0]) < -_HALF_DAY_S) * DAY_S
    return along.reshape(values.shape)
