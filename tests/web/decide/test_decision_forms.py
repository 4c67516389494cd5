"""What is asked of an optimisation on the page reaches it as it would from the command line."""

import pytest

from funnelsim.scenario.decide import Decide
from funnelsim.scenario.load import load_scenario
from funnelsim.web.decide.decision_forms import decide_sets
from tests.web.small_scenario import NAME, small_folder

LEAST = """
[decide]
goal = "least_cost"
find_at_least = 0.5
within = 0.02
vary = { "area.bays" = [1, 2] }
"""


@pytest.fixture
def file(tmp_path):
    return small_folder(tmp_path / "scenarios") / NAME


@pytest.mark.parametrize("before", ["", LEAST])
@pytest.mark.parametrize(("goal", "least"), [("most_found", None), ("front", None), ("least_cost", 0.25)])
def test_the_goal_chosen_is_that_of_the_question_and_all_else_stays(file, before, goal, least):
    file.write_text(file.read_text() + before)
    there = load_scenario(file).decide or Decide()
    asked = load_scenario(file, decide_sets(there, goal, least)).decide or Decide()
    assert (asked.goal, asked.find_at_least) == (goal, least)
    assert (asked.within, asked.vary, asked.replications) == (there.within, there.vary, there.replications)


def test_what_the_scenario_asks_already_sets_nothing(file):
    file.write_text(file.read_text() + LEAST)
    assert decide_sets(load_scenario(file).decide, "least_cost", 0.5) == []
