"""Waits in the area, worked out by hand on the small checkpoint: an arrival is 8 s after the free passage."""

import math

import pytest

from funnelsim.analysis.measures import measure
from funnelsim.engines.simpy_engine import simulate
from funnelsim.model.planning import plan_of


@pytest.fixture
def measures(build, vehicles):
    """Return what measures hand-made vehicles: `measures({"area": {"bays": 1}}, [0.0, 5.0])`."""

    def measures(changes, *args, **arrays):
        plan = plan_of(build(changes))
        return measure(simulate(vehicles(plan, *args, **arrays), plan), plan)

    return measures


def stage(name, mean_s, crew, **keys):
    return {"name": name, "duration": {"mean_s": mean_s, "cv": 0.0}, "crew": {"police": crew}, **keys}


def police(count):
    return {"roster": [{"agency": "police", "count": count, "from": "00:00", "to": "23:00"}]}


def test_a_team_waits_in_the_bay_for_its_officers(measures):
    """Bays at 8, 68 and 128 s; three officers do A at 8 s, and B and C both at 608 s: waits of 0, 540 and 480 s."""
    stages = [stage("pair", 600.0, 2, **{"for": ["truck"]}), stage("single", 600.0, 1, **{"for": ["box"]})]
    row = measures(
        {"area": {"bays": 3, "stages": stages}, "staffing": police(3)}, [0, 60, 120], ["truck", "truck", "box"]
    )
    assert row["area_wait_mean_s"] == 0.0
    assert row["crew_wait_mean_s"] == pytest.approx(340.0)
    assert row["crew_wait_p95_s"] == pytest.approx(480.0 + 0.9 * 60.0)
    assert row["crew_wait_mean_s.pair"] == pytest.approx(270.0)
    assert row["crew_wait_mean_s.single"] == row["crew_wait_p95_s.single"] == pytest.approx(480.0)


def test_the_wait_for_a_later_stage_begins_when_the_one_before_ends(measures):
    """One officer: papers 8-58 and, as the first selected goes first, search 58-158; the second vehicle from 158 on."""
    stages = [stage("papers", 50.0, 1), stage("search", 100.0, 1)]
    row = measures({"area": {"stages": stages}, "staffing": police(1)}, [0, 0])
    assert row["crew_wait_mean_s.papers"] == pytest.approx((0 + (158 - 14)) / 2)
    assert row["crew_wait_mean_s.search"] == 0.0


@pytest.mark.parametrize("place", ["bay", "spot"])
def test_a_wait_for_a_processing_spot_is_no_wait_for_a_crew(measures, place):
    """Two finds at 108 and 114 s, each processed for 500 s; with one spot the second moves there at 608 s."""
    hidden = {"targets": [{"name": "hidden", "per_10k": {"box": 100}}]}
    area = {
        "spots": 1,
        "stages": [stage("search", 100.0, 1, finds={"hidden": 1.0})],
        "after_detection": {"duration": {"mean_s": 500.0, "cv": 0.0}, "crew": {"police": 1}, "place": place},
    }
    row = measures(hidden | {"area": area, "staffing": police(9)}, [0, 0], targets=[1, 1])
    assert row["crew_wait_mean_s.after detection"] == 0.0
    assert row["crew_wait_p95_s"] == 0.0


def test_where_nobody_is_inspected_nobody_waits(measures):
    row = measures({"selection": {"rate": {"default": 0.0}}}, [0, 60])
    assert math.isnan(row["area_wait_mean_s"])
    assert math.isnan(row["crew_wait_mean_s"])
    assert math.isnan(row["crew_wait_p95_s.check"])
