"""Hourly values of the permanent counting stations of BASt (Germany).

Columns as published: ``TKNR;Zst;Land;Strklas;Strnum;Datum;Wotag;Fahrtzw;Stunde`` and, by direction R1 and R2,
each with a quality flag ``K_``: ``KFZ`` all vehicles, ``Lkw`` the lorry group, ``PLZ`` the car group (Pkw,
Lfw, Mot), ``Pkw`` cars, ``Lfw`` vans, ``Mot`` motorcycles, ``PmA`` cars with trailer, ``Bus``, ``LoA``
lorries without trailer, ``Lzg`` lorries with trailer and articulated lorries, ``Sat`` articulated lorries
alone, ``Son`` other. Datum is YYMMDD, Stunde 1 to 24 names the hour by its end. A station counts one, two,
six or nine kinds; columns it does not count are blank.

From descriptions of the format, not from the specification itself: the flags ("-" as counted, "s" estimated,
"u" unusual but true, "a" and "d" not counted) and -1 for a missing value. Whether Lzg holds Sat is taken from
the sums.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Final

from funnelsim.counts.builder import CountFormat, CountsBuilder
from funnelsim.counts.csv_file import CsvFile, Row
from funnelsim.counts.names import TOTAL, DateOrder
from funnelsim.counts.number_format import NumberFormat
from funnelsim.counts.table import Counts, stream_label
from funnelsim.wording import counted, verb

_COLUMNS: Final = ("zst", "datum", "stunde", "kfz_r1")
_DIRECTIONS: Final = ("R1", "R2")
_KINDS: Final = ("KFZ", "Lkw", "PLZ", "Pkw", "Lfw", "Mot", "PmA", "Bus", "LoA", "Lzg", "Sat", "Son")
_NINE: Final = ("Mot", "Pkw", "Lfw", "PmA", "Bus", "LoA", "LmA", "Sat", "Son")
_SIX: Final = ("PLZ", "PmA", "Bus", "LoA", "Lzg", "Son")
_NOT_COUNTED: Final = frozenset("ad")
_KNOWN_FLAGS: Final = {"s": "estimated by the agency", "u": "unusual but true"}
_LAST_HOUR: Final = 24
_ROUNDING: Final = 0.5

CLASS_MAP: Final = {
    "Mot": "car",
    "Pkw": "car",
    "Lfw": "van",  # vans and campers up to 3.5 t
    "PmA": "car",  # car or van with trailer, caravans included
    "Bus": "coach",
    "LoA": "lorry",
    "LmA": "lorry",  # lorry with trailer: Lzg less Sat
    "Sat": "lorry",
    "Lzg": "lorry",
    "Son": "car",  # not classed
    "PLZ": "car",  # the car group at 5+1: cars, vans and motorcycles in one
    "Pkw-Gruppe": "car",  # KFZ less Lkw
    "Lkw-Gruppe": "lorry",  # holds buses too
}
"""The kinds of the Technische Lieferbedingungen für Streckenstationen (TLS): 8+1, 5+1 or 2."""


def read(file: CsvFile, order: DateOrder | None, builder: CountsBuilder) -> Counts:
    """Read hourly values of BASt.

    Each direction is read at the finest level that the station counts in most hours; hours counted at another
    level keep their total only. Totals and groups are used to check the parts and are never added to them.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    if order is not None:
        builder.notes.append("Datum is YYMMDD in this format, so date_order is ignored")
    section = builder.rows_below(file, *_COLUMNS)
    columns = [
        f"{mark}{kind}_{direction}".lower() for mark in ("", "k_") for kind in _KINDS for direction in _DIRECTIONS
    ]
    builder.each_once(section.header, columns)
    hours = _hours(section.rows, section.names, builder)
    builder.raise_problems()
    for (stream, channel), records in hours.items():
        _enter(stream, channel, records, builder)
    builder.notes.append("Stunde 1 to 24 names each hour by its end")
    builder.notes.append("KFZ and the groups Lkw and PLZ are sums of other columns; they are not added to them")
    return builder.build(60)


_Record = tuple[int, dt.date, int, dict[str, float]]
"""A line, its date, the minute at which its hour starts, and what was counted."""


def _hours(rows: tuple[Row, ...], names: list[str], builder: CountsBuilder) -> dict[tuple[str, str], list[_Record]]:
    """Read all hours by station and direction."""
    hours: dict[tuple[str, str], list[_Record]] = {}
    flags: Counter[str] = Counter()
    for row in rows:
        # Published rows end with a semicolon now and then, which makes an empty cell more.
        if len(row.cells) < len(names) or any(row.cells[len(names) :]):
            builder.problem(f"this row has {counted(len(row.cells), 'cell')}, the header has {len(names)}", row.line)
            continue
        cells = dict(zip(names, row.cells, strict=False))
        try:
            date, start = _when(cells["datum"], cells["stunde"])
        except ValueError as error:
            builder.problem(str(error), row.line)
            continue
        for direction in _DIRECTIONS:
            values = _counted(cells, direction, row.line, flags, builder)
            hours.setdefault((cells["zst"], direction), []).append((row.line, date, start, values))
    for flag, times in sorted(flags.items()):
        if flag in _KNOWN_FLAGS:
            builder.notes.append(
                f"{counted(times, 'value')} flagged {flag!r} ({_KNOWN_FLAGS[flag]}) {verb(times, 'is', 'are')} used"
            )
        elif flag in _NOT_COUNTED:
            builder.notes.append(f"{counted(times, 'value')} {verb(times, 'is', 'are')} flagged {flag!r}: not counted")
        else:
            builder.warnings.append(
                f"{counted(times, 'value')} with the unknown flag {flag!r} {verb(times, 'is', 'are')} used"
            )
    return hours


def _when(date: str, hour: str) -> tuple[dt.date, int]:
    """Return the date and the minute at which the hour starts."""
    if not (date.isascii() and date.isdigit() and len(date) == len("YYMMDD")):
        raise ValueError(f"Datum {date[:40]!r} given; allowed: YYMMDD, like 240506")
    if not (hour.isascii() and hour.isdigit() and 1 <= int(hour[:9]) <= _LAST_HOUR):
        raise ValueError(f"Stunde {hour[:40]!r} given; allowed: 1 to 24")
    try:
        day = dt.date(2000 + int(date[:2]), int(date[2:4]), int(date[4:]))
    except ValueError as error:
        raise ValueError(f"Datum {date!r} does not exist") from error
    return day, (int(hour) - 1) * 60


def _counted(
    cells: Mapping[str, str], direction: str, line: int, flags: Counter[str], builder: CountsBuilder
) -> dict[str, float]:
    """Return what one direction counted in one hour; blank, -1 and failed values are absent."""
    values: dict[str, float] = {}
    for kind in _KINDS:
        name = f"{kind}_{direction}"
        text = cells.get(name.lower(), "")
        flag = cells.get(f"k_{name}".lower(), "")
        if not text or text == "-1":
            continue
        if flag not in ("", "-"):
            flags[flag] += 1
        if flag in _NOT_COUNTED:
            continue
        try:
            values[kind] = NumberFormat().read(text)
        except ValueError as error:
            builder.problem(f"{name}: {error}", line)
    return values


def _enter(stream: str, channel: str, records: list[_Record], builder: CountsBuilder) -> None:
    """Enter one direction of one station at the finest level that most of its hours have."""
    present = [record for record in records if record[3]]
    if not present:
        builder.notes.append(f"{stream}, {channel}: nothing counted")
        return
    inclusive = _lorries_hold_articulated(present)
    parts: dict[int, dict[str, float]] = {}
    for split in (_nine, _six, _two):
        found_at = {i: split(record[3], inclusive=inclusive) for i, record in enumerate(present)}
        parts = {i: found for i, found in found_at.items() if found}
        if 2 * len(parts) > len(present):
            break
        parts = {}
    odd = 0
    for i, (line, date, start, values) in enumerate(present):
        found = parts.get(i, {})
        total = values.get("KFZ")
        odd += bool(found) and total is not None and abs(sum(found.values()) - total) > _ROUNDING
        entries = found or ({TOTAL: total} if total is not None else {})
        for kind, vehicles in entries.items():
            builder.add(line, date, start, kind, f"{vehicles:.0f}", stream=stream, channel=channel)
    if odd:
        builder.warnings.append(
            f"{stream_label(stream, channel)}: in {counted(odd, 'hour')} the classes do not add up to KFZ; the classes "
            "are used"
        )


def _lorries_hold_articulated(records: list[_Record]) -> bool:
    """Say whether Lzg holds Sat: whichever sum fits KFZ in more hours."""
    votes = 0
    for _, _, _, values in records:
        if not set(_KINDS) <= set(values):
            continue
        rest = sum(values[kind] for kind in ("Mot", "Pkw", "Lfw", "PmA", "Bus", "LoA", "Lzg", "Son"))
        if values["Sat"]:
            votes += abs(rest - values["KFZ"]) <= abs(rest + values["Sat"] - values["KFZ"]) or -1
    return votes >= 0


def _nine(values: Mapping[str, float], *, inclusive: bool) -> dict[str, float]:
    """Split an hour into nine kinds, or return nothing where one is missing."""
    needed = ("Mot", "Pkw", "Lfw", "PmA", "Bus", "LoA", "Lzg", "Sat", "Son")
    if not set(needed) <= set(values):
        return {}
    trailers = values["Lzg"] - values["Sat"] if inclusive else values["Lzg"]
    if trailers < 0:
        return {}
    return {kind: trailers if kind == "LmA" else values[kind] for kind in _NINE}


def _six(values: Mapping[str, float], *, inclusive: bool) -> dict[str, float]:
    """Split an hour into six kinds, or return nothing where one is missing."""
    if not set(_SIX) <= set(values):
        return {}
    articulated = 0 if inclusive else values.get("Sat", 0)
    return {kind: values[kind] + (articulated if kind == "Lzg" else 0) for kind in _SIX}


def _two(values: Mapping[str, float], *, inclusive: bool) -> dict[str, float]:
    """Split an hour into the car group and the lorry group, or return nothing where one is missing."""
    del inclusive  # the groups are what they are
    if not {"KFZ", "Lkw"} <= set(values) or values["Lkw"] > values["KFZ"]:
        return {}
    return {"Pkw-Gruppe": values["KFZ"] - values["Lkw"], "Lkw-Gruppe": values["Lkw"]}


FORMAT: Final = CountFormat(_COLUMNS, read, CLASS_MAP)
