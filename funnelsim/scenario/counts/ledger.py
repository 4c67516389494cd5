"""Where a reader enters what it finds: counts, problems, notes and doubts; closed, it becomes `Counts`."""

import datetime as dt
from collections.abc import Iterable
from typing import Final, NamedTuple

import polars as pl

from funnelsim.errors import CountsError, Problem
from funnelsim.scenario.counts import checks
from funnelsim.scenario.counts.cells import Numbers
from funnelsim.scenario.counts.counts import TABLE_SCHEMA, Counts
from funnelsim.scenario.counts.dates import DAY_MIN
from funnelsim.scenario.counts.gaps import find_gaps

_PROBLEMS_NAMED: Final = 20
_INTERVALS_MIN: Final = (60, 30, 15)


class Entry(NamedTuple):
    """One cell of a count file.

    ``vehicles`` is the text of the cell; empty means not counted.
    """

    line: int
    stream: str
    channel: str
    date: dt.date | None
    start_min: int
    kind: str
    vehicles: str


class Ledger:
    """Collects all that a reader finds in one file, so that all problems are told at once.

    Parameters
    ----------
    source
        The file's name.
    format_name
        The name of the format.
    notes
        What is known already, such as how the text was decoded.
    """

    def __init__(self, source: str, format_name: str, notes: Iterable[str] = ()) -> None:
        self.source = source
        self.format = format_name
        self.notes: list[str] = list(notes)
        self.doubts: list[str] = []
        self.problems: list[Problem] = []
        self.entries: list[Entry] = []

    def fault(self, message: str, line: int | None = None) -> None:
        """Enter a problem, at a line of the file or of the file as a whole."""
        where = self.source if line is None else f"{self.source}, line {line}"
        self.problems.append(Problem(where, message))

    def stop_if_faulty(self) -> None:
        """Raise all problems entered so far, if any.

        Raises
        ------
        CountsError
            With the first twenty problems and the number of the others.
        """
        if not self.problems:
            return
        more = len(self.problems) - _PROBLEMS_NAMED
        rest = [Problem(self.source, f"and {more} more problems")] if more > 0 else []
        raise CountsError(self.problems[:_PROBLEMS_NAMED] + rest)

    def close(
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
            Whether a total that is not the sum of its parts is a problem or only a doubt.
        vehicles
            Single passages, for `Counts.vehicles`.

        Raises
        ------
        CountsError
            With all problems of the file.
        """
        self.stop_if_faulty()
        frame = self._frame()
        if frame.is_empty():
            self.fault("the file has a header but no counts; allowed: at least one row with a count")
        self.stop_if_faulty()
        minutes = minutes or self._interval(frame)
        checks.refuse_impossible(frame, minutes, self.fault)
        frame = checks.count_once(frame, self)
        frame = checks.parts_without_totals(frame, self, must_fit=totals_must_fit)
        frame = checks.without_blanks(frame, self)
        if frame.is_empty() and not self.problems:
            self.fault("every count in the file is blank; a blank is 'not counted', so there is nothing to use")
        self.stop_if_faulty()
        checks.doubt_silence(frame, minutes, self)
        gaps, notes, doubts = find_gaps(frame, minutes)
        self.notes.extend(notes)
        self.doubts.extend(doubts)
        table = _tidy(frame, minutes, ends_partial=ends_partial)
        return Counts(self.source, self.format, table, vehicles, tuple(self.notes), tuple(self.doubts), gaps)

    def _frame(self) -> pl.DataFrame:
        """Return the entries with their numbers read; an unreadable number is a problem."""
        numbers = Numbers.of(entry.vehicles for entry in self.entries)
        read: dict[str, float | None] = {"": None}
        for entry in self.entries:
            if entry.vehicles not in read:
                try:
                    read[entry.vehicles] = numbers.read(entry.vehicles)
                except ValueError as error:
                    self.fault(f"{entry.kind}: {error}", entry.line)
        self.stop_if_faulty()
        if note := numbers.note(sorted(text for text in read if text)):
            self.notes.append(note)
        schema = {name: kind for name, kind in TABLE_SCHEMA.items() if name not in ("minutes", "partial")}
        rows = [(*entry[:6], read[entry.vehicles]) for entry in self.entries]
        return pl.DataFrame(rows, schema={"line": pl.Int64(), **schema}, orient="row")

    def _interval(self, frame: pl.DataFrame) -> int:
        """Find the length of an interval from the smallest step between starts."""
        steps = frame.select(_ordinal()).to_series().unique().sort().diff().drop_nulls()
        if steps.is_empty():
            self.fault("one interval only, so its length is unknown; add the line '# minutes: 60' (or 30, 15)")
            self.stop_if_faulty()
        minutes = next((step for step in _INTERVALS_MIN if (steps % step == 0).all()), None)
        if minutes is None or minutes != steps.min():
            step = min(steps.to_list())
            self.fault(
                f"intervals start {step} min apart; allowed: 15, 30 or 60 min, the same all through. If most "
                f"are missing, add the line '# minutes: 60' (or 30, 15)"
            )
            self.stop_if_faulty()
        return minutes or 0


def _ordinal() -> pl.Expr:
    """Minutes since the epoch, or since midnight where there is no date."""
    return pl.col("date").to_physical().fill_null(0).cast(pl.Int64) * DAY_MIN + pl.col("start_min")


def _tidy(frame: pl.DataFrame, minutes: int, *, ends_partial: bool) -> pl.DataFrame:
    """Sort the table and mark the first and last interval where they may be partial."""
    slot = _ordinal()
    partial = (slot == slot.min()) | (slot == slot.max()) if ends_partial else pl.lit(value=False)
    return (
        frame.with_columns(pl.lit(minutes, pl.Int64).alias("minutes"), partial.alias("partial"))
        .select(TABLE_SCHEMA.names())
        .sort("stream", "channel", "date", "start_min", "class", maintain_order=True)
    )
