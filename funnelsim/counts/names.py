"""The names a planner may give for a count file: formats, date orders, classes.

Kept apart from the readers so that the scenario schema can list them without loading a table library.
"""

from typing import Final, Literal

DateOrder = Literal["dmy", "mdy", "ymd"]
"""The order of day, month and year in a written date."""

DATE_ORDERS: Final[tuple[DateOrder, ...]] = ("dmy", "mdy", "ymd")

FORMAT_TITLES: Final[dict[str, str]] = {
    "funnelsim": "the project's own CSV",
    "fhwa-15min": "counter export, 15 min, 13 FHWA classes",
    "volume-15min": "counter export, 15 min, totals by channel",
    "per-vehicle": "counter export, one line a vehicle",
    "junction": "junction count by stream and class",
    "station-hourly": "hourly station export, totals",
    "bast": "BASt hourly values (Germany)",
    "webtris": "National Highways WebTRIS report (England)",
}
"""What each format is, in a few words, in the order in which they are tried."""

FORMATS: Final[tuple[str, ...]] = ("auto", *FORMAT_TITLES)
"""The names a planner may give; "auto" looks at the file's header."""

SCENARIO_CLASSES: Final[tuple[str, ...]] = ("car", "van", "camper", "coach", "lorry", "reefer")
"""The vehicle classes that a scenario has by default."""

TOTAL: Final = "total"
"""The class of vehicles that were counted without a class."""

LEFT_OUT: Final[tuple[str, ...]] = ("", "-")
"""What a class is mapped to when its vehicles are to be left out."""
