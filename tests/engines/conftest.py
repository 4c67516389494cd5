"""What the hand-computed tests of the engine share."""

import pytest

from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.planning import plan_of


@pytest.fixture
def run(build, vehicles):
    """Return what simulates hand-made vehicles: `log, opens_s = run({"area": {"bays": 1}}, [0.0, 5.0])`.

    The first argument changes the small checkpoint; the others make the vehicles. `opens_s` is the first opening.
    """

    def run(changes, after_opening_s, *args, **arrays):
        plan = plan_of(build(changes))
        log = simulate(vehicles(plan, after_opening_s, *args, **arrays), plan)
        return log, plan.window_s[0]

    return run
