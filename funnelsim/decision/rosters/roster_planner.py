"""The search for a roster: cover what is wanted, simulate, add cover where it fails, leave out who can be spared."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from funnelsim.analysis.grid import STEP_S
from funnelsim.analysis.limits import ROUNDING
from funnelsim.arrays import FloatArray, IntArray
from funnelsim.decision.fluid.fluid_staffing import free_in
from funnelsim.decision.rosters.officers_wanted import Wanted, wanted_of
from funnelsim.decision.rosters.roster_cover import AgencyRoster, RosterCover
from funnelsim.decision.rosters.shift_patterns import allowed_in
from funnelsim.errors import PlanError
from funnelsim.experiments.replication import Engine
from funnelsim.experiments.run import Run, run
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.staffing import Shift

PROGRAM: Final = "program"
LEAST: Final = "least cost"
SAME: Final = "same hours"
FOUND: Final = "expected_detections"
ROUNDS: Final = 40
NO_HELP: Final = 6  # rounds in a row
TRIALS: Final = 30  # of shifts with an officer less
MOST_ROSTERS: Final = ROUNDS + TRIALS + 3  # today's, the program's, and one that covers what today's does


@dataclass(frozen=True, eq=False)
class PlannedRoster:
    """A roster.

    Attributes
    ----------
    scenario
        The scenario with this roster.
    wanted
        What it covers.
    agencies
        The roster of each agency that was planned.
    """

    scenario: Scenario
    wanted: Wanted
    agencies: tuple[AgencyRoster, ...]

    @property
    def officer_h(self) -> float:
        """Hours on the roster of the agencies that were planned, breaks included."""
        return sum(one.officer_h for one in self.agencies)

    @property
    def cost(self) -> float:
        """Cost of these hours."""
        return sum(one.cost for one in self.agencies)


@dataclass(frozen=True, eq=False)
class _Tried:
    """A roster that was simulated, and what it lacks."""

    roster: PlannedRoster
    result: Run
    short: float


class RosterPlanner:
    """Plans rosters, simulates them, and adds cover where they fall short.

    Parameters
    ----------
    scenario, replications, seed, jobs, engine, progress
        As in `funnelsim.roster`.

    Attributes
    ----------
    simulated
        How many rosters were simulated so far, today's among them.
    """

    def __init__(
        self,
        scenario: Scenario,
        replications: int,
        seed: int,
        jobs: int,
        engine: Engine,
        progress: Callable[[int], None] | None,
    ) -> None:
        allowed = allowed_in(scenario)
        self._scenario, self._progress, self.simulated = scenario, progress, 0
        self._run_scenario = partial(run, replications=replications, seed=seed, jobs=jobs, engine=engine)
        self._data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
        self._today = self._run(scenario)
        plan = self._today.plan
        self._first = wanted_of(scenario, plan, allowed)
        known = dict(zip(plan.duty.agencies, plan.duty.cost_per_h.tolist(), strict=True))
        costs = {name: known.get(name) or Shift.model_fields["cost_per_h"].default for name in self._first.agencies}
        self._cover = RosterCover(scenario, allowed, self._first, costs)
        self._others = [shift for shift in scenario.staffing.roster if shift.agency not in self._first.agencies]
        of_today = dict(zip(plan.duty.agencies, plan.duty.officer_h.tolist(), strict=True))
        self._today_h = sum(of_today.get(name, 0.0) for name in self._first.agencies)

    def _run(self, scenario: Scenario) -> Run:
        made = self._run_scenario(scenario)
        self.simulated += 1
        if self._progress is not None:
            self._progress(self.simulated)
        return made

    def planned(self) -> tuple[dict[str, PlannedRoster], bool]:
        """Return the rosters by name, and whether that of least cost does what it must.

        Raises
        ------
        FunnelsimError
            If no shifts cover what is wanted under the rules of working time, or cannot be simulated.
        """
        tried = self._with_cover_added()
        if self._first.finds is not None and (as_today := self._attempt(self._as_today())) is not None:
            tried.append(as_today)
        least = min(tried, key=lambda one: (one.short, one.roster.cost))
        if least.short == 0.0:
            least = self._trimmed(least)
            tried.append(least)
        rosters = {LEAST: least.roster}
        within = [one for one in tried if one.roster.officer_h <= self._today_h + ROUNDING]
        others = least.roster, tried[0].roster
        if within and (same := max(within, key=lambda one: _found(one.result)).roster) not in others:
            rosters[SAME] = same
        return rosters | {PROGRAM: tried[0].roster}, least.short == 0.0

    def _with_cover_added(self) -> list[_Tried]:
        """Return the roster of the program, and after it those with more and more cover."""
        tried = [self._tried(self._first)]
        while len(tried) <= ROUNDS and not self._is_done(tried):
            helped = len(tried) == 1 or tried[-1].short == 0.0 or tried[-1].short < tried[-2].short
            one = self._attempt(self._tightened(tried[-1], helped=helped))
            if one is None:  # there are no more persons
                break
            tried.append(one)
        return tried

    def _tried(self, wanted: Wanted) -> _Tried:
        one = self._planned(wanted)
        result = self._run(one.scenario)
        return _Tried(one, result, self._short(result))

    def _attempt(self, wanted: Wanted) -> _Tried | None:
        with suppress(PlanError):
            return self._tried(wanted)
        return None

    def _as_today(self) -> Wanted:
        """Return as many officers wanted as are on duty today, the fewest of each time span."""
        duty = self._today.plan.duty
        wanted = self._first
        for row, agency in enumerate(wanted.agencies):
            there = duty.on_duty[:, duty.agencies.index(agency)]
            for span, (from_s, to_s) in enumerate(wanted.spans_s):
                fewest = int(there[duty.at(from_s) : duty.at(to_s - 1.0) + 1].min())
                wanted = wanted.changed(row, span, max(fewest, int(wanted.least[row, span])))
        return wanted

    def _trimmed(self, least: _Tried) -> _Tried:
        """Return a roster without the officers who can be spared: one of each shift in turn, the least busy first."""
        spared: set[tuple[str, int]] = set()
        for _ in range(TRIALS):
            busy = _busy(least)
            able = []
            for row, of_agency in enumerate(least.roster.agencies):
                for number in np.flatnonzero(of_agency.counts).tolist():
                    there = self._cover.on_duty(of_agency.agency, _alone(of_agency, number)) > 0
                    if there.any() and (of_agency.agency, number) not in spared:
                        able.append((float(busy[row][there].mean()), row, number))
            if not able:
                break
            _, row, number = min(able)
            of_agency = least.roster.agencies[row]
            spared.add((of_agency.agency, number))
            without = self._cover.on_duty(of_agency.agency, of_agency.counts - _alone(of_agency, number))
            wanted = least.roster.wanted.lowered(row, without)
            if not np.array_equal(wanted.officers, least.roster.wanted.officers):
                one = self._attempt(wanted)
                if one is not None and one.short == 0.0 and one.roster.cost < least.roster.cost - ROUNDING:
                    least = one
                    spared.clear()
        return least

    def _is_done(self, tried: Sequence[_Tried]) -> bool:
        """Tell whether more cover need not be tried.

        It is tried as long as something is missing, and beyond that while there are fewer officer-hours than today;
        but not on and on where it does not help.
        """
        short = [one.short for one in tried]
        if min(short) == 0.0:
            return bool(tried[-1].roster.officer_h > self._today_h)
        return len(short) > NO_HELP and min(short[-NO_HELP:]) >= min(short[:-NO_HELP])

    def _planned(self, wanted: Wanted) -> PlannedRoster:
        agencies = self._cover.of(wanted.officers)
        shifts = [*self._others, *(shift for one in agencies for shift in one.shifts)]
        entries = [_entry(shift) for shift in shifts]
        changed = scenario_from(self._data, where="roster", overrides={"staffing.roster": entries})
        return PlannedRoster(changed, wanted, tuple(agencies))

    def _short(self, result: Run) -> float:
        """Return what a roster lacks, as a share: of today's finds, or of the operations that must keep a limit.

        A limit that today's plan does not keep is not kept by officers: it need only be kept as often as today. Where
        the planner says how many officers are wanted, he may want to find less.
        """
        pairs = zip(result.limits(), self._today.limits(), strict=True)
        missed = [min(one.wanted, today.kept_in.mean) - one.kept_in.mean for one, today in pairs]
        return max([0.0, self._lost(result), *(share for share in missed if share > ROUNDING)])

    def _lost(self, result: Run) -> float:
        """Return the share of today's finds that a roster does not find, where it must."""
        today = _found(self._today)
        if self._first.finds is None or today <= 0.0:  # nothing found today: nothing to lose
            return 0.0
        return max(0.0, 1.0 - _found(result) / today)

    def _tightened(self, one: _Tried, *, helped: bool) -> Wanted:
        """Return what is wanted with an officer more where it fails.

        That is where those free for inspection are busiest; or, if that did not help the time before, where there are
        fewer of them than today: they may wait for officers of another agency, who are not busy.
        """
        wanted = one.roster.wanted
        where = _busy(one)
        if not helped and (fewer := _free(self._today, wanted) - _free(one.result, wanted)).max() > 0.0:
            where = fewer
        cells = max(1, round(self._lost(one.result) * where.size))
        for cell in np.argsort(-where, axis=None, kind="stable")[:cells].tolist():
            agency, span = divmod(cell, where.shape[1])
            wanted = wanted.changed(agency, span, int(one.roster.agencies[agency].on_duty[span]) + 1)
        return wanted


def entries_of(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the roster as the entries of a scenario file."""
    return [_entry(shift) for shift in scenario.staffing.roster]


def _entry(shift: Shift) -> dict[str, Any]:
    entry = shift.model_dump(mode="json", by_alias=True, exclude_none=True)
    if shift.breaks is not None and shift.breaks.in_turn:
        del entry["breaks"]["in_turn"]
    return entry


def _alone(roster: AgencyRoster, pattern: int) -> IntArray:
    """Return one officer on a single shift, as counts of shifts."""
    alone = np.zeros_like(roster.counts)
    alone[pattern] = 1
    return alone


def _found(result: Run) -> float:
    return result.estimates[FOUND].mean


def _free(result: Run, wanted: Wanted) -> FloatArray:
    """Return the mean number of officers free for inspection, shape (agencies, spans)."""
    duty = result.plan.duty
    by_span = [dict(zip(duty.agencies, free_in(duty, np.array(span))[:, 0], strict=True)) for span in wanted.spans_s]
    return np.array([[of_span.get(agency, 0.0) for of_span in by_span] for agency in wanted.agencies])


def _busy(one: _Tried) -> FloatArray:
    """Return the share of the officers free for inspection who are in stages, shape (agencies, spans)."""
    wanted = one.roster.wanted
    mean = one.result.series.group_by("time_s").mean().sort("time_s")
    middle_s = mean["time_s"].to_numpy() + STEP_S / 2.0
    in_use = np.zeros(wanted.officers.shape)
    for number, (from_s, to_s) in enumerate(wanted.spans_s):
        inside = (middle_s >= from_s) & (middle_s < to_s)
        for row, agency in enumerate(wanted.agencies):
            if inside.any() and f"in_use.{agency}" in mean.columns:
                in_use[row, number] = mean[f"in_use.{agency}"].to_numpy()[inside].mean()
    free = _free(one.result, wanted)
    return np.divide(in_use, free, out=np.where(in_use > 0.0, np.inf, 0.0), where=free > 0.0)
