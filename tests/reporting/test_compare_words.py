"""A comparison is said in sentences: what is seen, and honestly what is not."""

import polars as pl
import pytest

from funnelsim.analysis.estimates import Estimate
from funnelsim.experiments.compare import Comparison, Difference, compare
from funnelsim.reporting.compare_words import comparison_sections
from funnelsim.reporting.terminal import plain_text
from funnelsim.scenario.schema import Scenario
from tests.conftest import SMALL


def around(mean, half_width):
    return Estimate(mean, mean - half_width, mean + half_width, 20)


def said(differences, seed=1):
    estimates = {name: {d.measure: around(10.0, 1.0) for d in differences} for name in ("A", "B")}
    table = pl.DataFrame({"plan": ["A"] * 20 + ["B"] * 20})
    made = Comparison(
        dict.fromkeys(estimates, Scenario.model_validate(SMALL)), seed, True, table, estimates, tuple(differences), {}
    )
    return " ".join(plain_text(comparison_sections(made), width=2000).split())


def difference(measure, mean, half_width, to_settle=None, *, always=False):
    return Difference(measure, "A", "B", around(mean, half_width), to_settle, always)


def test_what_is_seen_is_one_sentence_with_its_units():
    text = said([difference("expected_detections", 0.31, 0.04), difference("delay_p95_s", 126.0, 36.0)])
    assert "B finds 0.31 ± 0.04 more targets per operation and raises the P95 delay by 2.1 ± 0.6 min." in text


def test_less_is_said_as_less_not_as_minus():
    text = said([difference("expected_detections", -0.31, 0.04), difference("tail_max_m", -161.0, 45.0)])
    assert "B finds 0.31 ± 0.04 fewer targets per operation and makes the longest queue 160 ± 40 m shorter." in text


def test_what_is_certain_has_no_half_width():
    assert "B needs 12 more officer-hours." in said([difference("officer_h", 12.0, 0.0)])


def test_what_is_not_seen_says_how_many_replications_would_settle_it():
    text = said([difference("delay_p95_s", -3.0, 30.0, to_settle=2001)])
    assert (
        "P95 delay: no difference seen at this precision (-0.05 ± 0.50 min); about 2,100 operations of each plan "
        "would settle it." in text
    )


def test_what_nobody_would_wait_for_is_said_to_be_too_small():
    assert "too small to matter" in said([difference("delay_p95_s", 1e-5, 30.0, to_settle=10**12)])


def test_what_differs_in_every_operation_is_seen_without_an_interval():
    text = said([difference("officer_h", 18.02, float("nan"), always=True)])
    assert "B needs about 18 more officer-hours." in text


def test_too_few_operations_are_said_to_be_too_few():
    text = said([difference("tail_max_m", 3.0, float("nan"))])
    assert "Longest queue: too few operations differ to tell (3.0 m on average)." in text


@pytest.mark.parametrize(("mean", "half_width"), [(0.0, 0.0), (float("nan"), float("nan"))])
def test_the_same_and_no_value_are_told_apart(mean, half_width):
    text = said([difference("tail_max_m", mean, half_width)])
    assert ("the same in every operation" in text) == (mean == 0.0)
    assert ("no value in one of the plans" in text) == (mean != 0.0)


def test_a_measure_without_a_phrase_of_its_own_is_raised_or_cut():
    assert "B raises the bays in use by 20 ± 10 percentage points." in said([difference("bay_utilisation", 0.2, 0.1)])
    assert "B cuts the P95 delay by 3.0 ± 0.2 min." in said([difference("delay_p95_s", -180.0, 12.0)])
    assert "B lowers the bays in use by 20 ± 10 percentage points." in said([difference("bay_utilisation", -0.2, 0.1)])


def test_the_limits_of_each_plan_stand_in_the_comparison(build):
    """Both plans keep the limit in all operations, as far as 12 can tell."""
    limited = {"limits": {"p95_delay_min": 60.0}}
    made = compare({"A": build(limited), "B": build(limited | {"area": {"bays": 3}})}, replications=12)
    text = " ".join(plain_text(comparison_sections(made), width=2000).split())
    for plan in ("A", "B"):
        assert f"{plan}: probably kept: P95 delay at most 60 min, kept in 12 of 12 operations (76 to 100 %)" in text


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ({"opens": "01:00", "closes": "02:00"}, "Every plan met the same vehicles"),
        ({"opens": "01:30", "closes": "02:30"}, "The plans met the same vehicles while all of them stand, 50 % of the"),
        ({"opens": "03:00", "closes": "04:00"}, "The plans stand at different hours and met different vehicles"),
    ],
)
def test_only_what_plans_share_is_said_to_be_shared(build, second, said):
    made = compare({"A": build(), "B": build({"operation": second})}, replications=2)
    assert said in " ".join(plain_text(comparison_sections(made), width=2000).split())
