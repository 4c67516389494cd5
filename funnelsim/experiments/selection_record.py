"""The shares of ordinary vehicles that were selected beside those that are meant, by hour and class, as a table."""

import numpy as np
import polars as pl

from funnelsim.analysis.by_funnel import by_funnel
from funnelsim.analysis.forecast import chances_between, hours_of, selection_chances
from funnelsim.experiments.suspension_record import SHARE_DIGITS
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.states import Fate, Gate
from funnelsim.scenario.key import clock_of
from funnelsim.selection_rules import Amount
from funnelsim.units import DAY_S

SCHEMA = pl.Schema(
    {
        "replication": pl.Int64(),
        "direction": pl.String(),
        "day": pl.Int64(),
        "from_clock": pl.String(),
        "class": pl.String(),
        "looked_at": pl.Int64(),
        "selected": pl.Int64(),
        "share": pl.Float64(),
        "share_meant": pl.Float64(),
    }
)


def selection_record(log: Log, plan: Plan) -> pl.DataFrame:
    """Return whom one replication selected, a row for each hour of the clock and each class that was looked at in it.

    Parameters
    ----------
    log
        The log of the replication.
    plan
        The plan that was simulated.

    Returns
    -------
    polars.DataFrame
        `replication` is its number, from 0, `day` the day of the operation, `from_clock` the hour; `looked_at` and
        `selected` count ordinary vehicles at an open selection point; `share_meant` is what the rule aims at with the
        rates of the hour, for a rate that adapts where its factor is 1, and over the whole operation for a rule that
        fills the area. It is null for a rule that follows the load of
        an area which several funnels share: nobody can say how much of it is meant for whom.
    """
    shared = bool(plan.other_funnels) and plan.selection.rule.amount is Amount.AREA
    rows = [row for of_funnel in by_funnel(log, plan) for row in _rows(*of_funnel, shared=shared)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _rows(log: Log, plan: Plan, *, shared: bool) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    chances = selection_chances(plan)
    looked_at = (log.gate == Gate.OPEN) & (log.traffic.target == 0)
    selected = looked_at & np.isin(log.fate, (Fate.INSPECTED, Fate.AREA_FULL))
    for from_s, to_s in (hour for window in plan.windows_s for hour in hours_of(window)):
        aims_at = chances_between(plan, from_s, to_s, chances)[:, 0].round(SHARE_DIGITS).tolist()
        meant = [None] * len(aims_at) if shared else aims_at
        within = (log.passed_s >= from_s) & (log.passed_s < to_s)
        for number, name in enumerate(plan.classes):
            of_class = within & (log.traffic.vehicle_class == number)
            seen, taken = int((of_class & looked_at).sum()), int((of_class & selected).sum())
            if seen:
                when = plan.direction, int(from_s // DAY_S) + 1, clock_of(from_s)
                shares = round(taken / seen, SHARE_DIGITS), meant[number]
                rows.append((log.traffic.replication, *when, name, seen, taken, *shares))
    return rows
