"""Plans with the same digest have the same results; a change that matters changes the digest."""

import pytest

from funnelsim.experiments.plan_digest import digest_of
from funnelsim.experiments.replication import simulate_block

RULE, EVERY, RATE = ("selection", "rule"), ("selection", "every"), ("selection", "rate")
ROSTER = ("staffing", "roster")
RANDOM, NTH = {RULE: "random"}, {RULE: "every_nth"}
CAMPER = {"default": 0.01, "lorry": 0.05, "camper": 0.3}


def shifts(*others):
    times = {"from": "05:30", "to": "14:30", "breaks": {"minutes": 30, "after_h": 4}}
    return {
        ROSTER: [{"agency": name, "count": count, **times} for name, count in (("police", 10), ("customs", 5), *others)]
    }


SAME = {
    "every n-th under a rule that counts none": ({**RANDOM, EVERY: {"default": 7}}, {**RANDOM, EVERY: {"default": 9}}),
    "rates under a rule that counts": (
        {**NTH, EVERY: {"default": 50}, RATE: {"default": 0.1}},
        {**NTH, EVERY: {"default": 50}, RATE: {"default": 0.2}},
    ),
    "the rate of a class without traffic": ({RATE: CAMPER}, {RATE: CAMPER | {"camper": 0.0}}),
    "the prevalence in a class without traffic": ({}, {("targets", 0, "per_10k", "camper"): 50}),
    "equipment that nobody uses": ({("equipment", "dog"): 1}, {("equipment", "dog"): 3}),
    "who counted the traffic": ({}, {("traffic", "counts", "source"): "counter 7"}),
}
DIFFERENT = {
    "every n-th": ({**NTH, EVERY: {"default": 7}}, {**NTH, EVERY: {"default": 9}}),
    "rates": ({RATE: {"default": 0.01}}, {RATE: {"default": 0.02}}),
    "whether a class is selected at all by a rule that counts": (
        {**NTH, EVERY: {"default": 50}, RATE: {"default": 0.1}},
        {**NTH, EVERY: {"default": 50}, RATE: {"default": 0.0}},
    ),
    "bays": ({}, {("area", "bays"): 5}),
    "the valve": (
        {("selection", "valve"): {"suspend_at_m": 60, "resume_at_m": 30}},
        {("selection", "valve"): {"suspend_at_m": 80, "resume_at_m": 30}},
    ),
    "scatter of the demand": ({}, {("traffic", "scale"): 1.01}),
    "equipment in use": ({}, {("equipment", "co2_probe"): 2}),
    "officers who do nothing, but cost": (shifts(("border_guard", 1)), shifts(("border_guard", 2))),
}


def results(plan):
    return simulate_block("", [plan], 3, range(4))[1]


@pytest.mark.parametrize("name", SAME)
def test_plans_with_the_same_digest_have_the_same_results(planned, name):
    first, second = (planned(changes)[1] for changes in SAME[name])
    assert digest_of(first) == digest_of(second)
    assert results(first).equals(results(second))


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_is_used_makes_a_difference(planned, name):
    first, second = (planned(changes)[1] for changes in DIFFERENT[name])
    assert digest_of(first) != digest_of(second)
    assert not results(first).equals(results(second))


def test_officers_whom_nothing_needs_change_their_hours_and_cost_alone(planned):
    first, second = (planned(changes)[1] for changes in DIFFERENT["officers who do nothing, but cost"])
    assert digest_of(first, hours=False) == digest_of(second, hours=False)
    one, other = results(first), results(second)
    changed = {name for name in one.columns if not one[name].equals(other[name])}
    assert changed
    assert all("officer_h" in name or "cost" in name for name in changed), changed


def test_officers_who_inspect_change_more_than_their_hours(planned):
    first, second = planned()[1], planned({(*ROSTER, 0, "count"): 11})[1]
    assert digest_of(first, hours=False) != digest_of(second, hours=False)


def test_the_funnels_of_a_plan_count_one_by_one(planned):
    west = {"direction": "westbound", "traffic": {"counts": {"from": "00:00", "vehicles": {"car": [300] * 24}}}}
    both = {("funnels",): [west]}
    busier = {("funnels",): [{**west, "selection": {"rate": {"default": 0.02}}}]}
    lorries = {("funnels",): [{**west, "selection": {"rate": {"default": 0.01, "lorry": 0.3}}}]}
    plain = {("funnels",): [{**west, "selection": {"rate": {"default": 0.01}}}]}
    assert digest_of(planned(both)[1]) != digest_of(planned()[1])
    assert digest_of(planned(plain)[1]) != digest_of(planned(busier)[1])
    assert digest_of(planned(plain)[1]) == digest_of(planned(lorries)[1])  # no lorries come westbound
