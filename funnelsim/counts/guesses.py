"""What the columns of an unknown count file seem to be."""

from dataclasses import dataclass, field
from typing import Final

import polars as pl

INTERVALS: Final = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)
"""Lengths that a mapping can give to an interval, in minutes."""

_NUMBER: Final = r"^-?([0-9]+|[0-9]{1,3}([., '][0-9]{3})+)([.,][0-9]+)?$"
_BLANK: Final = ("", "-1", "-", "9999", "\\N", "NA", "N/A", "null", "NULL", "NaN")


@dataclass
class Guesses:
    """What the columns of a file seem to be.

    Attributes
    ----------
    time, formats
        Columns of date and time, and the formats that fit all their texts.
    rivals
        Other columns that may be the time.
    hour, minutes, ends
        The column of hours; the length of an interval, if the times show it; the column of its end.
    wide
        Columns that are times of day.
    stream, channel
        Columns that name sites and directions.
    total, counts
        The column of the total; columns of counts with their class, empty where the name does not tell.
    sums
        Columns of counts that are the sum of others, with these.
    class_column, classes
        The column of the class of a row, and its values with their class, empty where the value does not tell.
    one_way
        Whether columns of counts name directions or lanes, so that no class is sure.
    per_vehicle
        Whether a row seems to be a vehicle.
    rate
        Whether the total is called like a rate, which may be one per hour.
    same
        Columns of counts that are the same as another, with this.
    quality, others, unused
        A column of quality, other columns with numbers, and those with texts.
    missing
        What stands for "not counted".
    last_is_sum
        Whether the last row is called a sum.
    thousands, example
        The mark that may stand between thousands, and a number with it.
    """

    time: list[str] = field(default_factory=list)
    rivals: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    hour: str | None = None
    minutes: int | None = None
    ends: str | None = None
    wide: list[str] = field(default_factory=list)
    stream: list[str] = field(default_factory=list)
    channel: list[str] = field(default_factory=list)
    total: str | None = None
    counts: dict[str, str] = field(default_factory=dict)
    sums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    class_column: str | None = None
    classes: dict[str, str] = field(default_factory=dict)
    one_way: bool = False
    per_vehicle: bool = False
    rate: bool = False
    same: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    quality: str | None = None
    others: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    last_is_sum: bool = False
    thousands: str = ""
    example: str = ""


def is_numeric(texts: pl.Series) -> bool:
    """Return whether all cells of a column are numbers, or stand for "not counted"."""
    filled = texts.filter(~texts.is_in(_BLANK))
    return filled.len() > 0 and filled.str.contains(_NUMBER).all()
