"""The figure of assumptions: bars are the indices, curves the mean difference given one input."""

import numpy as np
import pytest

from funnelsim.decision.uncertainty.sensitivity import sensitivity
from funnelsim.plots import assumptions
from funnelsim.plots.assumptions import drawn_shares
from tests.decision.uncertainty.test_sensitivity import FEW, plan


@pytest.fixture(scope="module")
def made(build):
    return sensitivity({"now": plan(build), "few": plan(build, "selection.rate.default", 0.01)}, **FEW)


def test_bars_are_the_total_indices_the_largest_on_top(made):
    figure = assumptions(made)
    shares = drawn_shares(made)
    widths = [bar.get_width() for bar in figure.axes[0].patches][::2]
    assert widths == pytest.approx([100.0 * one.total.mean for one in shares])
    assert widths == sorted(widths, reverse=True)


def test_curves_are_the_mean_difference_given_an_input(made):
    figure = assumptions(made)
    for axes, one in zip(figure.axes[1:], drawn_shares(made), strict=False):
        drawn = axes.lines[0].get_ydata()
        assert np.all(drawn == made.findings.choice.curves[0, one.input, 0])


def test_a_single_plan_has_bars_alone(build):
    assert len(assumptions(sensitivity(plan(build), points=32, replications=2)).axes) == 1


def test_where_nothing_matters_it_says_so(build, words):
    targets = [{"name": "hidden", "per_10k": {"box": 0.0}}]
    nothing = plan(build, "targets", targets, {"traffic.scale": {"range": [1, 2]}})
    drawn = assumptions(sensitivity(nothing, points=32, replications=2))
    assert "No assumption moves the targets found." in words(drawn)
