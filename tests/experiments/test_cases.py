"""The best plan across circumstances is one that the cases themselves name."""

from funnelsim.experiments.cases import cases_of, plan_for_all
from funnelsim.experiments.ranking import ranking_of
from funnelsim.experiments.sweep import sweep

NEVER = "selection.valve.suspend_at_m"
SHORT = {("operation", "closes"): "08:00", ("selection", "valve"): {"suspend_at_m": 9000.0, "resume_at_m": 100.0}}


def test_of_plans_with_the_same_results_the_sentence_and_the_table_name_the_same(planned):
    """It is the scenario file's, though another comes first in the design."""
    cases = cases_of(sweep(planned(SHORT)[0], {"traffic.scale": [0.2, 0.3], NEVER: [8000.0, 9000.0]}, replications=2))
    assert [ranking_of(case.sweep).best.values for case in cases] == [{NEVER: 9000.0}] * 2
    assert plan_for_all(cases).values == {NEVER: 9000.0}
