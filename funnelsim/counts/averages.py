"""Files of days, months and years, averaged or summed: recognised, and refused with advice.

To spread a day over its hours is the planner's decision, not a reader's.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from funnelsim.counts.csv_file import CsvFile, Row, column_name
from funnelsim.errors import CountsError, Problem

_HEADER_ROWS: Final = 5
_SAMPLE: Final = 20
_FEWEST: Final = 2
_DAY_AND_MORE: Final = dt.timedelta(hours=23)
_MONTH_DAYS: Final = range(27, 32)
_YEAR_DAYS: Final = range(364, 367)

_KNOWN: Final = {
    "(PLDP)": "average vehicles per day by class (Slovenia)",
    "DTVMF": "average vehicles per day by day of the week (Vienna)",
    "MJO_VAL": "average vehicles per day with the morning and the evening peak hour (Bordeaux)",
}
"""How a column of some agencies begins, and what such a file holds."""

_PER_DAY: Final = re.compile(
    r"(?<![a-zåæøäöüéèčšž])(aadtt?|aawdt|adt|awdt|dtv[a-z]*|jdtv|tmja|tmjo|tjm|mja|mjo|pldp|pgdp|imd|tgm|rpdi|ådt|"
    r"(års|måneds)?døgntrafikk|(average|mean|avg)[ _.](annual[ _.])?(week)?da(y|ily)|daily[ _.](average|mean|traffic|"
    r"volume|total|flow|count)|(veh|vehicles|véhicules|kfz|fahrzeuge)[ ._]*(per|par|pro|/)[ ._]*(day|jour|tag|24 ?h)|"
    r"trafic moyen|moyenne journalière|tagesverkehr|intensidad media diaria)(?![a-z])",
    re.IGNORECASE,
)
_MONTH: Final = re.compile(r"(month(no|_no| no|s)?|mois|monat|m[åa]ned|mesec|mes|mese|maand|miesi[ąa]c)", re.IGNORECASE)
_YEAR: Final = re.compile(r"(year|yr|ann[ée]e|jahr|[åa]r|leto|a[nñ]o|anno|jaar|rok|godina)", re.IGNORECASE)
_TIME_OF_DAY: Final = re.compile(
    r"(?<![a-z])(hours?|hr|time|timestamp|minutes?|heure|stunde|uhrzeit|hora|ora|ura|[0-9]{1,2}:[0-9]{2})(?![a-z])",
    re.IGNORECASE,
)
_FINER: Final = re.compile(
    r"(?<![a-z])(hour|hr|time|minute|date|day|heure|stunde|uhrzeit|datum|dato|time|tag|jour|ura|dan|hora|fecha|giorno|ora)",
    re.IGNORECASE,
)

_ADVICE: Final = (
    "allowed: the hourly values of this station from the agency; where there are none, a shape of the day of your own, "
    "as a CSV with a start and a total for each hour"
)


def refuse_averages(file: CsvFile) -> None:
    """Refuse a file whose rows are days, months or years.

    Raises
    ------
    CountsError
        With what the file holds, and what to ask the agency for.
    """
    what = _by_name(file.rows[:_HEADER_ROWS]) or _by_span(file.rows) or _by_period(file.rows)
    if what:
        raise CountsError([Problem(file.source, f"this is a file of {what}, not of counts by hour; {_ADVICE}")])


def _by_name(rows: Sequence[Row]) -> str:
    """Return what a file holds by the names of its columns."""
    cells = [cell for row in rows for cell in row.cells]
    words = {word for cell in cells for word in cell.split()}
    known = next((what for mark, what in _KNOWN.items() if any(word.startswith(mark) for word in words)), "")
    if known:
        return known
    if any(_TIME_OF_DAY.search(cell) for cell in cells):
        return ""
    named = next((cell for cell in cells if _PER_DAY.search(cell) and not re.fullmatch(r"[0-9.,]*", cell)), "")
    return f"average vehicles per day ({named[:40]})" if named else ""


def _by_span(rows: Sequence[Row]) -> str:
    """Return what a file holds by two columns of times, from and to, that lie a day or more apart."""
    header, *others = rows
    spread = others[:: max(1, len(others) // _SAMPLE)]  # the first rows may all be of one interval
    sample = [row.cells for row in spread if len(row.cells) == len(header.cells)]
    if not sample:
        return ""
    columns = {place: _times([cells[place] for cells in sample]) for place in range(len(header.cells))}
    dated = [(place, times) for place, times in columns.items() if times]
    for (first, starts), (last, ends) in pairwise(dated):
        lengths = [end - start for start, end in zip(starts, ends, strict=True)]
        each_its_own = len(set(starts)) == len(set(ends)) == len(set(zip(starts, ends, strict=True)))
        if each_its_own and min(lengths) >= _DAY_AND_MORE:  # else the later date is one of delivery, say
            days = round(max(lengths) / dt.timedelta(days=1))
            return (
                f"totals or averages of {_length(days)} ({header.cells[first]} to {header.cells[last]}), which "
                f"{'is' if days > 1 else 'are'} no interval"
            )
    return ""


def _length(days: int) -> str:
    if days in _MONTH_DAYS:
        return "a month"
    return "a year" if days in _YEAR_DAYS else "days" if days == 1 else f"{days} days"


def _by_period(rows: Sequence[Row]) -> str:
    """Return what a file holds that has months or years, or dates a day apart, and no time of day."""
    header, *others = rows
    names = [column_name(cell) for cell in header.cells]
    finer = [name for name in names if _FINER.search(name)]
    if not finer and any(_MONTH.fullmatch(name) for name in names):
        return "totals or averages of months"
    if (
        not finer
        and sum(bool(_YEAR.fullmatch(name)) for name in names)
        and any(re.search(r"traffic|volume|trafikk|count|flow|verkehr|trafic|vehicles", name) for name in names)
    ):
        return "totals or averages of years"
    sample = [row.cells for row in others[:_SAMPLE] if len(row.cells) == len(header.cells)]
    days = [times for place in range(len(header.cells)) if (times := _times([cells[place] for cells in sample]))]
    if len(days) == 1 and len(finer) == 1 and len(sample) > _FEWEST:
        steps = {abs(after - before) for before, after in pairwise(days[0])}
        if steps == {dt.timedelta(days=1)}:
            return "totals or averages of days"
    return ""


def _times(texts: Iterable[str]) -> list[dt.datetime]:
    """Read a column of dates, with or without a time, the year first; nothing where one is none."""
    times = []
    for text in texts:
        try:
            times.append(dt.datetime.fromisoformat(text).replace(tzinfo=None))
        except ValueError:
            return []
        if not re.match(r"[0-9]{4}-", text):
            return []
    return times
