"""A sweep prints which plan is best, the best few with their chance of breaking a limit, and on demand all points."""

import pytest

from funnelsim.analysis.estimates import Estimate, share_estimate
from funnelsim.analysis.limits import LimitCheck
from funnelsim.experiments.ranking import ranking_of
from funnelsim.experiments.sweep import sweep
from funnelsim.reporting import sweep_summary
from funnelsim.reporting.sweep_summary import chance_of_breaking, sweep_sections
from funnelsim.reporting.terminal import plain_text

SHORT = {("operation", "closes"): "08:00"}
MEASURED = Estimate(550.0, 540.0, 560.0, 40)
VARY = ("selection.rate.default=0.02,0.1", "area.bays=2,3,6")


@pytest.fixture(scope="module")
def six(planned, tmp_path_factory):
    return sweep(planned(SHORT)[0], VARY, replications=8, folder=tmp_path_factory.mktemp("six"))


@pytest.fixture(scope="module")
def hot(planned, tmp_path_factory):
    scenario = planned(SHORT | {("limits",): {"p95_delay_min": 0.01}})[0]
    varied = ("traffic.scale=0.9,1.1", "area.bays=2,3")
    return sweep(scenario, varied, replications=8, folder=tmp_path_factory.mktemp("hot"))


def text_of(made, width=100, **options):
    return plain_text(sweep_sections(made, len(made.points), **options), width)


def lines_under(text, heading):
    return text.partition(f"{heading}\n")[2].partition("\n\n")[0].splitlines()


def test_the_best_five_stand_in_the_order_of_the_ranking(six):
    rows = lines_under(text_of(six), "The best 5 of 6 plans")
    shown = [int(line.split()[0]) for line in rows if line.split()[0].isdigit()]
    best = [one.point for one in ranking_of(six).candidates]
    base = ranking_of(six).base
    assert shown[:5] == best[:5]
    assert base is None or base.point in shown


def test_the_answer_comes_before_the_table_and_says_what_the_report_says(six):
    text = text_of(six)
    assert text.index("Best within the limits is") < text.index("The best 5 of 6 plans")


def test_each_of_the_best_has_its_chance_of_breaking_a_limit(hot, six):
    assert "100 %" in lines_under(text_of(hot), "The best plan in each case")[-1]
    assert all("< 32 %" in line for line in lines_under(text_of(six), "The best 5 of 6 plans")[3:])


def test_a_limit_that_no_operation_broke_may_still_be_broken():
    never = LimitCheck("p95_delay_min", "delay_p95_s", 600.0, MEASURED, share_estimate(40, 40), 0.9)
    assert chance_of_breaking(never) == "< 9 %"
    some = LimitCheck("p95_delay_min", "delay_p95_s", 600.0, MEASURED, share_estimate(30, 40), 0.9)
    assert chance_of_breaking(some) == "25 %"


def test_where_circumstances_are_varied_each_case_has_its_best_plan(hot):
    text = text_of(hot, 120)
    assert "traffic factor is a circumstance, not a choice" in " ".join(text.split())
    assert len([line for line in lines_under(text, "The best plan in each case") if "bays" in line]) == 2


def test_all_points_are_shown_if_asked_for_and_the_rest_stands_in_the_file(six, monkeypatch):
    assert "All points" not in text_of(six).partition("All points: add --full")[0]
    assert len(lines_under(text_of(six, 120, full=True), "All points")) == 3 + 6
    monkeypatch.setattr(sweep_summary, "MOST_ROWS", 2)
    assert "sweep.csv lists the other 4 points." in text_of(six, full=True)


def test_all_points_have_their_chance_of_breaking_a_limit(six):
    head, *_ = "\n".join(lines_under(text_of(six, 120, full=True), "All points")).partition(" 0 ")
    assert "broken in" in head
    assert all("< 32 %" in line for line in lines_under(text_of(six, 120, full=True), "All points")[3:])


@pytest.mark.parametrize("width", [60, 80, 140])
def test_nothing_is_cut_off(six, width):
    text = text_of(six, width, full=True)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    for point in range(6):
        firsts = [line.split() for line in text.splitlines() if line.strip()]
        assert any(words[0] == str(point) or words == ["point", str(point)] for words in firsts)
