"""What the page shows of a finished job: the numbers of the answer itself, in the units shown."""

import json

import pytest

from funnelsim.analysis.estimates import Estimate
from funnelsim.decision.levers.levers import FOUND, levers
from funnelsim.decision.optimisation.optimise import BEST, RUNNER_UP, TODAY, optimise
from funnelsim.decision.optimisation.requirement import Requirement
from funnelsim.plots.tornado import tornado_rows
from funnelsim.reporting.compare_words import checks
from funnelsim.reporting.optimise_words import CHANGES as HEADING
from funnelsim.reporting.optimise_words import NEAREST, optimum_sections
from funnelsim.reporting.section import as_data
from funnelsim.web.decide.decide_charts import burdens, grouped, limit_is_far, tornado_options, trade_off_options
from funnelsim.web.decide.point_words import keeps_all, point_lines
from funnelsim.web.decide.shown import ON_FRONT, TRIED, PlanShown, shown_of_levers, shown_of_optimum
from funnelsim.wording import share_text
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


def test_what_to_change_is_told_in_words_with_the_values_of_the_plans(build):
    made = optimise(build(CHANGES | {"area": CHANGES["area"] | {"bays": 1}}), **FEW)
    words = as_data(optimum_sections(made))
    told, of_command = (
        next(one for one in sections if one["heading"] == HEADING)["items"][0]
        for sections in (shown_of_optimum(made, words)["words"], words)
    )
    assert [row[0] for row in of_command["rows"]] == ["area.bays"]
    assert [row[0] for row in told["rows"]] == ["bays"]
    assert [row[1:] for row in told["rows"]] == [row[1:] for row in of_command["rows"]]
    assert [one["head"] for one in told["columns"]] == [one["head"] for one in of_command["columns"]]


def test_where_no_plan_keeps_the_limits_the_best_one_is_called_the_nearest(build):
    made = optimise(build(CHANGES | {"limits": {"p95_delay_min": 0.01}}), **FEW)
    assert not made.feasible
    names = [one["name"] for one in shown_of_optimum(made, [])["points"]]
    assert names[-1] == NEAREST
    assert BEST not in names
    assert (NEAREST, False) in grouped(shown_of_optimum(made, [])["points"], "delay_p95_s")


def test_every_point_stands_where_its_estimates_are(shown):
    groups = grouped(shown["points"], "delay_p95_s")
    assert {TODAY, BEST, RUNNER_UP} >= {kind for kind, _ in groups} - {TRIED}
    options = trade_off_options(shown, "delay_p95_s", groups)
    scatter = [one for one in options["series"] if one["type"] == "scatter"]
    assert [len(one["data"]) for one in scatter] == [len(numbers) for numbers in groups.values()]
    best = next(one for one in scatter if one["name"] == BEST)["data"][0]["value"]
    estimates = shown["points"][groups[BEST, True][0]]["estimates"]
    assert best == [estimates["delay_p95_s"][0], estimates[FOUND][0]]
    assert "delay_p95_s" in burdens(shown["points"])


@pytest.fixture(scope="module")
def between(build):
    """Return an answer whose limit today's plan breaks too often, although its mean is below it."""
    made = optimise(build(CHANGES | {"limits": {"p95_delay_min": 0.01}}), **FEW)
    delays_s = made.comparison.replications.filter(plan=TODAY)["delay_p95_s"].drop_nulls()
    limit_min = (delays_s.mean() + delays_s.quantile(0.9)) / 2 / 60
    return optimise(build(CHANGES | {"limits": {"p95_delay_min": limit_min, "in_share_of_operations": 0.99}}), **FEW)


def test_a_plan_breaks_a_limit_by_the_rule_of_the_commands_wherever_its_mean_lies(between):
    """A limit is kept in a share of operations: a mean below it says nothing."""
    shown = shown_of_optimum(between, [])
    today = next(one for one in shown["points"] if one["name"] == TODAY)
    (must,) = today["musts"]
    (check,) = checks(between.comparison, TODAY)
    assert (must["kept"], must["kept_in"], must["verdict"]) == (False, check.kept_in.mean, check.verdict)
    assert today["estimates"]["delay_p95_s"][0] < shown["limits"]["delay_p95_s"]["most"]
    groups = grouped(shown["points"], "delay_p95_s")
    assert (TODAY, False) in groups
    hollow = {
        one["name"]: one["itemStyle"].get("color") == "transparent"
        for one in trade_off_options(shown, "delay_p95_s", groups)["series"]
        if one["type"] == "scatter"
    }
    assert hollow[f"{TODAY}: breaks a limit"]
    assert not any(is_hollow for name, is_hollow in hollow.items() if "breaks" not in name)


def test_plans_that_were_tried_show_the_share_of_their_own_operations(between):
    selected = between.choice.selected
    tried = [one for one in shown_of_optimum(between, [])["points"] if one["name"] == TRIED]
    assert [one["musts"][0]["kept_in"] for one in tried] == pytest.approx(selected.kept[:, 0].tolist())
    assert [one["musts"][0]["operations"] for one in tried] == selected.replications.tolist()


def test_a_plan_that_too_few_operations_are_known_of_is_drawn_small(between):
    shown = shown_of_optimum(between, [])
    groups = grouped(shown["points"], "delay_p95_s")
    tried = groups.get((TRIED, True), [])
    series = trade_off_options(shown, "delay_p95_s", groups)["series"]
    for scatter in (one for one in series if one.get("name") == TRIED):
        for number, item in zip(tried, scatter["data"], strict=True):
            verdicts = {must["verdict"] for must in shown["points"][number]["musts"]}
            assert ("symbolSize" in item) is (verdicts != {"kept"})


def test_a_point_names_each_limit_and_the_share_that_keeps_it(between):
    shown = shown_of_optimum(between, [])
    today = next(one for one in shown["points"] if one["name"] == TODAY)
    (check,) = checks(between.comparison, TODAY)
    said = point_lines(today, "delay_p95_s")[-1]
    assert said.startswith("P95 delay, min: at most ")
    assert f"in {share_text(check.kept_in.mean)} of 400 operations, 99 % wanted ({check.verdict})" in said


@pytest.mark.parametrize(("mean", "at_least", "kept"), [(0.5, True, True), (0.4, True, False), (0.4, False, True)])
def test_a_mean_that_must_be_kept_is_compared_with_its_bound(mean, at_least, kept):
    must = Requirement("decide.find_at_least", FOUND, 0.5, at_least=at_least)
    point = PlanShown(BEST, {}, {FOUND: Estimate(mean, mean, mean, 400)}, {}, [must]).data
    assert keeps_all(point) is kept
    side = "at least" if at_least else "at most"
    assert f": on average {side} 0.5" in point_lines(point, FOUND)[-1]


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
