"""Ciw, fed with the same draws, says the same; where it is not installed these tests are skipped in words."""

import importlib.util
import json

import numpy as np
import pytest

from funnelsim.validation.chapter import Effort
from funnelsim.validation.known.ordinary_day import Times, largest_difference_s, simulated, times_of
from validation.peers import ciw_peer
from validation.peers.ciw_peer import SCRIPT, days, job_of, random_job, within_both_errors
from validation.peers.peer import answers

needs_ciw = pytest.mark.skipif(
    importlib.util.find_spec("ciw") is None, reason="Ciw is not installed: pip install 'funnelsim[peers]'"
)


@needs_ciw
def test_ciw_agrees_but_where_it_understands_shifts_otherwise():
    chapter = ciw_peer.chapter(Effort(quick=True))
    assert not chapter.missing
    differing = [line for line in chapter.lines if not line.agrees]
    assert [line.case for line in differing] == [
        "Officers in shifts that relieve each other, with Ciw's rule: mean wait"
    ]
    assert differing[0].explanation
    exact = [line for line in chapter.lines if "largest difference" in line.case]
    assert len(exact) == 5
    assert all(line.simulated == 0.0 for line in exact)


@needs_ciw
def test_ciw_sees_a_bay_more():
    """The comparison can fail: Ciw with four bays instead of three has other times."""
    one = days()[1]
    log = simulated(one, "compiled")
    told = job_of(one, log, kept_on=False)
    made = answers("Ciw", "ciw", SCRIPT, [{**told, "bays": told["bays"] + 1, "places": told["places"] + 1}])
    times = Times(**{name: np.array(column) for name, column in made[0].items()})
    assert largest_difference_s(times_of(log), times) > 1.0


def test_what_ciw_is_told_can_be_written_down():
    """Jobs are plain numbers, exact in JSON; of the days drawn by Ciw there are as many seeds as days."""
    one = days()[0]
    told = job_of(one, simulated(one, "compiled"), kept_on=False)
    assert json.loads(json.dumps(told))["arrival_s"] == told["arrival_s"]
    drawn = random_job(3)
    assert drawn["seeds"] == [1, 2, 3]
    assert drawn["headway_s"] == 3.0


def test_the_errors_of_both_count():
    """Two means 3 apart, each with an error of 1, differ by 2.1 errors of their difference; with 9 they disagree."""
    ones, spread = np.ones(100), np.tile([-1.0, 1.0], 50) * np.sqrt(99.0)
    near = within_both_errors("near", (10.0 + spread, ones), (13.0 + spread, ones), "a peer", "")
    assert near.agrees
    assert near.expected == pytest.approx(10.0)
    assert near.z == pytest.approx(3.0 / np.sqrt(2.0))
    assert not within_both_errors("far", (10.0 + spread, ones), (19.0 + spread, ones), "a peer", "").agrees
