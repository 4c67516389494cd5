"""The officers worth their cost, hour by hour: the program of the bound, with officers to be chosen.

It differs from the bound in one thing: whoever comes in a period is inspected in it. The bound lets work wait until the
end, which is right for a bound, and would call all officers for the end. docs/roster.md derives it.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.decision.fluid.bound import Given, given_in
from funnelsim.decision.fluid.program import Variables, solved_with_looks
from funnelsim.model.expected import stage_means_s
from funnelsim.model.plan import Plan
from funnelsim.scenario.roster import Duty
from funnelsim.scenario.schema import Scenario
from funnelsim.units import HOUR_S

APART: Final = 2e-3  # of the finds wanted: the tangents of two programs differ by less


@dataclass(frozen=True, eq=False)
class Staffing:
    """Officers free for inspection in a window, and what they can find.

    Attributes
    ----------
    edges_s
        Edges of the periods, in seconds after midnight of the first day, shape (periods + 1,).
    free
        Mean numbers of officers, shape (agencies, periods).
    finds
        Expected finds of the window, if nobody waits for anything.
    worth
        Finds that one more officer-hour would add, shape (agencies, periods); 0 where officers are chosen.
    """

    edges_s: FloatArray
    free: FloatArray
    finds: float
    worth: FloatArray


def staffing_of(scenario: Scenario, plan: Plan, window: int) -> Staffing:
    """Return what the officers of a plan can find in a window, by its index."""
    program = _Program(plan, given_in(scenario, plan, window))
    free = free_in(plan.duty, program.given.edges_s)
    solved = program.solved(program.finds_goal, fixed=free)
    of_work = solved.ineqlin.marginals[: program.rows_of_officers].reshape(free.shape)
    return Staffing(program.given.edges_s, free, -float(solved.fun), -of_work)


def cheapest(scenario: Scenario, plan: Plan, window: int, finds: float, cost_per_h: FloatArray) -> Staffing:
    """Return the officers that can find so much in a window at least cost.

    Parameters
    ----------
    scenario, plan, window
        The scenario, its plan and the index of the window.
    finds
        At most what `staffing_of` says of some officers.
    cost_per_h
        Of an officer-hour, shape (agencies,).
    """
    program = _Program(plan, given_in(scenario, plan, window))
    goal = np.zeros(program.at.number)
    goal[program.officers] = cost_per_h[:, None] * program.period_h
    solved = program.solved(goal, at_least=finds * (1.0 - APART))
    free = solved.x[program.officers]
    return Staffing(program.given.edges_s, free, -float(program.finds_goal @ solved.x), np.zeros_like(free))


def free_in(duty: Duty, edges_s: FloatArray) -> FloatArray:
    """Return the mean number of officers free for inspection in each period, shape (agencies, periods)."""
    return np.array([_mean_in(duty.times_s, of_agency, edges_s) for of_agency in duty.free.T])


def largest_crews(plan: Plan) -> FloatArray:
    """Return how many officers of each agency some stage needs at the same time, shape (agencies,)."""
    most: FloatArray = plan.inspection.need[:, : len(plan.duty.agencies)].max(axis=0).astype(np.float64)
    return most


class _Program:
    """The linear program of one window; its first rows are the work of officers, agency by agency."""

    def __init__(self, plan: Plan, given: Given) -> None:
        self.given, agencies = given, len(plan.duty.agencies)
        periods = len(given.edges_s) - 1
        self.period_h = np.diff(given.edges_s) / HOUR_S
        self.at = Variables(given.sources, given.often, agencies * periods)
        self.officers = self.at.others.reshape(agencies, periods)
        self.rows_of_officers = agencies * periods
        self.finds_goal = np.zeros(self.at.number)
        self.finds_goal[self.at.targets] = -given.found
        least = np.repeat(largest_crews(plan)[:, None], periods, axis=1)
        peak = free_in(plan.duty, given.edges_s).max(axis=1, keepdims=True)
        self._chosen = least, np.maximum(least, peak)  # of solutions that cost the same, one without peaks of its own
        self._rows, self._limits = self._work(plan)

    def _work(self, plan: Plan) -> tuple[csr_array, FloatArray]:
        """Return the rows that say: the work of whoever comes in a period fits into it."""
        inspection, often = plan.inspection, self.given.often
        agencies, periods = self.officers.shape
        means_s = stage_means_s(plan)
        rows, limits = [], []
        for pool in range(len(inspection.pools)):
            pause_s = plan.pause_s if pool < agencies else 0.0
            work_h = inspection.need[:, pool] @ np.moveaxis((means_s + pause_s)[:, :, None] * often, 0, 1) / HOUR_S
            block = self._of_each_period(work_h)
            if pool < agencies:
                block[np.arange(periods), self.officers[pool]] = -self.period_h
                limits.append(np.zeros(periods))
            else:
                there = plan.capacity[:, pool] + plan.beyond[:, pool]
                limits.append(_mean_in(plan.capacity_times_s, there, self.given.edges_s) * self.period_h)
            rows.append(block)
        in_bay = often[: inspection.after_detection + (not plan.frees_bay)]
        stay_h = ((means_s[: len(in_bay)][:, :, None] * in_bay).sum(axis=0) + plan.changeover_s) / HOUR_S
        rows.append(self._of_each_period(stay_h))
        limits.append(plan.bays * self.period_h)
        return csr_array(np.concatenate(rows)), np.concatenate(limits)

    def _of_each_period(self, work_h: FloatArray) -> FloatArray:
        """Return a row for each period: the work of those who come in it, from that of one, (classes, statuses)."""
        block = np.zeros((len(self.period_h), self.at.number))
        for period, row in enumerate(block):
            row[self.at.ordinary[:, period]] = work_h[:, 0]
            row[self.at.targets[:, period]] = work_h[:, 1:]
        return block

    def solved(self, goal: FloatArray, fixed: FloatArray | None = None, at_least: float | None = None) -> Any:  # noqa: ANN401  (SciPy's own)
        """Solve it.

        Parameters
        ----------
        goal
            What is to be least, shape (variables,).
        fixed
            How many officers there are, shape (agencies, periods); by default they are chosen.
        at_least
            Finds that are wanted.
        """
        most = np.full(self.at.number, np.inf)
        most[self.at.ordinary] = [source.ordinary for source in self.given.sources]
        most[self.at.targets] = [source.targets for source in self.given.sources]
        least = np.zeros(self.at.number)
        least[self.officers], most[self.officers] = self._chosen if fixed is None else (fixed, fixed)
        rows, limits = [self._rows], [self._limits]
        if at_least is not None:
            rows.append(csr_array(self.finds_goal[None]))
            limits.append(np.array([-at_least]))
        return solved_with_looks(self.at, self.given.sources, goal, rows, limits, np.column_stack([least, most]))


def _mean_in(times_s: FloatArray, there: IntArray, edges_s: FloatArray) -> FloatArray:
    """Return the mean of a step function in each period."""
    until_s = np.append(times_s[1:], np.inf)
    inside_s = np.minimum(until_s, edges_s[1:, None]) - np.maximum(times_s, edges_s[:-1, None])
    mean: FloatArray = np.maximum(inside_s, 0.0) @ there / np.diff(edges_s)
    return mean
