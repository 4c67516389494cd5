"""Golden River INT-2: intervals in which a counter has sorted the same vehicles by length, class and speed.

::

    * INTSPEC = LEN + CLS + SPD
    * HEAD HHMM C       LN 1 LN 2 LN 3 LN 4
    270317 1100 1 00 01 0003 0109 0008 0002

A record is the date, the end of the interval (2400 is midnight), the channel, a fault code, the number of the
specification in ``INTSPEC`` and its bins. The specifications are views of the same vehicles: one of them is counted,
and the others check it.
"""

import datetime as dt
import re
from collections import defaultdict
from typing import Final, NamedTuple

from funnelsim.counts.builder import CountFormat, CountsBuilder
from funnelsim.counts.csv_file import CsvFile, Row
from funnelsim.counts.golden_river import (
    SWISS10,
    Recording,
    is_recording,
    line_text,
    read_recording,
    say_where_it_ends,
)
from funnelsim.counts.names import TOTAL, DateOrder
from funnelsim.counts.table import Counts
from funnelsim.wording import counted, joined, verb

_VIEWS: Final = {"CLS": "classes", "LEN": "lengths", "SPD": "speeds", "CNT": "counts"}
"""Specifications of which each bin counts vehicles, the one to be used first."""

_LEADING: Final = 5
_MINUTES: Final = (15, 30, 60)


class _Record(NamedTuple):
    line: int
    start: dt.datetime
    channel: str
    view: str
    bins: list[int]
    fault: bool


def read(file: CsvFile, order: DateOrder | None, builder: CountsBuilder) -> Counts:
    """Read a recording of intervals: the classes, or the sum of another view where it has none.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    if order is not None:
        builder.notes.append("the file says its order of day and month (DATEFORM), so date_order is ignored")
    recording = read_recording(file, builder)
    minutes = _minutes(recording, builder)
    views = [code.strip() for code in recording.said.get("INTSPEC", "").split("+")]
    used = next((code for code in _VIEWS if code in views), None)
    if used is None:
        given = recording.said.get("INTSPEC", "nothing")
        builder.problem(f"INTSPEC = {given} given; allowed: one with {joined(list(_VIEWS), 'or')}")
    builder.raise_problems()
    records = _records(recording, views, minutes, builder)
    builder.raise_problems()
    _compare(records, str(used), builder)
    length = dt.timedelta(minutes=minutes)
    for record in records:
        if record.view == used:
            partial = _partial(record.start, record.start + length, recording)
            kinds = enumerate(record.bins, 1) if used == "CLS" else [(TOTAL, sum(record.bins))]
            for kind, vehicles in kinds:
                builder.add(
                    record.line,
                    record.start.date(),
                    record.start.hour * 60 + record.start.minute,
                    str(kind),
                    str(vehicles),
                    stream=recording.said.get("SITE", ""),
                    channel=record.channel,
                    partial=partial,
                )
    _say(records, recording, views, str(used), length, builder)
    return builder.build(minutes)


def _minutes(recording: Recording, builder: CountsBuilder) -> int:
    text = recording.said.get("INTERVAL", "")
    if text not in map(str, _MINUTES):
        builder.problem(f"INTERVAL = {text or 'nothing'} given; allowed: 15, 30 or 60 (min)")
        builder.raise_problems()
    return int(text)


def _records(recording: Recording, views: list[str], minutes: int, builder: CountsBuilder) -> list[_Record]:
    """Read the records; one with more or fewer bins than its heading is a problem."""
    widths = [len(re.findall(r"[A-Z]{2} ?[0-9]+", head)) for head in recording.heads]
    records: list[_Record] = []
    for row in recording.records:
        try:
            records.append(_record(row, views, widths, dt.timedelta(minutes=minutes), recording.date_format))
        except ValueError as error:
            builder.problem(str(error), row.line)
    return records


def _record(row: Row, views: list[str], widths: list[int], length: dt.timedelta, form: str) -> _Record:
    fields = line_text(row).split()
    if len(fields) <= _LEADING or not re.fullmatch(r"[0-9\s]+", line_text(row), re.ASCII):
        raise ValueError(f"{line_text(row)[:40]!r} is no record; allowed: date, time, channel, code, view and numbers")
    date, time, channel, code, view, *bins = fields
    number = int(view) - 1
    if not 0 <= number < len(views):
        raise ValueError(f"specification {view} given; allowed: 1 to {len(views)} (INTSPEC)")
    if number < len(widths) and widths[number] and len(bins) != widths[number]:
        raise ValueError(f"{counted(len(bins), 'number')} given; allowed: {widths[number]}, as in its line * HEAD")
    if not re.fullmatch(r"([01][0-9]|2[0-3])[0-5][0-9]|2400", time):
        raise ValueError(f"time {time!r} given; allowed: 0000 to 2400")
    try:
        day = dt.datetime.strptime(date, form)  # noqa: DTZ007  (counters keep local time)
    except ValueError as error:
        raise ValueError(f"date {date!r} given; allowed: six digits in the order of DATEFORM") from error
    end = day + dt.timedelta(hours=int(time[:2]), minutes=int(time[2:]))
    return _Record(row.line, end - length, channel, views[number], list(map(int, bins)), bool(code.strip("0")))


def _compare(records: list[_Record], used: str, builder: CountsBuilder) -> None:
    """Warn where two views of the same interval count different numbers of vehicles."""
    sums: dict[tuple[dt.datetime, str], dict[str, int]] = defaultdict(dict)
    lines: dict[tuple[dt.datetime, str], int] = {}
    for record in records:
        if record.view in _VIEWS:
            key = record.start, record.channel
            sums[key][record.view] = sum(record.bins)
            lines[key] = record.line
    differ = [key for key, views in sums.items() if len(set(views.values())) > 1]
    if differ:
        first = differ[0]
        words = ", ".join(f"{_VIEWS[view]} {vehicles:,}" for view, vehicles in sums[first].items())
        builder.warnings.append(
            f"in {counted(len(differ), 'interval')} the views of the same vehicles differ (line {lines[first]}: "
            f"{words}); the {_VIEWS[used]} are used"
        )


def _partial(start: dt.datetime, end: dt.datetime, recording: Recording) -> bool:
    """Say whether the counter started or stopped within an interval."""
    return any(time is not None and start < time < end for time in (recording.start, recording.stop))


def _say(
    records: list[_Record],
    recording: Recording,
    views: list[str],
    used: str,
    length: dt.timedelta,
    builder: CountsBuilder,
) -> None:
    """Say how the file was read, and what is partial or missing."""
    builder.notes.append("times are the end of each interval")
    if len(views) > 1:
        others = joined([_VIEWS.get(view, view) for view in views if view != used])
        builder.notes.append(f"the {others} are other views of the same vehicles as the {_VIEWS[used]}, and not added")
    if faults := sum(record.fault and record.view == used for record in records):
        builder.warnings.append(
            f"{counted(faults, 'record')} {verb(faults, 'has', 'have')} a fault code of the counter, and "
            f"{verb(faults, 'is', 'are')} counted"
        )
    if not records:
        return
    first, last = min(record.start for record in records), max(record.start for record in records) + length
    if recording.start is not None and first < recording.start < first + length:
        minutes = (first + length - recording.start).total_seconds() / 60
        builder.warnings.append(
            f"the counter started at {recording.start:%H:%M} (STARTREC), so the first interval, from {first:%H:%M}, "
            f"holds {minutes:.0f} min"
        )
    say_where_it_ends(recording, last, length, builder)


FORMAT: Final = CountFormat(("* FORMAT = INT-2",), read, SWISS10, lambda file: is_recording(file, "INT-2"))
