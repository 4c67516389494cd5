"""What insures a plan against a bad day: the first lever, cheapest first, with which it keeps all its limits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from funnelsim.analysis.limits import Limit, LimitCheck
from funnelsim.decision.bad_days.bad_day import BadDay
from funnelsim.decision.bad_days.plan_variants import PlanVariants
from funnelsim.decision.levers.choices import Lever
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
    """

    name: str
    checks: tuple[LimitCheck, ...]
    confirmed: bool

    @property
    def insures(self) -> bool:
        """Whether all limits are kept in enough of its operations, and it was not chosen for these."""
        return self.confirmed and all(check.kept for check in self.checks)


@dataclass(frozen=True)
class Insurance:
    """What insures against a bad day.

    Attributes
    ----------
    lever
        The cheapest lever that does; where none does, the one that comes nearest; None where no lever is possible.
    checks
        How the limits fare on the bad day with it, in operations in which it was not chosen.
    trials
        All levers that are possible on that day, each with its last trial.
    """

    lever: PricedLever | None
    checks: tuple[LimitCheck, ...]
    trials: tuple[Trial, ...]

    @property
    def insures(self) -> bool:
        """Whether all limits are kept in enough of the operations."""
        return self.lever is not None and all(check.kept for check in self.checks)

    @property
    def probably(self) -> bool:
        """Whether the operations do not settle it: an interval reaches across the share wanted."""
        return any(check.open for check in self.checks)


@dataclass(frozen=True, eq=False)
class FirstTrials:
    """All levers tried on a bad day in a few operations.

    Attributes
    ----------
    plans
        The plans with each lever on that day, by its name.
    trials
        Each lever's trial, by its name.
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
    values = simulate(plans, range(min(FIRST, replications)))
    trials = {name: Trial(name, checks_of(values[name], limits), confirmed=False) for name in plans}
    may = tuple(name for name, trial in trials.items() if all(check.kept or check.open for check in trial.checks))
    if not may and trials:
        may = (_nearest(trials, trials),)
    return FirstTrials(plans, trials, may)


def insurance_against(
    first: FirstTrials,
    levers: Sequence[PricedLever],
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
    simulate, limits, replications
        As in `first_trials`.
    """
    priced = {one.lever.name: one for one in levers if one.lever.name in first.open}
    if not priced:
        return Insurance(None, checks=(), trials=())
    others = range(replications, 2 * replications)
    trials = dict(first.trials)
    names, found = list(priced), ""
    for place in range(0, len(names), AT_A_TIME):
        some = names[place : place + AT_A_TIME]
        values = simulate({name: first.plans[name] for name in some}, others)
        for name in some:
            trials[name] = Trial(name, checks_of(values[name], limits), confirmed=True)
        found = next((name for name in some if trials[name].insures), "")
        if found:
            break
    named = found or _nearest(names, trials)
    return Insurance(priced[named], trials[named].checks, tuple(trials.values()))


def _possible(day: BadDay, levers: Sequence[Lever], variants: PlanVariants) -> dict[str, Plan]:
    """Return the plans with each lever on a bad day, those that there can be, by its name."""
    plans = {}
    for lever in levers:
        try:
            plans[lever.name] = variants.plan(lever.changes, day)
        except FunnelsimError:
            continue
    return plans


def _nearest(names: Iterable[str], trials: Mapping[str, Trial]) -> str:
    """Return the lever with which the limits lack the smallest share of operations."""
    return min(names, key=lambda name: sum(check.shortfall for check in trials[name].checks))
