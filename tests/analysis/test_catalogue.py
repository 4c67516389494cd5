"""The catalogue of measures: complete, in the order of the columns, and clear about names that are not known."""

import re
from pathlib import Path

import numpy as np
import pytest

from funnelsim.analysis.catalogue import CATALOGUE, GROUPS, Measure, Ratio, check_measures, measure_named
from funnelsim.analysis.measures import measure_names, with_ratios
from funnelsim.errors import FunnelsimError
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.scenario import load_scenario

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
NAMES = [measure.name for measure in CATALOGUE]


def columns_of(plan: Plan) -> list[str]:
    """Return the columns of a table of replications in their order."""
    return list(with_ratios({name: np.ones(1) for name in measure_names(plan)}, plan.classes))


@pytest.fixture(scope="module")
def columns() -> dict[str, list[str]]:
    """Return the columns of every shipped scenario."""
    return {path.stem: columns_of(plan_of(load_scenario(path))) for path in SCENARIOS}


def test_every_column_is_described(columns: dict[str, list[str]]) -> None:
    for names in columns.values():
        for name in names:
            whole, _, part = name.partition(".")
            measure = measure_named(whole)
            assert bool(measure.each) if part else measure.alone, name


def test_every_description_has_a_column(columns: dict[str, list[str]]) -> None:
    written = {name.partition(".")[0] for names in columns.values() for name in names}
    assert written == set(NAMES)


def test_the_rows_stand_in_the_order_of_the_columns(columns: dict[str, list[str]]) -> None:
    for names in columns.values():
        once = list(dict.fromkeys(name.partition(".")[0] for name in names))
        assert once == [name for name in NAMES if name in once]


def test_ratios_are_of_measures() -> None:
    for measure in CATALOGUE:
        if isinstance(measure.kind, Ratio):
            assert {measure.kind.above, measure.kind.below} <= set(NAMES)


def test_groups_are_those_that_have_measures() -> None:
    assert {measure.group for measure in CATALOGUE} == set(GROUPS)


@pytest.mark.parametrize("measure", CATALOGUE, ids=NAMES)
def test_a_meaning_is_a_sentence_and_a_label_is_not(measure: Measure) -> None:
    assert re.fullmatch(r"[A-Z].*\.", measure.meaning)
    assert not measure.label.endswith(".")
    assert measure.label[:1].islower() or measure.label.startswith("P95")


def test_all_unknown_measures_come_at_once_with_the_closest_names() -> None:
    with pytest.raises(FunnelsimError) as caught:
        check_measures(["delay_p59_s", "tail_max_m", "ordinary_stop"], NAMES, "--precision")
    first, second = caught.value.problems
    assert first.where == "--precision delay_p59_s"
    assert "did you mean delay_p95_s, " in first.message
    assert "did you mean ordinary_stops" in second.message
    assert all(len(problem.message) < 150 for problem in caught.value.problems), "not the whole list"
    assert first.message.endswith("allowed: the names in docs/measures.md")


def test_a_measure_of_a_part_says_of_which() -> None:
    measure = measure_named("expected_detections.facilitated_passengers")
    assert measure.label == "targets found, expected, facilitated passengers"
    assert measure.name == "expected_detections.facilitated_passengers"
