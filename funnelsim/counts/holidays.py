"""Public holidays, to be left out of an average: those of a country or of a part of it."""

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress

from funnelsim.errors import CountsError, Problem


def holidays_among(days: Iterable[dt.date], place: str) -> dict[dt.date, str]:
    """Return the public holidays among some days, with their names.

    Parameters
    ----------
    days
        The days.
    place
        A country by its two letters, as ``"HR"``, or a part of it, as ``"DE-BY"``.

    Raises
    ------
    CountsError
        If the place is not known, or the package `holidays` is not installed.
    """
    try:
        import holidays  # noqa: PLC0415  (an extra)
    except ImportError:
        message = "the package holidays is not installed; install funnelsim[holidays]"
        raise CountsError([Problem("without_holidays", message)]) from None
    days = sorted(set(days))
    country, _, part = place.strip().upper().partition("-")
    years = sorted({day.year for day in days})
    for language in ("en_US", None):
        with suppress(NotImplementedError, ValueError):
            there = holidays.country_holidays(country, subdiv=part or None, years=years, language=language)
            return {day: str(there[day]) for day in days if day in there}
    message = f"{place!r} given; allowed: a country by its two letters, like 'HR', or a part of it, like 'DE-BY'"
    raise CountsError([Problem("without_holidays", message)])
