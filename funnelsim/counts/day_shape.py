"""The shape of a counted day: its busiest and quietest four hours, and the share of heavy vehicles by hour."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from funnelsim.counts.dates import clock_text
from funnelsim.counts.names import TOTAL
from funnelsim.units import DAY_MIN

HEAVY: Final = ("coach", "lorry", "reefer")
"""The scenario's classes of heavy vehicles."""

STRETCH_H: Final = 4
_HOUR_MIN: Final = 60
_A_LINE: Final = 8


@dataclass(frozen=True)
class Stretch:
    """Some hours in a row: the minute after midnight at which they start, and the vehicles in them."""

    start_min: int
    vehicles: float

    def __str__(self) -> str:
        """Return it in words.

        Examples
        --------
        >>> print(Stretch(1380, 800.0))
        23:00 to 03:00, 800 vehicles
        """
        end = (self.start_min + STRETCH_H * _HOUR_MIN) % DAY_MIN or DAY_MIN
        return f"{_hour_text(self.start_min)} to {clock_text(end)}, {self.vehicles:,.0f} vehicles"


@dataclass(frozen=True)
class DayShape:
    """What the hours of a day have in common.

    Parameters
    ----------
    busiest, quietest
        The four hours in a row with most and with fewest vehicles; None where no four hours in a row were counted.
    heavy_shares
        By the minute at which an hour starts: the share of coaches and lorries among its vehicles, of hours that had
        any; empty where nothing was classed.
    """

    busiest: Stretch | None
    quietest: Stretch | None
    heavy_shares: Mapping[int, float]

    def lines(self) -> Iterable[str]:
        """Yield it in words, a line each."""
        if self.busiest is not None and self.quietest is not None:
            yield f"busiest four hours: {self.busiest}"
            yield f"quietest four hours: {self.quietest}"
        if self.heavy_shares:
            most = max(self.heavy_shares, key=lambda start: self.heavy_shares[start])
            least = min(self.heavy_shares, key=lambda start: self.heavy_shares[start])
            yield (
                f"heavy vehicles (coaches and lorries) by hour: from {self.heavy_shares[least]:.1%} at "
                f"{_hour_text(least)} to {self.heavy_shares[most]:.1%} at {_hour_text(most)}"
            )
            texts = [f"{clock_text(start % DAY_MIN)} {share:.1%}" for start, share in sorted(self.heavy_shares.items())]
            yield from (", ".join(texts[at : at + _A_LINE]) for at in range(0, len(texts), _A_LINE))


def _hour_text(start_min: int) -> str:
    """Write an hour; from 24:00 on it belongs to the next day."""
    return clock_text(start_min % DAY_MIN) + (" of the next day" if start_min >= DAY_MIN else "")


def day_shape(table: pl.DataFrame) -> DayShape:
    """Return the shape of a day.

    Parameters
    ----------
    table
        The table of a profile: ``start_min``, ``minutes``, ``class`` and ``vehicles``. Hours of which an interval is
        missing are left out.
    """
    whole = (
        table.group_by("start_min", "minutes")
        .agg(pl.col("vehicles").sum())
        .group_by(pl.col("start_min") // _HOUR_MIN * _HOUR_MIN)
        .agg(pl.col("vehicles").sum(), pl.col("minutes").sum().alias("counted"))
        .filter(pl.col("counted") == _HOUR_MIN)
    )
    hours = dict(whole.select("start_min", "vehicles").sort("start_min").iter_rows())
    stretches = _stretches(hours)
    return DayShape(
        max(stretches, key=lambda one: one.vehicles, default=None),
        min(stretches, key=lambda one: one.vehicles, default=None),
        _heavy_shares(table, hours),
    )


def _stretches(hours: Mapping[int, float]) -> list[Stretch]:
    """Return all stretches of four counted hours; those of one whole day run on over midnight."""
    is_day = len(hours) == DAY_MIN // _HOUR_MIN and max(hours) < DAY_MIN
    found: list[Stretch] = []
    for start in hours:
        starts = [start + number * _HOUR_MIN for number in range(STRETCH_H)]
        if is_day:
            starts = [one % DAY_MIN for one in starts]
        if all(one in hours for one in starts):
            found.append(Stretch(start, sum(hours[one] for one in starts)))
    return found


def _heavy_shares(table: pl.DataFrame, hours: Mapping[int, float]) -> dict[int, float]:
    """Return the share of heavy vehicles in each whole hour that had vehicles."""
    if TOTAL in table["class"]:
        return {}
    heavy = (
        table.filter(pl.col("class").is_in(HEAVY))
        .group_by(pl.col("start_min") // _HOUR_MIN * _HOUR_MIN)
        .agg(pl.col("vehicles").sum())
    )
    by_hour = dict(heavy.select("start_min", "vehicles").iter_rows())
    return {start: by_hour.get(start, 0.0) / vehicles for start, vehicles in hours.items() if vehicles > 0.0}
