"""Warnings about the targets and the chances to select and to find them."""

from collections.abc import Iterator

import numpy as np

from funnelsim.analysis.forecast import by_status_in_windows, chances_between, selection_chances
from funnelsim.model.expected import chance_to_find, ever_selectable, shares_by_status, stage_chances
from funnelsim.model.feasibility import may_come
from funnelsim.model.plan import Plan
from funnelsim.reporting.directions import warnings_in_each
from funnelsim.reporting.plan_warning import PlanWarning, grave, unusual
from funnelsim.scenario.rate_steps import hours_that_count, rates_in, times_of, usual_rates
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.selection import Adapt, Index, Selection
from funnelsim.selection_rules import Amount
from funnelsim.wording import joined, verb

MOST_PER_10K = 500.0  # one vehicle in twenty


def target_warnings(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    """Yield the warnings: first what keeps anybody from being selected, then the others in the order of the file."""
    yield from warnings_in_each(scenario, plan, _selection)
    if not scenario.targets:
        yield grave(
            "targets: none are named, so the yield is 0 whatever you do; name what the operation looks for, or read "
            "the delay alone."
        )
    yield from warnings_in_each(scenario, plan, _of_targets)
    yield from _sees_no_exit(scenario)
    yield from _named_without_prevalence(scenario)
    yield from _stages(scenario, plan)


def _of_targets(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    for k in range(len(scenario.targets)):
        yield from _prevalence(scenario, plan, k)
        yield from _lost(scenario, plan, k)


def _prevalence(scenario: Scenario, plan: Plan, k: int) -> Iterator[PlanWarning]:
    target = scenario.targets[k]
    where = f"targets.{target.name}.per_10k"
    high = [f"{name} = {per_10k:g}" for name, per_10k in target.per_10k.items() if per_10k > MOST_PER_10K]
    if high:
        yield unusual(
            f"{where}: {joined(high)} means that more than one vehicle in twenty is a target; if this is not a "
            "typing error, say so in a comment."
        )
    coming = by_status_in_windows(plan)[:, k + 1]
    expected = [c for c, name in enumerate(plan.classes) if target.per_10k.get(name, 0.0) > 0]
    absent = [plan.classes[c] for c in expected if coming[c] <= 0]
    if absent:
        warn = grave if len(absent) == len(expected) else unusual
        yield warn(
            f"{where}: the counts bring no {joined(absent, 'or')}, so these targets never come; take them from a "
            "counted class with traffic.split or leave them out."
        )


def _lost(scenario: Scenario, plan: Plan, k: int) -> Iterator[PlanWarning]:
    """Yield the classes in which a target type is never selected, or never found."""
    name = plan.targets[k]
    chances = chances_between(plan, *plan.window_s, selection_chances(plan))[:, k + 1]
    finds = chance_to_find(plan.inspection)[:, k + 1]
    come = (plan.road.prevalence[:, k] > 0) & (by_status_in_windows(plan)[:, k + 1] > 0)
    if not chances.any() or not come.any():
        return
    come_in = [plan.classes[c] for c in np.flatnonzero(come)]
    rated = ever_selectable(plan)  # a rate above 0, whatever the rule
    never = [plan.classes[c] for c in np.flatnonzero(come & ~rated & (chances <= 0))]
    if never:
        warn = grave if never == come_in else unusual
        yield warn(
            f"{joined(_keys_of_rates(scenario))}: {joined(never)} are never selected, though {name} come in "
            f"them (targets.{name}.per_10k); give them a rate, or leave them out on purpose."
        )
    missed = [plan.classes[c] for c in np.flatnonzero(come & (rated | (chances > 0)) & (finds <= 0))]
    if missed:
        warn = grave if missed == come_in else unusual
        yield warn(
            f"area.stages: no stage finds {name} in {joined(missed)}, so inspecting these can never help; add them "
            f"to a stage (for), or give it a chance (finds) for {name}."
        )


def _sees_no_exit(scenario: Scenario) -> Iterator[PlanWarning]:
    if any(side.approach.exit is not None for side in scenario.per_funnel):
        return
    leave = [target.name for target in scenario.targets if target.evade.queue]
    if leave:
        yield grave(
            f"targets: evade.queue of {joined(leave)} says who leaves at the exit, but there is none, so nobody "
            "does; describe the exit (approach.exit), or leave it out."
        )


def _selection(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    """Yield warnings about how one funnel selects."""
    selection = scenario.selection
    if not ever_selectable(plan).any():
        keys = _keys_of_rates(scenario)
        yield grave(
            f"{joined(keys)} {verb(len(keys), 'is', 'are')} 0 for every class, so nobody is ever selected; give the "
            "classes you look for a rate."
        )
    elif plan.selection.rule.priced:
        yield from _index(selection.index, plan)
    if selection.look.rotate_min is not None and selection.look.tires_half_life_h is None:
        yield grave(
            f"selection.look.rotate_min = {selection.look.rotate_min:g}: nobody tires, so a fresh officer changes "
            "nothing; say how fast they tire (look.tires_half_life_h), or leave it out."
        )
    if scenario.targets and selection.watchlist is not None and selection.watchlist.target_share == 0.0:
        yield grave(
            "selection.watchlist.target_share = 0: no target is on the list, so it stops ordinary vehicles alone; give "
            "it a share of the targets, or leave the list out."
        )
    if selection.adapt is not None:
        yield from _adapt(selection.adapt)
    yield from _without_effect(scenario, plan)


def _keys_of_rates(scenario: Scenario) -> list[str]:
    """Return the keys of the rates that hold while the funnel stands: one of them is what a planner changes."""
    usual, counts = hours_that_count(scenario.selection, scenario.operation.windows)
    return ["selection.rate"] * usual + ["selection.rate_by_time"] * bool(counts)


def _without_effect(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    """Tell which keys differ from their defaults though the others leave them without an effect.

    A scenario from a results folder has all its defaults filled in, so which keys stand in the file is no criterion.
    """
    selection = scenario.selection
    usual, rule, valve = Selection(), plan.selection.rule, selection.valve
    useless = {
        "every": (
            selection.every != usual.every and rule.amount is not Amount.EVERY,
            f'rule = "{rule.name}" does not count vehicles',
        ),
        "index": (selection.index != usual.index and not rule.priced, f'rule = "{rule.name}" has no price'),
        "valve.resume_at_m": (
            valve.resume_at_m > 0.0 and valve.suspend_at_m is None and valve.lift_at_m is None,
            "the valve never acts without suspend_at_m or lift_at_m",
        ),
        "adapt": (
            selection.adapt is not None and all(factor == 1.0 for _, factor in selection.adapt.points),
            "the factor is 1 everywhere",
        ),
    }
    useless |= {
        f"rate_by_time.{number}": (bool(why), why) for number, why in enumerate(_hours_without_effect(scenario, plan))
    }
    for key, (holds, why) in useless.items():
        if holds:
            yield grave(f"selection.{key} changes nothing: {why}; change that, or leave the key out.")


def _hours_without_effect(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Yield for each entry of the rates by time why it changes nothing; an empty text where it changes something."""
    selection, rule = scenario.selection, plan.selection.rule
    usual = usual_rates(selection, plan.classes)
    for span in selection.rate_by_time:
        times = times_of(span, scenario.operation.windows)
        own = rates_in(span, selection, plan.classes)
        if not any(
            from_s < closes_s and to_s > opens_s for from_s, to_s in times for opens_s, closes_s in plan.windows_s
        ):
            yield f"the funnel does not stand from {span.hours}"
        elif own == usual:
            yield "its rates are those of selection.rate"
        elif rule.amount is not Amount.RATE and [rate > 0.0 for rate in own] == [rate > 0.0 for rate in usual]:
            yield f'rule = "{rule.name}" asks only whether a rate is 0'
        else:
            yield ""


def _index(index: Index, plan: Plan) -> Iterator[PlanWarning]:
    """Yield where the price of an officer-minute selects nobody, or cannot do what is wanted of it."""
    key = next(name for name in ("price", "rate", "utilisation") if getattr(index, name) is not None)
    given = f"selection.index.{key} = {getattr(index, key):g}"
    # A stage that the roster cannot staff finds nothing, and has a warning of its own.
    promises = (shares_by_status(plan.road) * chance_to_find(plan.inspection)).sum(axis=1)[ever_selectable(plan)]
    if not (promises > 0.0).any():
        yield grave(
            f'selection.rule = "{plan.selection.rule.name}": no inspection can find anything, so nobody promises a '
            "detection and nobody is selected; name targets and stages that find them, or choose another rule."
        )
    elif np.isposinf(plan.selection.cutoff).all() and index.price is not None:
        yield grave(
            f"{given}: no vehicle promises as many detections for an officer-minute, whatever its score, so nobody is "
            "selected; lower the price, or let it be found (index.utilisation)."
        )
    elif plan.selection.price == 0.0:
        yield grave(
            f"{given} is more than everybody who promises any detection would take, so all of these are selected; want "
            "less, or choose another rule."
        )
    elif np.isinf(plan.selection.price):
        yield grave(
            f"{given} is less than hits of the watch list and those who take no officer's time make up, so nobody else "
            "is selected; want more, or shorten the list (selection.watchlist)."
        )


def _adapt(adapt: Adapt) -> Iterator[PlanWarning]:
    factors = [factor for _, factor in adapt.points]
    if min(factors) > 1.0 or max(factors) < 1.0:
        bound = f"at most {max(factors):g}" if max(factors) < 1.0 else f"at least {min(factors):g}"
        yield grave(
            f"selection.adapt.points: the factor is {bound}, so the rates are never those of selection.rate, which "
            "tables and plots show; let it be 1 where the rates hold, and change these."
        )
    if adapt.on == "area" and adapt.points[-1][0] > 1.0:
        yield grave(
            f"selection.adapt.points reach to {adapt.points[-1][0]:g}, but the share of the area that is taken never "
            "exceeds 1; give shares from 0 to 1."
        )


def _named_without_prevalence(scenario: Scenario) -> Iterator[PlanWarning]:
    none = {target.name for target in scenario.targets if not any(target.per_10k.values())}
    for stage in scenario.area.stages:
        for key, by_status in (("finds", stage.finds), ("alarms", stage.alarms)):
            useless = [name for name in by_status if name in none]
            if useless:
                yield grave(
                    f"area.stages.{stage.name}.{key} names {joined(useless)}, of which none are on the road; give "
                    "them a prevalence (targets: per_10k)."
                )


def _stages(scenario: Scenario, plan: Plan) -> Iterator[PlanWarning]:
    carried_out = stage_chances(plan.inspection)
    inspection = plan.inspection
    may = may_come(scenario, plan.road.demand).any(axis=(0, 2))
    heard_from = max((s for s, stage in enumerate(scenario.area.stages) if stage.only_after_alarm), default=-1)
    for s, stage in enumerate(scenario.area.stages):
        waits = inspection.after_alarm[s] and inspection.applies[s].any()
        if waits and not carried_out[s].any():  # some classes without an alarm are as it should be
            yield grave(
                f"area.stages.{stage.name}: only_after_alarm, but no earlier stage gives an alarm, so it is never "
                "carried out; give an earlier stage alarms, or drop only_after_alarm."
            )
        elif may.any() and not (inspection.applies[s] & may).any():
            yield grave(
                f"area.stages.{stage.name}: no {joined(stage.classes or plan.classes, 'or')} comes and may be "
                "selected, so it is never carried out; let it be for classes that are (for), or leave it out."
            )
        if any(stage.alarms.values()) and s >= heard_from:
            yield grave(
                f"area.stages.{stage.name}.alarms: no later stage is only_after_alarm, so these alarms change nothing; "
                "make a later stage depend on them, or leave the alarms out."
            )
