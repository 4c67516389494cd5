"""What insures a plan against a bad day: the first lever, cheapest first, with which it keeps its limits as before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from funnelsim.analysis.limits import ROUNDING, Limit, LimitCheck
from funnelsim.decision.bad_days.bad_day import BadDay
from funnelsim.decision.bad_days.plan_variants import PlanVariants
from funnelsim.decision.levers.choices import Lever
from funnelsim.decision.levers.levers import AS_PLANNED
from funnelsim.decision.levers.priced_levers import PricedLever
from funnelsim.decision.paired_simulations import PairedSimulations, checks_of
from funnelsim.errors import FunnelsimError
from funnelsim.model.plan import Plan

FIRST: Final = 40  # operations in which every lever is tried
AT_A_TIME: Final = 4  # levers that are confirmed together: as many as keep two cores busy


@dataclass(frozen=True)
class Trial:
    """A lever tried on a bad day.

    Attributes
    ----------
    name
        The lever.
    checks
        How the limits fare.
    confirmed
        Whether it was simulated in operations other than those in which all levers are tried first.
    insures
        Whether each limit is kept as often as on an ordinary day, or in its own share of operations.
    """

    name: str
    checks: tuple[LimitCheck, ...]
    confirmed: bool
    insures: bool


@dataclass(frozen=True)
class Insurance:
    """What insures against a bad day.

    Attributes
    ----------
    lever
        The cheapest lever that does; where none does, the one that comes nearest; None where no lever is possible.
    insures
        Whether it does.
    checks
        How the limits fare on the bad day with it, in operations in which it was not chosen.
    trials
        All levers that are possible on that day, each with its last trial.
    """

    lever: PricedLever | None
    insures: bool
    checks: tuple[LimitCheck, ...]
    trials: tuple[Trial, ...]


@dataclass(frozen=True, eq=False)
class FirstTrials:
    """All levers tried on a bad day in a few operations.

    Attributes
    ----------
    plans
        The plans with each lever on that day, by its name.
    trials
        Each lever's trial, by its name; `insures` says whether it may.
    open
        Names of the levers that may insure; where none may, of the one that comes nearest.
    """

    plans: Mapping[str, Plan]
    trials: Mapping[str, Trial]
    open: tuple[str, ...]


def first_trials(
    day: BadDay,
    levers: Sequence[Lever],
    variants: PlanVariants,
    simulate: PairedSimulations,
    limits: Sequence[Limit],
    replications: int,
) -> FirstTrials:
    """Try all levers on a bad day in a few operations; those not possible on that day are left out.

    Parameters
    ----------
    day, levers
        The bad day, and what might insure against it.
    variants, simulate
        Make and simulate plans.
    limits
        Of the plan.
    replications
        Of the trials to come; these are fewer.
    """
    plans = _possible(day, levers, variants)
    values = simulate({AS_PLANNED: variants.plan({})} | plans, range(min(FIRST, replications)))
    before = checks_of(values[AS_PLANNED], limits)
    found = {name: checks_of(values[name], limits) for name in plans}
    trials = {
        name: Trial(name, checks, confirmed=False, insures=all(map(_may_be_as_before, checks, before)))
        for name, checks in found.items()
    }
    may = tuple(name for name, trial in trials.items() if trial.insures)
    if not may and trials:
        may = (min(trials, key=lambda name: sum(map(_shortfall, trials[name].checks, before))),)
    return FirstTrials(plans, trials, may)


def insurance_against(
    first: FirstTrials,
    levers: Sequence[PricedLever],
    ordinary: Plan,
    simulate: PairedSimulations,
    limits: Sequence[Limit],
    replications: int,
) -> Insurance:
    """Find the cheapest lever that insures against a bad day.

    Those that may insure by the intervals of a few operations are tried again, the cheapest first, in other operations,
    until one does. So nothing is named because it was lucky when it was chosen.

    Parameters
    ----------
    first
        The trials of all levers on that day.
    levers
        The cheapest first, at least those that may insure.
    ordinary
        The plan on an ordinary day.
    simulate, limits, replications
        As in `first_trials`.
    """
    priced = {one.lever.name: one for one in levers if one.lever.name in first.open}
    if not priced:
        return Insurance(None, insures=False, checks=(), trials=())
    others = range(replications, 2 * replications)
    before = checks_of(simulate({AS_PLANNED: ordinary}, others)[AS_PLANNED], limits)
    trials = dict(first.trials)
    names = list(priced)
    for place in range(0, len(names), AT_A_TIME):
        some = names[place : place + AT_A_TIME]
        values = simulate({name: first.plans[name] for name in some}, others)
        for name in some:
            checks = checks_of(values[name], limits)
            trials[name] = Trial(name, checks, confirmed=True, insures=all(map(_as_before, checks, before)))
        found = next((name for name in some if trials[name].insures), None)
        if found is not None:
            return Insurance(priced[found], insures=True, checks=trials[found].checks, trials=tuple(trials.values()))
    nearest = min(names, key=lambda name: sum(map(_shortfall, trials[name].checks, before)))
    return Insurance(priced[nearest], insures=False, checks=trials[nearest].checks, trials=tuple(trials.values()))


def _possible(day: BadDay, levers: Sequence[Lever], variants: PlanVariants) -> dict[str, Plan]:
    """Return the plans with each lever on a bad day, those that there can be, by its name."""
    plans = {}
    for lever in levers:
        try:
            plans[lever.name] = variants.plan(lever.changes, day)
        except FunnelsimError:
            continue
    return plans


def _wanted(before: LimitCheck) -> float:
    """Return in which share of operations a limit must be kept: its own, or that of an ordinary day if smaller."""
    return min(before.kept_in.mean, before.wanted) - ROUNDING


def _as_before(check: LimitCheck, before: LimitCheck) -> bool:
    return check.kept_in.mean >= _wanted(before)


def _shortfall(check: LimitCheck, before: LimitCheck) -> float:
    return max(0.0, _wanted(before) - check.kept_in.mean)


def _may_be_as_before(check: LimitCheck, before: LimitCheck) -> bool:
    return check.kept_in.high >= _wanted(before)
