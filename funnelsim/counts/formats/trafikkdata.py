"""Hourly exports of Trafikkdata (Statens vegvesen, Norway): rows by lane, direction and in total, columns by length.

Columns as exported: ``Trafikkregistreringspunkt`` and ``Navn`` of the point, ``Fra`` and ``Til`` of the hour with their
offsets from UTC, ``Felt`` (a lane's number, "Totalt i retning NAME" or "Totalt"), ``Trafikkmengde``, ``Dekningsgrad
(%)``, how much of the hour was counted, ``Ikke gyldig lengde``, vehicles without a length, and the lengths from ``<
5,6m`` to ``>= 24,0m``, of which ``>= 5,6m`` and ``>= 16,0m`` are sums of others. "-" is no data.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from funnelsim.counts.builder import CountFormat, CountsBuilder
from funnelsim.counts.csv_file import CsvFile
from funnelsim.counts.dates import clock_text, dated_starts
from funnelsim.counts.names import TOTAL, DateOrder
from funnelsim.counts.number_format import NumberFormat
from funnelsim.counts.table import Counts
from funnelsim.wording import counted, joined, verb

_COLUMNS: Final = ("trafikkregistreringspunkt", "fra", "felt", "trafikkmengde", "fra tidspunkt")
_COVERAGE: Final = "dekningsgrad (%)"
_WHOLE: Final = 95.0
"""The agency leaves out of its averages what was counted for less of the time, in %."""

_NOT_MEASURED: Final = "ikke gyldig lengde"
_SUMS: Final = (">= 5,6m", ">= 16,0m")
_NO_DATA: Final = "-"
_TOTAL_ROW: Final = "totalt"
_DIRECTION_ROW: Final = "totalt i retning "
_NAMED: Final = 3
_LEVELS: Final = ("directions", "lanes", "totals")

CLASS_MAP: Final = {
    "< 5,6m": "car",
    "5,6m - 7,6m": "van",
    "7,6m - 12,5m": "lorry",
    "12,5m - 16,0m": "lorry",  # most coaches too
    "16,0m - 24,0m": "lorry",
    ">= 24,0m": "lorry",
    _NOT_MEASURED: "car",
}
"""A length is no class: Norway calls vehicles from 5.6 m on heavy, vans and campers of this length included."""


class _Row(NamedTuple):
    line: int
    point: str
    level: str
    channel: str
    cells: dict[str, str]


def read(file: CsvFile, order: DateOrder | None, builder: CountsBuilder) -> Counts:
    """Read an hourly export: the directions, which lanes and totals repeat; the lanes or totals where it has no others.

    Raises
    ------
    CountsError
        With all problems of the file.
    """
    section = builder.section(file, *_COLUMNS)
    builder.each_once(section.header, [*CLASS_MAP, *_SUMS, _COVERAGE])
    rows = [_row(row.line, dict(zip(section.names, row.cells, strict=True))) for row in section.rows]
    level = next((level for level in _LEVELS if any(row.level == level for row in rows)), _LEVELS[0])
    starts = dated_starts([(row.line, row.cells["fra"]) for row in rows], order, builder) if rows else []
    _check_sums(rows, builder)
    uncovered: list[str] = []
    for row, (date, start) in zip(rows, starts, strict=True):
        if row.level != level:
            continue
        partial = _is_partial(row, builder)
        if partial:
            uncovered.append(f"{date} {clock_text(start)}")
        for kind, vehicles in _counts(row.cells).items():
            builder.add(row.line, date, start, kind, vehicles, stream=row.point, channel=row.channel, partial=partial)
    _say(rows, level, uncovered, builder)
    return builder.build(60)


def _row(line: int, cells: dict[str, str]) -> _Row:
    """Return a row with its point, and whether it is of a lane, a direction or all."""
    point = " ".join(cells[name] for name in ("trafikkregistreringspunkt", "navn") if cells.get(name))
    lane = cells["felt"]
    if lane.lower().startswith(_DIRECTION_ROW):
        return _Row(line, point, "directions", lane[len(_DIRECTION_ROW) :], cells)
    if lane.lower() == _TOTAL_ROW:
        return _Row(line, point, "totals", "", cells)
    return _Row(line, point, "lanes", f"lane {lane}", cells)


def _counts(cells: dict[str, str]) -> dict[str, str]:
    """Return the text of each class and of the total; without any length the unmeasured vehicles are no class."""
    found = {kind: _text(cells[kind]) for kind in CLASS_MAP if kind in cells}
    if not any(text for kind, text in found.items() if kind != _NOT_MEASURED):
        found = dict.fromkeys(found, "")
    return found | {TOTAL: _text(cells["trafikkmengde"])}


def _text(cell: str) -> str:
    return "" if cell == _NO_DATA else cell


def _check_sums(rows: Sequence[_Row], builder: CountsBuilder) -> None:
    """Warn where the lanes or directions of an hour do not add up to its total."""
    sums: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    blank: set[tuple[str, str]] = set()
    numbers = NumberFormat.of(row.cells["trafikkmengde"] for row in rows)
    for row in rows:
        hour = row.point, row.cells["fra"]
        try:
            sums[hour][row.level] += numbers.read(row.cells["trafikkmengde"])
        except ValueError:  # no data; anything else is refused where it is entered
            blank.add(hour)
    wrong = [hour for hour, levels in sums.items() if hour not in blank and len(set(levels.values())) > 1]
    if wrong:
        place = ", ".join(wrong[0])
        words = ", ".join(f"{level} {vehicles:,.0f}" for level, vehicles in sums[wrong[0]].items())
        builder.warnings.append(
            f"in {counted(len(wrong), 'hour')} lanes, directions and total differ ({place}: {words})"
        )


def _is_partial(row: _Row, builder: CountsBuilder) -> bool:
    """Say whether less of an hour was counted than the agency takes as whole."""
    text = row.cells.get(_COVERAGE, "")
    if text in ("", _NO_DATA):
        return False
    try:
        return NumberFormat(decimal=frozenset(".,")).read(text) < _WHOLE
    except ValueError:
        builder.problem(f"Dekningsgrad {text[:40]!r} given; allowed: 0 to 100 (%)", row.line)
        return False


def _say(rows: Sequence[_Row], level: str, uncovered: Sequence[str], builder: CountsBuilder) -> None:
    others = [other for other in _LEVELS if other != level and any(row.level == other for row in rows)]
    if others:
        builder.notes.append(f"the rows of {joined(others)} count the same vehicles as the {level}, and are left out")
    if uncovered:
        named = ", ".join(list(dict.fromkeys(uncovered))[:_NAMED])
        number = len(uncovered)
        builder.warnings.append(
            f"{counted(number, 'row')} {verb(number, 'was', 'were')} counted for less than {_WHOLE:.0f} % of the hour "
            f"({named}{', …' if len(set(uncovered)) > _NAMED else ''}): left out of averages"
        )


FORMAT: Final = CountFormat(_COLUMNS, read, CLASS_MAP)
