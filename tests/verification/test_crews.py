"""Known answer: teams of different sizes out of one pool, first selected, first served, against a recursion.

A job that needs n officers begins when it has come, when the job before it has begun, and when n officers are free:
S[k] = max(A[k], S[k-1], F(n)), where F(n) is when the n-th of the officers is done. (Kiefer and Wolfowitz' recursion,
with jobs that take several servers: Brill and Green, doi:10.1287/mnsc.30.1.51.)
"""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelsim.engines import compiled_engine, simpy_engine
from funnelsim.model.planning import plan_of

OFFICERS = 5
SIZES = range(1, OFFICERS + 1)


def begins_of_teams(comes_s, sizes, lasts_s, officers):
    """Return when each job begins: the recursion."""
    done_s, ahead_s, begins_s = [0.0] * officers, 0.0, []
    for come_s, size, last_s in zip(comes_s, sizes, lasts_s, strict=True):
        done_s.sort()
        ahead_s = max(come_s, ahead_s, done_s[size - 1])
        done_s[:size] = [ahead_s + last_s] * size
        begins_s.append(ahead_s)
    return begins_s


def test_the_case_worked_out_by_hand():
    """Three officers; A needs 2 at 0, B 2 at 1, C 1 at 2; ten minutes each: they end at 10, 20 and 20."""
    assert begins_of_teams([0, 1, 2], [2, 2, 1], [10, 10, 10], 3) == [0, 10, 10]


@given(
    gaps_s=st.lists(st.integers(10, 400), min_size=1, max_size=60),
    sizes=st.lists(st.sampled_from(SIZES), min_size=60, max_size=60),
)
@settings(max_examples=60)
def test_teams_of_one_pool_begin_as_the_recursion_says(build, vehicles, gaps_s, sizes):
    """Each class has a stage of its own, for a crew of its own size; there is a bay for everybody."""
    kinds = [f"size {size}" for size in SIZES]
    template = {"spacing_m": 10.0, "reaction_s": 1.0, "diversion_s": 4.0, "occupants": 1.0, "delay_cost_per_h": 10.0}
    stages = [
        {
            "name": f"check {size}",
            "for": [kinds[size - 1]],
            "duration": {"mean_s": 90.0 * size, "cv": 0.0},
            "crew": {"police": size},
        }
        for size in SIZES
    ]
    scenario = build(
        {
            "operation": {"opens": "01:00", "closes": "09:00"},
            "classes": dict.fromkeys(kinds, template),
            "area": {"bays": 100, "stages": stages},
            "staffing": {"roster": [{"agency": "police", "count": OFFICERS, "from": "00:00", "to": "12:00"}]},
        }
    )
    plan, sizes = plan_of(scenario), sizes[: len(gaps_s)]
    traffic = vehicles(plan, np.cumsum(gaps_s), [kinds[size - 1] for size in sizes])
    for engine in (simpy_engine, compiled_engine):
        log = engine.simulate(traffic, plan)
        order = np.argsort(log.stage_vehicle)
        lasts_s = [90.0 * size for size in sizes]
        wanted = begins_of_teams(log.bay_from_s.tolist(), sizes, lasts_s, OFFICERS)
        assert log.stage_from_s[order].tolist() == wanted
