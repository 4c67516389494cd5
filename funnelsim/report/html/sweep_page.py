"""The report of a sweep: which plan finds most within the limits, by how much, and what it costs."""

from funnelsim.analysis.estimates import estimate
from funnelsim.experiments.point_estimates import columns_of
from funnelsim.experiments.ranking import Ranking, ranking_of
from funnelsim.experiments.run import Run
from funnelsim.experiments.sweep import Sweep
from funnelsim.model.planning import plan_of
from funnelsim.report import run_words
from funnelsim.report.assumptions import assumptions_of
from funnelsim.report.html import sweep_words
from funnelsim.report.html.background import assumptions_chapter, method_chapter, redo_chapter, scenario_chapter
from funnelsim.report.html.document import Chapter, Document, Item
from funnelsim.report.html.provenance import Provenance
from funnelsim.report.html.results import key_numbers, result_chapters, sentence, table_of
from funnelsim.report.html.sweep_figures import sweep_drawings
from funnelsim.report.html.sweep_tables import against_others, all_points
from funnelsim.report.words import counted

DRAWN_OF_A_POINT = ("waterfall",)  # a sweep keeps no course of the day


def sweep_document(sweep: Sweep, provenance: Provenance) -> Document:
    """Return everything the page of a sweep says."""
    ranking = ranking_of(sweep)
    best = point_run(sweep, ranking.best.point)
    whose = ": the best plan" if ranking.best.within else ": the least bad plan"
    chapters = [
        _varied(sweep),
        _plans(sweep, ranking),
        *result_chapters(best, DRAWN_OF_A_POINT, whose),
        scenario_chapter(best.scenario, best.plan, whose),
        assumptions_chapter(best.scenario, sweep.keys),
        method_chapter(),
        redo_chapter(_redo(sweep), sweep.settings.seed, provenance),
    ]
    number = counted(len(sweep.points), "plan")
    return Document(
        title=sweep.scenario.title,
        kind="Report of a comparison of plans",
        question=sweep_words.question(sweep),
        answer=(
            sweep_words.verdict(ranking),
            run_words.headline(best),
            *map(sentence, run_words.limits(best)),
            *sweep_words.comparison(sweep, ranking),
        ),
        numbers=key_numbers(best),
        chapters=tuple(chapters),
        made_by=f"funnelsim {provenance.funnelsim}, {number}, seed {sweep.settings.seed}",
    )


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


def _plans(sweep: Sweep, ranking: Ranking) -> Chapter:
    items: list[Item] = []
    if (beside := against_others(sweep, ranking)) is not None:
        items.append(beside)
    items += sweep_drawings(sweep, ranking)
    table, left_out = all_points(sweep, ranking)
    items.append(table)
    if left_out:
        items.append(f"{counted(left_out, 'plan')} more stand in sweep.csv in the results folder.")
    if sweep.missed:
        missed = counted(len(sweep.missed), "plan")
        items.append(f"{missed} had all operations allowed and still not the precision that was wanted.")
    items.append(sweep_words.CAUTION)
    return Chapter("plans", "The plans side by side", tuple(items))


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
