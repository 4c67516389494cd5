"""The tables of a sweep: the best plan against others, and all plans."""

from funnelsim.experiments.point_estimates import difference, estimate_of
from funnelsim.experiments.ranking import Candidate, Ranking
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.keys import key_words, value_words
from funnelsim.report.html.document import Table
from funnelsim.report.html.results import table_of
from funnelsim.report.html.sweep_words import plan_text
from funnelsim.report.run_rows import Row
from funnelsim.report.words import estimate_text
from funnelsim.units import MIN_PER_S

MOST_ROWS = 40

_ROWS = (
    Row("Targets found", "expected_detections", "per operation"),
    Row("Stopped for each target found", "stops_per_detection", "ordinary vehicles"),
    Row("Lost for each target found", "ordinary_h_per_detection", "vehicle-hours"),
    Row("95 % lose less than", "delay_p95_s", "min", MIN_PER_S),
    Row("Longest queue", "tail_max_m", "m"),
    Row("Officer-hours", "officer_h", ""),
)
_BRIEF = _ROWS[:5]


def against_others(sweep: Sweep, ranking: Ranking) -> Table | None:
    """Return the best plan beside the next and the base scenario, with paired differences; None for a single plan."""
    best = ranking.best
    others: list[tuple[str, Candidate]] = []
    if ranking.runner_up is not None:
        others.append(("the next best", ranking.runner_up))
    if ranking.base is not None and ranking.base is not best and ranking.base is not ranking.runner_up:
        others.append(("the scenario file's", ranking.base))
    if not others:
        return None
    heads = ["Measure", f"{'Best' if best.within else 'Least bad'}:\n{plan_text(best.values)}"]
    for who, other in others:
        heads += [f"{who.capitalize()}:\n{plan_text(other.values)}", f"Best minus\n{who}"]
    rows = tuple(_beside(sweep, row, best, [other for _, other in others]) for row in _ROWS)
    return table_of("The best plan against others; differences are paired by operation", tuple(heads), rows)


def _beside(sweep: Sweep, row: Row, best: Candidate, others: list[Candidate]) -> tuple[str, ...]:
    cells = [f"{row.label}, {row.unit}" if row.unit else row.label, _measured(sweep, best, row)]
    for other in others:
        cells.append(_measured(sweep, other, row))
        apart = difference(sweep, best.point, other.point, row.measure)
        cells.append(f"{'+' if apart.mean > 0.0 else ''}{estimate_text(apart, row.times)}")
    return tuple(cell.replace("-", "\N{MINUS SIGN}") if place else cell for place, cell in enumerate(cells))


def _measured(sweep: Sweep, candidate: Candidate, row: Row) -> str:
    return estimate_text(estimate_of(sweep, candidate.row, row.measure), row.times)


def all_points(sweep: Sweep, ranking: Ranking) -> tuple[Table, int]:
    """Return all plans, those within the limits first, and how many did not fit into the table."""
    shown = ranking.candidates[:MOST_ROWS]
    limited = any(candidate.limits for candidate in shown)
    heads = (
        *map(key_words, sweep.keys),
        *([f"{row.label},\n{row.unit}" for row in _BRIEF]),
        *(["Limits"] if limited else []),
    )
    rows = tuple(_point(sweep, candidate, limited=limited) for candidate in shown)
    caption = "All plans: within the limits first, by what they find" if limited else "All plans, by what they find"
    table = table_of(f"{caption}. The first is the one reported below", heads, rows)
    return Table(table.caption, table.grid, frozenset({0})), len(ranking.candidates) - len(shown)


def _point(sweep: Sweep, candidate: Candidate, *, limited: bool) -> tuple[str, ...]:
    values = tuple(value_words(key, value) for key, value in candidate.values.items())
    measures = tuple(_measured(sweep, candidate, row) for row in _BRIEF)
    if not limited:
        return values + measures
    kept = "kept" if candidate.within else "BROKEN"
    return (*values, *measures, "on the limit" if any(held.open for held in candidate.limits) else kept)
