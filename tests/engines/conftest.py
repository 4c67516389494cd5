"""What the hand-computed tests of the engines share."""

from dataclasses import fields

import numpy as np
import pytest

from funnelsim.engines import compiled_engine, simpy_engine
from funnelsim.model.log import Log
from funnelsim.model.planning import plan_of


def _both(traffic, plan):
    expected, got = simpy_engine.simulate(traffic, plan), compiled_engine.simulate(traffic, plan)
    for entry in fields(Log)[1:]:
        one, other = getattr(expected, entry.name), getattr(got, entry.name)
        assert one.dtype == other.dtype, entry.name
        assert np.array_equal(one, other), entry.name
    return got


@pytest.fixture(scope="session")
def both():
    """Return what simulates with both engines and returns the log, after asserting that every array is equal."""
    return _both


@pytest.fixture
def run(build, vehicles):
    """Return what simulates hand-made vehicles: `log, opens_s = run({"area": {"bays": 1}}, [0.0, 5.0])`.

    The first argument changes the small checkpoint; the others make the vehicles. `opens_s` is the first opening.
    """

    def run(changes, after_opening_s, *args, **arrays):
        plan = plan_of(build(changes))
        return _both(vehicles(plan, after_opening_s, *args, **arrays), plan), plan.window_s[0]

    return run
