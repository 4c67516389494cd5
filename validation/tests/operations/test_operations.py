"""What is known of a real operation is marked as such, what is not is drawn alike, and no outcome is an input."""

import re

import numpy as np
import pytest

from funnelsim.model.planning import plan_of
from funnelsim.reporting.warnings import warnings_of
from funnelsim.scenario.load import scenario_from
from validation.operations.backtest import backtest, scenario_of
from validation.operations.bands import BANDS, MIDDLE, Band, draws
from validation.operations.operation import BASE, OPERATIONS

MARKS = {"published", "default", "assumed"}
KEY_OF = {"speed": "speed_kmh", "officers": "count", "evening": "opens", "any time": "opens"}  # of what may be unknown
everyone = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


BASE_TEXT = BASE.read_text(encoding="utf-8")


def values_in(text):
    """Return the lines of a file that set a value."""
    return [line.rstrip() for line in text.splitlines() if line.strip() and not line.startswith(("#", "["))]


def value_lines(operation):
    """Return the lines that set a value in the base file, then those of the operation's own, which replace them."""
    return values_in(BASE_TEXT) + values_in(operation.text())


def mark_of(line):
    found = re.search(r"  # (\w+)(?::|$)", line)
    return found and found[1]


def rounded(value):
    """Return scenario data with its numbers to nine digits: the middle of a band on a log scale is not exact."""
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(entry) for entry in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


@everyone
def test_every_line_is_marked_as_published_default_or_assumed(operation):
    assert {mark_of(line) for line in value_lines(operation)} <= MARKS


@everyone
def test_a_file_tells_its_story_and_its_sources(operation):
    story, sources = operation.text().split("# Sources\n")
    assert story.count("\n") >= 4
    assert sources.startswith("#   ")


@everyone
def test_what_is_drawn_for_an_operation_is_not_marked_as_published(operation):
    marks = {line.split(" = ")[0]: mark_of(line) for line in value_lines(operation)}
    drawn = {KEY_OF[name] for name in operation.unknown if name in KEY_OF}
    assert {key for key in set(KEY_OF.values()) if marks[key] == "assumed"} == drawn
    assert (marks["closes"] == "assumed") == ("hours" in operation.unknown)


@everyone
def test_no_outcome_is_an_input(operation):
    """None of the numbers reported stands in the files, but for `none found`; queues stand there in metres."""
    numbers = {float(found) for line in value_lines(operation) for found in re.findall(r"\d+(?:\.\d+)?", line)}
    reported = {outcome.reported * (1000 if outcome.kind == "queue" else 1) for outcome in operation.outcomes}
    assert not numbers & (reported - {0.0})


@everyone
def test_a_file_says_only_what_differs_from_the_base_file(operation):
    """In value or in its mark; a second funnel is a table of its own, for which the base file says nothing."""
    changes = operation.text().split("[[funnels]]")[0]
    assert not set(values_in(changes)) & (set(values_in(BASE_TEXT)) - {"]"})


@everyone
def test_the_file_says_the_middle_of_the_bands(operation):
    """So all files assume the same, and whoever runs one runs what the bands surround."""
    derived = scenario_of(operation, operation.data(), MIDDLE)
    written = scenario_from(operation.data(), where=operation.name)
    assert rounded(derived.model_dump()) == rounded(written.model_dump())


@everyone
def test_a_planner_would_be_warned(operation):
    scenario = scenario_from(operation.data(), where=operation.name)
    warned = " ".join(warning.text for warning in warnings_of(scenario, plan_of(scenario)))
    assert "offence" in warned, "one vehicle in ten an offender is more than usual, and check says so"


@everyone
def test_every_draw_of_an_operation_runs(operation):
    found = backtest(operation, draws(3), "compiled")
    assert [len(values) for values in found.values] == [3] * len(operation.outcomes)
    assert np.isfinite(found.values).all()
    assert 0.0 < found.none_found <= 1.0


def test_what_is_known_stays_whatever_is_drawn():
    (damlos,) = (operation for operation in OPERATIONS if operation.name == "a1_damlos")
    low, high = ({band.name: band.at(share) for band in BANDS} for share in (0.0, 1.0))
    scenarios = [scenario_of(damlos, damlos.data(), draw) for draw in (low, high)]
    assert scenarios[0].operation == scenarios[1].operation
    assert {scenario.staffing.roster[0].count for scenario in scenarios} == {50}
    assert all(getattr(scenarios[0], part) != getattr(scenarios[1], part) for part in ("lane", "approach", "classes"))


def test_both_engines_say_the_same_of_an_operation():
    (holzkirchen,) = (operation for operation in OPERATIONS if operation.name == "b318_holzkirchen")
    assert backtest(holzkirchen, draws(1), "simpy") == backtest(holzkirchen, draws(1), "compiled")


def test_draws_fill_every_band_evenly():
    """Of a Latin hypercube of 20 draws, one lies in each twentieth of each band."""
    drawn = draws(20)
    for band in BANDS:
        edges = [band.at(share) for share in np.linspace(0.0, 1.0, 21)]
        assert np.histogram([draw[band.name] for draw in drawn], edges)[0].tolist() == [1] * 20


def test_a_band_by_factors_has_as_much_below_its_middle_as_above():
    assert Band("", 1.0, 100.0, "", "", by_factors=True).at(0.5) == pytest.approx(10.0)
    assert Band("", 1.0, 100.0, "", "").at(0.5) == pytest.approx(50.5)
