"""Known answers: equipment that comes, leaves or fails. Stages wait for it, or are skipped by whoever is selected then.

Times count from the opening at 01:00; a vehicle reaches its bay 8 s after its free passage.
"""

import numpy as np
import pytest

from funnelsim.analysis.measures import measure
from funnelsim.engines import compiled_engine, simpy_engine
from funnelsim.errors import PlanError
from funnelsim.model.expected import chance_to_find
from funnelsim.model.planning import plan_of
from funnelsim.scenario.load import scenario_from

ENGINES = [simpy_engine, compiled_engine]


def changes(**keys):
    """Return a checkpoint whose vehicles are scanned for 100 s after papers of 10 s, with a bay for everybody."""
    stages = [
        {"name": "papers", "duration": {"mean_s": 10.0, "cv": 0.0}, "finds": {"goods": 0.2}},
        {
            "name": "scan",
            "duration": {"mean_s": 100.0, "cv": 0.0},
            "equipment": {"scanner": 1},
            "finds": {"goods": 0.5},
        },
    ]
    return {
        "area": {"bays": 10, "stages": stages},
        "targets": [{"name": "goods", "per_10k": {"box": 1000.0}}],
        "equipment": [{"name": "scanner", **keys}],
    }


def stages_of(engine, build, vehicles, keys, comes_s):
    """Return (vehicle, stage, beginning, end) of every stage after the opening, the log and the plan."""
    plan = plan_of(build(changes(**keys)))
    log = engine.simulate(vehicles(plan, [come_s - 8.0 for come_s in comes_s]), plan)
    opens_s = plan.window_s[0]
    rows = zip(
        log.stage_vehicle.tolist(),
        log.stage.tolist(),
        (log.stage_from_s - opens_s).tolist(),
        (log.stage_to_s - opens_s).tolist(),
        strict=True,
    )
    return sorted(rows), log, plan


@pytest.mark.parametrize("engine", ENGINES)
def test_vehicles_wait_for_a_scanner_that_comes_later(engine, build, vehicles):
    """It comes 600 s after the opening: the first vehicle is scanned then, the second after it."""
    rows, log, plan = stages_of(engine, build, vehicles, {"from": "01:10"}, [100, 200])
    assert rows == [(0, 0, 100, 110), (0, 1, 600, 700), (1, 0, 200, 210), (1, 1, 700, 800)]
    assert measure(log, plan)["equipment_utilisation.scanner"] == pytest.approx(200 / 3000)


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_selected_before_it_comes_leaves_out_the_scan(engine, build, vehicles):
    rows, _, _ = stages_of(engine, build, vehicles, {"from": "01:10", "when_absent": "skip"}, [100, 594, 600])
    assert rows == [(0, 0, 100, 110), (1, 0, 594, 604), (2, 0, 600, 610), (2, 1, 610, 710)]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_scanner_that_is_skipped_stays_for_those_selected_before_it_leaves(engine, build, vehicles):
    """It leaves at 600 s: the vehicle of 594 s is still scanned, from 690 s on; the one of 600 s is not."""
    rows, _, _ = stages_of(engine, build, vehicles, {"to": "01:10", "when_absent": "skip"}, [580, 594, 600])
    assert rows == [(0, 0, 580, 590), (0, 1, 590, 690), (1, 0, 594, 604), (1, 1, 690, 790), (2, 0, 600, 610)]


@pytest.mark.parametrize("engine", ENGINES)
def test_no_scan_begins_as_it_leaves_and_the_funnel_closing_brings_it_back(engine, build, vehicles):
    """The scan that has begun is finished; the next vehicle waits until the closing at 3,600 s."""
    rows, _, _ = stages_of(engine, build, vehicles, {"to": "01:10"}, [490, 496])
    assert rows == [(0, 0, 490, 500), (0, 1, 500, 600), (1, 0, 496, 506), (1, 1, 3600, 3700)]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_outage_is_waited_for(engine, build, vehicles):
    outage = {"outages": [{"from": "01:10", "to": "01:20"}]}
    rows, _, _ = stages_of(engine, build, vehicles, outage, [550, 560])
    assert rows == [(0, 0, 550, 560), (0, 1, 560, 660), (1, 0, 560, 570), (1, 1, 1200, 1300)]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_expected_finds_are_those_of_the_stages_that_each_vehicle_goes_through(engine, build, vehicles):
    """A tenth are targets: papers alone find 0.2 of them, papers and scan 0.6. Two vehicles before it comes, one after.

    The mean over the window, of which the scanner is there for five sixths: 0.2 / 6 + 0.6 * 5 / 6.
    """
    keys = {"from": "01:10", "when_absent": "skip"}
    _, log, plan = stages_of(engine, build, vehicles, keys, [100, 300, 700])
    assert measure(log, plan)["expected_detections"] == pytest.approx(0.1 * (0.2 + 0.2 + 0.6))
    assert chance_to_find(plan.inspection)[0, 1] == pytest.approx(0.2 / 6 + 0.6 * 5 / 6)


def test_counted_finds_agree_with_expected_ones(build, vehicles):
    plan = plan_of(
        build(changes(**{"from": "01:10", "when_absent": "skip"}) | {"area": changes()["area"] | {"bays": 9000}})
    )
    comes = np.linspace(1.0, 3590.0, 4000)
    log = compiled_engine.simulate(vehicles(plan, comes, targets=[1] * len(comes)), plan)
    early = log.passed_s < plan.window_s[0] + 600.0
    found = log.found_at >= 0
    inspected = log.inspected
    for who, share in ((early, 0.2), (~early, 0.6)):
        here = who & inspected
        assert abs(found[here].mean() - share) < 4 * np.sqrt(share * (1 - share) / here.sum())


def test_a_stage_whose_equipment_never_is_there_is_an_error(build):
    for absent in ("wait", "skip"):
        with pytest.raises(PlanError, match="needs 1 scanner, and no scanner"):
            plan_of(build(changes(**{"from": "03:00", "when_absent": absent})))


def test_hours_over_midnight_and_on_several_days(build):
    """From 23:00 to 01:30 over windows from 22:00 to 02:00 on two days."""
    tables = changes(**{"from": "23:00", "to": "01:30"})
    plan = plan_of(build(tables | {"operation": {"opens": "22:00", "closes": "02:00", "days": 2}}))
    column = plan.inspection.pools.index("scanner")
    at_h = np.array([22.5, 23.0, 25.49, 25.5, 26.5, 46.5, 47.0, 49.6])
    steps = np.searchsorted(plan.capacity_times_s, at_h * 3600.0, side="right") - 1
    assert plan.capacity[steps, column].tolist() == [0, 1, 1, 0, 1, 0, 1, 0]


def test_some_pieces_are_out_and_the_others_are_used(build):
    """Of three scanners one is out from 1:10 to 1:30, and two more from 1:20 to 1:40: three, two, none, one, three."""
    outages = [{"from": "01:10", "to": "01:30", "pieces": 1}, {"from": "01:20", "to": "01:40", "pieces": 2}]
    plan = plan_of(build(changes(count=3, outages=outages)))
    column = plan.inspection.pools.index("scanner")
    at_s = 3600.0 + 60.0 * np.array([5, 10, 20, 29, 30, 40])
    steps = np.searchsorted(plan.capacity_times_s, at_s, side="right") - 1
    assert plan.capacity[steps, column].tolist() == [3, 2, 0, 0, 1, 3]


def test_both_forms_of_the_table_are_one_plan(build):
    table = changes()
    same = [plan_of(build(table | {"equipment": form})) for form in ({"scanner": 2}, [{"name": "scanner", "count": 2}])]
    assert same[0].inspection.pools == same[1].inspection.pools
    assert np.array_equal(same[0].capacity, same[1].capacity)


def test_names_of_tables_with_hours_are_checked():
    data = {
        "title": "t",
        "operation": {"opens": "06:00", "closes": "14:00"},
        "traffic": {"counts": {"from": "00:00", "minutes": 60, "vehicles": {"car": [10] * 24}}},
        "area": {"bays": 1, "stages": [{"name": "scan", "duration": {"mean_s": 10}, "equipment": {"scaner": 3}}]},
        "equipment": [{"name": "scanner", "from": "25:00"}],
    }
    with pytest.raises(Exception, match="scanner") as caught:
        scenario_from(data, where="test")
    assert "unknown equipment; did you mean scanner?" in str(caught.value)
    assert "equipment.scanner.from" in str(caught.value)
