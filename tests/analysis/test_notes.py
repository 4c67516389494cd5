"""Everything can be measured in compiled code, in room that is used again from log to log."""

import numpy as np
import pytest

from funnelsim.analysis.delays import count_delays, delay_counts
from funnelsim.analysis.measures import measure, measure_into, measure_names, with_ratios
from funnelsim.analysis.notes import notes_for, take_notes
from funnelsim.analysis.records import records_of
from funnelsim.analysis.series import series, series_columns, series_into, series_names
from funnelsim.analysis.yardstick import yardstick_of
from funnelsim.model.compiled import compiled


@compiled
def reduce_all(row, matrix, counts, records, yardstick, notes):
    """Do as a block of replications does, without Python in between."""
    take_notes(notes, records, yardstick)
    measure_into(row, records, yardstick, notes)
    series_into(matrix, records, yardstick, notes)
    count_delays(counts, records, notes)


@pytest.fixture(params=["one funnel", "two funnels and windows"])
def measured(request, plan, logs, rich_plan, rich_logs):
    return (plan, logs[:4]) if request.param == "one funnel" else (rich_plan, rich_logs[:4])


def test_room_that_is_too_large_and_used_before_changes_nothing(measured):
    plan, logs = measured
    names, yardstick = measure_names(plan), yardstick_of(plan)
    notes = notes_for(plan, 2 * max(len(log.traffic) for log in logs), 2 * max(len(log.stage) for log in logs))
    rows = np.full((len(logs), len(names)), 99.0)
    counts = np.zeros((len(plan.classes), 2880), dtype=np.int64)
    for row, log in zip(rows, logs, strict=True):
        matrix = np.full((len(series_names(plan)), len(yardstick.edges) - 1), 99.0)
        reduce_all(row, matrix, counts, records_of(log, len(plan.funnels)), yardstick, notes)
        day = series(log, plan)
        for name, column in series_columns(matrix, plan).items():
            assert np.array_equal(column, day[name], equal_nan=True), name
    columns = with_ratios(dict(zip(names, rows.T, strict=True)), plan.classes)
    for k, log in enumerate(logs):
        alone = measure(log, plan)
        assert list(columns) == list(alone)
        assert np.array_equal([column[k] for column in columns.values()], list(alone.values()), equal_nan=True)
    assert np.array_equal(counts, sum(delay_counts(log, plan) for log in logs))


def test_the_yardstick_of_a_plan_is_made_once(plan):
    assert yardstick_of(plan) is yardstick_of(plan)
