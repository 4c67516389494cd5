"""Known answers: a bay is empty between two vehicles, and officers pause between two stages.

Times count from the opening at 01:00; a vehicle reaches the area 8 s after its free passage.
"""

import pytest

from funnelsim.analysis.forecast import needs_of, selection_chances
from funnelsim.analysis.measures import measure
from funnelsim.engines import compiled_engine, simpy_engine
from funnelsim.model.planning import plan_of

ENGINES = [simpy_engine, compiled_engine]
BREAKS = {"minutes": 5, "after_h": 0.25}


def simulated(engine, build, vehicles, comes_s, *, pause_s=0.0, changeover_s=0.0, bays=9, breaks=None, crew=1):
    """Return beginnings of the checks of 100 s by one officer, times of the bays, the log and the plan."""
    check = {"name": "check", "duration": {"mean_s": 100.0, "cv": 0.0}, "crew": {"police": crew}}
    shift = {"agency": "police", "count": crew, "from": "00:50", "to": "03:00"} | ({"breaks": breaks} if breaks else {})
    area = {"bays": bays, "waiting": 9, "changeover_s": changeover_s, "stages": [check]}
    staffing = {"roster": [shift], "pause_between_checks_s": pause_s}
    plan = plan_of(build({"area": area, "staffing": staffing}))
    log = engine.simulate(vehicles(plan, [come_s - 8.0 for come_s in comes_s]), plan)
    opens_s = plan.window_s[0]
    begins = sorted(zip(log.stage_vehicle.tolist(), (log.stage_from_s - opens_s).tolist(), strict=True))
    bays_s = list(zip((log.bay_from_s - opens_s).tolist(), (log.bay_to_s - opens_s).tolist(), strict=True))
    return [begin for _, begin in begins], bays_s, log, plan


@pytest.mark.parametrize("engine", ENGINES)
def test_a_bay_is_empty_for_the_changeover_between_two_vehicles(engine, build, vehicles):
    """One bay, 100 s a check, 30 s between: who comes 20 s after a departure waits 10 s, later nobody waits."""
    _, bays_s, log, plan = simulated(engine, build, vehicles, [10, 60, 260, 500], changeover_s=30.0, bays=1)
    assert bays_s == [(10, 110), (140, 240), (270, 370), (500, 600)]
    assert measure(log, plan)["bay_utilisation"] == pytest.approx(400 / 3600)  # the changeover is not use


@pytest.mark.parametrize("engine", ENGINES)
def test_officers_pause_between_two_checks(engine, build, vehicles):
    """A pause of 30 s: 10, 140; the third comes 10 s into a pause, the fourth after it. Pauses are not worked."""
    begins, _, log, plan = simulated(engine, build, vehicles, [10, 60, 250, 600], pause_s=30.0)
    assert begins == [10, 140, 270, 600]
    assert measure(log, plan)["crew_utilisation.police"] == pytest.approx(400 / 3600)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_break_that_begins_in_a_pause_is_taken_after_it(engine, build, vehicles):
    """Break from 300 to 600 s; a check ends at 290, the pause at 320: the officer is back at 620."""
    begins, _, _, _ = simulated(engine, build, vehicles, [190, 640], pause_s=30.0, breaks=BREAKS)
    assert begins == [190, 640]
    begins, _, _, _ = simulated(engine, build, vehicles, [190, 610], pause_s=30.0, breaks=BREAKS)
    assert begins == [190, 620]


def test_the_forecast_counts_them(build, vehicles):
    """Two bays of 100 + 50 s: 48 an hour; one officer of 100 + 20 s: 30 an hour."""
    plan = simulated(simpy_engine, build, vehicles, [10], pause_s=20.0, changeover_s=50.0, bays=2)[3]
    enough = {need.name: need.per_h for need in needs_of(plan, selection_chances(plan))}
    assert enough == {"bays": pytest.approx(48.0), "police": pytest.approx(30.0)}
