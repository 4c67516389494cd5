"""The figure of how plans differ."""

import math

import pytest

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import Estimate
from funnelsim.experiments.compare import Difference, compare
from funnelsim.plots import paired_differences, save_comparison_figures
from funnelsim.plots.paired_differences import differences_by_measure, number_text, verdict


def _changed(scenario, rate):
    selection = scenario.selection.model_copy(update={"rate": {"default": rate}})
    return scenario.model_copy(update={"selection": selection})


@pytest.fixture(scope="module")
def comparison(busy):
    plans = {"as it is": busy.scenario, "nobody": _changed(busy.scenario, 0.0), "the same": busy.scenario}
    measures = ("expected_detections", "delay_p95_s", "tail_max_m", "stops_per_detection", "officer_h")
    return compare(plans, replications=12, seed=3, measures=measures)


def test_each_row_stands_at_its_difference_with_its_interval(comparison):
    figure = paired_differences(comparison)
    by_measure = differences_by_measure(comparison)
    assert len(figure.axes) == len(by_measure)
    for axes, (measure, found) in zip(figure.axes, by_measure.items(), strict=True):
        factor = measure_named(measure).unit.factor
        for row, one in enumerate(found):
            places = [line.get_xdata() for line in axes.lines if list(line.get_ydata()) == [row]]
            assert [list(place) for place in places] == [pytest.approx([one.estimate.mean * factor], nan_ok=True)]
            bars = [line.get_xdata() for line in axes.lines if list(line.get_ydata()) == [row, row]]
            if not math.isfinite(one.estimate.half_width):
                assert not bars
                continue
            assert list(bars[0]) == pytest.approx([one.estimate.low * factor, one.estimate.high * factor])


def test_zero_is_in_the_middle_and_marked(comparison, uprights):
    for axes in paired_differences(comparison).axes:
        low, high = axes.get_xlim()
        assert low == -high
        assert 0.0 in uprights(axes)


def test_better_and_worse_depend_on_the_measure(comparison):
    found = {(one.measure, one.second): verdict(one) for one in comparison.differences}
    assert found["expected_detections", "nobody"] == "worse"
    assert found["delay_p95_s", "nobody"] in ("better", "no difference seen")
    assert found["stops_per_detection", "nobody"] == "not known"  # nothing is found, so there is no such ratio
    assert all(said == "no difference" for (_, plan), said in found.items() if plan == "the same")


def test_what_is_not_seen_is_grey_and_said(comparison, words):
    figure = paired_differences(comparison)
    said = words(figure)
    assert "Each plan compared with “as it is”." in said
    assert "no difference" in said
    for axes, found in zip(figure.axes, differences_by_measure(comparison).values(), strict=True):
        for row, one in enumerate(found):
            [mark] = [line for line in axes.lines if list(line.get_ydata()) == [row]]
            assert (mark.get_markerfacecolor() == "white") == (verdict(one) not in ("better", "worse"))


def test_better_and_worse_have_other_marks_and_other_lines(busy):
    plans = {"some": _changed(busy.scenario, 0.05), "nobody": _changed(busy.scenario, 0.0)}
    compared = compare(plans, replications=12, seed=3, measures=["expected_detections", "ordinary_stops"])
    forms = {}
    for axes, [found] in zip(paired_differences(compared).axes, differences_by_measure(compared).values(), strict=True):
        [mark] = [line.get_marker() for line in axes.lines if list(line.get_ydata()) == [0]]
        [bar] = [line for line in axes.lines if list(line.get_ydata()) == [0, 0]]
        forms[verdict(found)] = mark, bar._dash_pattern[1]
    assert forms["better"][0] != forms["worse"][0]
    assert forms["better"][1] != forms["worse"][1]


@pytest.mark.parametrize(
    ("mean", "half", "text"),
    [
        (0.00042, 0.00031, "+0.00042 ± 0.00031"),
        (-0.044, 0.012, "\N{MINUS SIGN}0.044 ± 0.012"),
        (74.2, 12.3, "+74 ± 12"),
    ],
)
def test_a_difference_has_as_many_decimals_as_its_half_width_has_places_that_count(mean, half, text):
    estimate = Estimate(mean, mean - half, mean + half, 50)
    assert number_text(Difference("expected_detections", "a", "b", estimate, None)) == text


def test_all_pairs_name_both_plans(busy, words):
    plans = {"a": busy.scenario, "b": _changed(busy.scenario, 0.1), "c": _changed(busy.scenario, 0.0)}
    compared = compare(plans, replications=2, pairs="all", measures=["expected_detections"])
    said = words(paired_differences(compared))
    for pair in ("b \N{MINUS SIGN} a", "c \N{MINUS SIGN} a", "c \N{MINUS SIGN} b"):
        assert pair in said


def test_its_files_have_its_name(comparison, tmp_path):
    names = [path.name for path in save_comparison_figures(comparison, tmp_path)]
    assert names == ["paired_differences.png", "paired_differences.svg", "waterfalls.png", "waterfalls.svg"]


def test_plans_whose_names_begin_alike_are_told_apart_by_their_ends(busy):
    names = [f"Autobahnpolizeistation Rosenheim, Variante {letter}" for letter in "ABC"]
    figure = paired_differences(compare(dict.fromkeys(names, busy.scenario), replications=3, measures=("tail_max_m",)))
    shown = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert [label[-1] for label in shown] == ["B", "C"]
    assert all(label.startswith("…") for label in shown)
