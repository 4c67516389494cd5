"""Bad days against the plan, on the same random numbers, and the cheapest lever that insures."""

import pytest

from funnelsim.analysis.estimates import Estimate, share_estimate
from funnelsim.analysis.limits import LimitCheck
from funnelsim.decision.bad_days.bad_day import BadDay
from funnelsim.decision.bad_days.bad_days import (
    capacity_lower,
    demand_higher,
    inspections_longer,
    late_start,
    more_lorries,
)
from funnelsim.decision.bad_days.stress import _broken, insured, plans_of_stress, stress, stress_from
from funnelsim.decision.levers.choices import levers_of
from funnelsim.decision.levers.priced_levers import cheapest_first
from funnelsim.decision.paired_simulations import PairedSimulations
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.differences import Difference
from funnelsim.experiments.run import run
from tests.conftest import SMALL, merged
from tests.decision.levers.test_levers import CHANGES

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


def test_a_lever_insures_only_if_it_keeps_limits_as_often_as_wanted(endured):
    """On an ordinary day, too, nobody passes without delay: what keeps the limit as seldom insures nothing."""
    made = endured(merged(HELD, {"limits": {"p95_delay_min": 0.01, "tail_m": 200.0}}), [demand_higher(4.0)], 12)
    (hot,) = made.uninsured
    assert hot.broken == ("tail_m",)
    assert not hot.insurance.insures
    assert not any(trial.insures for trial in hot.insurance.trials)


def test_a_lever_insures_only_probably_where_the_operations_are_too_few(endured):
    """All of 12 operations show that 76 of 100 keep the limit, all of 40 that 91 do."""
    few, many = (endured(HELD, [inspections_longer(10.0)], number).days[0].insurance for number in (12, 40))
    assert (few.insures, few.probably) == (True, True)
    assert (many.insures, many.probably) == (True, False)


def test_a_day_on_which_the_plan_cannot_do_what_it_says_is_named(endured):
    """The search needs both officers."""
    search = CHANGES["area"]["stages"][0] | {"crew": {"police": 2}}
    made = endured(merged(CHANGES, {"area": {"stages": [search]}}))
    (missing,) = made.impossible
    assert missing.day.name == "one officer missing: police"
    assert "needs 2 police" in missing.why


def test_levers_stand_in_the_order_of_their_costs(build):
    """What each lever costs and finds is made up."""

    def differing(cost, found):
        return {
            "staff_cost": Difference("staff_cost", "a", "b", Estimate(cost, cost, cost, 20), None),
            FOUND: Difference(FOUND, "a", "b", Estimate(found, found, found, 20), None),
        }

    scenario = build(CHANGES)
    levers = {lever.name: lever for lever in levers_of(scenario)}
    officer, rate, mark = "police, 00:00 to 04:00: one more", "box: select 4 %", "valve: lift funnel at 650 m"
    less, unpriced = "police, 00:00 to 04:00: one less", ["bays: one more", "probe: one more", "look: AUC 0.05 higher"]
    costs = {
        officer: differing(200.0, 0.3),
        rate: differing(0.0, -0.2),
        mark: differing(0.0, -0.1),
        less: differing(-200.0, -0.3),
        **dict.fromkeys([*unpriced, "lane: 41 km/h"], differing(0.0, 0.2)),
    }
    made = cheapest_first(scenario, [levers[name] for name in costs], costs)
    assert [one.lever.name for one in made] == [mark, rate, less, *unpriced, "lane: 41 km/h", officer]
    assert [one.lever.name for one in made if one.price_unknown] == [*unpriced, "lane: 41 km/h"]
    assert [one.staff_cost for one in made] == [0.0] * 7 + [200.0]


def test_only_what_may_insure_has_a_price(endured):
    made = endured(HELD, [inspections_longer(10.0)], 40)
    assert "area full: wave vehicles through" in {one.lever.name for one in made.levers}
    assert len(made.levers) < len(made.days[0].insurance.trials)
    costs = [(one.staff_cost, one.price_unknown, one.targets_lost) for one in made.levers]
    assert costs == sorted(costs)


def test_a_lever_is_confirmed_in_operations_in_which_it_was_not_chosen(build, monkeypatch):
    asked = []
    simulate = PairedSimulations.__call__

    def watched(self, plans, replications):
        asked.append((sorted(plans), replications))
        return simulate(self, plans, replications)

    plans = plans_of_stress(build(HELD), [inspections_longer(10.0)])
    endured = stress_from(plans, 12)
    monkeypatch.setattr(PairedSimulations, "__call__", watched)
    insured(endured)
    lever = "area full: wave vehicles through"
    assert [replications for names, replications in asked if lever in names] == [range(12), range(12), range(12, 24)]


def test_a_limit_that_an_ordinary_day_breaks_is_broken_only_if_it_is_kept_less_often(endured):
    """Nobody passes without delay, so 0.6 s are never kept; a fifth more vehicles cannot keep them less often."""
    made = endured(merged(HELD, {"limits": {"p95_delay_min": 0.01}}), [demand_higher(1.2)], 20)
    assert made.estimates["limits.p95_delay_min"].mean == 0.0
    assert made.days[0].broken == ()


def test_a_day_breaks_a_limit_only_if_that_is_seen():
    """Of 40 operations 34 keep it on an ordinary day and 33 on a bad one, where 84 % are to keep it."""
    queue = Estimate(4.0, 3.0, 5.0, 40)
    checks = [LimitCheck("tail_m", "tail_max_m", 5.0, queue, share_estimate(n, 40), 0.84) for n in (34, 33, 20)]
    assert [(check.kept, check.open) for check in checks] == [(True, True), (False, True), (False, False)]
    unseen, seen = (
        {"limits.tail_m": Difference("limits.tail_m", "ordinary", "bad", Estimate(-0.025, -0.06, high, 40), None)}
        for high in (0.01, -0.01)
    )
    ordinary, bad, worse = checks
    assert _broken([ordinary], [bad], unseen) == ()
    assert _broken([ordinary], [bad], seen) == ("tail_m",)
    assert _broken([ordinary], [worse], unseen) == ("tail_m",)
    assert _broken([worse], [worse], unseen) == ()


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
