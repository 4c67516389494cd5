"""The figure of bad days draws how often limits are kept, a row a day, and the lever that insures."""

import pytest

from funnelsim.decision.bad_days.bad_days import demand_higher, inspections_longer
from funnelsim.decision.bad_days.stress import insured, plans_of_stress, stress_from
from funnelsim.plots import bad_days
from funnelsim.plots.style import WIDTH_IN
from tests.conftest import merged
from tests.decision.bad_days.test_stress import HELD


@pytest.fixture(scope="module")
def made(build):
    return insured(stress_from(plans_of_stress(build(HELD), [demand_higher(1.1), inspections_longer(10.0)]), 12))


def marks(axes, mark):
    return [(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines if line.get_marker() == mark]


def test_shares_are_drawn_by_day_and_broken_ones_are_crosses(made):
    limit, finds = bad_days(made).axes
    ordinary, hot, slow = (
        100.0 * one["limits.p95_delay_min"].mean for one in (made.estimates, *(day.estimates for day in made.days))
    )
    assert marks(limit, "o") == [(pytest.approx(ordinary), 0), (pytest.approx(hot), 1)]
    assert marks(limit, "X") == [(pytest.approx(slow), 2)]
    assert marks(limit, "D") == [(100.0, pytest.approx(2.28))]
    assert len(marks(finds, "o")) == 3
    assert min(tick for tick in finds.get_xticks() if tick >= finds.get_xlim()[0]) == 0.0
    names = [label.get_text() for label in limit.get_yticklabels()]
    assert names == ["ordinary day", "demand 10 % higher", "inspections 900 % longer"]


def test_it_names_the_levers_and_fits_a_page(made, words):
    figure = bad_days(made)
    said = words(figure)
    assert "insures against each bad day that breaks a limit: Against inspections 900 % longer: probably area" in said
    assert figure.get_size_inches()[0] == WIDTH_IN


def test_a_limit_that_is_not_kept_is_no_cross_on_a_day_that_does_not_break_it(build, words):
    scenario = build(merged(HELD, {"limits": {"p95_delay_min": 0.01}}))
    figure = bad_days(stress_from(plans_of_stress(scenario, [demand_higher(1.1)]), 10))
    hollow = [line for line in figure.axes[0].lines if line.get_markerfacecolor() == "white"]
    assert [line.get_ydata()[0] for line in hollow] == [0, 1]
    assert "not kept" in words(figure)
    assert "broken by the day" not in words(figure)


def test_without_limits_only_the_finds_are_drawn(build, words):
    scenario = build(HELD | {"limits": {}})
    figure = bad_days(stress_from(plans_of_stress(scenario, [demand_higher(1.1)]), 10))
    assert len(figure.axes) == 1
    assert "The scenario has no limits." in words(figure)
