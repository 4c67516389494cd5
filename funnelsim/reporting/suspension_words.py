"""The suspensions by the valve in words and as a table: how many to expect, and the record of one operation."""

import numpy as np

from funnelsim.analysis.estimates import estimate_text
from funnelsim.experiments.run import Run
from funnelsim.experiments.suspension_record import suspension_record
from funnelsim.reporting.section import Column, Grid
from funnelsim.units import MIN_PER_S
from funnelsim.wording import NOTHING, counted, share_text

MOST_ROWS = 40  # that a reader looks at; the file has all
COLUMNS = (
    Column("From", "left"),
    Column("To", "left"),
    Column("Minutes"),
    Column("of them\nlifted"),
    Column("Queue"),
    Column("Passed\nunchecked"),
    Column("Selected\nbefore"),
    Column("Selected\nafter"),
    Column("Ended by", "left"),
)


def has_valve(run: Run) -> bool:
    """Tell whether any funnel of a run has a valve."""
    return any(np.isfinite(min(one.funnel.suspend_at_m, one.funnel.lift_at_m)) for one in run.plan.funnels)


def suspensions(run: Run) -> tuple[str | Grid, ...]:
    """Return how many suspensions to expect, and those of the first operation."""
    times, lasts_s = run.estimates["suspensions"], run.estimates["suspensions_s"]
    often = f"{estimate_text(times)} times an operation, for {estimate_text(lasts_s, MIN_PER_S)} min in all"
    items: list[str | Grid] = [f"On average the valve stops selection {often}."]
    if any(funnel.selection.rule.uses_every for funnel in run.plan.funnels):
        items.append(
            "Every n-th counts the vehicles that are looked at: its count stands still in a suspension, and goes on "
            "afterwards."
        )
    record = suspension_record(run.first_log(), run.plan)
    if record.is_empty():
        return (*items, "The first operation has none.")
    items.append(
        f"The first operation has {counted(record.height, 'suspension')}. The queue is what caused it. Selected "
        "before and after: of the vehicles looked at, since the suspension before (or the opening), and until the next "
        "one (or the closing)."
    )
    several = len(run.plan.funnels) > 1
    columns = (*((Column("Funnel", "left"),) if several else ()), Column("Day"), *COLUMNS)
    rows = tuple(_cells(row, several=several) for row in record.head(MOST_ROWS).iter_rows(named=True))
    items.append(Grid(columns, rows))
    if record.height > MOST_ROWS:
        items.append(f"The other {record.height - MOST_ROWS} are in suspensions.csv.")
    return tuple(items)


def _cells(row: dict[str, object], *, several: bool) -> tuple[str, ...]:
    def share(value: object) -> str:
        return share_text(value) if isinstance(value, float) else NOTHING

    return (
        *((str(row["direction"]),) if several else ()),
        f"{row['day']}",
        str(row["from_clock"]),
        str(row["to_clock"]),
        f"{row['minutes']:.0f}",
        f"{row['lifted_minutes']:.0f}",
        f"{row['queue_m']:,.0f} m",
        f"{row['passed_unchecked']:,}",
        share(row["share_before"]),
        share(row["share_after"]),
        str(row["ended_by"]),
    )
