"""The record of suspensions as a table: times by the clock, a row a suspension."""

import dataclasses

import numpy as np

from funnelsim.analysis.suspensions import suspensions_of
from funnelsim.experiments.replication import log_of
from funnelsim.experiments.suspension_record import SCHEMA, suspension_record
from funnelsim.model.states import Fate, Gate, Valve

BUSY = {
    ("traffic", "counts", "vehicles"): {"car": [900] * 7 + [1500] * 2 + [900] * 15, "lorry": [100] * 24},
    ("selection", "valve"): {"suspend_at_m": 600, "resume_at_m": 200},
    ("operation", "days"): 2,
}


def test_each_suspension_is_a_row_with_times_by_the_clock(planned):
    _, plan = planned(BUSY)
    log = log_of(plan, 1, 3)
    table = suspension_record(log, plan)
    made = suspensions_of(log, plan)
    assert table.height == len(made) > 1
    assert table.schema == SCHEMA
    assert set(table["replication"]) == {3}
    assert set(table["day"]) == {1, 2}
    for row, one in zip(table.iter_rows(named=True), made, strict=True):
        hours, minutes, seconds = map(int, row["from_clock"].split(":"))
        assert hours * 3600 + minutes * 60 + seconds == int(one.from_s % 86_400)
        assert (
            row["minutes"] * 60 == np.round(one.to_s - one.from_s, 0)
            or abs(row["minutes"] * 60 - (one.to_s - one.from_s)) < 0.5
        )
        assert row["queue_m"] >= 600
        assert row["passed_unchecked"] == one.unchecked
        assert 0.0 < row["share_before"] < 0.1


def test_a_share_of_nobody_is_blank_and_a_suspension_until_the_closing_says_so(planned):
    """By hand: from the opening on until the closing."""
    _, plan = planned()
    log = log_of(plan, 1, 0)
    opens_s, closes_s = plan.window_s
    inside = (log.passed_s >= opens_s) & (log.passed_s < closes_s)
    shut = dataclasses.replace(
        log,
        valve_s=np.array([opens_s]),
        valve=np.array([Valve.LIFTED]),
        valve_funnel=np.array([0]),
        gate=np.where(inside, Gate.LIFTED, log.gate),
        fate=np.where(inside, Fate.SELECTION_SUSPENDED, log.fate),
    )
    (row,) = suspension_record(shut, plan).iter_rows(named=True)
    assert (row["from_clock"], row["to_clock"], row["minutes"], row["lifted_minutes"]) == (
        "06:00:00",
        "14:00:00",
        480.0,
        480.0,
    )
    assert row["ended_by"] == "closing"
    assert (row["share_before"], row["share_after"]) == (None, None)
    assert row["passed_unchecked"] == inside.sum()
