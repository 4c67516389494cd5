"""What would help most: one choice changed at a time, its effect paired against the plan without the change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from funnelsim.analysis.estimates import Estimate, ratio_pseudo_values
from funnelsim.analysis.intervals import NONE, difference_interval
from funnelsim.analysis.limits import Limit, limits_of_plans
from funnelsim.arrays import FloatArray
from funnelsim.decision.fluid.bounds import Bounds
from funnelsim.decision.fluid.retuning import retuned
from funnelsim.decision.levers.choices import Lever, levers_of
from funnelsim.decision.paired_simulations import with_limits
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.arguments import (
    check_arguments,
    not_a_function,
    not_scenarios,
    not_yes_or_no,
    wrong_numbers,
)
from funnelsim.experiments.compare import Comparison, compare
from funnelsim.experiments.differences import SMALLEST, Difference, confidence_of_each, differences
from funnelsim.experiments.replication import Engine
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.schema import Scenario

AS_PLANNED: Final = "as planned"
RETUNED: Final = "rates of the bound"
FOUND: Final = "expected_detections"
OFFICER_H: Final = "officer_h"
MEASURES: Final = (FOUND, "ordinary_stops", "delay_p95_s", OFFICER_H, "staff_cost")
HUNDRED_H: Final = 100.0
FEWEST_REPLICATIONS: Final = 2  # a difference has no error bar from one


@dataclass(frozen=True, eq=False)
class LeverPlans:
    """The plans that show what levers do.

    Attributes
    ----------
    scenarios
        By name: first the one that the levers are compared with, then the others.
    tried
        The levers by name.
    impossible
        Levers that no plan can have, by name, and why.
    """

    scenarios: Mapping[str, Scenario]
    tried: Mapping[str, Lever]
    impossible: Mapping[str, str]

    @property
    def base(self) -> str:
        """Name of the plan that the levers are compared with."""
        return next(iter(self.scenarios))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Which plan each plan is compared with, that one first; the rates of the bound with the plan as it is."""
        others = [name for name in self.scenarios if name not in (AS_PLANNED, self.base)]
        of_rates = [(AS_PLANNED, RETUNED)] if self.base == RETUNED else []
        return [*of_rates, *((self.base, name) for name in others)]


@dataclass(frozen=True, eq=False)
class Levers:
    """What each lever does.

    Attributes
    ----------
    comparison
        All plans on the same vehicles: first the one that the levers are compared with. Its differences are those
        below, without limits.
    plans
        The plans.
    differences
        By name of a plan and of a measure, how it differs from the plan that it is compared with. `limits.KEY` is the
        share of operations that keep a limit. All intervals hold together at 95 %.
    per_100_officer_h
        By name of a plan, the difference in finds over that in officer-hours, times 100; the interval holds together
        with all others. Not a number where officer-hours do not differ.
    groups
        Names of levers with the same result in each operation, the others each alone, in the order in which they were
        tried.
    without_effect
        Names of the levers that change nothing in any operation.
    """

    comparison: Comparison
    plans: LeverPlans
    differences: Mapping[str, Mapping[str, Difference]]
    per_100_officer_h: Mapping[str, Estimate]
    groups: tuple[tuple[str, ...], ...]
    without_effect: tuple[str, ...]

    @property
    def base(self) -> str:
        """Name of the plan that the levers are compared with."""
        return self.plans.base

    @property
    def retuned(self) -> bool:
        """Whether selection rates are those of the bound of each plan, rather than as planned."""
        return self.base == RETUNED


def levers(
    scenario: Scenario,
    replications: int = 100,
    seed: int = 1,
    jobs: int = 1,
    *,
    retune: bool = False,
    progress: Callable[[int], None] | None = None,
    engine: Engine = "compiled",
) -> Levers:
    """Simulate a scenario with one choice changed at a time, on the same vehicles; other choices stay as they are.

    Parameters
    ----------
    scenario
        The plan to be improved.
    replications, seed, jobs, engine
        As in `funnelsim.run`.
    retune
        Whether each plan selects by score with the rates of its own bound, also the one that the levers are compared
        with; otherwise rates and rule stay as they are, too.
    progress
        Called with the number of finished simulations.

    Raises
    ------
    FunnelsimError
        If an argument is not allowed.
    """
    check_arguments(
        *not_scenarios([("scenario", scenario)]),
        *wrong_numbers(replications, seed, jobs, engine, least=FEWEST_REPLICATIONS),
        not_yes_or_no("retune", retune),
        not_a_function("progress", progress),
    )
    return levers_from(plans_of_levers(scenario, retune=retune), replications, seed, jobs, progress, engine)


def plans_of_levers(
    scenario: Scenario, *, retune: bool = False, progress: Callable[[int], None] | None = None
) -> LeverPlans:
    """Return the plans that show what the levers of a scenario do.

    Parameters
    ----------
    scenario, retune
        As in `levers`.
    progress
        Called with the number of plans that are made.

    Raises
    ------
    ScenarioError
        If the scenario cannot be planned.
    """
    check_arguments(*not_scenarios([("scenario", scenario)]))
    tried = tried_levers(scenario, retune=retune)
    bounds = Bounds()
    scenarios = {AS_PLANNED: scenario}
    if retune:
        scenarios = {RETUNED: retuned(scenario, bounds.of(scenario)), AS_PLANNED: scenario}
    impossible = {}
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    for made, (name, lever) in enumerate(tried.items(), start=1):
        try:
            changed = scenario_from(data, where=name, overrides=lever.changes)
            scenarios[name] = retuned(changed, bounds.of(changed)) if retune else changed
        except FunnelsimError as error:
            impossible[name] = str(error)
        if progress is not None:
            progress(made)
    return LeverPlans(scenarios, tried, impossible)


def tried_levers(scenario: Scenario, *, retune: bool) -> dict[str, Lever]:
    """Return the levers to try by name: where rates are re-tuned, all but those of rates."""
    return {lever.name: lever for lever in levers_of(scenario) if not (retune and lever.of_rates)}


def levers_from(
    plans: LeverPlans,
    replications: int = 100,
    seed: int = 1,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
    engine: Engine = "compiled",
) -> Levers:
    """Simulate the plans of levers and compare them; parameters and errors are those of `levers`."""
    scenarios = plans.scenarios
    comparison = compare(scenarios, replications, seed, jobs, measures=MEASURES, progress=progress, engine=engine)
    limits = limits_of_plans(scenarios[AS_PLANNED].limits)
    values = {name: _values(comparison, name, limits) for name in scenarios}
    means = {name: {measure: float(each.mean()) for measure, each in values[name].items()} for name in scenarios}
    for name in scenarios:
        means[name] |= {measure: comparison.estimates[name][measure].mean for measure in MEASURES}
    pairs = plans.pairs
    found = differences(values, means, pairs, paired=True, smallest=SMALLEST, beside=len(pairs))
    confidence = confidence_of_each(len(found) + len(pairs))
    ratios = {second: _per_100_officer_h(values[first], values[second], confidence) for first, second in pairs}
    by_plan: dict[str, dict[str, Difference]] = {}
    for one in found:
        by_plan.setdefault(one.second, {})[one.measure] = one
    groups, same = _groups(values, plans)
    of_measures = tuple(one for one in found if one.measure in MEASURES)
    return Levers(replace(comparison, differences=of_measures), plans, by_plan, ratios, groups, same)


def _values(comparison: Comparison, name: str, limits: Sequence[Limit]) -> dict[str, FloatArray]:
    """Return what each operation of a plan contributes: its measures, and 1 for each limit that it keeps, else 0."""
    mine = comparison.replications.filter(plan=name)
    simulated = dict.fromkeys((*MEASURES, *(one.measure for one in limits)))
    values = with_limits({measure: mine[measure].to_numpy() for measure in simulated}, limits)
    limited = simulated.keys() - set(MEASURES)
    return {measure: each for measure, each in values.items() if measure not in limited}  # plain means all of them


def _per_100_officer_h(
    first: Mapping[str, FloatArray], second: Mapping[str, FloatArray], confidence: float
) -> Estimate:
    """Return what 100 officer-hours more find, from the operations of two plans."""
    finds, hours = (second[measure] - first[measure] for measure in (FOUND, OFFICER_H))
    sign = np.sign(hours.sum())
    each = HUNDRED_H * ratio_pseudo_values(sign * finds, sign * hours)
    low, high = difference_interval(each, confidence) if np.isfinite(each).all() else NONE
    return Estimate(float(each.mean()), low, high, len(each))


def _groups(
    values: Mapping[str, Mapping[str, FloatArray]], plans: LeverPlans
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Return which levers give the same in each operation, and which of them give what the plan without them gives."""
    results = {name: b"".join(each.tobytes() for each in of_plan.values()) for name, of_plan in values.items()}
    together: dict[bytes, list[str]] = {}
    for name in plans.tried:
        if name in results:
            together.setdefault(results[name], []).append(name)
    same = together.pop(results[plans.base], [])
    return tuple(tuple(names) for names in together.values()), tuple(same)
