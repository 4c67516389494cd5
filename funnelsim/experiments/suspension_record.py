"""The record of suspensions as a table: a row for each, as a planner puts it on file."""

import polars as pl

from funnelsim.analysis.suspensions import Checked, Suspension, suspensions_of
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.units import DAY_S, HOUR_S, MINUTE_S

SHARE_DIGITS = 5
SCHEMA = pl.Schema(
    {
        "replication": pl.Int64(),
        "direction": pl.String(),
        "day": pl.Int64(),
        "from_clock": pl.String(),
        "to_clock": pl.String(),
        "minutes": pl.Float64(),
        "lifted_minutes": pl.Float64(),
        "ended_by": pl.String(),
        "queue_m": pl.Float64(),
        "passed_unchecked": pl.Int64(),
        "looked_at_before": pl.Int64(),
        "selected_before": pl.Int64(),
        "share_before": pl.Float64(),
        "looked_at_after": pl.Int64(),
        "selected_after": pl.Int64(),
        "share_after": pl.Float64(),
    }
)


def suspension_record(log: Log, plan: Plan) -> pl.DataFrame:
    """Return the suspensions of one replication, a row each, those of the first funnel first.

    Parameters
    ----------
    log
        The log of the replication.
    plan
        The plan that was simulated.

    Returns
    -------
    polars.DataFrame
        `replication` is its number, from 0; `from_clock` and `to_clock` are times of day, `day` the day of the
        operation on which the window opens; `queue_m` is the queue that caused it; `..._before` is about the vehicles
        since the suspension before or the opening, `..._after` about those until the next one or the closing; a share
        of nobody is null.
    """
    rows = [_row(one, log, plan) for one in suspensions_of(log, plan)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _row(one: Suspension, log: Log, plan: Plan) -> tuple[object, ...]:
    return (
        log.traffic.replication,
        plan.funnels[one.funnel].direction,
        int(plan.windows_s[one.window][0] // DAY_S) + 1,
        _clock(one.from_s),
        _clock(one.to_s),
        round((one.to_s - one.from_s) / MINUTE_S, 2),
        round(one.lifted_s / MINUTE_S, 2),
        "closing" if one.until_closing else "shorter queue",
        round(one.queue_m, 1),
        one.unchecked,
        one.before.looked_at,
        one.before.selected,
        _share(one.before),
        one.after.looked_at,
        one.after.selected,
        _share(one.after),
    )


def _share(checked: Checked) -> float | None:
    return round(checked.share, SHARE_DIGITS) if checked.looked_at else None


def _clock(time_s: float) -> str:
    """Return the time of day to the second: when somebody on site would write it down."""
    second = int(time_s % DAY_S)
    return f"{second // int(HOUR_S):02d}:{second % int(HOUR_S) // int(MINUTE_S):02d}:{second % int(MINUTE_S):02d}"
