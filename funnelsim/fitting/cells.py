"""What observers write into a cell: durations, times, persons."""

import re
from typing import Final, NamedTuple

from funnelsim.counts.dates import clock, split_stamp
from funnelsim.units import HOUR_S, MINUTE_S

_NUMBER: Final = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,9})?")
_MINUTES: Final = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9](?:[.,][0-9]{1,6})?)")
_TO_SECONDS: Final = re.compile(r"([0-9]{1,2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]{1,6}))?(\s*[AaPp]\.?[Mm]\.?)?")
_MOST_PERSONS: Final = 200


class Moment(NamedTuple):
    """A time of day in seconds after midnight, and the text of its date; empty where there is none."""

    date: str
    time_s: float


def seconds(text: str) -> float:
    """Return a duration in seconds.

    Raises
    ------
    ValueError
        Saying what is allowed.

    Examples
    --------
    >>> seconds("75.5"), seconds("75,5"), seconds("1:15"), seconds("1:00:00")
    (75.5, 75.5, 75.0, 3600.0)
    """
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    if found := _MINUTES.fullmatch(text):
        return int(found[1] or 0) * HOUR_S + int(found[2]) * MINUTE_S + float(found[3].replace(",", "."))
    raise ValueError("seconds, like 75 or 75.5, or minutes and seconds, like 1:15")


def moment(text: str) -> Moment:
    """Return a time to the second or finer, with or without a date.

    Raises
    ------
    ValueError
        Saying what is allowed.

    Examples
    --------
    >>> moment("6:00:01.5"), moment("11/6/2023 3:00:02 PM")
    (Moment(date='', time_s=21601.5), Moment(date='11/6/2023', time_s=54002.0))
    """
    date, time = "", text.strip()
    if "T" in time or re.search(r"[-/.][0-9]+[-/.][0-9]+\s", time):
        date, time = split_stamp(time)
    found = _TO_SECONDS.fullmatch(time)
    if found is None:
        raise ValueError("a time to the second, like 06:15:07, 06:15:07.5 or 2024-05-06 06:15:07")
    return Moment(date, clock(found[1] + (found[3] or "")) + float(f"0.{found[2] or 0}"))


def persons(text: str) -> float:
    """Return a number of persons.

    Raises
    ------
    ValueError
        Saying what is allowed.
    """
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _MOST_PERSONS):
        raise ValueError(f"persons in the vehicle, the driver included: 1 to {_MOST_PERSONS}")
    return float(text)


def name(text: str) -> str:
    """Return a name, which must not be blank.

    Raises
    ------
    ValueError
        Saying what is allowed.
    """
    if not text:
        raise ValueError("a name, not a blank")
    return text
