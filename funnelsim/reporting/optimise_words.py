"""What `funnelsim optimise` says: the plan, what it is better than and by how much, and how sure that is."""

from collections.abc import Iterator

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import estimate_text
from funnelsim.analysis.limits import LimitCheck
from funnelsim.decision.optimise import BEST, RUNNER_UP, TODAY, Optimum, seed_of
from funnelsim.decision.question import COST, FOUND
from funnelsim.decision.requirement import Requirement
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
from funnelsim.reporting.section import Column, Grid, Section
from funnelsim.scenario.toml_text import short_text
from funnelsim.wording import NOTHING, counted, joined, number_text, share_text

SCARCE = 0.05  # a limit that so few more operations may break binds


def optimum_sections(optimum: Optimum) -> list[Section]:
    """Return the answer in plain words: the plan, what it changes, its figures, the burden, and how sure it is."""
    title = optimum.scenarios[TODAY].title
    if optimum.choice.front is not None:
        sections = [Section(title, tuple(_of_front(optimum)))]
        if optimum.choice.front.points:
            sections.append(Section("Trade-off", (_front_grid(optimum),)))
    else:
        sections = [Section(title, tuple(_answer(optimum)))]
        if not optimum.is_today:
            sections.append(Section("What to change", (_changes(optimum),)))
    if (limits := limits_table(optimum.comparison)) is not None and optimum.choice.front is None:
        sections.append(Section(f"Limits, to be kept in {wanted_text(optimum.comparison)} of operations", (limits,)))
    if not optimum.is_today and optimum.choice.front is None:
        against = (differences_grid(optimum.comparison, TODAY, BEST), *open_questions(optimum.comparison, TODAY, BEST))
        sections.append(Section("Best plan against today's plan, per operation", against))
    return [*sections, Section("How sure this is", tuple(_evidence(optimum)))]


def _answer(optimum: Optimum) -> Iterator[str]:
    if not optimum.feasible:
        yield from _nothing_keeps(optimum)
        return
    estimates = optimum.comparison.estimates
    if optimum.is_today:
        yield f"Today's plan is the best: none of the plans tried does better by more than {_within(optimum)}."
    else:
        yield _found(optimum)
    yield _of_bound(optimum)
    if limits := _limits(optimum):
        yield limits
    if not optimum.is_today:
        yield f"Ordinary travellers: {_burden(optimum)}."
    if RUNNER_UP in estimates:
        yield _beside(optimum)


def _found(optimum: Optimum) -> str:
    best, today = (optimum.comparison.estimates[name] for name in (BEST, TODAY))
    more = _difference(optimum, TODAY, FOUND)
    size = more.estimate.mean
    each = f", one more in {counted(round(1.0 / size), 'operation')}" if more.seen and 0.0 < size <= 0.5 else ""  # noqa: PLR2004
    found = (
        f"The best plan finds {estimate_text(best[FOUND])} targets an operation; today's plan finds "
        f"{estimate_text(today[FOUND])} ({difference_text(more)}{each})."
    )
    if optimum.question.decide.goal == "least_cost":
        cost = measure_named(COST)
        cheaper = _difference(optimum, TODAY, COST)
        found = (
            f"The cheapest plan costs {cost.text(best[COST].mean)} {optimum.best.currency} of staff an operation "
            f"({difference_text(cheaper)} against today's plan). {found}"
        )
    return found + _today_breaks(optimum)


def _today_breaks(optimum: Optimum) -> str:
    """Return which limits today's plan breaks: a plan that keeps them may find less."""
    broken = [check.rule_text for check in checks(optimum.comparison, TODAY) if not check.kept]
    return f" But today's plan breaks {'a limit' if len(broken) == 1 else 'limits'}: {joined(broken)}." if broken else ""


def _difference(optimum: Optimum, first: str, measure: str) -> Difference:
    return next(item for item in of_pair(optimum.comparison, first, BEST) if item.measure == measure)


def _of_bound(optimum: Optimum) -> str:
    most = optimum.bounds[BEST].finds
    if not most > 0.0:
        return "Nothing can be found at all."
    share = share_text(optimum.comparison.estimates[BEST][FOUND].mean / most)
    return (
        f"It reaches {share} of the most that any selection could find with its officers, equipment, bays and hours "
        f"({number_text(most)})."
    )


def _limits(optimum: Optimum) -> str:
    found = checks(optimum.comparison, BEST)
    binding = [check for check in found if check.kept_in.mean < check.wanted + SCARCE * (1.0 - check.wanted) / 0.1]
    if not found:
        return ""
    if not binding:
        return f"It keeps {'its limit' if len(found) == 1 else 'all limits'} with room to spare: none binds."
    return f"What binds: {joined([_binds(check) for check in binding])}."


def _binds(check: LimitCheck) -> str:
    return f"{check.rule_text} ({check.kept_text})"


def _burden(optimum: Optimum) -> str:
    best, today = (optimum.comparison.estimates[name] for name in (BEST, TODAY))
    told = []
    for name, words in (
        ("ordinary_stops", "stopped"),
        ("ordinary_h", "vehicle-hours lost"),
        ("delay_p95_s", "min of P95 delay"),
    ):
        measure = measure_named(name)
        told.append(f"{measure.text(best[name].mean)} {words} instead of {measure.text(today[name].mean)}")
    return joined(told)


def _beside(optimum: Optimum) -> str:
    more = _difference_of_runner_up(optimum)
    name = measure_named(more.measure)
    if not more.seen:
        return "The runner-up cannot be told from it."
    return f"The runner-up differs by {difference_text(more)} in {name.label}."


def _difference_of_runner_up(optimum: Optimum) -> Difference:
    measure = optimum.question.measures[0]
    return next(item for item in of_pair(optimum.comparison, BEST, RUNNER_UP) if item.measure == measure)


def _within(optimum: Optimum) -> str:
    """Return how much better another plan may be, in the unit of the goal."""
    measure = measure_named(optimum.question.measures[0])
    selected = optimum.choice.selected
    within = selected.within if selected is not None else 0.0
    unit = optimum.best.currency if measure.name == COST else "targets an operation"
    return f"{number_text(within, 2)} {unit}"


def _nothing_keeps(optimum: Optimum) -> Iterator[str]:
    """Yield that no plan keeps what it must, and what would have to be relaxed."""
    selected = optimum.choice.selected
    if selected is not None and bool(selected.excluded.all()):
        yield "No plan tried keeps these limits."
    else:
        yield "No plan is shown to keep these limits; more --replications may show one."
    told = [_relaxed(optimum, one) for one in optimum.question.requirements if one.key in optimum.breaks]
    if told:
        yield f"The nearest plan {joined(told)}."
    else:
        yield "The nearest plan seems to keep them, but too few operations show it."


def _relaxed(optimum: Optimum, one: Requirement) -> str:
    measure = measure_named(one.measure)
    unit = measure.unit
    symbol = optimum.best.currency if one.measure == COST else unit.symbol
    would = f"{number_text(optimum.breaks[one.key] * unit.factor)} {symbol}"
    bound = f"{number_text(one.bound * unit.factor)} {symbol}"
    if one.in_share is None:
        verb = "reaches only" if one.at_least else "comes to"
        return f"{verb} {would} of {measure.label} (wanted: at {'least' if one.at_least else 'most'} {bound})"
    kept = next(check for check in checks(optimum.comparison, BEST) if f"limits.{check.key}" == one.key)
    return (
        f"keeps {measure.label} within {bound} in {share_text(kept.kept_in.mean)} of operations instead of "
        f"{share_text(one.in_share)} (a limit of {would} would do)"
    )


def _changes(optimum: Optimum) -> Grid:
    """Return the keys that the plan changes, with the values of today's plan, the best one and the runner-up."""
    today, best, other = optimum.question.today, optimum.choice.values, optimum.choice.runner_up
    columns = [Column("", "left"), Column("today"), Column("best")]
    if other is not None:
        columns.append(Column("runner-up"))
    rows = []
    for key in optimum.question.keys:
        cells = [today, best] if other is None else [today, best, other or today]
        rows.append((key, *(_value(of_plan.get(key, today[key])) for of_plan in cells)))
    return Grid(tuple(columns), tuple(rows))


def _value(value: object) -> str:
    if value is None:
        return NOTHING
    return number_text(value, 3) if isinstance(value, float) else short_text(value).strip('"')


def _evidence(optimum: Optimum) -> Iterator[str]:
    choice, decide = optimum.choice, optimum.question.decide
    if choice.selected is not None and optimum.feasible:
        margin = next((one for one in optimum.question.requirements if one.in_share is not None), None)
        among = "that keeps what it must with a margin " if optimum.question.requirements else ""
        if margin is not None:
            among = f"that keeps the limits in {share_text(margin.wanted + margin.margin)} of operations "
        yield (
            f"With {share_text(decide.confidence)} confidence the plan keeps what it must, and no other {among}of the "
            f"{len(choice.points):,} plans compared is better by more than {_within(optimum)}."
        )
        if not choice.selected.enough:
            yield "Wanted was less; more --replications would narrow it down."
    proposed = f"{counted(optimum.searched, 'plan')} were searched"
    if optimum.impossible:
        proposed += f" ({optimum.impossible:,} more cannot do what they say)"
    yield (
        f"{proposed} in {choice.simulations:,} operations, first on the random numbers of seed {optimum.seed}, then "
        f"compared on those of seed {seed_of(optimum.seed, 1)}. The figures above rest on neither: they are from "
        f"{counted(optimum.comparison.estimates[BEST][FOUND].n, 'other operation')} of each plan (seed "
        f"{seed_of(optimum.seed, 2)})."
    )


def _of_front(optimum: Optimum) -> Iterator[str]:
    front = optimum.choice.front
    if front is None or not front.points:
        yield "No plan searched keeps these limits, so there is no trade-off to show."
        return
    yield (
        f"{counted(len(front.points), 'plan')} cannot be beaten in targets found, P95 delay and officer-hours all at "
        "once. Each was simulated again on other vehicles; all keep what they must."
    )


def _front_grid(optimum: Optimum) -> Grid:
    front = optimum.choice.front
    points = front.points if front is not None else ()
    columns = [Column("plan"), Column("found"), Column("P95 delay, min"), Column("officer-hours")]
    columns += [Column(key.rpartition(".")[2] if key.count(".") > 1 else key) for key in optimum.question.keys]
    rows = []
    for number, point in enumerate(points, start=1):
        figures = [
            estimate_text(point.estimates[name], measure_named(name).unit.factor) for name in optimum.question.measures[:3]
        ]
        rows.append((str(number), *figures, *(_value(point.values[key]) for key in optimum.question.keys)))
    return Grid(tuple(columns), tuple(rows))
