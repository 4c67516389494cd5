"""When the intervals of a file start: dates and minutes after midnight, with every problem entered."""

import datetime as dt
from collections.abc import Sequence

from funnelsim.scenario.counts.dates import Stamp, calendar_date, clock, prove_order, split_stamp
from funnelsim.scenario.counts.ledger import Ledger
from funnelsim.scenario.counts.names import DateOrder


def dated_starts(
    texts: Sequence[tuple[int, str]], order: DateOrder | None, ledger: Ledger
) -> list[tuple[dt.date | None, int]]:
    """Read dates with times, such as ``2024-05-06T07:00``, into dates and minutes after midnight.

    Parameters
    ----------
    texts
        Lines and texts.
    order
        The planner's ``date_order``.
    ledger
        Where problems go.

    Raises
    ------
    CountsError
        When a text is no date with a time, or day and month cannot be told apart.
    """
    stamps: list[Stamp] = []
    for line, text in texts:
        try:
            day, time = split_stamp(text)
            stamps.append(Stamp(line, day, clock(time)))
        except ValueError as error:
            ledger.fault(str(error), line)
    ledger.stop_if_faulty()
    return place_in_time(stamps, order, ledger)


def place_in_time(stamps: Sequence[Stamp], order: DateOrder | None, ledger: Ledger) -> list[tuple[dt.date | None, int]]:
    """Turn stamps into dates and minutes after midnight.

    Raises
    ------
    CountsError
        When day and month cannot be told apart, a date does not exist, or an interval starts within a minute.
    """
    try:
        order = prove_order(stamps, order)
    except ValueError as error:
        ledger.fault(str(error), stamps[0].line)
    ledger.stop_if_faulty()
    known: dict[str, dt.date] = {}
    for stamp in stamps:
        try:
            if stamp.date not in known:
                known[stamp.date] = calendar_date(stamp.date, order)
        except ValueError as error:
            ledger.fault(str(error), stamp.line)
        if stamp.seconds % 60:
            ledger.fault("an interval starts within a minute; allowed: whole minutes", stamp.line)
    ledger.stop_if_faulty()
    return [(known[stamp.date], stamp.seconds // 60) for stamp in stamps]
