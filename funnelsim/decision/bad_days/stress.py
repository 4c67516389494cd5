"""How a plan stands bad days, each paired with the ordinary day, and which lever would insure it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from funnelsim.analysis.estimates import Estimate
from funnelsim.analysis.limits import Limit, LimitCheck, limits_of_plans
from funnelsim.decision.bad_days.bad_day import BadDay
from funnelsim.decision.bad_days.bad_days import bad_days_of
from funnelsim.decision.bad_days.insurance import FirstTrials, Insurance, first_trials, insurance_against
from funnelsim.decision.bad_days.plan_variants import PlanVariants
from funnelsim.decision.levers.choices import Lever, levers_of
from funnelsim.decision.levers.levers import AS_PLANNED
from funnelsim.decision.levers.priced_levers import PricedLever, cheapest_first
from funnelsim.decision.paired_simulations import (
    LIMIT_KEPT,
    PairedSimulations,
    Values,
    checks_of,
    estimates_of,
    with_limits,
)
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.arguments import check_arguments, not_scenarios, wrong_numbers
from funnelsim.experiments.differences import SMALLEST, Difference, differences
from funnelsim.experiments.executor import workers
from funnelsim.experiments.replication import Engine
from funnelsim.experiments.shown import Shown
from funnelsim.model.plan import Plan
from funnelsim.scenario.schema import Scenario

MEASURES: Final = (
    "expected_detections",
    "ordinary_stops",
    "ordinary_h",
    "delay_p95_s",
    "tail_max_m",
    "officer_h",
    "staff_cost",
)
FEWEST: Final = 10  # operations


@dataclass(frozen=True, eq=False)
class StressedDay:
    """What a bad day does to a plan.

    Attributes
    ----------
    day
        What goes wrong.
    changes
        The values of the keys that differ from the plan's.
    estimates
        By measure the mean with its interval, `limits.KEY` among them: the share of operations that keep a limit.
    checks
        How the limits fare.
    differences
        By measure, the bad day against the ordinary one. All intervals of all bad days hold together at 95 %.
    broken
        Keys of the limits that the bad day breaks: too few operations keep them on it, and either they are seen to be
        kept less often than on an ordinary day, or an ordinary day keeps them and the interval of the share on the bad
        day lies below what is wanted.
    insurance
        What would insure the plan; None where no limit is broken.
    """

    day: BadDay
    changes: Mapping[str, Any]
    estimates: Mapping[str, Estimate]
    checks: tuple[LimitCheck, ...]
    differences: Mapping[str, Difference]
    broken: tuple[str, ...]
    insurance: Insurance | None = None


@dataclass(frozen=True)
class ImpossibleDay:
    """A bad day on which a plan cannot do what it says, and why."""

    day: BadDay
    why: str


@dataclass(frozen=True, eq=False, repr=False)
class Stress(Shown):
    """How a plan stands bad days.

    Attributes
    ----------
    scenario, plan
        The plan.
    seed, replications, engine
        How it was simulated; the levers that may insure were simulated in as many other operations.
    estimates, checks
        Of the ordinary day, as those of a `StressedDay`.
    days
        The bad days.
    levers
        What may insure against any of them, the cheapest first, each with its differences on an ordinary day, which
        hold together at 95 %.
    impossible
        The bad days on which the plan cannot do what it says.
    """

    scenario: Scenario
    plan: Plan
    seed: int
    replications: int
    engine: Engine
    estimates: Mapping[str, Estimate]
    checks: tuple[LimitCheck, ...]
    days: tuple[StressedDay, ...]
    levers: tuple[PricedLever, ...]
    impossible: tuple[ImpossibleDay, ...]

    @property
    def uninsured(self) -> tuple[StressedDay, ...]:
        """The days that break a limit."""
        return tuple(one for one in self.days if one.broken)


@dataclass(frozen=True, eq=False)
class StressPlans:
    """The plans of an ordinary day and of bad ones.

    Attributes
    ----------
    variants
        Makes plans of the scenario.
    days
        The bad days that are possible, by name, with their changes.
    changed
        By name of a bad day, what it changes.
    impossible
        As in `Stress`.
    plans
        By name: the plan on an ordinary day, and on each bad day.
    """

    variants: PlanVariants
    days: Mapping[str, BadDay]
    changed: Mapping[str, Mapping[str, Any]]
    impossible: tuple[ImpossibleDay, ...]
    plans: Mapping[str, Plan]


def stress(
    scenario: Scenario,
    replications: int = 200,
    seed: int = 1,
    jobs: int = 1,
    *,
    progress: Callable[[int], None] | None = None,
    engine: Engine = "compiled",
) -> Stress:
    """Simulate a plan on bad days, say which limits break, and find the cheapest lever that insures against each.

    Parameters
    ----------
    scenario
        The plan.
    replications, seed, jobs, engine
        As in `funnelsim.run`.
    progress
        Called with the number of finished simulations.

    Raises
    ------
    FunnelsimError
        If an argument is not allowed, or the scenario cannot be planned.
    """
    endured = stress_from(plans_of_stress(scenario), replications, seed, jobs, progress, engine)
    return insured(endured, jobs)


def plans_of_stress(scenario: Scenario, days: Sequence[BadDay] | None = None) -> StressPlans:
    """Return the plans of bad days.

    Parameters
    ----------
    scenario
        The plan.
    days
        The bad days; by default those of `funnelsim.decision.bad_days.bad_days.bad_days_of`.

    Raises
    ------
    ScenarioError
        If the scenario cannot be planned.
    """
    check_arguments(*not_scenarios([("scenario", scenario)]))
    variants = PlanVariants(scenario)
    plans = {AS_PLANNED: variants.plan({})}
    changed: dict[str, Mapping[str, Any]] = {}
    impossible = []
    possible = {day.name: day for day in (bad_days_of(scenario, variants.demand) if days is None else days)}
    for name, day in possible.items():
        try:
            changed[name] = variants.changes_on({}, day)
            plans[name] = variants.plan({}, day)
        except FunnelsimError as error:
            impossible.append(ImpossibleDay(day, _why(error, name)))
    can_be = {name: day for name, day in possible.items() if name in plans}
    return StressPlans(variants, can_be, changed, tuple(impossible), plans)


def _why(error: FunnelsimError, day: str) -> str:
    """Return what is wrong without the name of the day, which stands in front of what its values cannot be."""
    return "; ".join(line.removeprefix(f"{day}: ") for line in str(error).split("\n"))


def stress_from(
    made: StressPlans,
    replications: int = 200,
    seed: int = 1,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
    engine: Engine = "compiled",
) -> Stress:
    """Simulate an ordinary day and bad ones, without insurance; see `stress` for parameters and errors."""
    check_arguments(*wrong_numbers(replications, seed, jobs, engine, least=FEWEST))
    scenario = made.variants.scenario
    limits = limits_of_plans(scenario.limits)
    with workers(jobs, engine) as executor:
        simulate = PairedSimulations(MEASURES, seed, executor, jobs, engine, progress)
        values = simulate(made.plans, range(replications))
    on_days = _differences(values, list(made.days), limits)
    ordinary = checks_of(values[AS_PLANNED], limits)
    days = []
    for name, day in made.days.items():
        checks = checks_of(values[name], limits)
        broken = _broken(ordinary, checks, on_days[name])
        estimates = estimates_of(with_limits(values[name], limits))
        days.append(StressedDay(day, made.changed[name], estimates, checks, on_days[name], broken))
    return Stress(
        scenario=scenario,
        plan=made.plans[AS_PLANNED],
        seed=seed,
        replications=replications,
        engine=engine,
        estimates=estimates_of(with_limits(values[AS_PLANNED], limits)),
        checks=ordinary,
        days=tuple(days),
        levers=(),
        impossible=made.impossible,
    )


def insured(endured: Stress, jobs: int = 1, progress: Callable[[int], None] | None = None) -> Stress:
    """Return the same with what insures against each bad day that breaks a limit.

    Parameters
    ----------
    endured
        Bad days without insurance.
    jobs
        As in `funnelsim.run`.
    progress
        Called with the number of bad days on which all levers have been tried.
    """
    variants = PlanVariants(endured.scenario)
    limits = limits_of_plans(endured.scenario.limits)
    replications = endured.replications
    with workers(jobs, endured.engine) as executor:
        simulate = PairedSimulations(MEASURES, endured.seed, executor, jobs, endured.engine)
        levers, first = levers_of(endured.scenario), {}
        for done, one in enumerate(endured.uninsured, start=1):
            first[one.day.name] = first_trials(one.day, levers, variants, simulate, limits, replications)
            if progress is not None:
                progress(done)
        priced = _priced(levers, first.values(), variants, simulate, limits, replications)
        found = {
            name: insurance_against(trials, priced, simulate, limits, replications) for name, trials in first.items()
        }
    days = tuple(replace(one, insurance=found.get(one.day.name)) for one in endured.days)
    return replace(endured, days=days, levers=priced)


def _priced(
    levers: Sequence[Lever],
    first: Iterable[FirstTrials],
    variants: PlanVariants,
    simulate: PairedSimulations,
    limits: Sequence[Limit],
    replications: int,
) -> tuple[PricedLever, ...]:
    """Return the levers that may insure against any bad day, the cheapest on an ordinary day first."""
    names = {name for trials in first for name in trials.open}
    plans = {AS_PLANNED: variants.plan({})}
    for lever in levers:
        if lever.name in names:
            try:
                plans[lever.name] = variants.plan(lever.changes)
            except FunnelsimError:
                continue  # possible on the bad day alone
    some = [lever for lever in levers if lever.name in plans]
    if not some:
        return ()
    values = simulate(plans, range(replications))
    return cheapest_first(variants.scenario, some, _differences(values, [lever.name for lever in some], limits))


def _differences(
    values: Mapping[str, Values], names: Sequence[str], limits: Sequence[Limit]
) -> dict[str, dict[str, Difference]]:
    """Return how some plans differ from the plan as it is, by name and measure."""
    if not names:  # no bad day is possible
        return {}
    chosen = {name: with_limits(values[name], limits) for name in (AS_PLANNED, *names)}
    means = {
        name: {measure: found.mean for measure, found in estimates_of(each).items()} for name, each in chosen.items()
    }
    pairs = [(AS_PLANNED, name) for name in names]
    by_name: dict[str, dict[str, Difference]] = {name: {} for name in names}
    for one in differences(chosen, means, pairs, paired=True, smallest=SMALLEST):
        by_name[one.second][one.measure] = one
    return by_name


def _broken(
    ordinary: Sequence[LimitCheck], checks: Sequence[LimitCheck], found: Mapping[str, Difference]
) -> tuple[str, ...]:
    """Return the keys of the limits that a bad day breaks."""
    broken = []
    for before, under in zip(ordinary, checks, strict=True):
        difference = found[f"{LIMIT_KEPT}{under.key}"]
        less_often = difference.seen and difference.estimate.mean < 0.0
        if not under.kept and (less_often or (before.kept and not under.open)):
            broken.append(under.key)
    return tuple(broken)
