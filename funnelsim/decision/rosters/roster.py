"""Rosters that people can work: whole shifts at least cost, beside today's roster, simulated on the same vehicles."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from funnelsim.decision.rosters.roster_planner import FOUND, LEAST, PROGRAM, PlannedRoster, RosterPlanner
from funnelsim.decision.something_to_find import NOTHING_TO_FIND, anything_to_find
from funnelsim.errors import Problem, ScenarioError
from funnelsim.experiments.arguments import MAX_SEED, check_arguments, not_scenarios, wrong_numbers
from funnelsim.experiments.compare import Comparison, compare
from funnelsim.experiments.replication import Engine
from funnelsim.experiments.shown import Shown
from funnelsim.scenario.schema import Scenario

TODAY: Final = "today"
MEASURES: Final = (FOUND, "ordinary_stops", "delay_p95_s", "officer_h", "staff_cost")


@dataclass(frozen=True, eq=False, repr=False)
class Rosters(Shown):
    """Rosters for a scenario, beside the one that it has.

    Attributes
    ----------
    rosters
        By name: "least cost", the cheapest found that does what it must; "same hours", the one that finds most within
        today's officer-hours, where it is another one; "program", the shifts that cover what is wanted at least cost,
        before anything is simulated.
    comparison
        Today's plan ("today") and these, without "program", on random numbers that none of them was chosen by.
    simulated
        How many rosters were simulated.
    met
        Whether "least cost" finds what is wanted and keeps the limits, in the operations by which it was chosen.
    """

    rosters: Mapping[str, PlannedRoster]
    comparison: Comparison
    simulated: int
    met: bool

    @property
    def best(self) -> Scenario:
        """The scenario with the roster of least cost."""
        return self.rosters[LEAST].scenario


def roster(
    scenario: Scenario,
    replications: int = 200,
    seed: int = 1,
    jobs: int = 1,
    *,
    progress: Callable[[int], None] | None = None,
    engine: Engine = "compiled",
) -> Rosters:
    """Plan whole shifts at least cost for a scenario, simulate them, and add cover where that falls short.

    The scenario's `[shifts]` says which shifts may be planned and, if it is given, how many officers are wanted when.
    Otherwise so many are that find as much as today's plan. Shifts have no more breaks than they need.

    Parameters
    ----------
    scenario
        The scenario; its roster is the one to be replaced.
    replications, seed, jobs, engine
        As in `funnelsim.run`. The figures rest on the next seed.
    progress
        Called with the number of rosters simulated.

    Raises
    ------
    FunnelsimError
        If the rules of working time cannot be kept, or the scenario has no roster or nothing to find.

    References
    ----------
    Dantzig (1954), A comment on Edie's "Traffic delays at toll booths", doi:10.1287/opre.2.3.339.
    """
    check_arguments(*not_scenarios([("scenario", scenario)]), *wrong_numbers(replications, seed, jobs, engine, least=2))
    if not anything_to_find(scenario):
        raise ScenarioError([Problem("targets", NOTHING_TO_FIND)])
    if not any(shift.count for shift in scenario.staffing.roster):
        raise ScenarioError([Problem("staffing.roster", "nobody is on it; allowed: the officers of today's plan")])
    planner = RosterPlanner(scenario, replications, seed, jobs, engine, progress)
    rosters, met = planner.planned()
    names = {TODAY: scenario, **{name: one.scenario for name, one in rosters.items() if name != PROGRAM}}
    after = (seed + 1) % (MAX_SEED + 1)
    comparison = compare(names, replications, after, jobs, measures=MEASURES, engine=engine)
    return Rosters(rosters, comparison, planner.simulated - 1, met)
