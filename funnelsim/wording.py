"""Numbers, times and lists as a planner reads them."""

import math
from collections.abc import Sequence

from funnelsim.units import HOUR_S, MINUTE_S

NOTHING = "\N{EN DASH}"
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
