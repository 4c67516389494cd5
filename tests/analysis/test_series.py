"""The day on a grid of time agrees with the log it was made from."""

import numpy as np
import pytest

from funnelsim.analysis.delays import counts_for_delay, tail_steps
from funnelsim.analysis.series import delay_counts, series, time_edges
from funnelsim.model.log import Fate


def test_grid_runs_from_opening_to_an_hour_after_closing(plan):
    edges = time_edges(plan)
    assert (edges[0], edges[-1]) == (6 * 3600.0, 8 * 3600.0)


def test_longest_queue_of_the_series_is_that_of_the_log(logs, plan):
    for log in logs:
        moments, metres = tail_steps(log)
        inside = (moments >= plan.funnel.opens_s) & (moments < time_edges(plan)[-1])
        assert series(log, plan)["tail_m"].max() == metres[inside].max()


def test_mean_delay_of_a_bin_is_that_of_who_passes_in_it(logs, plan):
    log = logs[0]
    edges = time_edges(plan)
    who = counts_for_delay(log, plan) & (log.fate != Fate.INSPECTED)
    who &= (log.passed_s >= edges[10]) & (log.passed_s < edges[11])
    assert series(log, plan)["delay_s"][10] == pytest.approx((log.passed_s - log.baseline_s)[who].mean())


def test_delay_counts_count_everybody_whose_delay_counts(logs, plan):
    log = logs[0]
    who = counts_for_delay(log, plan) & (log.fate != Fate.INSPECTED)
    counts = delay_counts(log, plan)
    assert counts.sum() == who.sum()
    assert (
        counts.sum(axis=1).tolist() == np.bincount(log.traffic.vehicle_class[who], minlength=len(plan.classes)).tolist()
    )
