"""Files of daily averages: recognised, described and refused, because a day's total is no profile.

A funnel meets the traffic of an hour. Spreading an average day over the hours is the planner's decision, not
the reader's.
"""

from collections.abc import Callable
from typing import Final

from funnelsim.counts.csv_file import CsvFile
from funnelsim.counts.number_format import NumberFormat

_INSTEAD: Final = (
    "A scenario needs counts by hour: ask the agency for the hourly values of this station, or write a "
    "CSV of your own with a start and a total for each hour"
)


def refusal(file: CsvFile) -> str | None:
    """Say what a file of daily averages is, and what to do instead; None where it is no such file."""
    for mark, describe in _KINDS.items():
        for index, row in enumerate(file.rows[:5]):
            position = next(
                (i for i, cell in enumerate(row.cells) if any(word.startswith(mark) for word in cell.split())),
                None,
            )
            if position is not None:
                records = [later.cells for later in file.rows[index + 1 :] if len(later.cells) == len(row.cells)]
                example = describe(row.cells, records, position) if records else ""
                return f"this is a file of average vehicles per day{example}. {_INSTEAD}"
    return None


def _slovenia(header: tuple[str, ...], records: list[tuple[str, ...]], at: int) -> str:
    """Averages by class; the dot parts thousands and small numbers have none."""
    # A daily average of vehicles is a whole number, so a dot before three digits can only part thousands.
    numbers = NumberFormat(thousands=frozenset("."))
    name = records[0][header.index("Prometni odsek")] if "Prometni odsek" in header else "the first row"
    try:
        total = f", {numbers.read(records[0][at]):,.0f} on {name!r} (dots are thousands marks)"
    except ValueError:
        total = ""
    return f" by class (PLDP, Slovenia): {len(records)} road sections{total}, not by hour"


def _vienna(header: tuple[str, ...], records: list[tuple[str, ...]], at: int) -> str:
    """Averages by day type; three rows a station, of which one is the sum of two directions."""
    stations = {record[header.index("ZNR")] for record in records} if "ZNR" in header else set()
    return (
        f" by day of the week (Vienna): {len(stations)} stations, Monday to Friday {records[0][at]} in the "
        f"first row, by month, direction (Gesamt is both) and kind (LkwÄ is a part of Kfz), not by hour"
    )


def _bordeaux(_: tuple[str, ...], records: list[tuple[str, ...]], at: int) -> str:
    """Averages with two peak hours."""
    return (
        f" with the morning and the evening peak hour (Bordeaux): {len(records)} counting points, "
        f"{records[0][at]} in the first row; two peak hours are not a profile of the day"
    )


def _unnamed(_: tuple[str, ...], records: list[tuple[str, ...]], at: int) -> str:
    del at
    return f": {len(records)} rows, not by hour"


_KINDS: Final[dict[str, Callable[[tuple[str, ...], list[tuple[str, ...]], int], str]]] = {
    "(PLDP)": _slovenia,
    "DTVMF": _vienna,
    "MJO_VAL": _bordeaux,
    "AADT": _unnamed,
    "DTV": _unnamed,
}
