"""What is odd about the targets and the chances to select and to find them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from funnelsim.analysis.found import chance_to_find
from funnelsim.model.plan import Plan
from funnelsim.report.forecast import kinds_between, selection_chances, stage_chances
from funnelsim.report.words import together
from funnelsim.scenario.schema import Scenario

MOST_PER_10K = 500.0  # one vehicle in twenty


def oddities(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Yield what is odd, in the order of the file."""
    if not scenario.targets:
        yield (
            "targets: none are named, so the yield is 0 whatever you do; name what the operation looks for, or read "
            "the delay alone."
        )
    for k in range(len(scenario.targets)):
        yield from _prevalence(scenario, plan, k)
        yield from _lost(plan, k)
    yield from _selection(plan)
    yield from _named_without_prevalence(scenario)
    yield from _stages(scenario, plan)


def _prevalence(scenario: Scenario, plan: Plan, k: int) -> Iterator[str]:
    target = scenario.targets[k]
    where = f"targets.{target.name}.per_10k"
    high = [f"{name} = {per_10k:g}" for name, per_10k in target.per_10k.items() if per_10k > MOST_PER_10K]
    if high:
        yield (
            f"{where}: {together(high)} means that more than one vehicle in twenty is a target; if it is no typing "
            "error, say so in a comment."
        )
    coming = kinds_between(plan, *plan.window_s)[:, k + 1]
    absent = [name for c, name in enumerate(plan.classes) if target.per_10k.get(name, 0.0) > 0 and coming[c] <= 0]
    if absent:
        yield (
            f"{where}: the counts bring no {together(absent)}, so these targets never come; take them from a counted "
            "class with traffic.split or leave them out."
        )


def _lost(plan: Plan, k: int) -> Iterator[str]:
    """Yield the classes in which a target type is never selected, or never found."""
    name = plan.targets[k]
    chances = selection_chances(plan)[:, k + 1]
    # A stage that the roster cannot staff is another oddity: here all count that the file has.
    staffed = replace(plan.inspection, possible=np.ones_like(plan.inspection.possible))
    finds = chance_to_find(staffed)[:, k + 1]
    come = (plan.road.prevalence[:, k] > 0) & (kinds_between(plan, *plan.window_s)[:, k + 1] > 0)
    if not chances.any() or not come.any():
        return
    never = [plan.classes[c] for c in np.flatnonzero(come & (chances <= 0))]
    if never:
        yield (
            f"selection.rate: {together(never)} are never selected, though {name} come in them "
            f"(targets.{name}.per_10k); give them a rate, or leave them out on purpose."
        )
    missed = [plan.classes[c] for c in np.flatnonzero(come & (chances > 0) & (finds <= 0))]
    if missed:
        yield (
            f"area.stages: no stage finds {name} in {together(missed)}, so inspecting these can never help; add them "
            f"to a stage (for), or give it a chance (finds) for {name}."
        )


def _selection(plan: Plan) -> Iterator[str]:
    selected = (
        plan.every > 0 if plan.rule in ("every_nth", "free_bay") else np.isfinite(plan.cutoff) | (plan.cutoff < 0)
    )
    if not selected.any():
        yield "selection.rate is 0 for every class, so nobody is ever selected; give the classes you look for a rate."


def _named_without_prevalence(scenario: Scenario) -> Iterator[str]:
    none = {target.name for target in scenario.targets if not any(target.per_10k.values())}
    for stage in scenario.area.stages:
        for key, by_kind in (("finds", stage.finds), ("alarms", stage.alarms)):
            useless = [name for name in by_kind if name in none]
            if useless:
                yield (
                    f"area.stages.{stage.name}.{key} names {together(useless)}, of which none are on the road; give "
                    "them a prevalence (targets: per_10k)."
                )


def _stages(scenario: Scenario, plan: Plan) -> Iterator[str]:
    carried_out = stage_chances(plan.inspection)
    inspection = plan.inspection
    heard_from = max((s for s, stage in enumerate(scenario.area.stages) if stage.only_after_alarm), default=-1)
    for s, stage in enumerate(scenario.area.stages):
        waits = inspection.possible[s] and inspection.after_alarm[s] and inspection.applies[s].any()
        if waits and not carried_out[s].any():  # some classes without an alarm are as it should be
            yield (
                f"area.stages.{stage.name}: only_after_alarm, but no earlier stage gives an alarm, so it is never "
                "carried out; give an earlier stage alarms, or drop only_after_alarm."
            )
        if any(stage.alarms.values()) and s >= heard_from:
            yield (
                f"area.stages.{stage.name}.alarms: no later stage is only_after_alarm, so these alarms change nothing; "
                "make a later stage depend on them, or drop the stage."
            )
