"""The sentences of a sweep: what was asked, which plan is best within the limits, and how sure that is."""

import math
from collections.abc import Iterator, Sequence
from statistics import NormalDist

from funnelsim.analysis.estimates import Estimate, estimate_text
from funnelsim.analysis.intervals import CONFIDENCE
from funnelsim.analysis.limits import LimitCheck
from funnelsim.experiments.cases import Case, cases_of, plan_for_all
from funnelsim.experiments.differences import SMALLEST
from funnelsim.experiments.key_words import key_words, plan_text, value_words
from funnelsim.experiments.point_estimates import difference
from funnelsim.experiments.ranking import SAME_HOURS, YIELD, Candidate, Ranking, base_values, limits_of, ranking_of
from funnelsim.experiments.sweep import Sweep
from funnelsim.reporting.assumptions import Assumption
from funnelsim.wording import counted, joined, number_text, share_text, verb

MOST_VALUES = 12

CAUTION = (
    "In each operation all plans met the same vehicles in the hours that they share, so differences are more precise "
    "than the plans' own numbers. "
    "The best of many plans owes a little to chance: where a difference is within its error bar, the plan with fewer "
    "officer-hours is named, then the one that stops fewer ordinary vehicles."
)


def question(sweep: Sweep) -> tuple[str, ...]:
    """Return the question: what was varied, under which limits."""
    cases = len(cases_of(sweep))
    number = counted(len(sweep.points) // cases, "plan") + (f" in {cases:,} cases" if cases > 1 else "")
    limits = " within the limits" if limits_of(sweep) else ""
    impossible = ""
    if sweep.impossible:
        left_out = counted(len(sweep.impossible), "further plan")
        impossible = f" {left_out} {verb(len(sweep.impossible), 'is', 'are')} not possible, as listed below."
    varied = joined([f"{key_words(key)} ({values_text(sweep, key)})" for key in sweep.keys])
    stopped = "" if sweep.complete else " The comparison was stopped before every plan was simulated."
    return (
        f"Which of {number} finds most{limits}, and what does it cost ordinary travellers?",
        f"Varied: {varied}.{impossible}{stopped}",
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


def verdict(ranking: Ranking) -> str:
    """Return which plan is best within the limits; where none is, which is least bad."""
    best = ranking.best
    if not best.values:  # nothing is chosen: the only plan of its case
        kept = "" if not best.limits else f" and {'keeps' if best.within else 'breaks'} the limits"
        return f"The plan finds {estimate_text(best.found)} targets per operation{kept}."
    if ranking.identical and len(ranking.candidates) == 1:
        number = counted(1 + ranking.identical, "plan")
        shown = plan_text(best.values)
        return f"All {number} have the same results in every measure: what is varied changes nothing; {shown} is shown."
    if not best.within:
        return _least_bad(ranking)
    if not best.found.mean > 0.0:
        shown = plan_text(best.values)
        return f"No plan within the limits finds anything, so none is better than another; {shown} is shown."
    return _best(ranking)


def answer(sweep: Sweep, cases: Sequence[Case], case: Case, ranking: Ranking) -> Iterator[str]:
    """Yield which plan is best, for which circumstances, how sure that is, and what the limits cost.

    Parameters
    ----------
    sweep
        The whole sweep.
    cases
        Its points by circumstances.
    case, ranking
        The case whose ranking is told, and that ranking.
    """
    other = any(base_values(sweep)[key] != value for key, value in case.values.items())
    yield from by_case(cases)
    yield best_plan(case, ranking)
    yield from comparison(case.sweep, ranking, ", under other circumstances" if other else "")


def best_plan(case: Case, ranking: Ranking) -> str:
    """Return which plan is best, and under which circumstances."""
    return (f"With {plan_text(case.values)}: " if case.values else "") + verdict(ranking)


def by_case(cases: Sequence[Case]) -> Iterator[str]:
    """Yield the answer where circumstances are varied: the best plan for all of them, or why none can be named."""
    if len(cases) == 1:
        return
    varied = joined([key_words(key) for key in cases[0].values])
    number = counted(len(cases), "case")
    plan = plan_for_all(cases)
    if plan is not None:
        yield (
            f"{varied} {'is a circumstance' if len(cases[0].values) == 1 else 'are circumstances'}, not a choice, so a "
            f"plan is named for each case. One plan for all {number}: {plan_text(plan.values)}; "
            + (f"it keeps the limits in {plan.within} of them and " if _limited(cases) else "it ")
            + f"finds {number_text(plan.found)} targets per operation on average over them."
        )
        return
    if any(len(case.sweep.points) > 1 for case in cases) or len(_plans(cases)) > 1:
        yield (
            f"{varied} cannot be chosen, and this design varies it together with what can, so no plan is best in all "
            f"{number}. A grid of both names the best plan for each case and for all."
        )
        return
    found = [ranking_of(case.sweep).best for case in cases]
    least, most = (choose(one.found.mean for one in found) for choose in (min, max))
    within = sum(one.within for one in found)
    yield (
        f"Nothing is varied that a planner chooses, only {varied}, so no plan is best. The plan finds "
        f"{number_text(least)} to {number_text(most)} targets per operation"
        + (f" and keeps the limits in {within} of {number}." if _limited(cases) else ".")
    )


def _limited(cases: Sequence[Case]) -> bool:
    return bool(limits_of(cases[0].sweep))


def _plans(cases: Sequence[Case]) -> set[str]:
    """Return the plans that were simulated, by what is chosen."""
    return {repr(case.sweep.values_of(point)) for case in cases for point in case.sweep.points["point"].to_list()}


def comparison(sweep: Sweep, ranking: Ranking, under: str = "") -> Iterator[str]:
    """Yield how sure the ranking is, by how much the plan beats others, and what the limits cost.

    `under` names circumstances that are not those of the scenario file.
    """
    best = ranking.best
    if best.within:
        yield from _open(best)
    if not best.found.mean > 0.0:
        return
    if ranking.runner_up is not None and best.within:  # else the next one is closest to the limits, not best in finds
        yield _against(sweep, best, ranking.runner_up, "the next best", plan_text(ranking.runner_up.values))
    if ranking.base is not ranking.runner_up or ranking.base is None or not best.within:
        yield _against_base(sweep, ranking, under)
    yield from _beyond(sweep, ranking)


def _best(ranking: Ranking) -> str:
    best, number = ranking.best, _number(ranking)
    found = f"it finds {estimate_text(best.found)} targets per operation{_tie(ranking)}"
    if not best.limits:
        return (
            f"The scenario names no limits. Of {number} the one that finds most is {plan_text(best.values)}: {found}."
        )
    return (
        f"Best within the limits is {plan_text(best.values)}: {found}. "
        f"{ranking.within} of {number} {verb(ranking.within, 'is', 'are')} within the limits{_surely(ranking)}."
    )


def _surely(ranking: Ranking) -> str:
    """Return of how many plans within the limits the operations settle it, unless they do of all."""
    sure = sum(one.within and not any(check.open for check in one.limits) for one in ranking.candidates)
    return "" if sure == ranking.within else f", {sure or 'none'} of them beyond doubt"


def _tie(ranking: Ranking) -> str:
    """Return that another plan finds no more than chance explains, and costs more; nothing where there is none."""
    best, most = ranking.best, ranking.most
    if most is None or most is best:
        return ""
    fewer_hours = best.officer_h.mean < (1.0 - SAME_HOURS) * most.officer_h.mean
    cheaper = f"{number_text(best.officer_h.mean)} officer-hours instead of {number_text(most.officer_h.mean)}"
    why = cheaper if fewer_hours else "fewer stops of ordinary vehicles"
    return f", which hardly differs from {estimate_text(most.found)} with {plan_text(most.values)}, and takes {why}"


def _number(ranking: Ranking) -> str:
    """Return how many plans are ranked."""
    return counted(len(ranking.candidates), "plan") + (" that differ" if ranking.identical else "")


def _least_bad(ranking: Ranking) -> str:
    best = ranking.best
    broken = joined([_check_text(one) for one in best.limits if not one.kept])
    none = f"None of {_number(ranking)} is within the limits. The least bad is "
    return (
        f"{none if len(ranking.candidates) > 1 else 'The limits are not kept with '}"
        f"{plan_text(best.values)}: {broken}. It finds {estimate_text(best.found)} targets per operation"
        f"{_tie(ranking)}."
    )


def _check_text(check: LimitCheck) -> str:
    return f"{check.rule_text} is {check.kept_text} ({share_text(check.wanted)} wanted; {check.measured_text})"


def _needed(check: LimitCheck) -> str:
    """Return how many operations settle a limit that all operations so far have kept: Wilson's n / (n + z²)."""
    if check.kept_in.mean < 1.0:
        return "More operations may settle it."
    z = NormalDist().inv_cdf((1.0 + CONFIDENCE) / 2.0)
    if check.wanted >= 1.0:
        return "No number of operations settles that all of them keep it."
    least = math.ceil(z * z * check.wanted / (1.0 - check.wanted))
    return f"At least {counted(least, 'operation')} settle it, if all of them keep it (--replications)."


def _open(best: Candidate) -> Iterator[str]:
    for check in best.limits:
        if check.open:
            yield f"It is not settled whether a limit is kept: {_check_text(check)}. {_needed(check)}"


def _against(sweep: Sweep, best: Candidate, other: Candidate, who: str, plan: str) -> str:
    apart = difference(sweep, best.point, other.point, YIELD)
    text = f"It finds {_apart_text(apart)} than {who}, {plan}"
    if not math.isfinite(apart.half_width):
        return f"{text}; with {counted(apart.n, 'operation')} in common, no error bar can be given."
    if max(abs(apart.low), abs(apart.high)) <= SMALLEST * abs(best.found.mean):
        return f"{text}, which is too little to matter (compared pairwise over {counted(apart.n, 'operation')})."
    if apart.low <= 0.0 <= apart.high:
        return f"{text}: {counted(apart.n, 'operation')} do not tell the two apart."
    return f"{text} (compared pairwise over {counted(apart.n, 'operation')})."


def _apart_text(apart: Estimate) -> str:
    more = "less" if apart.mean < 0 else "more"
    return f"{estimate_text(apart, math.copysign(1.0, apart.mean))} targets {more}"


def _against_base(sweep: Sweep, ranking: Ranking, under: str) -> str:
    if ranking.base is None:
        own = {key: value for key, value in base_values(sweep).items() if value is not None}
        if not own:
            return "The plan as it was before anything was varied is not among them."
        return f"The plan as it was before anything was varied ({plan_text(own)}) is not among them."
    if ranking.base is ranking.best:
        return f"It is the plan as it was before anything was varied{under}."
    limits = "" if ranking.base.within else ", which breaks the limits"
    who = f"the unvaried plan{limits}"
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
    broken = joined([_check_text(check) for check in most.limits if not check.kept])
    more = estimate_text(difference(sweep, most.point, best.point, YIELD))
    yield f"{number}; most of all {plan_text(most.values)}, by {more} targets, with {broken}."
