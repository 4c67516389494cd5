"""A day with everything on and saturated lanes, under a thousand seeds."""

import pytest

from funnelsim.engines import compiled_engine, simpy_engine
from tests.verification.stress import lost

MODES = ["wave_through", "hold"]


@pytest.mark.parametrize("when_full", MODES)
def test_nobody_is_lost_and_nothing_locks_up_under_a_thousand_seeds(when_full):
    assert sum(lost(compiled_engine.simulate, when_full, seed) for seed in range(1000)) == 0


@pytest.mark.parametrize("when_full", MODES)
def test_nobody_is_lost_in_the_model_of_record(when_full):
    assert sum(lost(simpy_engine.simulate, when_full, seed) for seed in range(5)) == 0
