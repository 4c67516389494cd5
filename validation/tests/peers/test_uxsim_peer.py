"""UXsim, given the same vehicles, is late by its time steps at most; these tests are skipped in words without it."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest

from funnelsim.experiments.replication import log_of
from funnelsim.model.planning import plan_of
from funnelsim.validation.chapter import Effort
from funnelsim.validation.known.ordinary_day import SEED
from validation.peers import uxsim_peer
from validation.peers.delays_figure import delays_figure
from validation.peers.uxsim_peer import (
    BEFORE_S,
    DEMANDS_VPH,
    bottleneck,
    job_of,
    lines_of,
    scenario_of,
    starts_s,
)

STEP_S = 1.35

needs_uxsim = pytest.mark.skipif(
    importlib.util.find_spec("uxsim") is None, reason="UXsim is not installed: pip install 'funnelsim[peers]'"
)


@pytest.fixture(scope="module")
def hour():
    """Return the hour of 1,800 vehicles, with a peer that is always a second late and whose queue is 20 m longer."""
    log = log_of(plan_of(scenario_of(1800)), SEED, 0)
    made = {"passed_s": (log.passed_s - starts_s(log) + 1.0).tolist(), "tail_m": (log.tail_m + 20.0).tolist()}
    return bottleneck(1800, log, made)


@needs_uxsim
def test_uxsim_agrees_within_its_time_steps():
    chapter = uxsim_peer.chapter(Effort(quick=True))
    assert not chapter.missing
    assert len(chapter.lines) == 4 * len(DEMANDS_VPH) + 1
    assert all(line.agrees for line in chapter.lines)
    assert list(chapter.figures) == ["uxsim_delays"]


def test_funnelsim_is_a_point_queue_here(hour):
    assert np.array_equal(hour.passed_s, hour.point_s)
    assert (hour.passed_s - hour.arrival_s).max() > 600.0


def test_the_queue_fits_onto_the_road(hour):
    assert 1_000.0 < hour.tail_m.max() < uxsim_peer.APPROACH_M - 1_000.0


def test_vehicles_come_onto_the_road_early_enough_to_pass_on_time():
    log = log_of(plan_of(scenario_of(1200)), SEED, 0)
    told = job_of(log)
    assert told["departures_s"][0] == pytest.approx(BEFORE_S)
    assert len(told["departures_s"]) == 1200
    drives_s = told["approach_m"] / told["road_ms"] + told["lane_m"] / told["lane_ms"]
    passes_s = np.array(told["departures_s"]) + starts_s(log) + drives_s
    assert np.abs(passes_s - log.arrival_s).max() < 1e-5


def test_a_peer_that_is_late_by_more_than_its_steps_differs(hour):
    assert all(line.agrees for line in lines_of(hour, STEP_S, "a peer"))
    late = replace(hour, peer_s=hour.peer_s + 4.0, peer_tail_m=hour.peer_tail_m + 20.0)
    assert not any(line.agrees for line in lines_of(late, STEP_S, "a peer"))


def test_the_figure_says_how_late_uxsim_is(hour):
    figure = delays_figure([hour], 3 * STEP_S, SEED, "UXsim")
    said = " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
    assert "1,800 vehicles come in an hour" in said
    assert "1.0 s later than funnelsim on average" in said
    assert "funnelsim and the point queue are the same" in said
    assert len(figure.axes) == 2
