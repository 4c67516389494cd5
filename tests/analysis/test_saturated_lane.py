"""What looks cost a lane in which vehicles always wait, where it can be worked out."""

import numpy as np
import pytest

from funnelsim.analysis.saturated_lane import draws, seconds_lost


def lost_s(headway_s, look_s, officers=1, *, stops=False, diversion_s=0.0, cv=(0.0, 0.0)):
    drawn = draws(*cv)
    return seconds_lost(
        headway_s * drawn.headway, diversion_s * (drawn.diverted < 0.5), look_s * drawn.look, officers, stops=stops
    )


@pytest.mark.parametrize("officers", [1, 2, 3, 4])
def test_without_chance_the_slower_of_lane_and_officers_decides(officers):
    """Rolling: max(h, look / c). Halting: max(h, (h + look) / c)."""
    assert lost_s(2.5, 7.0, officers) == pytest.approx(max(2.5, 7.0 / officers) - 2.5)
    assert lost_s(2.5, 7.0, officers, stops=True) == pytest.approx(max(2.5, 9.5 / officers) - 2.5)


def test_one_officer_and_the_lane_take_the_longer_of_two_times_that_scatter():
    """Against a million drawn pairs; and a vehicle that halts loses the whole look."""
    normal = np.random.default_rng(1).normal(size=(2, 1_000_000))
    sigma = np.sqrt(np.log1p(0.3**2))
    longer_s = np.maximum(*(np.array([[2.4], [2.0]]) * np.exp(sigma * normal - sigma**2 / 2))).mean()
    assert 2.4 + lost_s(2.4, 2.0, cv=(0.3, 0.3)) == pytest.approx(longer_s, rel=3e-3)
    assert lost_s(2.4, 2.0, cv=(0.3, 0.3), stops=True) == pytest.approx(2.0, rel=3e-3)


def test_a_short_look_happens_during_the_headway_and_the_diversion():
    """Every second vehicle is diverted, which takes 4 s, longer than a look of 3 s: only the others lose 0.5 s."""
    assert lost_s(2.5, 3.0, diversion_s=4.0) == pytest.approx(0.25, rel=0.02)
    assert lost_s(2.5, 2.0, diversion_s=4.0) == 0.0
