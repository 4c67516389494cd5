"""Numbers, times and lists as a planner reads them."""

import math
from collections.abc import Iterable, Sequence
from itertools import groupby

from funnelsim.units import HOUR_S, MINUTE_S

NOTHING = "\N{EN DASH}"
RUN = 3  # days in a row from which on only the first and the last are named
LONG_MIN = 10.0  # from here on, tenths of a minute say nothing


def joined(names: Sequence[str], last: str = "and") -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> joined(["car", "van", "lorry"])
    'car, van and lorry'
    """
    return f" {last} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "bay"), counted(1200, "vehicle")
    ('1 bay', '1,200 vehicles')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def verb(number: int, one: str, many: str) -> str:
    """Return the verb that goes with a number.

    Examples
    --------
    >>> verb(1, "is", "are"), verb(2, "is", "are")
    ('is', 'are')
    """
    return one if number == 1 else many


def number_text(value: float, digits: int = 3) -> str:
    """Return a number with so many significant digits, whole ones in full.

    Examples
    --------
    >>> number_text(1234.5), number_text(0.01234), number_text(12.0)
    ('1,234', '0.0123', '12')
    """
    if not math.isfinite(value):
        return NOTHING
    if value == 0.0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def minutes_text(time_s: float) -> str:
    """Return seconds as minutes, short times in seconds.

    Examples
    --------
    >>> minutes_text(31.4), minutes_text(150.0), minutes_text(900.0)
    ('31 s', '2.5 min', '15 min')
    """
    minutes = time_s / MINUTE_S
    if minutes < 1.0:
        return f"{time_s:.0f} s"
    return f"{minutes:.0f} min" if minutes >= LONG_MIN else f"{number_text(minutes, 2)} min"


def hours_text(time_s: float) -> str:
    """Return seconds as hours and whole minutes, less than an hour as `minutes_text` does.

    Examples
    --------
    >>> hours_text(4800.0), hours_text(7200.0), hours_text(900.0)
    ('1 h 20 min', '2 h', '15 min')
    """
    if time_s < HOUR_S:
        return minutes_text(time_s)
    hours, minutes = divmod(round(time_s / MINUTE_S), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def share_text(share: float) -> str:
    """Return a share in per cent.

    Examples
    --------
    >>> share_text(0.256), share_text(0.0512), share_text(1.0), share_text(0.0)
    ('26 %', '5.1 %', '100 %', '0 %')
    """
    return f"{number_text(100.0 * share, 2 if share < 1.0 else 3)} %"


def days_text(days: Iterable[int]) -> str:
    """Return days of the operation in words.

    Examples
    --------
    >>> days_text([2]), days_text([1, 3]), days_text([1, 2, 3, 6])
    ('day 2', 'days 1 and 3', 'days 1 to 3 and 6')
    """
    ordered = sorted(set(days))
    parts: list[str] = []
    for _, members in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0]):
        run = [day for _, day in members]
        parts += [f"{run[0]} to {run[-1]}"] if len(run) >= RUN else [str(day) for day in run]
    return f"{'day' if len(ordered) == 1 else 'days'} {joined(parts)}"


def two_digits(number: int) -> int:
    """Round a whole number up to two digits: of a rough number of operations more would be noise.

    Examples
    --------
    >>> two_digits(39756), two_digits(458), two_digits(7)
    (40000, 460, 7)
    """
    unit = int(10 ** max(0, len(str(number)) - 2))
    return -(-number // unit) * unit
