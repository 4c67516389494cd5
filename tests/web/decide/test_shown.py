"""What the page shows of a finished job: the numbers of the answer itself, in the units shown."""

import json

import pytest

from funnelsim.decision.levers.levers import FOUND, levers
from funnelsim.decision.optimisation.optimise import BEST, RUNNER_UP, TODAY, optimise
from funnelsim.plots.tornado import tornado_rows
from funnelsim.reporting.optimise_words import NEAREST
from funnelsim.web.decide.decide_charts import burdens, grouped, limit_is_far, tornado_options, trade_off_options
from funnelsim.web.decide.shown import ON_FRONT, TRIED, shown_of_levers, shown_of_optimum
from tests.optimise_scenario import CHANGES
from tests.web.small_scenario import VARY
from tests.web.speaking import speak

FEW = {"vary": VARY, "replications": 1000, "jobs": 2}


@pytest.fixture(scope="module")
def optimum(build):
    return optimise(build(CHANGES), **FEW)


@pytest.fixture(scope="module")
def shown(optimum):
    return json.loads(json.dumps(shown_of_optimum(optimum, []), allow_nan=False))


@pytest.fixture(autouse=True)
def english(monkeypatch):
    speak(monkeypatch)


def test_the_plans_named_have_their_estimates_and_values(optimum, shown):
    by_name = {point["name"]: point for point in shown["points"]}
    for name in set(optimum.scenarios):
        estimate = optimum.comparison.estimates[name]["delay_p95_s"]
        assert by_name[name]["estimates"]["delay_p95_s"] == pytest.approx(
            [estimate.mean / 60, estimate.low / 60, estimate.high / 60]
        )
    assert by_name[BEST]["values"] == optimum.choice.values
    assert by_name[TODAY]["values"] == {}
    assert by_name[TRIED]["estimates"][FOUND][1:] == [None, None]  # means alone
    assert shown["limits"]["delay_p95_s"]["most"] == 10.0


def test_where_no_plan_keeps_the_limits_the_best_one_is_called_the_nearest(build):
    made = optimise(build(CHANGES | {"limits": {"p95_delay_min": 0.01}}), **FEW)
    assert not made.feasible
    names = [one["name"] for one in shown_of_optimum(made, [])["points"]]
    assert names[-1] == NEAREST
    assert BEST not in names
    assert NEAREST in grouped(shown_of_optimum(made, [])["points"], "delay_p95_s")


def test_every_point_stands_where_its_estimates_are(shown):
    groups = grouped(shown["points"], "delay_p95_s")
    assert {TODAY, BEST, RUNNER_UP} >= set(groups) - {TRIED}
    options = trade_off_options(shown, "delay_p95_s", groups)
    scatter = [one for one in options["series"] if one["type"] == "scatter"]
    assert [len(one["data"]) for one in scatter] == [len(numbers) for numbers in groups.values()]
    best = next(one for one in scatter if one["name"] == BEST)["data"][0]
    estimates = shown["points"][groups[BEST][0]]["estimates"]
    assert best == [estimates["delay_p95_s"][0], estimates[FOUND][0]]
    assert "delay_p95_s" in burdens(shown["points"])


@pytest.mark.parametrize(("most", "far"), [(1.1, False), (50.0, True)])
def test_a_limit_is_shaded_to_the_end_of_the_axis_unless_it_is_far_away(shown, most, far):
    groups = grouped(shown["points"], "delay_p95_s")
    largest = max(shown["points"][number]["estimates"]["delay_p95_s"][0] for one in groups.values() for number in one)
    limited = shown | {"limits": {"delay_p95_s": {"most": most * largest, "key": "limits.p95_delay_min"}}}
    options = trade_off_options(limited, "delay_p95_s", groups)
    areas = options["series"][0]["markArea"]["data"]
    assert limit_is_far(limited, "delay_p95_s", groups) is far
    if far:
        assert areas == []
    else:
        assert areas[0][0]["xAxis"] == most * largest
        assert areas[0][1]["xAxis"] == options["xAxis"]["max"] > most * largest


def test_a_front_has_all_its_plans(build):
    made = optimise(build(CHANGES | {"decide": {"goal": "front"}}), **FEW)
    points = [one for one in shown_of_optimum(made, [])["points"] if one["name"] == ON_FRONT]
    assert [one["values"] for one in points] == [point.values for point in made.choice.front.points]
    for one, point in zip(points, made.choice.front.points, strict=True):
        assert one["estimates"][FOUND] == [
            point.estimates[FOUND].mean,
            point.estimates[FOUND].low,
            point.estimates[FOUND].high,
        ]


def test_the_tornado_has_the_bars_of_the_figure_with_what_they_change(build):
    made = levers(build(CHANGES), replications=20, jobs=2)
    bars = shown_of_levers(made, [])["bars"]
    rows = tornado_rows(made)
    assert [(bar["choice"], bar["to"]) for bar in bars] == [(name, bar.to) for name, row in rows.items() for bar in row]
    for bar in bars:
        (lever,) = [one for one in made.plans.tried.values() if (one.choice, one.to) == (bar["choice"], bar["to"])]
        assert bar["changes"] == lever.changes
        assert bar["found"][0] == made.differences[lever.name][FOUND].estimate.mean
    options = tornado_options(bars)
    assert [one["value"] for one in options["series"][0]["data"]] == [bar["found"][0] for bar in bars]
