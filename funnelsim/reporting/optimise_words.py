"""What `funnelsim optimise` says: the plan, what it is better than and by how much, and how sure that is."""

import math
from collections.abc import Iterator
from dataclasses import replace

from funnelsim.analysis.catalogue import CURRENCY, measure_named
from funnelsim.analysis.estimates import estimate_text
from funnelsim.analysis.limits import ROUNDING, LimitCheck
from funnelsim.decision.optimisation.optimise import BEST, RUNNER_UP, TODAY, Optimum, seed_of
from funnelsim.decision.optimisation.question import COST, FOUND
from funnelsim.decision.optimisation.requirement import MARGIN_OF_MEAN, Requirement
from funnelsim.experiments.differences import Difference
from funnelsim.reporting.compare_words import (
    checks,
    difference_text,
    differences_grid,
    limits_table,
    of_pair,
    open_questions,
    wanted_text,
)
from funnelsim.reporting.front_words import front_sections, value_text
from funnelsim.reporting.section import Column, Grid, Section, sentence
from funnelsim.wording import counted, joined, number_text, share_text, verb

HOW_SURE = "How sure this is"
CHANGES = "What to change"
NEAREST = "nearest plan"
SCARCE = 0.5  # a limit binds where more than this share of the operations that may break it do
TINY = 1e-9  # a bound that is met but for rounding
OFTEN = 0.5  # more targets in an operation: "one more in two operations" says no more


def optimum_sections(optimum: Optimum) -> list[Section]:
    """Return the answer in plain words: the plan, what it changes, its figures, the burden, and how sure it is."""
    title = optimum.scenarios[TODAY].title
    sure = Section(HOW_SURE, tuple(_evidence(optimum)))
    if optimum.choice.front is not None:
        return [*front_sections(title, optimum.choice.front, optimum.question.keys), sure]
    sections = [Section(title, tuple(_answer(optimum)))]
    if not optimum.is_today:
        sections.append(Section(CHANGES, (_changes(optimum),)))
    if (limits := limits_table(optimum.comparison)) is not None:
        heading = f"Limits, to be kept in {wanted_text(optimum.comparison)} of operations"
        sections.append(Section(heading, (_named_once(optimum, _renamed(optimum, limits)),)))
    if not optimum.is_today:
        grid = _renamed(optimum, differences_grid(optimum.comparison, TODAY, BEST))
        heading = f"{sentence(_which(optimum))} against today's plan, per operation"
        told = [text.replace(" (--smallest)", "") for text in open_questions(optimum.comparison, TODAY, BEST)]
        sections.append(Section(heading, (grid, *told)))
    return [*sections, sure]


def _which(optimum: Optimum) -> str:
    return BEST if optimum.feasible else NEAREST


def _renamed(optimum: Optimum, grid: Grid) -> Grid:
    """Return a table in which the best plan is called the nearest one, where it is no more than that."""
    heads = [replace(column, head=_which(optimum)) if column.head == BEST else column for column in grid.columns]
    return replace(grid, columns=tuple(heads))


def _named_once(optimum: Optimum, grid: Grid) -> Grid:
    """Return a table of plans without the column of the best one, where that is today's."""
    if not optimum.is_today:
        return grid
    shown = [place for place, column in enumerate(grid.columns) if column.head != BEST]
    rows = [tuple(row[place] for place in shown) for row in grid.rows]
    return Grid(tuple(grid.columns[place] for place in shown), tuple(rows))


def _answer(optimum: Optimum) -> Iterator[str]:
    if not optimum.feasible:
        yield from _nothing_keeps(optimum)
        return
    estimates = optimum.comparison.estimates
    if optimum.is_today:
        yield _keep_today(optimum)
    else:
        yield _found(optimum)
    yield _of_bound(optimum)
    yield from _kept(optimum)
    if not optimum.is_today:
        yield f"Ordinary travellers: {_burden(optimum)}."
    if RUNNER_UP in estimates:
        yield _beside(optimum)


def _keep_today(optimum: Optimum) -> str:
    if _is_open(optimum):
        return "Keep today's plan: nothing that may change is shown to be better."
    return f"Keep today's plan: nothing that may change is better{_by_more(optimum)}."


def _found(optimum: Optimum) -> str:
    best, today = (optimum.comparison.estimates[name] for name in (BEST, TODAY))
    more = _difference(optimum, TODAY, FOUND)
    size = more.estimate.mean
    each = f", one more in {counted(round(1.0 / size), 'operation')}" if more.seen and 0.0 < size <= OFTEN else ""
    found = (
        f"finds {estimate_text(best[FOUND])} targets an operation; today's plan finds {estimate_text(today[FOUND])} "
        f"({difference_text(more)}{each}).{_today_breaks(optimum)}"
    )
    if optimum.question.decide.goal != "least_cost":
        return f"The best plan {found}"
    cost, cheaper = measure_named(COST), _difference(optimum, TODAY, COST)
    same = cheaper.estimate.mean == 0.0 and cheaper.estimate.certain
    against = "as much as today's plan" if same else f"{difference_text(cheaper)} against today's plan"
    return (
        f"The cheapest plan costs {cost.text(best[COST].mean)} {optimum.best.currency} of staff an operation "
        f"({against}). It {found}"
    )


def _today_breaks(optimum: Optimum) -> str:
    """Return which limits today's plan breaks, or is not shown to keep: a plan that keeps them may find less."""
    broken = [check.rule_text for check in checks(optimum.comparison, TODAY) if not check.kept]
    if broken:
        return f" But today's plan breaks {'a limit' if len(broken) == 1 else 'limits'}: {joined(broken)}."
    measure = optimum.question.measures[0]
    better = optimum.question.signs[0] * _difference(optimum, TODAY, measure).estimate.mean > 0.0
    if better or optimum.choice.today_kept:
        return ""
    confidence = share_text(optimum.question.decide.confidence)
    return f" But today's plan is not shown, with {confidence} confidence, to keep what it must."


def _difference(optimum: Optimum, first: str, measure: str) -> Difference:
    return next(item for item in of_pair(optimum.comparison, first, BEST) if item.measure == measure)


def _of_bound(optimum: Optimum) -> str:
    most = optimum.bounds[BEST].finds
    if not most > 0.0:
        return "Nothing can be found at all."
    share = share_text(optimum.comparison.estimates[BEST][FOUND].mean / most)
    return (
        f"It reaches {share} of the most that any selection could find with its officers, equipment, bays, waiting "
        f"spaces and hours ({number_text(most)})."
    )


def _kept(optimum: Optimum) -> Iterator[str]:
    """Yield which limits bind, and how the means that must stay within bounds do."""
    found = checks(optimum.comparison, BEST)
    binding = [check for check in found if 1.0 - check.kept_in.mean > SCARCE * (1.0 - check.wanted) + ROUNDING]
    if binding:
        yield f"What binds: {joined([_binds(check) for check in binding])}."
    elif found:
        yield f"It keeps {'its limit' if len(found) == 1 else 'all limits'} with room to spare: none binds."
    means = [one for one in optimum.question.requirements if one.in_share is None]
    if means:
        yield f"On average: {joined([_mean(optimum, one) for one in means])}."


def _mean(optimum: Optimum, one: Requirement) -> str:
    measure = measure_named(one.measure)
    is_at = measure.text(optimum.comparison.estimates[BEST][one.measure].mean)
    return f"{_label(one)} {is_at}{_unit(optimum, one)} ({_wanted(optimum, one)} wanted)"


def _label(one: Requirement) -> str:
    return measure_named(one.measure).label.removesuffix(", expected")


def _wanted(optimum: Optimum, one: Requirement) -> str:
    return f"at {'least' if one.at_least else 'most'} {_bound(optimum, one)}"


def _bound(optimum: Optimum, one: Requirement) -> str:
    return f"{_short(one.bound * measure_named(one.measure).unit.factor)}{_unit(optimum, one)}"


def _unit(optimum: Optimum, one: Requirement) -> str:
    """Return the unit of a measure behind its value; nothing where its label says it."""
    measure = measure_named(one.measure)
    symbol = optimum.best.currency if measure.unit.symbol == CURRENCY else measure.unit.symbol
    return "" if symbol in measure.label else f" {symbol}"


def _short(value: float) -> str:
    return f"{value:,.6g}"


def _binds(check: LimitCheck) -> str:
    return f"{check.rule_text}, {check.kept_text}"


def _burden(optimum: Optimum) -> str:
    best, today = (optimum.comparison.estimates[name] for name in (BEST, TODAY))
    told = []
    for name, words in (
        ("ordinary_stops", "stopped"),
        ("ordinary_h", "vehicle-hours lost"),
        ("delay_p95_s", "min of P95 delay"),
    ):
        measure, means = measure_named(name), (best[name].mean, today[name].mean)
        if any(map(math.isfinite, means)):  # else nobody is delayed
            told.append(f"{measure.text(means[0])} {words} instead of {measure.text(means[1])}")
    return joined(told)


def _beside(optimum: Optimum) -> str:
    more = _difference_of_runner_up(optimum)
    if not more.seen:
        return "The runner-up cannot be told from it."
    what = f"{optimum.best.currency} of staff" if more.measure == COST else "targets found"
    return f"The runner-up differs by {difference_text(more)} {what}."


def _difference_of_runner_up(optimum: Optimum) -> Difference:
    measure = optimum.question.measures[0]
    return next(item for item in of_pair(optimum.comparison, BEST, RUNNER_UP) if item.measure == measure)


def _most_better(optimum: Optimum) -> float:
    """Return how much better another plan may be; infinite where too few operations tell."""
    selected = optimum.choice.selected
    return selected.within if selected is not None else 0.0


def _is_open(optimum: Optimum) -> bool:
    return math.isinf(_most_better(optimum))


def _by_more(optimum: Optimum) -> str:
    """Return the same in words and in the unit of the goal; nothing where no other plan can be better."""
    most = _most_better(optimum)
    unit = optimum.best.currency if optimum.question.measures[0] == COST else "targets an operation"
    return f" by more than {number_text(most, 2)} {unit}" if most > 0.0 else ""


def _nothing_keeps(optimum: Optimum) -> Iterator[str]:
    """Yield that no plan keeps what it must, and what would have to be relaxed."""
    selected = optimum.choice.selected
    if selected is not None and bool(selected.excluded.all()):
        yield "No plan tried keeps these limits."
    else:
        yield "No plan is shown to keep these limits; more simulated operations may show one."
    told = [_relaxed(optimum, one) for one in optimum.question.requirements if one.key in optimum.breaks]
    if told:
        yield f"The nearest plan {joined(told)}."
    else:
        yield "The nearest plan seems to keep them, but too few operations show it."


def _relaxed(optimum: Optimum, one: Requirement) -> str:
    measure = measure_named(one.measure)
    shown = optimum.breaks[one.key] * measure.unit.factor
    if one.in_share is None:
        is_at = f"{number_text(shown)}{_unit(optimum, one)}"
        return f"has {_label(one)} {is_at} instead of {_wanted(optimum, one)}"
    kept = next(check for check in checks(optimum.comparison, BEST) if f"limits.{check.key}" == one.key)
    return (
        f"keeps {measure.label} within {_bound(optimum, one)} in {share_text(kept.kept_in.mean)} of operations instead "
        f"of {share_text(one.in_share)}; a limit of {_rounded_up(shown)}{_unit(optimum, one)} would do"
    )


def _rounded_up(value: float) -> str:
    """Return a number with three digits that is not below it.

    Examples
    --------
    >>> _rounded_up(12.31), _rounded_up(1234.0), _rounded_up(12.0)
    ('12.4', '1,240', '12')
    """
    if value <= 0.0:
        return number_text(value)
    step = 10.0 ** (math.floor(math.log10(value)) - 2)
    return _short(math.ceil(value / step - 1e-9) * step)


def _changes(optimum: Optimum) -> Grid:
    """Return the keys that the plan changes, with the values of today's plan, the best one and the runner-up."""
    today, best, other = optimum.question.today, optimum.choice.values, optimum.choice.runner_up
    columns = [Column("", "left"), Column("today"), Column(_which(optimum).partition(" ")[0])]
    if other is not None:
        columns.append(Column("runner-up"))
    rows = []
    for key in optimum.question.keys:
        cells = [today, best] if other is None else [today, best, other or today]
        rows.append((key, *(value_text(of_plan.get(key, today[key])) for of_plan in cells)))
    return Grid(tuple(columns), tuple(rows))


def _evidence(optimum: Optimum) -> Iterator[str]:
    choice, decide = optimum.choice, optimum.question.decide
    if choice.selected is not None and optimum.feasible:
        others = f"the other plans compared ({len(choice.points) - 1:,}){_with_margin(optimum)}"
        kept = f"With {share_text(decide.confidence)} confidence the plan keeps what it must"
        if _is_open(optimum):
            yield f"{kept}. Whether one of {others} is better is not known: more simulated operations would tell."
        else:
            yield f"{kept}, and none of {others} is better{_by_more(optimum)}."
        if not choice.selected.enough and not _is_open(optimum):
            within = share_text(decide.within)
            yield f"Wanted was {within} of what it reaches; more simulated operations would come nearer to that."
        if contradicted := [_label(one) for one in optimum.question.requirements if _contradicted(optimum, one)]:
            yield (
                f"But the fresh operations contradict this in {joined(contradicted)}: do not rely on this plan, and "
                "search again with more simulated operations."
            )
    if choice.simulations > optimum.question.replications:
        yield (
            f"{counted(choice.simulations - optimum.question.replications, 'operation')} more than allowed were "
            "simulated, to find out whether today's plan keeps what it must."
        )
    if choice.left:
        number = len(choice.left)
        yield (
            f"{joined(choice.left)} {verb(number, 'is', 'are')} left as today: the {verb(number, 'value', 'values')} "
            f"that the search tried with this plan {verb(number, 'changes', 'change')} nothing in any operation."
        )
    proposed = f"{counted(optimum.searched, 'plan')} {verb(optimum.searched, 'was', 'were')} searched"
    if optimum.impossible:
        proposed += f" ({optimum.impossible:,} more cannot do what they say)"
    seeds = [seed_of(optimum.seed, step) for step in range(3)]
    begun = f"{proposed} in {choice.simulations:,} operations, first on the random numbers of seed {seeds[0]}, then"
    if choice.front is not None:
        yield f"{begun} those without a better one again on those of seed {seeds[1]}: the figures above are from these."
        return
    yield (
        f"{begun} compared on those of seed {seeds[1]}. The figures above rest on neither: they are from "
        f"{counted(optimum.comparison.estimates[BEST][FOUND].n, 'other operation')} of each plan (seed {seeds[2]})."
    )


def _contradicted(optimum: Optimum, one: Requirement) -> bool:
    """Tell whether the operations that nobody saw before show that a requirement is not kept."""
    if one.in_share is not None:
        found = checks(optimum.comparison, BEST)
        return any(f"limits.{check.key}" == one.key and check.verdict == "broken" for check in found)
    estimate = optimum.comparison.estimates[BEST][one.measure]
    return estimate.high < one.bound if one.at_least else estimate.low > one.bound + TINY * abs(one.bound)


def _with_margin(optimum: Optimum) -> str:
    """Return which of the other plans the statement is about: those that keep what they must with a margin."""
    requirements = optimum.question.requirements
    shares = [one.wanted + one.margin for one in requirements if one.in_share is not None]
    kept = [f"the limits in {share_text(max(shares))} of operations"] if shares else []
    if len(shares) < len(requirements):
        kept.append(f"the bounds on means with {share_text(MARGIN_OF_MEAN)} to spare")
    return f" that keeps {joined(kept)}" if kept else ""
