"""The names a planner may give for a count file: formats, date orders, classes.

They stand apart from the readers so that the scenario schema can list them without loading a table library.
"""

from typing import Final, Literal, NamedTuple

DateOrder = Literal["dmy", "mdy", "ymd"]
"""The order of day, month and year in a written date."""

DATE_ORDERS: Final[tuple[DateOrder, ...]] = ("dmy", "mdy", "ymd")


class FormatEntry(NamedTuple):
    """What a format is, in a few words, and where its `CountFormat` is defined: ``module:NAME`` in ``formats/``."""

    title: str
    definition: str


FORMAT_ENTRIES: Final[dict[str, FormatEntry]] = {
    "funnelsim": FormatEntry("the project's own CSV", "own:FORMAT"),
    "fhwa-15min": FormatEntry("counter export, 15 min, 13 FHWA classes", "portable_counter:BY_CLASS"),
    "volume-15min": FormatEntry("counter export, 15 min, totals by channel", "portable_counter:BY_CHANNEL"),
    "per-vehicle": FormatEntry("counter export, one line per vehicle", "per_vehicle:FORMAT"),
    "junction": FormatEntry("junction count by stream and class", "junction:FORMAT"),
    "station-hourly": FormatEntry("hourly station export, totals", "station_hourly:FORMAT"),
    "bast": FormatEntry("BASt hourly values (Germany)", "bast:FORMAT"),
    "vbv-1": FormatEntry("Golden River VBV-1, one line per vehicle", "golden_river_vehicles:FORMAT"),
    "int-2": FormatEntry("Golden River INT-2, intervals", "golden_river_intervals:FORMAT"),
    "metrocount": FormatEntry("MetroCount list, one line per vehicle", "metrocount:FORMAT"),
    "trafikkdata": FormatEntry("Trafikkdata hourly export (Norway)", "trafikkdata:FORMAT"),
    "tmg-volume": FormatEntry("FHWA Traffic Monitoring Guide, hourly volumes (.VOL)", "tmg:VOLUMES"),
    "tmg-class": FormatEntry("FHWA Traffic Monitoring Guide, hourly classes (.CLA)", "tmg:CLASSES"),
    "webtris": FormatEntry("National Highways WebTRIS report (England)", "webtris:FORMAT"),
}
"""All formats, in the order in which they are tried. A format's module is loaded when it is needed."""

FORMATS: Final[tuple[str, ...]] = ("auto", *FORMAT_ENTRIES)
"""The names a planner may give; "auto" recognises the format by the file's header."""

SCENARIO_CLASSES: Final[tuple[str, ...]] = ("car", "van", "camper", "coach", "lorry", "reefer")
"""The vehicle classes that a scenario has by default."""

TOTAL: Final = "total"
"""The class of vehicles that were counted without a class."""

LEFT_OUT: Final[tuple[str, ...]] = ("", "-")
"""What a class is mapped to when its vehicles are to be left out."""
