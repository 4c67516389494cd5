"""What insures a plan against a bad day: the first lever, cheapest first, with which it keeps its limits as before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from funnelsim.analysis.limits import ROUNDING, Limit, LimitCheck
from funnelsim.decision.bad_day import BadDay
from funnelsim.decision.levers import AS_PLANNED
from funnelsim.decision.paired_simulations import PairedSimulations, checks_of
from funnelsim.decision.plan_variants import PlanVariants
from funnelsim.decision.priced_levers import PricedLever
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
        All levers in the order of their costs, each with its last trial; those not possible are left out, and those
        behind the one found may be.
    """

    lever: PricedLever | None
    insures: bool
    checks: tuple[LimitCheck, ...]
    trials: tuple[Trial, ...]


def insurance_against(
    day: BadDay,
    levers: Sequence[PricedLever],
    variants: PlanVariants,
    simulate: PairedSimulations,
    limits: Sequence[Limit],
    replications: int,
) -> Insurance:
    """Find the cheapest lever that insures against a bad day.

    All levers are tried in a few operations first. Those that may insure by the intervals of these are tried again, the
    cheapest first, in other operations, until one does. So nothing is named because it was lucky when it was chosen.

    Parameters
    ----------
    day
        The bad day.
    levers
        The cheapest first.
    variants, simulate
        Make and simulate plans.
    limits
        Of the plan.
    replications
        Of each trial after the first.
    """
    plans = _possible(day, levers, variants)
    ordinary = {AS_PLANNED: variants.plan({})}
    values = simulate(ordinary | plans, range(min(FIRST, replications)))
    before = checks_of(values[AS_PLANNED], limits)
    first = {name: checks_of(values[name], limits) for name in plans}
    trials = {
        name: Trial(name, checks, confirmed=False, insures=all(map(_may_be_as_before, checks, before)))
        for name, checks in first.items()
    }
    open_ = [name for name, trial in trials.items() if trial.insures]
    others = range(replications, 2 * replications)
    before = checks_of(simulate(ordinary, others)[AS_PLANNED], limits)
    for place in range(0, len(open_), AT_A_TIME):
        some = open_[place : place + AT_A_TIME]
        values = simulate({name: plans[name] for name in some}, others)
        for name in some:
            checks = checks_of(values[name], limits)
            trials[name] = Trial(name, checks, confirmed=True, insures=all(map(_as_before, checks, before)))
        found = next((name for name in some if trials[name].insures), None)
        if found is not None:
            return _insurance(found, levers, trials)
    if not trials:
        return Insurance(None, insures=False, checks=(), trials=())
    nearest = min(trials, key=lambda name: sum(map(_shortfall, trials[name].checks, before)))
    if not trials[nearest].confirmed:
        checks = checks_of(simulate({nearest: plans[nearest]}, others)[nearest], limits)
        trials[nearest] = Trial(nearest, checks, confirmed=True, insures=all(map(_as_before, checks, before)))
    return _insurance(nearest, levers, trials)


def _insurance(name: str, levers: Sequence[PricedLever], trials: Mapping[str, Trial]) -> Insurance:
    lever = next(one for one in levers if one.lever.name == name)
    return Insurance(lever, trials[name].insures, trials[name].checks, tuple(trials.values()))


def _possible(day: BadDay, levers: Sequence[PricedLever], variants: PlanVariants) -> dict[str, Plan]:
    """Return the plans with each lever on a bad day, those that there can be, by its name."""
    plans = {}
    for one in levers:
        try:
            plans[one.lever.name] = variants.plan(one.lever.changes, day)
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
