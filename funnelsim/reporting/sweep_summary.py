"""What `funnelsim sweep` prints: which plan is best, the best few side by side, and on demand all points."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import Estimate, estimate_text
from funnelsim.analysis.limits import LimitCheck
from funnelsim.experiments.cases import Case, cases_of, reference_case
from funnelsim.experiments.key_words import column_head, plan_text, value_words
from funnelsim.experiments.point_estimates import estimate_of
from funnelsim.experiments.points import by_reason
from funnelsim.experiments.ranking import Candidate, Ranking, check_of, limits_of, ranking_of
from funnelsim.experiments.sweep import Sweep
from funnelsim.reporting import sweep_words
from funnelsim.reporting.no_effect_words import same_results_sentence
from funnelsim.reporting.run_words import days_sentence
from funnelsim.reporting.section import Column, Grid, Section
from funnelsim.wording import counted, joined, share_text, verb

BEST = 5
MOST_ROWS = 40
LAST = "tail_max_m"
SHOWN = {
    "expected_detections": ("targets\nfound", 2),
    "delay_p95_s": ("P95\ndelay,\nmin", 1),
    "ordinary_stops": ("ordinary\nvehicles\nstopped", 1),
    LAST: ("longest\nqueue, m", 2),
}
"""The measures in the tables: the head of their column, and how many digits of the half-width are shown."""

NARROW = 10  # characters of the head of a varied key


def sweep_sections(sweep: Sweep, wanted: int, *, full: bool = False) -> list[Section]:
    """Return the results of a sweep in words and tables.

    Parameters
    ----------
    sweep
        The points that are finished.
    wanted
        How many points there are to be.
    full
        Whether to show all points, not only the best.

    Returns
    -------
    list of Section
        All points if asked for; the answer; the best plans, or the best plan of each case; and what is missing.
    """
    notes = tuple(_notes(sweep, wanted, full=full))
    if not len(sweep.points):
        return [Section(sweep.scenario.title, notes)]
    cases = cases_of(sweep)
    case = reference_case(sweep, cases)
    ranking = ranking_of(case.sweep)
    sections = [_all_points(sweep)] if full else []
    sections.append(Section(sweep.scenario.title, tuple(sweep_words.answer(sweep, cases, case, ranking))))
    sections.append(_best(case.sweep, ranking) if len(cases) == 1 else _best_by_case(cases))
    return [*sections, Section("", notes)]


def _best(sweep: Sweep, ranking: Ranking) -> Section:
    """Return the best plans side by side, and the unvaried plan where it is not among them."""
    shown = list(ranking.candidates[:BEST])
    if ranking.base is not None and ranking.base not in shown:
        shown.append(ranking.base)
    columns = [
        Column("point"),
        *(Column(column_head(key, NARROW)) for key in sweep.keys),
        *_measured(),
        *_limits(shown[0].limits),
    ]
    rows = tuple((str(one.point), *_values(one.values), *_cells(sweep, one), *_chances(one.limits)) for one in shown)
    number = len(ranking.candidates)
    first = "The best" if ranking.best.within else "The closest to the limits,"
    heading = (
        f"{first} {BEST} of {number:,} plans{_and_unvaried(shown)}"
        if number > len(shown)
        else f"The plans, {first.lower()} first"
    )
    base = (
        [f"Point {ranking.base.point} is the unvaried plan: the scenario, with --set where given."]
        if ranking.base in shown
        else []
    )
    return Section(heading, (Grid(tuple(columns), rows), *base))


def _and_unvaried(shown: Sequence[Candidate]) -> str:
    return ", and the unvaried one" if len(shown) > BEST else ""


def _best_by_case(cases: Sequence[Case]) -> Section:
    """Return the best plan of each case."""
    best = [(case, ranking_of(case.sweep).best) for case in cases[:MOST_ROWS]]
    heads = [Column(column_head(key, NARROW)) for key in cases[0].values]
    columns = [*heads, Column("best plan", "left"), *_measured(), *_limits(best[0][1].limits)]
    rows = tuple(
        (*_values(case.values), plan_text(one.values), *_cells(case.sweep, one), *_chances(one.limits))
        for case, one in best
    )
    more = f", the first {MOST_ROWS} of {len(cases):,}" if len(cases) > MOST_ROWS else ""
    return Section(f"The best plan in each case{more}", (Grid(tuple(columns), rows),))


def _varied(keys: Sequence[str]) -> list[Column]:
    return [Column("point"), *(Column(column_head(key, NARROW)) for key in keys)]


def _measured() -> list[Column]:
    return [Column(head, only_wide=name == LAST) for name, (head, _) in SHOWN.items()]


def _limits(checks: Sequence[LimitCheck]) -> list[Column]:
    """Return a column for how often the limit is broken that is broken most often; where there is room, for each."""
    if not checks:
        return []
    each = [Column(f"over\n{check.value_text}\nin", only_wide=True) for check in checks]
    return [Column("limit\nbroken in"), *(each if len(each) > 1 else [])]


def _values(values: Mapping[str, Any]) -> list[str]:
    return [value_words(key, value) for key, value in values.items()]


def _cells(sweep: Sweep, one: Candidate) -> list[str]:
    return [_text(estimate_of(sweep, one.row, name), name) for name in SHOWN]


def _text(estimate: Estimate, name: str) -> str:
    _, digits = SHOWN[name]
    return estimate_text(estimate, measure_named(name).unit.factor, digits)


def _chances(checks: Sequence[LimitCheck]) -> list[str]:
    if not checks:
        return []
    each = [chance_of_breaking(check) for check in checks]
    worst = min(checks, key=lambda check: check.kept_in.mean)
    return [chance_of_breaking(worst), *(each if len(each) > 1 else [])]


def chance_of_breaking(check: LimitCheck) -> str:
    """Return in which share of operations a limit is broken; how small it may be where none of them broke it."""
    if check.kept_in.mean >= 1.0:
        return f"< {100.0 * (1.0 - check.kept_in.low):.0f} %"
    return share_text(1.0 - check.kept_in.mean)


def _all_points(sweep: Sweep) -> Section:
    """Return all points as a table, in the order of the design."""
    limits = limits_of(sweep)
    checks = [
        tuple(check_of(sweep, row, limit) for limit in limits) for row in range(min(MOST_ROWS, len(sweep.points)))
    ]
    columns = [*_varied(sweep.keys), *_measured(), *_limits(checks[0])[:1], Column("n", only_wide=True)]
    shown = sweep.points.head(MOST_ROWS).iter_rows(named=True)
    rows = tuple(
        _point(sweep, row, same, found) for row, same, found in zip(shown, sweep.same_as, checks, strict=False)
    )
    left_out = len(sweep.points) - MOST_ROWS
    more = (
        [f"sweep.csv lists the other {'point' if left_out == 1 else f'{left_out:,} points'}."] if left_out > 0 else []
    )
    return Section("All points", (Grid(tuple(columns), rows), *more))


def _point(sweep: Sweep, row: Mapping[str, Any], same_as: int | None, checks: Sequence[LimitCheck]) -> tuple[str, ...]:
    texts = []
    for name in SHOWN:
        # Null, or no column at all: no such measure at this point.
        found = (row.get(f"{name}.{part}") for part in ("mean", "low", "high"))
        mean, low, high = (math.nan if number is None else number for number in found)
        texts.append(_text(Estimate(mean, low, high, row["n"]), name))
    point = str(row["point"]) if same_as is None else f"{row['point']} = {same_as}"
    return (point, *_values({key: row[key] for key in sweep.keys}), *texts, *_chances(checks)[:1], f"{row['n']:,}")


def _notes(sweep: Sweep, wanted: int, *, full: bool) -> Iterator[str]:
    """Yield what the operations stand for, and what is missing or was left out."""
    yield days_sentence(sweep.scenario, sweep.keys)
    if (same := same_results_sentence(sweep)) is not None:
        yield same
    if not sweep.complete:
        yield f"Interrupted from the keyboard: {len(sweep.points):,} of {counted(wanted, 'point')} finished."
    if sweep.missed:
        goals = ", ".join(
            f"{measure_named(goal.measure).label} to {share_text(goal.share)} of its mean"
            for goal in sweep.settings.precision
        )
        numbers = ", ".join(map(str, sweep.missed[:MOST_ROWS])) + (", ..." if len(sweep.missed) > MOST_ROWS else "")
        yield (
            f"These points did not reach the precision asked for ({goals}) after "
            f"{counted(sweep.settings.replications, 'operation')}: {numbers}."
        )
    for reason, points in by_reason(sweep.impossible[:MOST_ROWS]).items():
        named = joined([f"{point.number} ({plan_text(point.values)})" for point in points])
        yield f"{verb(len(points), 'Point {} is', 'Points {} are').format(named)} not possible: {reason}."
    if sweep.damaged:
        yield f"Damaged files were found and simulated again: {', '.join(sweep.damaged)}."
    if not full and len(sweep.points) > BEST:
        yield "All points: add --full, or open sweep.csv. A page with figures: funnelsim report."
