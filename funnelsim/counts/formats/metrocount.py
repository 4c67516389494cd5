"""MetroCount lists of single vehicles: a few lines about the site, a heading, and a line a vehicle.

Two kinds of list are known: the report "Individual Vehicles" and a custom list, in any order of columns::

    Scheme:  Vehicle classification (ARX)
    Units:   Metric (metre, kilometre, m/s, km/h, kg, tonne)

              Date-Time Speed Dir  Span   Hdwy    Gap    Ax Gp  Rho       Nm Cl Vehicle Pic
    2024-06-03 07:00:04  47.2   0   2.6    5.1    5.0     2  1 1.00      162  2 oo

The columns are those of the heading: the time is two words, the vehicle's picture the rest of the line. What the
classes mean depends on the scheme that the list names.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from funnelsim.counts.builder import CountFormat, CountsBuilder
from funnelsim.counts.csv_file import CsvFile, Row
from funnelsim.counts.dates import clock
from funnelsim.counts.formats.tmg import CLASS_MAP as FHWA
from funnelsim.counts.names import TOTAL, DateOrder
from funnelsim.counts.table import Counts
from funnelsim.counts.vehicle_list import KMH_PER_MPH, Passage, build_from_passages, each_vehicle_once, read_speed_kmh
from funnelsim.wording import counted, verb

_TIME: Final = "time"
_NAME: Final = re.compile(r"YYYY-MM-DD\s+hh:mm:ss|Date[- ]Time|Axle\s+Num|Vehicle\s+Pic|\S+", re.IGNORECASE)
_TIME_NAMES: Final = re.compile(r"YYYY-MM-DD\s+hh:mm:ss|Date[- ]Time", re.IGNORECASE)
_CLASS_NAMES: Final = frozenset(("cl", "class"))
_DIRECTION_NAMES: Final = frozenset(("dr", "dir"))
_SPEED: Final = "speed"
_HEADER_LINES: Final = 100
_VEHICLE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\s+[0-9]{1,2}:[0-9]{2}:[0-9]{2}")
_IN_PROFILE: Final = re.compile(r"In profile:[\s,]*Vehicles\s*=\s*([0-9]{1,12})\b")
_HEADING: Final = "a heading with the date and time (YYYY-MM-DD hh:mm:ss or Date-Time), Dr or Dir, and Cl"

ARX: Final = {
    "1": "car",  # motorcycle
    "2": "car",
    "3": "car",  # with trailer
    **{str(number): "lorry" for number in range(4, 13)},  # two-axle buses are class 4 too
}
"""The classes of ARX (Australia)."""

AUSTROADS94: Final = {
    "1": "car",
    "2": "car",  # with trailer
    **{str(number): "lorry" for number in range(3, 13)},  # two-axle buses are class 3 too
}
"""The classes of AustRoads94."""

SCHEMES: Final[Mapping[str, Mapping[str, str]]] = {"arx": ARX, "austroads94": AUSTROADS94, "fhwa": FHWA}
UNKNOWN_SCHEME: Final = {TOTAL: TOTAL}
"""The class map of a scheme that is not known: every class is asked for."""


def read(file: CsvFile, order: DateOrder | None, builder: CountsBuilder) -> Counts:
    """Read a list of vehicles.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    place, names = _heading(file) or (0, [])
    above = [_text(row) for row in file.rows[:place]]
    scheme = _said(above, "Scheme")
    title = (re.findall(r"\(([^()]*)\)", scheme) or [scheme])[-1].strip()
    builder.class_map = _class_map(title)
    units = _said(above, "Units")
    builder.notes.append(f"scheme of the classes: {title or 'not said'}; unit of speeds: {_unit(units)}")
    site = (re.findall(r"\[([^\[\]]*)\]", _said(above, "Site")) or [""])[0]
    said = next((match for row in file.rows if (match := _IN_PROFILE.match(_text(row)))), None)
    passages = _passages(file.rows[place + 1 :], names, 1.0 if _unit(units) == "km/h" else KMH_PER_MPH, builder)
    builder.raise_problems()
    if said is not None and int(said[1]) != len(passages):
        builder.warnings.append(
            f"the list says that it holds {counted(int(said[1]), 'vehicle')}, but {len(passages):,} are there"
        )
    return build_from_passages(passages, order, builder, stream=site)


def _text(row: Row) -> str:
    return ",".join(row.cells)


def _said(lines: list[str], key: str) -> str:
    """Return what the first line ``Key: value`` says."""
    return next((match[1] for line in lines if (match := re.match(rf"{key}\s*:[\s,]*(.*)", line))), "")


def _unit(units: str) -> str:
    """Return the unit of speeds that the list names, km/h where it names none."""
    return "mph" if "mph" in units.lower() and "km/h" not in units.lower() else "km/h"


def _class_map(scheme: str) -> Mapping[str, str]:
    name = scheme.lower().replace(" ", "")
    return next((found for start, found in SCHEMES.items() if name == start), UNKNOWN_SCHEME)


def _heading(file: CsvFile) -> tuple[int, list[str]] | None:
    """Return the place of the heading, and its names in lower case; the time is called ``time``."""
    for place, row in enumerate(file.rows[:_HEADER_LINES]):
        names = [
            _TIME if _TIME_NAMES.fullmatch(name) else " ".join(name.lower().split())
            for name in _NAME.findall(_text(row))
        ]
        if _TIME in names and _CLASS_NAMES & set(names) and _DIRECTION_NAMES & set(names):
            return place, names
    return None


def _passages(rows: tuple[Row, ...], names: list[str], kmh_per_unit: float, builder: CountsBuilder) -> list[Passage]:
    """Read the lines that begin with a digit, each a vehicle."""
    before = names.index(_TIME)
    at = {name: place + (place > before) for place, name in enumerate(names)}  # the time is two words
    direction = at[next(name for name in names if name in _DIRECTION_NAMES)]
    kind = at[next(name for name in names if name in _CLASS_NAMES)]
    speed = at.get(_SPEED)
    needed = max(direction, kind, speed or 0)
    vehicles = [row for row in rows if _text(row)[:1].isdigit()]  # headings of pages and summaries begin with words
    _warn_of_others(rows, vehicles, builder)
    passages: list[Passage] = []
    for row in each_vehicle_once(vehicles, _text, builder):
        words = _text(row).split()
        if len(words) <= needed or not _VEHICLE.fullmatch(" ".join(words[before : before + 2])):
            builder.problem(f"{_text(row)[:40]!r} has not the columns of the heading; is the line cut off?", row.line)
            continue
        try:
            speed_kmh = None if speed is None else read_speed_kmh(words[speed].strip("-"), kmh_per_unit)
            day, time = words[before], clock(words[before + 1])
            passages.append(Passage(row.line, day, time, words[direction], _class(words[kind]), speed_kmh))
        except ValueError as error:
            builder.problem(str(error), row.line)
    return passages


def _warn_of_others(rows: Sequence[Row], vehicles: Sequence[Row], builder: CountsBuilder) -> None:
    """Name the lines among the vehicles that hold none."""
    if not vehicles:
        return
    lines = {row.line for row in vehicles}
    others = [row for row in rows if min(lines) < row.line < max(lines) and row.line not in lines]
    if others:
        builder.warnings.append(
            f"{counted(len(others), 'line')} among the vehicles {verb(len(others), 'holds', 'hold')} none (line "
            f"{others[0].line}: {_text(others[0])[:40]!r})"
        )


def _class(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,3}", text):
        raise ValueError(f"class {text[:20]!r} given; allowed: a number")
    return str(int(text))


FORMAT: Final = CountFormat((_HEADING,), read, {}, lambda file: _heading(file) is not None)
