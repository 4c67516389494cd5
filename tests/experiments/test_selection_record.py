"""Whom an operation selected by hour and class, beside whom its rule means."""

import pytest

from funnelsim.analysis.forecast import selection_chances
from funnelsim.experiments.replication import log_of
from funnelsim.experiments.selection_record import SCHEMA, selection_record
from funnelsim.model.states import Fate, Gate

MIXED = {("traffic", "counts", "vehicles"): {"car": [500] * 24, "lorry": [100] * 24}}


def recorded(planned, changes):
    _, plan = planned(MIXED | changes)
    log = log_of(plan, 1, 3)
    return plan, log, selection_record(log, plan)


def test_every_ordinary_vehicle_that_was_looked_at_is_in_its_hour_and_class(planned):
    plan, log, table = recorded(planned, {("operation", "opens"): "06:30", ("operation", "closes"): "09:00"})
    assert table.schema == SCHEMA
    assert set(table["replication"]) == {3}
    assert set(table["day"]) == {1}
    assert table["from_clock"].unique().sort().to_list() == ["06:30", "07:00", "08:00"]
    ordinary = log.traffic.target == 0
    for row in table.iter_rows(named=True):
        hours, minutes = map(int, row["from_clock"].split(":"))
        begins_s, ends_s = hours * 3600 + minutes * 60, (hours + 1) * 3600
        there = ordinary & (log.passed_s >= begins_s) & (log.passed_s < ends_s) & (log.gate == Gate.OPEN)
        there &= log.traffic.vehicle_class == plan.classes.index(row["class"])
        chosen = (log.fate == Fate.INSPECTED) | (log.fate == Fate.AREA_FULL)
        assert (row["looked_at"], row["selected"]) == (there.sum(), (there & chosen).sum())
        assert row["share"] == pytest.approx(row["selected"] / row["looked_at"], abs=1e-5)
    assert table["looked_at"].sum() == (ordinary & (log.gate == Gate.OPEN)).sum()


def test_under_every_nth_each_hour_has_the_share_that_is_meant_but_for_whole_numbers(planned):
    _, _, table = recorded(planned, {("selection", "rule"): "every_nth", ("selection", "every"): {"default": 10}})
    assert set(table["share_meant"]) == {0.1}
    for row in table.iter_rows(named=True):
        assert abs(row["selected"] - row["looked_at"] / 10) <= 2  # a target may be the n-th


def test_under_free_bay_the_share_of_the_area_stands_beside_what_came_out(planned):
    plan, _, table = recorded(planned, {("selection", "rule"): "free_bay"})
    assert set(table["share_meant"]) == {round(float(selection_chances(plan)[0, 0, 0]), 5)}
    assert table["share"].n_unique() > 2


def test_of_an_area_that_several_funnels_share_no_share_is_meant(planned):
    traffic = {"counts": {"from": "00:00", "vehicles": {"car": [300] * 24}}}
    both = {("direction",): "out", ("funnels",): [{"direction": "back", "traffic": traffic}]}
    _, _, table = recorded(planned, both | {("selection", "rule"): "free_bay"})
    assert table["direction"].n_unique() == 2
    assert table["share_meant"].to_list() == [None] * table.height


def test_each_hour_has_the_share_that_its_rates_mean(planned):
    hours = [{"from": "07:00", "to": "08:30", "rate": {"car": 0.4}}]
    rate = {("selection", "rate"): {"default": 0.1}, ("selection", "rate_by_time"): hours}
    _, _, table = recorded(planned, rate | {("operation", "closes"): "10:00"})
    meant = {(row["from_clock"], row["class"]): row["share_meant"] for row in table.iter_rows(named=True)}
    assert {hour: share for (hour, name), share in meant.items() if name == "car"} == {
        "06:00": 0.1,
        "07:00": 0.4,
        "08:00": 0.25,
        "09:00": 0.1,
    }
    assert {share for (_, name), share in meant.items() if name == "lorry"} == {0.1}
