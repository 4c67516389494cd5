"""From the cells that a reader finds in a count file to the checked `Counts`."""

import datetime as dt
from collections.abc import Iterable
from typing import Final, NamedTuple

import polars as pl

from funnelsim.counts import checks
from funnelsim.counts.cells import Numbers
from funnelsim.counts.counts import TABLE_SCHEMA, Counts
from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.gaps import find_gaps
from funnelsim.units import DAY_MIN

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


class CountsBuilder(Diagnostics):
    """Builds the `Counts` of one file from its cells; a reader fills it.

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
        super().__init__(source, notes)
        self.format = format_name
        self.entries: list[Entry] = []

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
        frame = checks.count_once(frame, self)
        frame = checks.parts_without_totals(frame, self, must_fit=totals_must_fit)
        frame = checks.without_blanks(frame, self)
        if frame.is_empty() and not self.problems:
            self.problem("every count in the file is blank; a blank is 'not counted', so there is nothing to use")
        self.raise_problems()
        checks.warn_of_silence(frame, minutes, self)
        gaps, notes, warnings = find_gaps(frame, minutes)
        self.notes.extend(notes)
        self.warnings.extend(warnings)
        table = _tidy(frame, minutes, ends_partial=ends_partial)
        return Counts(self.source, self.format, table, vehicles, tuple(self.notes), tuple(self.warnings), gaps)

    def _frame(self) -> pl.DataFrame:
        """Return the entries with their numbers read; an unreadable number is a problem."""
        numbers = Numbers.of(entry.vehicles for entry in self.entries)
        read: dict[str, float | None] = {"": None}
        for entry in self.entries:
            if entry.vehicles not in read:
                try:
                    read[entry.vehicles] = numbers.read(entry.vehicles)
                except ValueError as error:
                    self.problem(f"{entry.kind}: {error}", entry.line)
        self.raise_problems()
        if note := numbers.note(sorted(text for text in read if text)):
            self.notes.append(note)
        schema = {name: kind for name, kind in TABLE_SCHEMA.items() if name not in ("minutes", "partial")}
        rows = [(*entry[:6], read[entry.vehicles]) for entry in self.entries]
        return pl.DataFrame(rows, schema={"line": pl.Int64(), **schema}, orient="row")

    def _interval(self, frame: pl.DataFrame) -> int:
        """Find the length of an interval from the smallest step between starts."""
        steps = frame.select(_ordinal()).to_series().unique().sort().diff().drop_nulls()
        if steps.is_empty():
            self.problem("one interval only, so its length is unknown; add the line '# minutes: 60' (or 30, 15)")
            self.raise_problems()
        minutes = next((step for step in _INTERVALS_MIN if (steps % step == 0).all()), None)
        if minutes is None or minutes != steps.min():
            step = min(steps.to_list())
            self.problem(
                f"intervals start {step} min apart; allowed: 15, 30 or 60 min, the same all through. If most "
                f"are missing, add the line '# minutes: 60' (or 30, 15)"
            )
            self.raise_problems()
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
