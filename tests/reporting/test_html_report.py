"""The report page: self-contained, well-formed, the same bytes twice, and its numbers those of the result."""

import itertools
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from importlib.metadata import version

import numpy as np
import polars as pl
import pytest

from funnelsim.analysis.catalogue import CURRENCY
from funnelsim.analysis.estimates import estimate_texts, mean_estimate
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.cases import cases_of
from funnelsim.experiments.compare import compare
from funnelsim.experiments.ranking import ranking_of
from funnelsim.experiments.run import run
from funnelsim.experiments.suspension_record import suspension_record
from funnelsim.experiments.sweep import sweep
from funnelsim.reporting import sweep_words as words
from funnelsim.reporting.assumptions import assumptions_of
from funnelsim.reporting.html import Provenance, html_report, report
from funnelsim.reporting.html import words as as_shown
from funnelsim.reporting.html.background import provenance_now
from funnelsim.reporting.html.sweep_page import point_run
from funnelsim.reporting.plain_words import starter_values
from funnelsim.reporting.run_table import burden_rows, yield_rows
from funnelsim.reporting.suspension_words import suspensions
from funnelsim.scenario.schema import Scenario

MADE = Provenance("compiled", "funnelsim run 'a [b].toml'", "0.1.0", "3.11.0", {"numpy": "2.0", "simpy": "4.1"})
QUICK = {
    "title": "quick",
    "operation": {"opens": "06:00", "closes": "07:00", "stop_selecting_min": 5, "run_out_min": 30},
    "traffic": {"counts": {"from": "05:00", "vehicles": {"total": [300, 900, 300]}}, "scale": 1.1, "day_cv": 0.0},
    "targets": [{"name": "contraband", "per_10k": {"van": 100}}],
    "selection": {"rate": {"default": 0.1}},
    "area": {
        "stages": [{"name": "search", "duration": {"mean_s": 200}, "crew": {"police": 2}, "finds": {"contraband": 0.8}}]
    },
    "staffing": {"roster": [{"agency": "police", "count": 4, "from": "05:30", "to": "07:30"}]},
    "limits": {"p95_delay_min": 1.5, "tail_m": 100},
}
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def quick_run():
    return run(Scenario.model_validate(QUICK), replications=6, seed=4)


@pytest.fixture(scope="module")
def page(quick_run):
    return html_report(quick_run, MADE)


@pytest.fixture(scope="module")
def quick_sweep(tmp_path_factory):
    varied = ["selection.rate.default=0.02,0.1", "staffing.roster.police.count=4,6"]
    return sweep(Scenario.model_validate(QUICK), varied, replications=6, folder=tmp_path_factory.mktemp("sweep"))


@pytest.fixture(scope="module")
def sweep_page(quick_sweep):
    return html_report(quick_sweep, MADE)


class _Outside(HTMLParser):
    """Collect whatever a browser would fetch or run."""

    def __init__(self):
        super().__init__()
        self.found, self.tags, self.ids = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            fetches = name in {"src", "srcset", "poster", "data", "action", "xlink:href"} or (name, tag) == (
                "href",
                "link",
            )
            inside = value.startswith(("#", "data:image/png;base64,"))
            if (fetches and not inside) or (name == "href" and not inside) or name.startswith("on"):
                self.found.append((tag, name, value[:80]))

    handle_startendtag = handle_starttag


def _text(page):
    """Return what a reader sees, blanks as one."""
    body = re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", body)))


def _shown(text):
    return re.sub(r"\s+", " ", as_shown(text))


@pytest.mark.parametrize("which", ["page", "sweep_page"])
def test_the_page_needs_nothing_else(which, request):
    html = request.getfixturevalue(which)
    parser = _Outside()
    parser.feed(html)
    assert parser.found == []
    assert not {"script", "iframe", "link", "object", "embed"} & set(parser.tags)
    styles = "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
    assert not re.search(r"url\(|@import|@font-face", styles)
    # Identifiers of different figures do not meet, and every reference inside a figure leads somewhere.
    assert len(parser.ids) == len(set(parser.ids))
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', html)) <= set(parser.ids)


@pytest.mark.parametrize("which", ["page", "sweep_page"])
def test_the_page_is_well_formed_and_says_what_things_are(which, request):
    html = request.getfixturevalue(which)
    assert html.startswith("<!DOCTYPE html>")
    root = ET.fromstring(html)  # noqa: S314  (made here)
    assert root.get("lang") == "en"
    assert len(root.findall(f".//{XHTML}h1")) == 1
    for table in root.iter(f"{XHTML}table"):
        for row in table.findall(f"{XHTML}tbody/{XHTML}tr"):
            assert row[0].get("scope") == "row"
        assert all(head.get("scope") == "col" for head in table.findall(f"{XHTML}thead/{XHTML}tr/{XHTML}th"))
    figures = list(root.iter(f"{XHTML}figure"))
    assert figures
    for figure in figures:
        assert figure.find(f"{XHTML}figcaption") is not None
        assert figure[0].get("aria-label") or figure[0][0].get("alt")


def test_the_same_result_gives_the_same_bytes(quick_run, page, quick_sweep, sweep_page):
    assert html_report(quick_run, MADE) == page
    assert html_report(quick_sweep, MADE) == sweep_page


def test_numbers_are_those_of_the_result_burden_beside_yield(quick_run, page):
    text = _text(page)
    for row in itertools.chain(yield_rows(quick_run), burden_rows(quick_run)):
        value, beside = row.texts(quick_run.estimates[row.name])
        unit = row.unit.replace(CURRENCY, "EUR") if math.isfinite(quick_run.estimates[row.name].mean) else ""
        shown = " ".join(part for part in (row.label.strip(), value, beside, unit, row.name) if part)
        assert _shown(shown) in text
    numbers = re.search(r'<dl class="numbers">.*?</dl>', page, re.DOTALL)[0]
    for measure in ("expected_detections", "stops_per_detection", "ordinary_h_per_detection"):
        value, beside = estimate_texts(quick_run.estimates[measure])
        assert f">{value}<" in numbers
        assert _shown(beside) in re.sub(r"\s+", " ", numbers)


def test_a_figure_stands_on_the_page_where_the_run_has_what_it_is_about(page):
    assert "pays to move on" not in page
    assert "warning sign" not in page
    evade = {"alerted": 0.5, "half_life_h": 1.0}
    targets = [{**QUICK["targets"][0], "evade": evade}]
    warned = Scenario.model_validate(QUICK | {"approach": {"warning_m": 300.0}, "targets": targets})
    shown = html_report(run(warned, replications=2, seed=4), MADE)
    assert "it pays to move on" in shown
    assert "beyond the warning sign" in shown


def test_all_warnings_are_on_the_page_and_the_grave_ones_in_the_answer(build_page):
    few = {"selection": {"rate": {"default": 0.01}}}
    assert "warning" not in _text(build_page(few)).lower()
    odd = {"equipment": {"dog": 1}, "limits": {"p95_delay_min": 0.1}, "approach": {"warning_m": 4e3}}
    text = _text(build_page(few | odd))
    dog, limit, sign = (
        "equipment: no stage uses dog",
        "limits.p95_delay_min = 0.1 cannot",
        "approach.warning_m = 4000 lies",
    )
    assert f"3 warnings, 2 of them grave; see the chapter The plan. Grave: {dog}" in text
    answer, chapter = text.split("2 grave warnings: the plan does not do what it seems to")
    assert [words in answer for words in (dog, limit, sign)] == [True, True, False]
    assert chapter.index(dog) < chapter.index(limit) < chapter.index("1 other warning") < chapter.index(sign)


def test_the_page_of_a_sweep_has_the_warnings_of_the_base_scenario_and_of_the_best_plan():
    idle = {**QUICK, "equipment": {"dog": 1}, "selection": {"rate": {"default": 0.0}}, "limits": {}}
    found = sweep(Scenario.model_validate(idle), ["selection.rate.default=0.0,0.01"], replications=2)
    text = _text(html_report(found, MADE))
    assert "The base scenario: 2 grave warnings; The best plan: 1 grave warning; see the chapter The plan." in text
    assert "The base scenario: selection.rate is 0 for every class" in text
    assert "Grave: equipment: no stage uses dog" in text
    assert "changes nothing" not in text.split("chapter The plan")[1][:2000]  # a reloaded scenario has all its defaults


def test_plans_with_the_same_results_are_ranked_once_and_named():
    varied = ["selection.every.default=10,20", "selection.rate.default=0.05,0.1"]
    found = sweep(Scenario.model_validate({**QUICK, "limits": {}}), varied, replications=3)
    assert found.same_as.to_list() == [None, 3, 0, None]  # point 3 is the file's own: every 20th, 10 %
    text = _text(html_report(found, MADE))
    assert "Of 2 plans that differ the one that finds most is" in text
    assert "Plans with the same results as another in every measure" in text
    alone = sweep(Scenario.model_validate(QUICK), varied[:1], replications=3)
    assert "All 2 plans have the same results in every measure: what is varied changes nothing" in _text(
        html_report(alone, MADE)
    )


def test_question_answer_method_and_versions_are_there(page):
    text = _text(page)
    marks = (
        "The question",
        "The answer",
        "The plan Opens at 06:00",
        "The funnel from above",
        "Road and lane",
    )
    assert sorted(marks, key=text.index) == list(marks)
    assert text.index("The plan Opens at 06:00") < text.rindex("Yield, and where")  # the contents name it before
    for said in ("A funnel like this would find", "stop_rate.van", "numpy 2.0", "--seed 4", "does not predict"):
        assert said in text


def test_every_assumption_is_there_with_its_source(quick_run, page):
    text = _text(page)
    for row in assumptions_of(quick_run.scenario):
        source = f"default: {row.source}" if row.set_by == "default" else row.source
        assert _shown(f"{row.key} {row.value} {source} {row.meaning}") in text


def test_each_kind_of_page_says_in_its_title_what_it_reports(page, sweep_page):
    first, second = (Scenario.model_validate({**QUICK, "title": title}) for title in ("Night", "Day"))
    compared = html_report(compare({"as it is": first, "Two <more>": second}, replications=2), MADE)
    for html, title in (
        (page, "quick: report of a simulated operation"),
        (sweep_page, "quick: report of a sweep of 4 plans"),
        (compared, "Night and Day: report of a comparison of as it is and Two &lt;more&gt;"),
    ):
        assert f"<title>{title}</title>" in html
    assert "The differences: Two <more> minus as it is" in _text(compared).replace("\xa0", " ")


def test_the_plan_names_the_values_that_are_still_the_starters(page):
    (said,) = [" ".join(section.items[:1]) for section in starter_values(Scenario.model_validate(QUICK))]
    text = _text(page)
    assert "1 value of the file is as funnelsim new writes it" in said or "values of the file are" in said
    assert _shown(said) in text


EVIL = """</script><script>1</script>&"x"'{{7*7}}<b on=1>]]>"""


@pytest.fixture(scope="module")
def nasty():
    """Return a scenario in which every name is markup."""
    stage = {
        **QUICK["area"]["stages"][0],
        "name": f"stage {EVIL}",
        "crew": {f"agency {EVIL}": 1},
        "finds": {f"target {EVIL}": 0.8},
        "equipment": {f"probe {EVIL}": 1},
    }
    roster = [{"agency": f"agency {EVIL}", "count": 3, "from": "05:30", "to": "07:30"}]
    return Scenario.model_validate(
        {
            **QUICK,
            "title": f"title {EVIL}",
            "currency": EVIL[:12],
            "traffic": QUICK["traffic"] | {"counts": QUICK["traffic"]["counts"] | {"source": f"source {EVIL}"}},
            "targets": [{"name": f"target {EVIL}", "per_10k": {"van": 100}}],
            "selection": {"rate": {"default": 0.1}, "post": {f"agency {EVIL}": 1}},
            "area": {"stages": [stage]},
            "equipment": {f"probe {EVIL}": 1, f"idle {EVIL}": 1},  # of which a warning speaks
            "staffing": {"roster": roster},
        }
    )


@pytest.mark.parametrize("kind", ["run", "sweep", "comparison"])
def test_markup_in_names_is_text(kind, nasty):
    """A page has the tags of its templates and its figures alone, and shows every name letter for letter."""
    if kind == "run":
        result = run(nasty, replications=2)
    elif kind == "sweep":
        result = sweep(nasty, ["selection.rate.default=0.02,0.1"], replications=2)
    else:
        more = nasty.model_copy(update={"title": f"other {EVIL}"})
        result = compare({f"one {EVIL}": nasty, f"two {EVIL}": more}, replications=2)
    html = html_report(result, MADE)
    parser = _Outside()
    parser.feed(html)
    assert parser.found == []
    assert not {"script", "b"} & set(parser.tags)
    root = ET.fromstring(html)  # noqa: S314  (made here)
    shown = re.sub(r"\s+", " ", "".join(root.itertext()))
    for name in (
        "title",
        "stage",
        "agency",
        "target",
        "probe",
        "idle",
        "source",
        *(("one", "two") if kind == "comparison" else ()),
    ):
        assert _shown(f"{name} {EVIL}") in shown, name
    assert "49" not in root.find(f".//{XHTML}title").text


@pytest.fixture
def build_page():
    def make(changes, replications=2, finds=None):
        data = {**QUICK, **changes}
        if finds is not None:
            stage = {**QUICK["area"]["stages"][0], "finds": {finds: 0.8}}
            data["area"] = {"stages": [stage]}
        return html_report(run(Scenario.model_validate(data), replications=replications, seed=1), MADE)

    return make


def test_a_run_without_targets_and_limits(build_page):
    area = {"stages": [{"name": "check", "duration": {"mean_s": 200}}]}
    text = _text(build_page({"targets": [], "limits": {}, "area": area}))
    assert "It looks for no targets" in text
    assert "The limits: None are set." in text
    assert "nan" not in text.lower().split()


def test_one_replication_has_no_error_bar_and_says_so(build_page):
    text = _text(build_page({}, replications=1))
    assert "no number has an error bar" in text.split("Yield, and where")[0]


def test_an_interrupted_run_says_so_beside_the_answer(quick_run):
    text = _text(html_report(replace(quick_run, complete=False), MADE))
    assert "The run was stopped after 6 operations." in text.split("Yield, and where")[0]


# ---------------------------------------------------------------------------------------------------------- sweeps


def _with(sweep_, **columns):
    """Return a sweep with measures of its operations set by hand: a list for each point."""
    rows = sweep_.replications.collect().sort("point", "replication")
    points = sweep_.points
    for name, values in columns.items():
        rows = rows.with_columns(pl.Series(name, np.concatenate(values).astype(float)))
        found = [mean_estimate(np.array(one, dtype=float)) for one in values]
        points = points.with_columns(
            pl.Series(f"{name}.{part}", [getattr(one, part) for one in found]) for part in ("mean", "low", "high")
        )
    return replace(sweep_, points=points, replications=rows.lazy())


def _about(mean, scatter):
    """Return six operations with this mean."""
    return (mean + scatter * np.array([-1.0, -0.6, -0.2, 0.2, 0.6, 1.0])).tolist()


def test_the_answer_says_best_and_cost_and_how_sure(quick_sweep):
    """The limit is 90 s: points 0 and 1 always keep it, which six operations do not settle, 2 and 3 never do."""
    made = _with(
        quick_sweep,
        expected_detections=[_about(mean, 0.01) for mean in (0.1, 0.2, 0.3, 0.4)],
        delay_p95_s=[_about(mean, 2.0) for mean in (50.0, 80.0, 95.0, 100.0)],
        tail_max_m=[[10.0] * 6] * 4,
    )
    ranking = ranking_of(made)
    assert "2 of 4 plans are within the limits" in words.verdict(ranking)
    said = " ".join(words.comparison(made, ranking))
    assert "It is not settled whether a limit is kept: P95 delay at most 1.5 min is kept in 6 of 6 operations" in said
    assert (
        "At least 35 operations settle it, if all of them keep it (--replications)." in said
    )  # 35 / (35 + 1.96²) > 0.9
    assert "than the next best" in said
    assert "than the unvaried plan, which breaks the limits" in said
    assert "2 plans would find more, but not within the limits; most of all" in said


def test_where_nothing_is_within_the_least_bad_is_named(quick_sweep):
    made = _with(
        quick_sweep,
        delay_p95_s=[_about(mean, 2.0) for mean in (180.0, 99.0, 120.0, 150.0)],
        tail_max_m=[[10.0] * 6] * 4,
    )
    ranking = ranking_of(made)
    assert ranking.best.point == 1
    said = words.verdict(ranking)
    assert said.startswith("None of 4 plans is within the limits. The least bad is")
    assert "P95 delay at most 1.5 min is kept in 0 of 6 operations (at most 39 %) (90 % wanted; P95 delay 1.65" in said
    text = _text(html_report(made, MADE))
    assert "The least bad plan against others" in text
    assert "The next closest to the limits:" in text
    assert "next best" not in text
    assert "less than the next" not in text


def test_a_dearer_plan_that_finds_no_more_than_chance_explains_is_named_beside_the_best(quick_sweep):
    near = [0.18, 0.22, 0.19, 0.21, 0.2, 0.215]
    found = [_about(0.1, 0.01), near, [0.205, 0.212, 0.183, 0.221, 0.19, 0.214], _about(0.1, 0.01)]
    made = _with(
        quick_sweep,
        expected_detections=found,
        delay_p95_s=[[50.0] * 6] * 4,
        tail_max_m=[[10.0] * 6] * 4,
        officer_h=[[hours] * 6 for hours in (10.0, 10.0, 20.0, 20.0)],
    )
    said = words.verdict(ranking_of(made))
    assert "which hardly differs from 0.20" in said
    assert "and takes 10 officer-hours instead of 20" in said


def test_circumstances_are_no_choice_and_each_has_its_best_plan(tmp_path):
    scenario = Scenario.model_validate(QUICK)
    vary = ["traffic.scale=0.5,1.1", "selection.rate.default=0.02,0.1"]
    made = sweep(scenario, vary, replications=6, folder=tmp_path)
    text = _text(html_report(made, MADE))
    assert "is a circumstance, not a choice, so a plan is named for each case. One plan for all 2 cases:" in text
    assert "The best plan in each case" in text
    assert "With traffic factor 1.1: " in text  # the base scenario's own case is reported below


def test_where_only_circumstances_are_varied_no_plan_is_best(tmp_path):
    scenario = Scenario.model_validate(QUICK)
    made = sweep(scenario, ["traffic.scale=0.5,1.1"], replications=6, folder=tmp_path)
    text = _text(html_report(made, MADE))
    assert "Nothing is varied that a planner chooses, only" in text
    assert "so no plan is best. The plan finds" in text


def test_where_choices_and_circumstances_are_not_crossed_no_plan_is_best(tmp_path):
    scenario = Scenario.model_validate(QUICK)
    vary = ["traffic.scale=0.5:1.1", "selection.rate.default=0.02:0.1"]
    made = sweep(scenario, vary, "lhs", 4, replications=3, folder=tmp_path)
    assert "A grid of both names the best plan for each case and for all." in _text(html_report(made, MADE))


def test_a_sweep_reports_its_best_point_like_a_run(quick_sweep, sweep_page):
    best = ranking_of(quick_sweep).best
    made = point_run(quick_sweep, best.point)
    row = quick_sweep.points.row(by_predicate=pl.col("point") == best.point, named=True)
    for name, found in made.estimates.items():
        assert found.mean == pytest.approx(row[f"{name}.mean"], nan_ok=True)
    text = _text(sweep_page)
    value, beside = estimate_texts(made.estimates["ordinary_h"], 1.0)
    assert _shown(f"Hours lost by ordinary vehicles {value} {beside} vehicle-hours") in text
    assert "What was varied" in text


def test_a_sweep_of_one_key_without_limits_or_of_one_point(tmp_path):
    free = Scenario.model_validate({**QUICK, "limits": {}})
    text = _text(html_report(sweep(free, ["area.bays=2,3,4"], replications=3, folder=tmp_path / "a"), MADE))
    assert "The scenario names no limits" in text
    text = _text(html_report(sweep(free, ["area.bays=4"], replications=1, folder=tmp_path / "b"), MADE))
    assert "It is the plan as it was before anything was varied." in text


def test_a_sweep_that_finds_nothing_or_was_stopped_says_so(tmp_path):
    nothing = Scenario.model_validate(
        {**QUICK, "targets": [], "area": {"stages": [{"name": "c", "duration": {"mean_s": 9}}]}}
    )
    made = sweep(nothing, ["selection.rate.default=0.01,0.02,0.03"], replications=2, folder=tmp_path / "s")
    text = _text(html_report(replace(made, complete=False), MADE))
    assert "finds anything, so none is better" in text
    assert "stopped before every plan was simulated" in text


def test_the_page_has_the_record_of_suspensions_if_there_is_a_valve(page):
    """A valve that acts on a queue of 20 m acts often."""
    selection = QUICK["selection"] | {"valve": {"suspend_at_m": 20, "resume_at_m": 1}}
    often = run(Scenario.model_validate(QUICK | {"selection": selection}), replications=2, seed=4)
    said = suspensions(often)
    assert said[0].startswith("On average the valve stops selection ")
    table = said[-1]
    assert len(table.rows) == suspension_record(often.first_log(), often.plan).height > 1
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert "Suspensions by the valve" in html_report(often, MADE)
    assert "Suspensions by the valve" not in page


def test_a_sweep_whose_base_scenario_is_not_possible_is_reported_with_the_points_that_are_not(tmp_path):
    """Two police are needed; the scenario file has one."""
    alone = {**QUICK, "staffing": {"roster": [{"agency": "police", "count": 1, "from": "05:30", "to": "07:30"}]}}
    made = sweep(
        Scenario.model_validate(alone), ["staffing.roster.police.count=1,2,3"], replications=2, folder=tmp_path
    )
    text = _text(html_report(made, MADE))
    assert "1 further plan is not possible, as listed below." in text
    assert "Plans that are not possible" in text
    assert "it is not possible: area.stages.search: needs 2 police" in text


def test_in_a_sweep_over_the_variation_of_days_no_one_value_is_claimed(tmp_path):
    made = sweep(Scenario.model_validate(QUICK), ["traffic.day_cv=0.0,0.2"], replications=3, folder=tmp_path)
    text = _text(html_report(made, MADE))
    assert "Which of 1 plan in 2 cases finds most within the limits" in text
    assert "the one that finds most is :" not in text


def test_one_plan_for_all_cases_is_the_cheaper_of_those_that_cannot_be_told_apart(tmp_path):
    """The limit alone is varied, so both cases have the same operations; 0.002 between the plans is not seen."""
    vary = ["limits.p95_delay_min=5,50", "staffing.roster.police.count=4,6"]
    made = sweep(Scenario.model_validate(QUICK), vary, replications=6, folder=tmp_path)
    near, far = [0.18, 0.22, 0.19, 0.21, 0.2, 0.215], [0.205, 0.212, 0.183, 0.221, 0.19, 0.214]
    made = _with(
        made,
        expected_detections=[near, far, near, far],
        delay_p95_s=[[50.0] * 6] * 4,
        tail_max_m=[[10.0] * 6] * 4,
        officer_h=[[hours] * 6 for hours in (8.0, 12.0, 8.0, 12.0)],
    )
    assert "One plan for all 2 cases: 4 police officers" in " ".join(words.by_case(cases_of(made)))


def test_from_python_the_page_names_what_is_installed_and_is_written_where_it_is_asked_for(quick_run, tmp_path):
    page = report(quick_run, tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page
    assert page == html_report(quick_run, provenance_now("compiled")) == report(quick_run)
    assert version("simpy") in page


def test_what_is_no_result_or_cannot_be_written_is_said_in_words(quick_run, tmp_path):
    with pytest.raises(FunnelsimError, match="str given; allowed: a run, a sweep or a comparison"):
        report("results/a3")
    with pytest.raises(FunnelsimError, match="cannot be written"):
        report(quick_run, str(tmp_path / "nowhere" / "page.html"))
