"""The figures of the desk: each has its error bar."""

import re
from dataclasses import replace

import pytest

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.limits import LIMITED
from funnelsim.decision.fluid.bound import bound
from funnelsim.experiments.run import run
from funnelsim.reporting.bound_words import FOUND
from funnelsim.scenario.load import load_scenario
from funnelsim.web.desk import figures
from tests.web.serving import SCENARIOS
from tests.web.speaking import speak

TIGHT = ["limits.p95_delay_min=0.1"]
BARS = ("±", " to ", "too few operations")  # the last where an interval would not be one


def test_every_figure_has_its_error_bar(monkeypatch):
    speak(monkeypatch)
    made = run(load_scenario(SCENARIOS / "motorway_early_shift.toml"), 20, jobs=2)
    table = figures.table_of(figures.Simulated(made, bound(made.scenario, made.plan)))
    cells = re.findall(r"<td>(.*?)</td>", table)
    assert len(cells) == len(made.limits()) + len(figures.SHOWN) + 1
    assert [cell for cell in cells if not any(bar in cell for bar in BARS)] == []


def test_a_limit_is_red_where_the_plan_of_its_own_cell_breaks_it(monkeypatch):
    monkeypatch.setattr(figures, "text", lambda message: message)
    kept = run(load_scenario(SCENARIOS / "motorway_early_shift.toml"), 4, jobs=2)
    broken = replace(kept, scenario=load_scenario(SCENARIOS / "motorway_early_shift.toml", TIGHT))
    assert [check.kept for check in (*kept.limits(), *broken.limits())] == [True, True, False, True]
    assert _reds(broken, kept) == [[' class="broken"', "", ""], ["", "", ""]]
    assert _reds(kept, broken) == [["", ' class="broken"', ""], ["", "", ""]]


def _reds(run, baseline):
    table = figures.table_of(figures.Simulated(run), figures.Simulated(baseline))
    return [re.findall("<td( class=.broken.)?>", row) for row in table.split("<tr>")[2:4]]


def test_every_row_has_the_value_of_the_baseline_and_the_paired_difference(monkeypatch):
    speak(monkeypatch)
    limit, fewer = "limits.p95_delay_min=5.5", ["staffing.roster.0.count=7", "area.bays=4"]
    before, after = (
        run(load_scenario(SCENARIOS / "motorway_early_shift.toml", [limit, *sets]), 20, jobs=2) for sets in ([], fewer)
    )
    plan, baseline = (figures.Simulated(one, bound(one.scenario, one.plan)) for one in (after, before))
    rows = [re.findall("<td.*?>(.*?)</td>", row) for row in figures.table_of(plan, baseline).split("<tr>")[2:]]
    assert len(rows) == 2 + len(figures.SHOWN) + 1
    assert [row for row in rows if not all(row)] == []
    (kept, kept_before, kept_apart), reached = rows[0], rows[-1]
    share = after.limits()[0].kept_in.mean - before.limits()[0].kept_in.mean
    assert _number(kept_apart) == pytest.approx(100 * share, abs=0.5), (kept, kept_before)
    assert _number(reached[2]) == pytest.approx(_number(reached[0]) - _number(reached[1]), abs=1.0)
    assert _number(reached[1]) == pytest.approx(100 * before.estimates[FOUND].mean / baseline.finds, abs=0.5)


def _number(words):
    return float(re.search(r"-?\d+(\.\d+)?", words)[0])


def test_the_words_between_the_ends_of_an_interval_are_translated(monkeypatch):
    monkeypatch.setattr(figures, "text", {"to": "bis", "too few operations": "zu wenige"}.get)
    assert figures.in_words("97.0 (91.5 to 99.0)") == "97.0 (91.5 bis 99.0)"
    assert figures.in_words("12 (too few operations)") == "12 (zu wenige)"
    assert figures.in_words("2.03 ± 0.04") == "2.03 ± 0.04"


def test_every_measure_that_can_be_limited_has_a_label_that_is_translated():
    assert {measure_named(measure).label for measure, _ in LIMITED.values()} == set(figures.LIMITED)
