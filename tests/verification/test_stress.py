"""A day with everything on and saturated lanes; `stress.py` goes through a thousand seeds."""

import pytest

from tests.verification.stress import lost


@pytest.mark.parametrize("when_full", ["wave_through", "hold"])
def test_nobody_is_lost_and_nothing_locks_up(when_full):
    assert sum(lost(when_full, seed) for seed in range(10)) == 0
