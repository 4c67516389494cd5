"""From the cells that a reader finds in a count file to the checked `Counts`."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import polars as pl

from funnelsim.counts import checks, repeats
from funnelsim.counts.csv_file import CsvFile, CsvSection, Row, column_name
from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.names import DateOrder
from funnelsim.counts.number_format import NumberFormat
from funnelsim.counts.table import TABLE_SCHEMA, Counts
from funnelsim.counts.table_doubts import doubt_table
from funnelsim.units import DAY_MIN

_INTERVALS_MIN: Final = (60, 30, 15)


@dataclass(frozen=True)
class CountFormat:
    """How one format of count files is recognised and read.

    Parameters
    ----------
    columns
        Columns of its header, for recognition and for error messages.
    read
        Reads a file with these columns: it is given the file, the planner's order of day and month, and a builder to
        fill, and returns what `CountsBuilder.build` returns.
    class_map
        What each class of the file becomes in a scenario, "-" for left out; empty for a format that has totals only
        or the scenario's own classes.
    recognises
        Whether a file has this format; by default, whether one of its first rows names all `columns`.
    """

    columns: tuple[str, ...]
    read: Callable[[CsvFile, DateOrder | None, "CountsBuilder"], Counts]
    class_map: Mapping[str, str]
    recognises: Callable[[CsvFile], bool] | None = None

    def fits(self, file: CsvFile) -> bool:
        """Return whether a file has this format."""
        return self.recognises(file) if self.recognises else file.has_columns(*self.columns)


class _Cell(NamedTuple):
    """One count: ``vehicles`` is the text of its cell; empty means not counted."""

    line: int
    stream: str
    channel: str
    date: dt.date | None
    start_min: int
    kind: str
    vehicles: str
    partial: bool


class CountsBuilder(Diagnostics):
    """Builds the `Counts` of one file from its cells; a reader fills it.

    Parameters
    ----------
    file
        The file that is read.
    format_name
        The name of its format.
    class_map
        As in `CountFormat`.
    """

    def __init__(self, file: CsvFile, format_name: str, class_map: Mapping[str, str]) -> None:
        super().__init__(file.source, file.notes)
        self.format = format_name
        self.class_map = class_map
        self._cells: list[_Cell] = []
        self._repeats = file.repeats
        self._section: CsvSection | None = None
        self._columns: frozenset[str] = frozenset()
        self._twice: set[str] = set()

    def add(
        self,
        line: int,
        date: dt.date | None,
        start_min: int,
        kind: str,
        vehicles: str,
        *,
        stream: str = "",
        channel: str = "",
        partial: bool = False,
    ) -> None:
        """Add one count.

        Parameters
        ----------
        line
            The line of the file.
        date, start_min
            The date, None where the file gives times of day only, and the minutes after midnight at which the
            interval starts.
        kind
            The class in the file's words, or "total".
        vehicles
            The number as it stands in the file; empty means not counted.
        stream, channel
            Site or stream, and direction or channel, where the file names them.
        partial
            Whether the counter may have run for only a part of the interval.
        """
        self._cells.append(_Cell(line, stream, channel, date, start_min, kind, vehicles, partial))

    @property
    def is_empty(self) -> bool:
        """Whether no count has been added yet."""
        return not self._cells

    def section(self, file: CsvFile, *columns: str) -> CsvSection:
        """Return the rows under the header with these columns, all as wide as the header.

        Raises
        ------
        CountsError
            If a row has more or fewer cells than the header.
        """
        section = self.rows_below(file, *columns)
        self.full_rows(section.rows, len(section.header.cells))
        self.raise_problems()
        return section

    def rows_below(self, file: CsvFile, *columns: str) -> CsvSection:
        """Return the rows under the header with these columns, however wide, and remember what the format reads.

        A header that has one of them twice is a problem.

        Raises
        ------
        CountsError
            If the file has no such header.
        """
        self._section = file.section(*columns)
        self._columns = frozenset(columns)
        self.each_once(self._section.header, columns)
        return self._section

    def each_once(self, header: Row, read: Iterable[str]) -> None:
        """Refuse a header that has a column several times of those that a format reads.

        Parameters
        ----------
        header
            The row with the column names.
        read
            The names of the columns that the format reads, normalised by `column_name`.
        """
        times = Counter(column_name(cell) for cell in header.cells)
        for name in dict.fromkeys(read):
            if name and times[name] > 1 and name not in self._twice:
                self._twice.add(name)
                message = f"the column {name!r} is in the header {times[name]} times; allowed: each column once"
                self.problem(message, header.line)

    def _unread(self) -> dict[str, dict[int, str]]:
        """Return the cells of the columns that the format does not read, by line."""
        if self._section is None:
            return {}
        read = self._columns | {column_name(cell.kind) for cell in self._cells}
        return {
            name: {row.line: row.cells[place] for row in self._section.rows if place < len(row.cells)}
            for place, name in enumerate(self._section.names)
            if name and name not in read
        }

    def build(
        self,
        minutes: int | None = None,
        *,
        ends_partial: bool = False,
        totals_must_fit: bool = False,
        vehicles: pl.DataFrame | None = None,
    ) -> Counts:
        """Check everything and make the tidy table.

        Parameters
        ----------
        minutes
            The length of an interval; None finds it from the starts.
        ends_partial
            Whether the counter may have started or stopped within the first or last interval.
        totals_must_fit
            Whether a total that is not the sum of its parts is a problem or only a warning.
        vehicles
            Single passages, for `Counts.vehicles`.

        Raises
        ------
        CountsError
            With all problems of the file.
        """
        self.raise_problems()
        frame = self._frame()
        if frame.is_empty():
            self.problem("the file has a header but no counts; allowed: at least one row with a count")
        self.raise_problems()
        minutes = minutes or self._interval(frame)
        checks.refuse_impossible(frame, minutes, self)
        rows_left_out = self._repeats if vehicles is None else 0  # single vehicles have numbers
        frame = repeats.count_once(frame, self._unread(), rows_left_out, self)
        checks.refuse_sums(frame, self.class_map, self)
        frame = checks.parts_without_totals(frame, self, must_fit=totals_must_fit)
        frame = checks.without_blanks(frame, self)
        if frame.is_empty() and not self.problems:
            self.problem("every count in the file is blank, which means not counted; allowed: at least one number")
        self.raise_problems()
        checks.warn_of_silence(checks.interval_sums(frame), minutes, self)
        gaps = checks.find_gaps(frame, minutes, self)
        checks.warn_of_hours_counted_once(frame, self)
        table = _tidy(frame, minutes, ends_partial=ends_partial)
        doubt_table(checks.interval_sums(table), minutes, self)
        return Counts(
            self.source,
            self.format,
            table,
            self.class_map,
            vehicles,
            tuple(self.notes),
            tuple(self.warnings),
            gaps,
        )

    def _frame(self) -> pl.DataFrame:
        """Return the cells with their numbers read; an unreadable number is a problem."""
        number_format = NumberFormat.of(cell.vehicles for cell in self._cells)
        read: dict[str, float | None] = {"": None}
        for cell in self._cells:
            if cell.vehicles not in read:
                try:
                    read[cell.vehicles] = number_format.read(cell.vehicles)
                except ValueError as error:
                    self.problem(f"{cell.kind}: {error}", cell.line)
        self.raise_problems()
        if note := number_format.note(sorted(text for text in read if text)):
            self.notes.append(note)
        schema = {name: kind for name, kind in TABLE_SCHEMA.items() if name != "minutes"}
        rows = [(*cell[:6], read[cell.vehicles], cell.partial) for cell in self._cells]
        return pl.DataFrame(rows, schema={"line": pl.Int64(), **schema}, orient="row")

    def _interval(self, frame: pl.DataFrame) -> int:
        """Find the length of an interval from the smallest step between starts."""
        steps = frame.select(_minutes_since_epoch()).to_series().unique().sort().diff().drop_nulls()
        if steps.is_empty():
            self.problem("only one interval, so its length is unknown; add the line '# minutes: 60' (or 30, 15)")
            self.raise_problems()
        minutes = next((step for step in _INTERVALS_MIN if (steps % step == 0).all()), None)
        if minutes is None or minutes != steps.min():
            step = min(steps.to_list())
            self.problem(
                f"intervals start {step} min apart; allowed: 15, 30 or 60 min, the same in the whole file. If most "
                f"are missing, add the line '# minutes: 60' (or 30, 15)"
            )
            self.raise_problems()
        return minutes or 0


def _minutes_since_epoch() -> pl.Expr:
    """Minutes since the epoch, or since midnight where there is no date."""
    return pl.col("date").to_physical().fill_null(0).cast(pl.Int64) * DAY_MIN + pl.col("start_min")


def _tidy(frame: pl.DataFrame, minutes: int, *, ends_partial: bool) -> pl.DataFrame:
    """Sort the table and mark the first and last interval where they may be partial."""
    slot = _minutes_since_epoch()
    ends = (slot == slot.min()) | (slot == slot.max())
    partial = pl.col("partial") | ends if ends_partial else pl.col("partial")
    return (
        frame.with_columns(pl.lit(minutes, pl.Int64).alias("minutes"), partial.alias("partial"))
        .select(TABLE_SCHEMA.names())
        .sort("stream", "channel", "date", "start_min", "class", maintain_order=True)
    )
