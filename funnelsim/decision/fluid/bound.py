"""The bound: how many targets any selection could find with the plan's officers, equipment, bays, window and demand."""

import pickle
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.decision.fluid.charges import Charges
from funnelsim.decision.fluid.program import BAYS, Places, Solution, Supply, solve
from funnelsim.decision.fluid.sources import Source, sources_of
from funnelsim.experiments.arguments import check_arguments, not_of, not_scenarios
from funnelsim.model.expected import chances_of_stages, chances_to_find
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.scenario.schema import Scenario
from funnelsim.units import HOUR_S

LEAST_PERIODS: Final = 8
NOBODY: Final = 0.0005  # a smaller share of a class is rounding
DIGITS: Final = 9  # of numbers by which windows are told apart: clocks of other days round differently
OVERRUNS: Final = 8
OVERRUNS_OF_LONGEST: Final = (0.05, 8.0)  # the longest mean of a stage


@dataclass(frozen=True, eq=False)
class WindowBound:
    """The bound of one window.

    Attributes
    ----------
    edges_s
        Edges of the periods, in seconds after midnight of the first day, shape (periods + 1,).
    ordinary, selected
        Ordinary vehicles that come and are not on the watch list, and those of them that the program selects, shape
        (funnels, periods, classes).
    solution
        Of the linear program.
    """

    edges_s: FloatArray
    ordinary: FloatArray
    selected: FloatArray
    solution: Solution


@dataclass(frozen=True, eq=False)
class Bound:
    """How many targets any selection could find, and where that comes from.

    Attributes
    ----------
    finds
        Expected finds of an operation that no selection exceeds.
    directions, classes
        Names of the funnels and of the vehicle classes.
    windows
        The bound of each window.
    """

    finds: float
    directions: tuple[str, ...]
    classes: tuple[str, ...]
    windows: tuple[WindowBound, ...]

    @property
    def rates(self) -> FloatArray:
        """Share of ordinary vehicles that the program selects, shape (funnels, classes); 0 where none come.

        False hits of the watch list are not among them: they are selected whatever the rate is.
        """
        ordinary = sum(window.ordinary.sum(axis=1) for window in self.windows)
        selected = sum(window.selected.sum(axis=1) for window in self.windows)
        rates: FloatArray = np.divide(selected, ordinary, out=np.zeros_like(selected), where=ordinary > 0.0)
        return rates

    @property
    def worth(self) -> dict[str, float]:
        """Finds that one more of each supply, in all windows, would add at most, by its name."""
        names = self.windows[0].solution.one_more
        return {name: sum(window.solution.one_more[name] for window in self.windows) for name in names}


def bound(scenario: Scenario, plan: Plan | None = None) -> Bound:
    """Return how many targets any selection could find with officers, equipment, bays, windows and demand as they are.

    It is the value of a linear program: no rule, rates or valve find more on average, as long as they do not know a
    vehicle's own status, durations and outcomes. docs/bound.md has the proof.

    Parameters
    ----------
    scenario
        The scenario; its selection rule, rates and valve do not matter.
    plan
        Its plan, where it is known already; by default the counts are read and planned here.

    Raises
    ------
    FunnelsimError
        If it is no scenario, or cannot be planned.

    References
    ----------
    Lorden (1970), On excess over the boundary, doi:10.1214/aoms/1177697092: what a server may run over.
    """
    check_arguments(*not_scenarios([("scenario", scenario)]), not_of("plan", plan, Plan, "the scenario's plan"))
    plan = plan_of(scenario) if plan is None else plan
    solved: dict[bytes, Solution] = {}  # days of an operation are mostly alike
    windows = tuple(_window(scenario, plan, number, solved) for number in range(len(plan.windows_s)))
    directions = tuple(funnel.direction for funnel in plan.funnels)
    return Bound(sum(window.solution.finds for window in windows), directions, plan.classes, windows)


class Given(NamedTuple):
    """What is given in a window, whoever is on duty.

    Attributes
    ----------
    edges_s
        As in `WindowBound`.
    sources
        The vehicles that may be selected.
    found
        P(found | inspected) of those who come in each period, shape (periods, classes, target types).
    often
        Chance of each stage, shape (stages, classes, target types + 1).
    goes
        Which stages a class goes through, in each step in which equipment is there or not, shape (steps, stages,
        classes).
    """

    edges_s: FloatArray
    sources: list[Source]
    found: FloatArray
    often: FloatArray
    goes: BoolArray


def given_in(scenario: Scenario, plan: Plan, window: int) -> Given:
    """Return what is given in a window, by its index."""
    opens_s, closes_s = plan.windows_s[window]
    until_closing = plan.pursuit is not None or any(funnel.selection.listed.any() for funnel in plan.funnels)
    ends_s = closes_s if until_closing else float(plan.funnel.last_selection_s[window])
    periods = max(LEAST_PERIODS, int(np.ceil((ends_s - opens_s) / HOUR_S)))
    edges_s = np.linspace(opens_s, ends_s, periods + 1)
    steps = _steps_since(plan, edges_s)
    goes = _goes_through(plan)[steps[0]]
    often = np.stack([chances_of_stages(plan.inspection, one) for one in goes]).min(axis=0)
    found = np.stack([chances_to_find(plan.inspection)[since, :, 1:].max(axis=0) for since in steps])
    return Given(edges_s, sources_of(scenario, plan, window, edges_s), found, often, goes)


def _window(scenario: Scenario, plan: Plan, window: int, solved: dict[bytes, Solution]) -> WindowBound:
    edges_s, sources, found, often, goes = given_in(scenario, plan, window)
    waiting = float(plan.waiting + (len(plan.funnels) if plan.hold else 0))  # one is held at each selection point
    by_stage = np.full(len(often), plan.bays + waiting)
    by_stage[plan.inspection.after_detection :] += plan.spots
    spells = _spells(plan, edges_s)
    come = [(source.ordinary.round(DIGITS), source.targets.round(DIGITS)) for source in sources]
    key = pickle.dumps([come, found, goes, np.array(spells).round(DIGITS), edges_s[-1] - edges_s[0]])
    if key not in solved:
        supplies = _supplies(plan, edges_s, often, goes, spells)
        solved[key] = solve(sources, found, often, supplies, Places(by_stage, waiting))
    solution = solved[key]
    ordinary = np.zeros((len(plan.funnels), len(edges_s) - 1, len(plan.classes)))
    selected = np.zeros_like(ordinary)
    for source, of_source in zip(sources, solution.ordinary, strict=True):
        if not source.listed:
            ordinary[source.funnel] += source.ordinary
            selected[source.funnel] += of_source
    return WindowBound(edges_s, ordinary, selected, solution)


def _goes_through(plan: Plan) -> BoolArray:
    """Return which stages a class goes through in each step of `Inspection.skips`, shape (steps, stages, classes)."""
    return plan.inspection.applies & ~plan.inspection.skips[:, :, None]


def _steps_since(plan: Plan, edges_s: FloatArray) -> list[IntArray]:
    """Return, for each period, the steps of `Inspection.skips` in it or later: whoever comes may be selected later."""
    begin_s = plan.inspection.skip_times_s
    end_s = np.append(begin_s[1:], np.inf)
    return [np.flatnonzero((begin_s < edges_s[-1]) & (end_s > since_s)) for since_s in edges_s[:-1].tolist()]


def _spells(plan: Plan, edges_s: FloatArray) -> list[tuple[FloatArray, FloatArray]]:
    """Return, for each pool, the hours it works from each period on, and how often one of it begins to work."""
    agencies = len(plan.duty.agencies)
    there = plan.capacity.copy()
    there[:, agencies:] += plan.beyond[:, agencies:]
    each = [[_work(plan.capacity_times_s, pool, since_s, edges_s[-1]) for since_s in edges_s[:-1]] for pool in there.T]
    return [(np.array([hours for hours, _ in of_pool]), np.array([begun for _, begun in of_pool])) for of_pool in each]


def _supplies(
    plan: Plan, edges_s: FloatArray, often: FloatArray, goes: BoolArray, spells: list[tuple[FloatArray, FloatArray]]
) -> list[Supply]:
    """Return what bays and pools can do from the beginning of each period on, and what vehicles charge them."""
    inspection = plan.inspection
    period_h = (edges_s[-1] - edges_s[:-1]) / HOUR_S
    means_s = (inspection.mean_s + inspection.per_occupant_s[:, None] * plan.road.occupants)[often.max(axis=2) > 0.0]
    longest_s = float(means_s.max(initial=0.0)) or 1.0
    overruns_s = longest_s * np.geomspace(*OVERRUNS_OF_LONGEST, OVERRUNS)
    charges = Charges(plan, goes, overruns_s)
    nothing = np.zeros((OVERRUNS, *often.shape))
    stay_s = np.moveaxis(charges.stay_s, 2, 0)
    bays = np.full(len(period_h), float(plan.bays))
    supplies = [Supply(BAYS, period_h, bays * period_h, bays, overruns_s, stay_s, nothing, stay_s)]
    for number, name in enumerate(inspection.pools):
        of_agency = number < len(plan.duty.agencies)
        stage_s = charges.officer_stage_s if of_agency else charges.equipment_stage_s
        left_s = np.moveaxis(inspection.need[:, number, None, None] * stage_s, 2, 0)[:, :, :, None]
        supplies.append(
            Supply(
                name,
                period_h,
                *spells[number],
                overruns_s,
                (left_s * often).sum(axis=1),
                np.broadcast_to(left_s, nothing.shape),
                np.zeros_like(stay_s),
            )
        )
    return supplies


def _work(times_s: FloatArray, there: IntArray, from_s: float, to_s: float) -> tuple[float, float]:
    """Return how many hours a pool works within a time span, and how often one of it begins to work."""
    lengths_s = np.diff(np.clip(np.append(times_s, np.inf), from_s, to_s))
    present = there[lengths_s > 0.0]
    return float(lengths_s @ there) / HOUR_S, float(present[0] + np.maximum(np.diff(present), 0).sum())
