"""The figure of bad days draws how often limits are kept, a row a day, and the lever that insures."""

import pytest

from funnelsim.decision.bad_days.bad_days import demand_higher, inspections_longer
from funnelsim.decision.bad_days.stress import insured, plans_of_stress, stress_from
from funnelsim.plots import bad_days
from funnelsim.plots.style import WIDTH_IN
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
    names = [label.get_text() for label in limit.get_yticklabels()]
    assert names == ["ordinary day", "demand 10 % higher", "inspections 900 % longer"]


def test_it_names_the_levers_and_fits_a_page(made, words):
    figure = bad_days(made)
    assert "Against inspections 900 % longer: area full: wave vehicles through." in words(figure)
    assert figure.get_size_inches()[0] == WIDTH_IN


def test_without_limits_only_the_finds_are_drawn(build, words):
    scenario = build(HELD | {"limits": {}})
    figure = bad_days(stress_from(plans_of_stress(scenario, [demand_higher(1.1)]), 10))
    assert len(figure.axes) == 1
    assert "The scenario has no limits." in words(figure)
