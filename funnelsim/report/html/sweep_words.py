"""The sentences of a sweep: what was asked, which plan is best within the limits, and how sure that is."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from funnelsim.analysis.estimates import Estimate
from funnelsim.experiments.point_estimates import difference
from funnelsim.experiments.ranking import YIELD, Candidate, Held, Ranking, base_values
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.keys import key_and_value, key_words, value_words
from funnelsim.report.assumptions import Assumption
from funnelsim.report.words import counted, estimate_text, share_text, together
from funnelsim.units import MIN_PER_S

MOST_VALUES = 12
_LIMITED = {"delay_p95_s": ("P95 delay", "min", MIN_PER_S), "tail_max_m": ("longest queue", "m", 1.0)}

CAUTION = (
    "The plans met the same traffic and the same luck, operation by operation, so that differences are smaller in "
    "scatter than the plans themselves. The best of many plans owes a little to chance: where a difference is within "
    "its error bar, take the plan that burdens travellers less."
)


def question(sweep: Sweep) -> tuple[str, ...]:
    """Return what was asked: what was varied, and what bounds the ranking."""
    number = counted(len(sweep.points), "plan")
    varied = together([f"{key_words(key)} ({values_text(sweep, key)})" for key in sweep.keys])
    stopped = "" if sweep.complete else " The comparison was stopped before every plan was simulated."
    return (
        f"Which of {number} finds most within the limits, and what does it cost ordinary travellers?",
        f"Varied: {varied}.{stopped}",
    )


def values_text(sweep: Sweep, key: str) -> str:
    """Return the values of a key that were tried, many as a span."""
    values = sweep.points[key].unique(maintain_order=True).to_list()
    if len(values) > MOST_VALUES and sweep.points[key].dtype.is_numeric():
        return f"{value_words(key, min(values))} to {value_words(key, max(values))}, {len(values)} values"
    shown = ", ".join(value_words(key, value) for value in values[:MOST_VALUES])
    return shown + (f" and {len(values) - MOST_VALUES} more" if len(values) > MOST_VALUES else "")


def meaning_of(key: str, rows: Sequence[Assumption]) -> str:
    """Return the meaning of a varied key: of all varied values the one whose key agrees longest."""

    def agrees(row: Assumption) -> int:
        return next((place for place, (a, b) in enumerate(zip(row.key, key, strict=False)) if a != b), len(row.key))

    return max(rows, key=agrees).meaning if rows else ""


def plan_text(values: Mapping[str, Any]) -> str:
    """Return a plan by what makes it different: "6 bays, selection rate, van 8 %"."""
    return ", ".join(key_and_value(key, value) for key, value in values.items())


def verdict(ranking: Ranking) -> str:
    """Return which plan is best within the limits; where none is, which is least bad."""
    best = ranking.best
    if not best.within:
        return _least_bad(ranking)
    if not best.found.mean > 0.0:
        shown = plan_text(best.values)
        return f"No plan within the limits finds anything, so none is better than another; {shown} is shown."
    return _best(ranking)


def comparison(sweep: Sweep, ranking: Ranking) -> Iterator[str]:
    """Yield how sure the ranking is, by how much the plan beats others, and what the limits cost."""
    best = ranking.best
    if best.within:
        yield from _open(best)
    if not best.found.mean > 0.0:
        return
    if ranking.runner_up is not None:
        yield _against(sweep, best, ranking.runner_up, "the next best", plan_text(ranking.runner_up.values))
    if ranking.base is not ranking.runner_up or ranking.base is None:
        yield _against_base(sweep, ranking)
    yield from _beyond(sweep, ranking)


def _best(ranking: Ranking) -> str:
    best, number = ranking.best, len(ranking.candidates)
    found = f"it finds {estimate_text(best.found)} targets per operation"
    if not best.limits:
        return (
            f"The scenario names no limits. Of {counted(number, 'plan')} the one that finds most is "
            f"{plan_text(best.values)}: {found}."
        )
    return (
        f"Best within the limits is {plan_text(best.values)}: {found}. "
        f"{ranking.within} of {counted(number, 'plan')} {'is' if ranking.within == 1 else 'are'} within the limits."
    )


def _least_bad(ranking: Ranking) -> str:
    best = ranking.best
    broken = together([f"{_held_text(one)}, {share_text(one.excess)} beyond it" for one in best.limits if not one.kept])
    return (
        f"None of {counted(len(ranking.candidates), 'plan')} is within the limits on average. The least bad is "
        f"{plan_text(best.values)}: {broken}. It finds {estimate_text(best.found)} targets per operation."
    )


def _held_text(held: Held) -> str:
    label, unit, times = _LIMITED[held.measure]
    return f"{label} {estimate_text(held.estimate, times)} {unit} against a limit of {held.limit * times:,g} {unit}"


def _open(best: Candidate) -> Iterator[str]:
    for held in best.limits:
        if held.open and math.isfinite(held.estimate.half_width):
            yield f"The error bar reaches across the limit: {_held_text(held)}. More operations may change the answer."
        elif held.open:
            yield f"Without an error bar it is open whether the limit is kept: {_held_text(held)}."


def _against(sweep: Sweep, best: Candidate, other: Candidate, who: str, plan: str) -> str:
    apart = difference(sweep, best.point, other.point, YIELD)
    text = f"It finds {_apart_text(apart)} than {who}, {plan}"
    if not math.isfinite(apart.half_width):
        return f"{text}; with {counted(apart.n, 'operation')} in common, no error bar can be given."
    if abs(apart.mean) <= apart.half_width:
        return f"{text}: {counted(apart.n, 'operation')} do not tell the two apart."
    return f"{text} (compared pairwise over {counted(apart.n, 'operation')})."


def _apart_text(apart: Estimate) -> str:
    more = "less" if apart.mean < 0 else "more"
    return f"{estimate_text(Estimate(abs(apart.mean), apart.half_width, apart.n))} targets {more}"


def _against_base(sweep: Sweep, ranking: Ranking) -> str:
    if ranking.base is None:
        own = {key: value for key, value in base_values(sweep).items() if value is not None}
        return f"The plan that the scenario file itself describes ({plan_text(own)}) is not among them."
    if ranking.base is ranking.best:
        return "It is the plan that the scenario file itself describes."
    limits = "" if ranking.base.within else ", which breaks the limits"
    who = f"the plan of the scenario file{limits}"
    return _against(sweep, ranking.best, ranking.base, who, plan_text(ranking.base.values))


def _beyond(sweep: Sweep, ranking: Ranking) -> Iterator[str]:
    """Yield what the limits cost: whether a plan beyond them would find more."""
    best = ranking.best
    beyond = [one for one in ranking.candidates if not one.within and one.found.mean > best.found.mean]
    if not best.within or not beyond:
        return
    number = f"{counted(len(beyond), 'plan')} would find more, but not within the limits"
    most = max(beyond, key=lambda one: one.found.mean)
    if most is ranking.base:  # of which the sentence before speaks
        yield f"{number}."
        return
    broken = together([_held_text(held) for held in most.limits if not held.kept])
    more = estimate_text(difference(sweep, most.point, best.point, YIELD))
    yield f"{number}; most of all {plan_text(most.values)}, by {more} targets, with {broken}."
