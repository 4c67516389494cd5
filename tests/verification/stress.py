"""A day with everything on and saturated lanes: nobody may be lost, and nothing may lock up."""

from functools import cache

import numpy as np

from funnelsim.model.planning import plan_of
from funnelsim.model.states import Fate
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario.schema import Scenario
from tests.verification.agreement import BASE, EVERYTHING, merged

BUSY_HOURS = {"counts": {"from": "00:00", "vehicles": {"total": [450] * 24}}}
ROSTER = [
    {"agency": "police", "count": 6, "from": start, "to": end, "breaks": {"minutes": 30, "after_h": 3}}
    for start, end in (("00:00", "08:30"), ("08:00", "16:30"), ("16:00", "00:30"))
]
ROSTER += [{"agency": "customs", "count": 2, "from": "00:00", "to": "00:00"}]
DAY = merged(
    merged(BASE, EVERYTHING),
    {
        "operation": {"opens": "00:30", "closes": "11:30", "also": [{"opens": "12:30", "closes": "00:30"}]},
        "lane": {"capacity_vph": 400},
        "traffic": BUSY_HOURS,
        "funnels": [{"direction": "west", "traffic": BUSY_HOURS}],
        "staffing": {"roster": ROSTER, "supervision": {"crew": {"police": 1}, "span": 8}},
    },
)


@cache
def plan_for(when_full):
    """Return the plan of the day."""
    return plan_of(Scenario.model_validate(merged(DAY, {"area": {"when_full": when_full}})))


def lost(simulate, when_full, seed):
    """Let an engine simulate a day; return how many are lost: neither passed nor turned off, or not left the area."""
    log = simulate(draw_traffic(plan_for(when_full).road, seed, 0), plan_for(when_full))
    turned_off = np.isin(log.fate, (Fate.LEFT_AT_EXIT, Fate.EVADED, Fate.BROUGHT_BACK))
    in_area = log.inspected
    ways = (log.area_s, log.bay_from_s, log.bay_to_s, log.left_s)
    assert log.inspected.sum() > 100  # a day on which little happens would prove little
    return int((log.passed == turned_off).sum() + sum((np.isfinite(at_s) != in_area).sum() for at_s in ways))
