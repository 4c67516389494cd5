"""Golden River VBV-1: a line a vehicle, in columns that a line ``* HEAD`` names above their right ends.

::

    * HEAD DDMMYY HHMM SS HH RESCOD  L D HEAD  GAP SPD LENTH    CS CH
    012652 310121 0001 04 40 000000  2 1  0.0  0.0  73   427     3  L

The vehicle's number, date, time to a hundredth of a second, lane (L), direction (D), speed (SPD), class (CS).
"""

import datetime as dt
import re
from typing import Final

from funnelsim.counts.builder import CountFormat, CountsBuilder
from funnelsim.counts.csv_file import CsvFile
from funnelsim.counts.golden_river import (
    SWISS10,
    Recording,
    is_recording,
    line_text,
    read_recording,
    say_where_it_ends,
)
from funnelsim.counts.names import DateOrder
from funnelsim.counts.table import Counts
from funnelsim.counts.vehicle_list import (
    KMH_PER_MPH,
    Passage,
    Recorded,
    build_from_passages,
    each_vehicle_once,
    read_speed_kmh,
)
from funnelsim.wording import counted, verb

_NUMBER: Final = 7  # columns of the vehicle's number and the blank behind it, above which "* HEAD " stands
_DATES: Final = ("DDMMYY", "MMDDYY", "YYMMDD")
_NEEDED: Final = ("HHMM", "SS", "L", "CS")
_NOT_CLASSED: Final = "0"
_SILENCE: Final = dt.timedelta(hours=2)

Columns = dict[str, slice]


def read(file: CsvFile, order: DateOrder | None, builder: CountsBuilder) -> Counts:
    """Read a recording with a line a vehicle.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    if order is not None:
        builder.notes.append("the file says its order of day and month (DATEFORM), so date_order is ignored")
    recording = read_recording(file, builder)
    columns = _columns(recording.heads[0] if recording.heads else "")
    missing = [name for name in _NEEDED if name not in columns]
    if missing or not any(name in columns for name in _DATES):
        builder.problem(f"no line * HEAD with the columns DDMMYY, {', '.join(_NEEDED)}")
    builder.raise_problems()
    passages = _passages(recording, columns, builder)
    builder.raise_problems()
    if passages:
        last = max((passage.date, passage.seconds) for passage in passages)
        end = dt.datetime.fromisoformat(last[0]) + dt.timedelta(seconds=last[1])
        say_where_it_ends(recording, end, _SILENCE, builder)
    recorded = Recorded(recording.start, None if recording.lines_missing else recording.stop)
    return build_from_passages(passages, None, builder, stream=recording.said.get("SITE", ""), recorded=recorded)


def _columns(head: str) -> Columns:
    """Return the place of each column of a record: up to the end of its name, from the end of the one before."""
    ends = [(match[0], match.end() + _NUMBER) for match in re.finditer(r"\S+", head)]
    starts = [_NUMBER, *(end for _, end in ends)]
    columns: Columns = {}
    for start, (name, end) in zip(starts, ends, strict=False):
        columns.setdefault(name, slice(start, end))
    return columns


def _passages(recording: Recording, columns: Columns, builder: CountsBuilder) -> list[Passage]:
    """Read the vehicles, in the file's order."""
    date_name = next(name for name in _DATES if name in columns)
    form = "".join(f"%{letter}" for letter in date_name[::2].lower())
    mph = recording.said.get("PRUNITS", "").upper().startswith("MPH")
    passages: list[Passage] = []
    faults = 0

    def vehicle_number(line: str) -> str:
        return line[: _NUMBER - 1].strip()

    for row in each_vehicle_once(recording.records, lambda row: vehicle_number(line_text(row)), builder):
        line = line_text(row)
        cell = {name: line[place].strip() for name, place in columns.items()}
        faults += bool(cell.get("RESCOD", "").strip("0"))
        try:
            day, seconds = _day(cell[date_name], form, date_name), _seconds(cell)
            lane, kind = _number(cell["L"], "lane"), _number(cell["CS"] or _NOT_CLASSED, "class")
            speed = read_speed_kmh(cell.get("SPD", ""), KMH_PER_MPH if mph else 1.0)
            passages.append(Passage(row.line, day, seconds, lane, kind, speed))
        except ValueError as error:
            cut = "; is the line cut off?" if len(line) < columns["CS"].stop else ""
            builder.problem(f"{error}{cut}", row.line)
    if faults:
        builder.warnings.append(
            f"{counted(faults, 'vehicle')} {verb(faults, 'has', 'have')} a fault code of the counter (RESCOD), "
            "and are counted"
        )
    return passages


def _number(text: str, name: str) -> str:
    if not re.fullmatch(r"[0-9]+", text):
        raise ValueError(f"{name} {text!r} given; allowed: a number")
    return str(int(text))


def _day(text: str, form: str, name: str) -> str:
    try:
        return dt.datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007  (counters keep local time)
    except ValueError as error:
        raise ValueError(f"date {text!r} given; allowed: {name}, like {dt.date(2021, 1, 31).strftime(form)}") from error


def _seconds(cell: dict[str, str]) -> float:
    """Return the seconds after midnight of a record."""
    text = cell["HHMM"] + cell["SS"] + cell.get("HH", "")
    if not re.fullmatch(r"([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]([0-9]{2})?", text):
        raise ValueError(f"time {cell['HHMM']} {cell['SS']} given; allowed: HHMM SS, like 0001 04")
    hours, minutes, seconds, hundredths = int(text[:2]), int(text[2:4]), int(text[4:6]), int(text[6:] or 0)
    return hours * 3600 + minutes * 60 + seconds + hundredths / 100


FORMAT: Final = CountFormat(("* FORMAT = VBV-1",), read, SWISS10, lambda file: is_recording(file, "VBV-1"))
