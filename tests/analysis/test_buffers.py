"""Kernels measure in memory that is used again from log to log, and give what the same lines give in Python."""

import numpy as np
import pytest

from funnelsim.analysis.buffers import measure_buffers, prepare
from funnelsim.analysis.inputs import inputs_of
from funnelsim.analysis.log_arrays import log_arrays_of
from funnelsim.analysis.measures import measure, measure_into, measure_names, with_ratios
from funnelsim.analysis.series import DELAY_BINS, day_into, delay_counts, series, series_columns, series_names


@pytest.fixture(params=["one funnel", "two funnels and windows"])
def measured(request, plan, logs, rich_plan, rich_logs):
    return (plan, logs[:4]) if request.param == "one funnel" else (rich_plan, rich_logs[:4])


def buffers_for(plan, logs, times=1):
    return measure_buffers([plan], times * max(len(log.traffic) for log in logs), times * max(map(stages, logs)))


def stages(log):
    return max(len(log.stage), len(log.pursuit_vehicle))


def test_room_that_is_too_large_and_used_before_changes_nothing(measured):
    plan, logs = measured
    names, inputs, buffers = measure_names(plan), inputs_of(plan), buffers_for(plan, logs, times=2)
    rows = np.full((len(logs), len(names)), 99.0)
    counts = np.zeros((len(plan.classes), DELAY_BINS), dtype=np.int64)
    for row, log in zip(rows, logs, strict=True):
        matrix = np.full((len(series_names(plan)), len(inputs.edges) - 1), 99.0)
        arrays = log_arrays_of(log, len(plan.funnels))
        prepare(arrays, inputs, buffers)
        measure_into(row, arrays, inputs, buffers)
        day_into(matrix, counts, arrays, inputs, buffers)
        day = series(log, plan)
        for name, column in series_columns(matrix, plan).items():
            assert np.array_equal(column, day[name], equal_nan=True), name
    columns = with_ratios(dict(zip(names, rows.T, strict=True)), plan.classes)
    for k, log in enumerate(logs):
        alone = measure(log, plan)
        assert list(columns) == list(alone)
        assert np.array_equal([column[k] for column in columns.values()], list(alone.values()), equal_nan=True)
    assert np.array_equal(counts, sum(delay_counts(log, plan) for log in logs))


def test_a_kernel_gives_the_bits_that_the_same_lines_give_in_python(measured):
    """So coverage, which cannot look into machine code, sees every line of the measures."""
    plan, logs = measured
    log, inputs, buffers = log_arrays_of(logs[0], len(plan.funnels)), inputs_of(plan), buffers_for(plan, logs)
    found = []
    for interpreted in (False, True):
        row = np.empty(len(measure_names(plan)))
        matrix = np.empty((len(series_names(plan)), len(inputs.edges) - 1))
        counts = np.zeros((len(plan.classes), DELAY_BINS), dtype=np.int64)
        for kernel, written in ((prepare, ()), (measure_into, (row,)), (day_into, (matrix, counts))):
            (getattr(kernel, "py_func", kernel) if interpreted else kernel)(*written, log, inputs, buffers)
        found.append((row, matrix, counts))
    for compiled, interpreted in zip(*found, strict=True):
        assert np.array_equal(compiled, interpreted, equal_nan=True)


def test_the_inputs_of_a_plan_are_made_once(plan):
    assert inputs_of(plan) is inputs_of(plan)
