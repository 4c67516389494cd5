"""A comparison is said in sentences: what is seen, and honestly what is not."""

import polars as pl
import pytest

from funnelsim.analysis.estimates import Estimate
from funnelsim.experiments.compare import Comparison, compare
from funnelsim.experiments.differences import Difference
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


def difference(measure, mean, half_width, to_settle=None, *, always=False, of=1.0):
    return Difference(measure, "A", "B", around(mean, half_width), to_settle, always, of)


def test_the_answer_says_what_is_found_and_stopped_more():
    text = said([difference("expected_detections", 0.044, 0.004), difference("ordinary_stops", 74.0, 5.0, of=100.0)])
    assert (
        "B instead of A: 0.0440 ± 0.0040 more targets found per operation (one more in 23 operations) and 74.0 ± 5.0 "
        "more ordinary vehicles stopped in each." in text
    )


def test_less_is_said_as_less_not_as_minus():
    text = said([difference("expected_detections", -0.31, 0.04), difference("delay_p95_s", -126.0, 36.0, of=600.0)])
    assert "0.310 ± 0.040 fewer targets found per operation (one fewer in 3 operations)" in text
    assert "a P95 delay 2.10 ± 0.60 min shorter" in text


def test_many_more_are_not_counted_in_operations():
    assert "one more in" not in said([difference("expected_detections", 3.0, 0.4)])


def test_what_is_certain_has_no_half_width():
    assert "B instead of A: 12 more officer-hours." in said([difference("officer_h", 12.0, 0.0, of=100.0)])


def test_what_differs_in_every_operation_is_seen_without_an_interval():
    text = said([difference("officer_h", 18.02, float("nan"), always=True, of=100.0)])
    assert "B instead of A: about 18 more officer-hours." in text
    assert "about +18 +18 %" in text


def test_what_is_not_seen_says_how_large_it_may_be_and_what_would_settle_it():
    text = said([difference("delay_p95_s", -3.0, 30.0, to_settle=2001, of=600.0)])
    assert (
        "No difference is seen in P95 delay (at most 5.5 % either way; about 2,100 operations would settle it)." in text
    )
    assert "-0.05 ± 0.50 not seen" in text
    assert "B instead of A: no difference seen." in text


def test_what_nobody_would_wait_for_has_no_number_of_operations():
    text = said([difference("delay_p95_s", 1e-5, 30.0, to_settle=10**12, of=600.0)])
    assert "either way)" in text
    assert "would settle" not in text


def test_what_is_too_small_to_matter_is_said_so_with_its_bound():
    text = said(
        [difference("expected_detections", 0.001, 0.002, of=0.4), difference("tail_max_m", 9.0, 1.0, of=1000.0)]
    )
    assert "B instead of A: as many targets found (at most 0.8 % apart)." in text
    assert "at most 0.8 %" in text
    assert "at most 1 %" in text
    assert "What changes by less than 2 % is taken as too small to matter" in text


def test_too_few_operations_are_said_to_be_too_few():
    assert "Too few operations differ to tell in longest queue." in said([difference("tail_max_m", 3.0, float("nan"))])


def test_the_same_and_no_value_are_told_apart():
    assert "0 none" in said([difference("tail_max_m", 0.0, 0.0)])
    nothing = Difference("tail_max_m", "A", "B", Estimate(*[float("nan")] * 3, 0), None)
    assert "– not seen" in said([nothing])  # noqa: RUF001


def test_a_measure_without_a_label_of_its_own_has_the_catalogues():
    assert "Bays in use, %" in said([difference("bay_utilisation", 0.2, 0.1)])
    assert "+20 ± 10 +20 %" in said([difference("bay_utilisation", 0.2, 0.1)])


def test_the_limits_of_each_plan_stand_in_the_comparison(build):
    """Both plans keep the limit in all operations, as far as 12 can tell."""
    limited = {"limits": {"p95_delay_min": 60.0}}
    made = compare({"A": build(limited), "B": build(limited | {"area": {"bays": 3}})}, replications=12)
    text = " ".join(plain_text(comparison_sections(made), width=2000).split())
    assert "P95 delay at most 60 min probably kept, 12/12 probably kept, 12/12" in text
    assert "Both keep the limit." in text


def test_who_breaks_a_limit_is_named_with_how_often(build):
    kept, broken = ({"limits": {"p95_delay_min": limit}} for limit in (60.0, 0.001))
    made = compare({"A": build(kept), "B": build(broken), "C": build(broken)}, replications=12, pairs="all")
    text = " ".join(plain_text(comparison_sections(made), width=2000).split())
    assert "B breaks P95 delay at most 0.001 min (in every operation); A keeps it." in text
    assert "Both break P95 delay at most 0.001 min (in every operation)." in text


@pytest.mark.parametrize("width", [60, 80, 140])
def test_no_column_is_cut(build, width):
    names = {"as it is on an ordinary weekday": build(), "with_one_bay_more": build({"area": {"bays": 3}})}
    text = plain_text(comparison_sections(compare(names, replications=6)), width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    words = text.replace("_", " ").replace(":", "").split()
    assert all(word in words for word in ("as", "ordinary", "weekday", "bay", "more"))


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
