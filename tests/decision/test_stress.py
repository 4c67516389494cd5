"""Bad days against the plan, on the same random numbers, and the cheapest lever that insures."""

import pytest

from funnelsim.decision.bad_day import BadDay
from funnelsim.decision.bad_days import capacity_lower, demand_higher, inspections_longer, late_start, more_lorries
from funnelsim.decision.stress import insured, plans_of_stress, stress, stress_from
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.run import run
from tests.conftest import SMALL, merged
from tests.decision.test_levers import CHANGES

FOUND = "expected_detections"
HELD = {
    "operation": {"opens": "01:00", "closes": "03:00"},
    "approach": {"lanes": 2},
    "selection": {"rate": {"default": 0.01}},
    "area": {"when_full": "hold"},
    "staffing": {"roster": [{"agency": "police", "count": 2, "from": "00:00", "to": "04:00"}]},
    "limits": {"p95_delay_min": 1.0},
}
"""Some 6 of 600 vehicles an hour are selected, and two bays inspect 24: the area, of four places, is hardly ever full.

On a day on which inspections take ten times as long they inspect 2.4 an hour. After the first four or five vehicles the
lane is held for most of an hour each time, whatever is changed by one step: with a bay more they inspect 3.6 an hour,
and with a fifth less 4.8 are selected. Only an area that waves vehicles through when it is full holds nobody.
"""


@pytest.fixture
def endured(build):
    return lambda changes, days=None, replications=12: insured(
        stress_from(plans_of_stress(build(changes), days), replications)
    )


def test_a_bad_day_that_changes_nothing_changes_nothing(endured):
    """To the bit: a difference is certain only if all operations give the same."""
    nothing = BadDay("nothing", "Nothing changes.", lambda *_: {})
    days = [nothing, demand_higher(1.0), capacity_lower(0.0), inspections_longer(1.0), late_start(0.0)]
    made = endured(CHANGES, days, 20)
    assert len(made.days) == len(days)
    for one in made.days:
        assert one.estimates == made.estimates, one.day.name
        assert {(found.estimate.low, found.estimate.high) for found in one.differences.values()} == {(0.0, 0.0)}
        assert one.broken == ()
        assert one.insurance is None


def test_as_many_lorries_change_nothing(endured):
    truck = {"classes": {"truck": {"lorry": True}}}
    counts = {"traffic": {"counts": {"vehicles": {"box": [500] * 24, "truck": [100] * 24}}}}
    made = endured(merged(CHANGES, truck | counts), [more_lorries(1.0)], 20)
    assert made.days[0].estimates == made.estimates


def test_a_bad_day_is_the_plan_with_other_keys(build, endured):
    made = endured(CHANGES, [demand_higher(1.2)], 20)
    hot = build(merged(CHANGES, {"traffic": {"scale": 1.2}}))
    assert made.days[0].estimates[FOUND] == run(hot, replications=20).estimates[FOUND]
    assert made.estimates[FOUND] == run(build(CHANGES), replications=20).estimates[FOUND]


def test_the_limit_that_breaks_and_the_lever_that_insures_are_known(endured):
    made = endured(HELD, [demand_higher(1.1), inspections_longer(10.0)], 40)
    assert [one.day.name for one in made.uninsured] == ["inspections 900 % longer"]
    (slow,) = made.uninsured
    assert slow.broken == ("p95_delay_min",)
    assert made.estimates["limits.p95_delay_min"].mean > 0.9
    assert slow.estimates["limits.p95_delay_min"].mean < 0.5
    assert slow.insurance.insures
    assert slow.insurance.lever.lever.name == "area full: wave vehicles through"
    assert slow.insurance.checks[0].kept_in.mean == 1.0
    assert slow.insurance.lever.staff_cost == 0.0


def test_where_no_lever_insures_the_nearest_is_named(endured):
    """2,400 vehicles an hour come to a lane that passes 1,800; at 41 km/h it passes 1,917."""
    made = endured(merged(HELD, {"limits": {"tail_m": 200.0}}), [demand_higher(4.0)])
    (hot,) = made.uninsured
    assert hot.broken == ("p95_delay_min", "tail_m")
    assert not hot.insurance.insures
    assert hot.insurance.lever is not None
    assert all(trial.checks[1].kept_in.mean == 0.0 for trial in hot.insurance.trials)


def test_a_day_on_which_the_plan_cannot_do_what_it_says_is_named(endured):
    """The search needs both officers."""
    search = CHANGES["area"]["stages"][0] | {"crew": {"police": 2}}
    made = endured(merged(CHANGES, {"area": {"stages": [search]}}))
    assert list(made.impossible) == ["one officer missing: police"]
    assert "needs 2 police" in made.impossible["one officer missing: police"]


def test_levers_stand_in_the_order_of_their_costs(endured):
    made = endured(CHANGES, [demand_higher(1.1)], 20)
    costs = [(one.staff_cost, one.price_unknown, one.targets_lost) for one in made.levers]
    assert costs == sorted(costs)
    unpriced = {one.lever.name for one in made.levers if one.price_unknown}
    assert {"bays: one more", "probe: one more", "look: AUC 0.05 higher", "lane: 41 km/h"} <= unpriced
    assert not unpriced & {"bays: one less", "valve: lift funnel at 1,150 m", "police, 00:00 to 04:00: one more"}
    assert made.levers[-1].lever.name == "police, 00:00 to 04:00: one more"
    assert made.levers[-1].staff_cost == pytest.approx(4 * 50.0, rel=0.05)


def test_the_number_of_jobs_changes_nothing(build):
    plans = plans_of_stress(build(HELD), [inspections_longer(10.0)])
    one, two = (insured(stress_from(plans, 12, jobs=jobs), jobs) for jobs in (1, 2))
    assert [day.estimates for day in one.days] == [day.estimates for day in two.days]
    assert [day.insurance for day in one.days if day.broken] == [day.insurance for day in two.days if day.broken]


def test_both_engines_say_the_same(build):
    plans = plans_of_stress(build(SMALL | {"limits": {"tail_m": 10.0}}), [demand_higher(1.2)])
    one, two = (stress_from(plans, 10, engine=engine) for engine in ("compiled", "simpy"))
    assert one.days[0].estimates == two.days[0].estimates


def test_the_bad_days_of_a_scenario_are_tried_by_default(build):
    made = stress(build(HELD), 10, jobs=2)
    names = [one.day.name for one in made.days]
    assert names[:2] == ["demand 10 % higher", "demand 20 % higher"]
    assert "one officer missing: police" in names
    assert names[-1] == "start 30 min late"


def test_what_is_given_is_checked(build):
    with pytest.raises(FunnelsimError, match="replications: 3 given; allowed: a whole number from 10"):
        stress(build(CHANGES), 3)
    with pytest.raises(FunnelsimError, match="scenario"):
        stress("a3.toml")
