"""Bad days: what each changes in a plan."""

import pytest

from funnelsim.decision.bad_days.absences import officer_missing
from funnelsim.decision.bad_days.bad_days import (
    bad_days_of,
    capacity_lower,
    demand_higher,
    late_start,
    more_lorries,
    peak_s,
)
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.load import scenario_from
from tests.decision.levers.test_levers import CHANGES

AFTER = {"duration": {"mean_s": 1800.0, "cv": 0.0}, "crew": {"police": 1}}
WHOLE = CHANGES | {
    "area": {**CHANGES["area"], "after_detection": AFTER},
    "targets": [CHANGES["targets"][0] | {"evade": {"alerted": 0.4, "half_life_h": 1.0}}],
    "equipment": {"probe": 2},
    "traffic": {"counts": {"vehicles": {"box": [500] * 24, "truck": [100] * 24}}},
}


@pytest.fixture
def changes(build):
    """Return what each bad day changes in a plan with everything that can go wrong."""
    scenario = build(WHOLE)
    demand = demand_of(scenario)
    return {day.name: dict(day.changes(scenario, demand)) for day in bad_days_of(scenario, demand)}


def test_days_and_what_they_change(changes):
    assert changes["demand 10 % higher"] == {"traffic.scale": 1.1}
    assert changes["one officer missing: police"] == {"staffing.roster.0.count": 1}
    assert changes["one bay out throughout"] == {"area.bays": 1}
    assert changes["start 30 min late"] == {"operation.opens": "01:30"}
    assert changes["word of mouth twice as fast"] == {"targets.0.evade.half_life_h": 0.5}
    longer = changes["inspections 30 % longer"]
    assert longer["area.stages.0.duration.mean_s"] == pytest.approx(390.0)


def test_one_of_two_pieces_is_out_in_the_busiest_hours(build):
    """The window is 2 h long, so half of it is the peak; in the second hour more vehicles come."""
    counts = {"vehicles": {"box": [600, 300, 900] + [600] * 21}}
    scenario = build(WHOLE | {"traffic": {"counts": counts}})
    demand = demand_of(scenario)
    assert peak_s(scenario, demand) == (7200.0, 10_800.0)
    (out,) = [day for day in bad_days_of(scenario, demand) if day.name == "one piece out: probe"]
    (piece,) = out.changes(scenario, demand)["equipment"]
    assert piece["outages"] == [{"from": "02:00", "to": "03:00", "pieces": 1}]
    assert piece["count"] == 2


def test_a_team_is_off_the_roster_for_as_long_as_the_processing_takes(changes):
    """One of two police is away from half an hour after the opening at 1:00, for half an hour."""
    shifts = changes["early detection ties up a team"]["staffing.roster"]
    assert [(one["count"], one["from"], one["to"]) for one in shifts] == [
        (1, "00:00", "04:00"),
        (1, "00:00", "01:30"),
        (1, "02:00", "04:00"),
    ]


def test_without_a_crew_for_detections_nobody_is_tied_up(build):
    scenario = build(CHANGES)
    names = [day.name for day in bad_days_of(scenario, demand_of(scenario))]
    assert "early detection ties up a team" not in names
    assert "word of mouth twice as fast" not in names


def test_the_lane_loses_a_share_of_its_own_capacity(build):
    """A headway of 1 s and 10 m at 10 m/s: 1,800 vehicles an hour; a counted capacity goes before it."""
    scenario = build()
    lane = capacity_lower(0.134).changes(scenario, demand_of(scenario))["lane"]
    assert lane["capacity_vph"] == pytest.approx(0.866 * 1800.0)
    scenario = build({"lane": {"capacity_vph": 1000.0}})
    lane = capacity_lower(0.134).changes(scenario, demand_of(scenario))["lane"]
    assert lane["capacity_vph"] == pytest.approx(866.0)


def test_more_lorries_and_as_many_vehicles(build):
    """100 of 600 vehicles are trucks; half as many again are taken from the boxes."""
    truck = {"classes": {"truck": {"lorry": True}}}
    scenario = build(truck | {"traffic": WHOLE["traffic"]})
    demand = demand_of(scenario)
    changed = more_lorries(1.5).changes(scenario, demand)
    assert changed == {"traffic.split": {"box": {"truck": pytest.approx(0.1)}}}
    total = {"from": "00:00", "vehicles": {"total": [600] * 24}}
    shares = {"truck": {"lorry": True, "share": 0.2}, "box": {"share": 0.8}}
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    for name, table in data["classes"].items():
        table["share"] = shares.get(name, {}).get("share", 0.0)
    data["traffic"]["counts"] = total
    scenario = scenario_from(data, where="test")
    changed = more_lorries(1.5).changes(scenario, demand_of(scenario))
    assert changed["classes.truck.share"] == pytest.approx(0.3)
    assert changed["classes.box.share"] == pytest.approx(0.7)


def test_every_road_has_its_own_demand_and_lane(build):
    other = {"direction": "back", "traffic": {"scale": 2.0, "counts": WHOLE["traffic"]["counts"] | {"from": "00:00"}}}
    scenario = build({"funnels": [other]})
    demand = demand_of(scenario)
    assert demand_higher(1.5).changes(scenario, demand) == {"traffic.scale": 1.5, "funnels.0.traffic.scale": 3.0}
    lanes = capacity_lower(0.5).changes(scenario, demand)
    assert set(lanes) == {"lane", "funnels.0.lane"}
    assert lanes["funnels.0.lane"]["capacity_vph"] < lanes["lane"]["capacity_vph"]  # trucks need longer headways


def test_a_bad_day_befalls_the_plan_as_it_has_been_changed(build):
    """With one officer more one of three is missing; an opening an hour earlier is late, too."""
    roster = [{"agency": "police", "count": 3, "from": "00:00", "to": "04:00"}]
    scenario = build(CHANGES | {"staffing": {"roster": roster}, "operation": {"opens": "23:45", "closes": "03:00"}})
    demand = demand_of(scenario)
    assert officer_missing("police").changes(scenario, demand) == {"staffing.roster.0.count": 2}
    assert late_start(30.0).changes(scenario, demand) == {"operation.opens": "00:15"}
