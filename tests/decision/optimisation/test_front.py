"""The front: the plans that no other one beats in every goal."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from funnelsim.decision.optimisation.front import efficient

GOALS = arrays(np.float64, st.tuples(st.integers(1, 12), st.just(3)), elements=st.integers(0, 3).map(float))


@given(goals=GOALS)
def test_on_the_front_is_whoever_no_other_beats(goals):
    for one, on_front in zip(goals, efficient(goals), strict=True):
        beaten = any((other >= one).all() and (other > one).any() for other in goals)
        assert on_front == (not beaten)
    assert efficient(goals).any()
