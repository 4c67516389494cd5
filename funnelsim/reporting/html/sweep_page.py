"""The report of a sweep: which plan finds most within the limits, by how much, and what it costs."""

from collections.abc import Callable, Iterator, Sequence

from matplotlib.figure import Figure

from funnelsim.analysis.estimates import ALL_ALIKE, Estimate, estimate
from funnelsim.errors import FunnelsimError, PlanError
from funnelsim.experiments.cases import Case, cases_of, reference_case
from funnelsim.experiments.key_words import key_words, plan_text, value_words
from funnelsim.experiments.point_estimates import columns_of, difference, estimate_of
from funnelsim.experiments.ranking import Candidate, Ranking, limits_of, ranking_of
from funnelsim.experiments.run import Run
from funnelsim.experiments.sweep import Sweep
from funnelsim.model.planning import plan_of
from funnelsim.plots.heat_map import heat_map
from funnelsim.plots.small_multiples import small_multiples
from funnelsim.plots.trade_off import trade_off
from funnelsim.plots.waterfall import waterfalls
from funnelsim.reporting import run_words, sweep_words
from funnelsim.reporting.assumptions import assumptions_of
from funnelsim.reporting.html.background import (
    Provenance,
    assumptions_chapter,
    method_chapter,
    plan_chapter,
    redo_chapter,
    warnings_in_short,
)
from funnelsim.reporting.html.document import Chapter, Document, Drawing, Item, Table, table_of
from funnelsim.reporting.html.drawing import drawing
from funnelsim.reporting.html.run_page import key_numbers, result_chapters
from funnelsim.reporting.plan_warning import PlanWarning, grave
from funnelsim.reporting.run_table import Row
from funnelsim.reporting.section import sentence
from funnelsim.reporting.warnings import warnings_of
from funnelsim.wording import counted

DRAWN_OF_A_POINT = ("waterfall",)  # a sweep keeps no course of the day
TWO_KEYS = 2
MOST_WATERFALLS = 3

CAPTIONS = {
    "trade_off": (
        "Each mark is a plan: plans further right find more, plans higher up delay more. A line joins the "
        "efficient ones. The area beyond the limit is shaded; crosses are error bars at 95 % of the plans named."
    ),
    "heat_map": "Each cell is a plan: its position shows what was varied, its shade how much is found.",
    "small_multiples": "One panel for each measure, over what was varied; lines at the edge of a panel are limits.",
    "waterfalls": "How many of 100 targets are lost at each step, plan by plan.",
}
MOST_ROWS = 40
MOST_KEYS = 4  # columns of their own; more do not fit beside the measures
_ROWS = (
    Row("expected_detections", "Targets found"),
    Row("stops_per_detection"),
    Row("ordinary_h_per_detection", "Lost for each target found"),
    Row("delay_p95_s", "95 % lose less than"),
    Row("tail_max_m"),
    Row("officer_h"),
)
_BRIEF = _ROWS[:5]


def sweep_document(sweep: Sweep, provenance: Provenance) -> Document:
    """Return everything the page of a sweep says."""
    cases = cases_of(sweep)
    case = reference_case(sweep, cases)
    ranking = ranking_of(case.sweep)
    best = point_run(sweep, ranking.best.point)
    who = "the best plan" if ranking.best.within else "the least bad plan"
    whose = f": {who}"
    warnings = {
        "The base scenario": _base_warnings(sweep),
        sentence(who): warnings_of(best.scenario, best.plan),
    }
    chapters = [
        _varied(sweep),
        _plans(sweep, cases, case, ranking),
        plan_chapter(best.scenario, best.plan, warnings, whose),
        *result_chapters(best, DRAWN_OF_A_POINT, whose),
        assumptions_chapter(best.scenario, sweep.keys),
        method_chapter(),
        redo_chapter(_redo(sweep), sweep.settings.seed, provenance),
    ]
    number = counted(len(sweep.points), "plan")
    return Document(
        title=sweep.scenario.title,
        kind=f"a sweep of {number}",
        question=sweep_words.question(sweep),
        answer=(
            *map(sentence, sweep_words.answer(sweep, cases, case, ranking)),
            run_words.brief_headline(best),
            *warnings_in_short(warnings),
            run_words.days_sentence(best.scenario),
        ),
        numbers=key_numbers(best),
        chapters=tuple(chapters),
        made_by=f"funnelsim {provenance.funnelsim}, {provenance.engine} engine, {number}, seed {sweep.settings.seed}",
    )


def _base_warnings(sweep: Sweep) -> list[PlanWarning]:
    try:
        return warnings_of(sweep.scenario, plan_of(sweep.scenario))
    except PlanError as error:  # some of its points are possible
        return [grave(f"it is not possible: {error}")]


def point_run(sweep: Sweep, point: int) -> Run:
    """Return one point of a sweep as a run, so that it is reported like one; the course of the day is not kept."""
    scenario = sweep.scenario_of(point)
    plan = plan_of(scenario)
    table = sweep.replications.filter(point=point).sort("replication").drop("point").collect()
    lacking = [name for name in table.columns if table[name].null_count() == len(table)]
    names = [name for name in table.columns if name not in {"replication", *lacking}]
    columns = columns_of(sweep, point)
    nothing = table.clear()
    return Run(
        scenario=scenario,
        plan=plan,
        seed=sweep.settings.seed,
        complete=True,
        replications=table.drop(lacking),
        series=nothing,
        delays=nothing,
        estimates=estimate({name: columns[name] for name in names}, plan.classes),
        wanted=sweep.settings.precision,
    )


def _varied(sweep: Sweep) -> Chapter:
    """Return what was varied: its key, what it means, and the values tried."""
    rows = [row for row in assumptions_of(sweep.scenario, sweep.keys) if row.set_by == "varied"]
    cells = tuple((key, sweep_words.values_text(sweep, key), sweep_words.meaning_of(key, rows)) for key in sweep.keys)
    table = table_of("", ("Key in the scenario", "Values", "Meaning"), cells, left=3)
    return Chapter("varied", "What was varied", (table,))


def _plans(sweep: Sweep, cases: Sequence[Case], case: Case, ranking: Ranking) -> Chapter:
    items: list[Item] = []
    if len(cases) > 1:
        items.append(best_by_case(cases))
    if (beside := against_others(case.sweep, ranking)) is not None:
        items.append(beside)
    items += sweep_drawings(sweep, ranking)
    table, left_out = all_points(case.sweep, ranking)
    items.append(table)
    if (same := same_results(case.sweep)) is not None:
        items.append(same)
    if sweep.impossible:
        items.append(impossible_points(sweep))
    if left_out:
        items.append(f"{counted(left_out, 'plan')} more stand in sweep.csv in the results folder.")
    if sweep.missed:
        missed = counted(len(sweep.missed), "plan")
        items.append(f"{missed} used all operations allowed and still did not reach the wanted precision.")
    items.append(sweep_words.CAUTION)
    return Chapter("plans", "The plans side by side", tuple(items))


def best_by_case(cases: Sequence[Case]) -> Table:
    """Return the best plan of each case."""
    rows = []
    for case in cases[:MOST_ROWS]:
        ranking = ranking_of(case.sweep)
        best = ranking.best
        limits = "all within" if best.within else "least bad"
        measured = tuple(_measured(case.sweep, best, row) for row in _BRIEF)
        given = (value_words(key, value) for key, value in case.values.items())
        rows.append((*given, plan_text(best.values), *measured, *([limits] if best.limits else [])))
    limited = ["Limits"] if limits_of(cases[0].sweep) else []
    heads = (*map(key_words, cases[0].values), "Best plan", *(f"{row.label},\n{row.unit}" for row in _BRIEF), *limited)
    more = f" (the first {MOST_ROWS} of {len(cases):,})" if len(cases) > MOST_ROWS else ""
    return table_of(f"The best plan in each case{more}", heads, tuple(rows), left=len(cases[0].values) + 1)


def _redo(sweep: Sweep) -> list[str]:
    most = " at most" if sweep.settings.precision else ""
    number = counted(sweep.settings.replications, "operation")
    return [
        (
            f"The same scenario with the same keys varied, {number}{most} for each plan and "
            f"--seed {sweep.settings.seed} simulated by the same version of funnelsim, gives the same numbers on any "
            "machine. The results folder keeps the base scenario, counts included, in manifest.json, and every plan "
            "with its values in points.parquet and sweep.csv."
        )
    ]


def against_others(sweep: Sweep, ranking: Ranking) -> Table | None:
    """Return the best plan beside the next and the base scenario, with paired differences; None for a single plan.

    Of plans that all break the limits the one closest to them is shown, and it is called best nowhere.
    """
    best = ranking.best
    who, next_one = (
        ("the best", "the next best") if best.within else ("the least bad", "the next closest to the limits")
    )
    others: list[tuple[str, Candidate]] = []
    if ranking.runner_up is not None:
        others.append((next_one, ranking.runner_up))
    if ranking.base is not None and ranking.base is not best and ranking.base is not ranking.runner_up:
        others.append(("the unvaried one", ranking.base))
    if not others:
        return None
    heads = ["Measure", f"{sentence(who)}:\n{plan_text(best.values)}"]
    for name, other in others:
        heads += [f"{sentence(name)}:\n{plan_text(other.values)}", f"{sentence(who)} minus\n{name}"]
    rows = tuple(_beside(sweep, row, best, [other for _, other in others]) for row in _ROWS)
    caption = f"{sentence(who)} plan against others; differences are paired by operation"
    return table_of(caption, tuple(heads), rows)


def _beside(sweep: Sweep, row: Row, best: Candidate, others: list[Candidate]) -> tuple[str, ...]:
    cells = [row.label_with_unit, _measured(sweep, best, row)]
    for other in others:
        cells.append(_measured(sweep, other, row))
        apart = difference(sweep, best.point, other.point, row.name)
        cells.append(f"{'+' if apart.mean > 0.0 else ''}{_stacked(row, apart)}")
    return tuple(cell.replace("-", "\N{MINUS SIGN}") if place else cell for place, cell in enumerate(cells))


def _measured(sweep: Sweep, candidate: Candidate, row: Row) -> str:
    return _stacked(row, estimate_of(sweep, candidate.row, row.name))


def _stacked(row: Row, estimate: Estimate) -> str:
    """Return a number above its interval: so a column is as narrow as either."""
    value, beside = row.texts(estimate)
    return f"{value}\n{beside}" if beside not in {"", ALL_ALIKE} else value


def all_points(sweep: Sweep, ranking: Ranking) -> tuple[Table, int]:
    """Return all plans, those within the limits first, and how many did not fit into the table."""
    shown = ranking.candidates[:MOST_ROWS]
    limited = any(candidate.limits for candidate in shown)
    keys = tuple(map(key_words, sweep.keys)) if len(sweep.keys) <= MOST_KEYS else ("Plan",)
    heads = (
        *keys,
        *([f"{row.label},\n{row.unit}" for row in _BRIEF]),
        *(["Limits"] if limited else []),
    )
    rows = tuple(_point(sweep, candidate, limited=limited) for candidate in shown)
    caption = "All plans, by what they find"
    if limited:
        within = "All plans: within the limits first, by what they find"
        caption = within if ranking.best.within else "All plans, those first that come closest to the limits"
    table = table_of(f"{caption}. The first is the one reported below", heads, rows)
    return Table(table.caption, table.grid, frozenset({0})), len(ranking.candidates) - len(shown)


def impossible_points(sweep: Sweep) -> Table:
    """Return the plans that cannot do what they say, and why not."""
    shown = sweep.impossible[:MOST_ROWS]
    more = f" (the first {MOST_ROWS} of {len(sweep.impossible):,})" if len(sweep.impossible) > MOST_ROWS else ""
    rows = tuple((*(value_words(key, value) for key, value in one.values.items()), one.reason) for one in shown)
    heads = (*map(key_words, sweep.keys), "Why not")
    return table_of(f"Plans that are not possible{more}", heads, rows, left=len(sweep.keys) + 1)


def same_results(sweep: Sweep) -> Table | None:
    """Return the plans with the results of another, which stands for them in the ranking; None where there are none."""
    found = [
        (point, same) for point, same in zip(sweep.points["point"], sweep.same_as, strict=True) if same is not None
    ]
    if not found:
        return None
    rows = tuple(
        (*(value_words(key, value) for key, value in sweep.values_of(point).items()), plan_text(sweep.values_of(same)))
        for point, same in found[:MOST_ROWS]
    )
    more = f" (the first {MOST_ROWS} of {len(found):,})" if len(found) > MOST_ROWS else ""
    caption = f"Plans with the same results as another in every measure{more}: what is varied changes nothing there"
    return table_of(caption, (*map(key_words, sweep.keys), "Same as, and ranked as"), rows, left=len(sweep.keys) + 1)


def _point(sweep: Sweep, candidate: Candidate, *, limited: bool) -> tuple[str, ...]:
    values = tuple(value_words(key, value) for key, value in candidate.values.items())
    if len(values) > MOST_KEYS:
        values = (plan_text(candidate.values),)
    measures = tuple(_measured(sweep, candidate, row) for row in _BRIEF)
    if not limited:
        return values + measures
    return (*values, *measures, _limits_text(candidate))


def _limits_text(candidate: Candidate) -> str:
    """Return how the limits fare together: as the worst of them."""
    verdicts = {check.verdict for check in candidate.limits}
    worst = next((one for one in ("broken", "probably broken", "probably kept") if one in verdicts), "kept")
    return run_words.VERDICTS[worst]


def sweep_drawings(sweep: Sweep, ranking: Ranking) -> list[Drawing]:
    """Draw the figures of a sweep; one that cannot show this sweep is left out."""
    found = []
    for name, draw in _draws(sweep, ranking):
        try:
            found.append(drawing(name, CAPTIONS[name], draw))
        except FunnelsimError:
            continue  # such as a map of keys that are no numbers: the table says it all
    return found


def _draws(sweep: Sweep, ranking: Ranking) -> Iterator[tuple[str, Callable[[], Figure]]]:
    yield "trade_off", lambda: trade_off(sweep)
    if len(sweep.keys) == TWO_KEYS:
        yield "heat_map", lambda: heat_map(sweep)
    else:
        yield "small_multiples", lambda: small_multiples(sweep)
    points = list(
        dict.fromkeys(one.point for one in (ranking.best, ranking.runner_up, ranking.base) if one is not None)
    )
    if len(points) > 1:
        yield "waterfalls", lambda: waterfalls(sweep, points[:MOST_WATERFALLS])
