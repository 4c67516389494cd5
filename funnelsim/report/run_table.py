"""What a run says, for a planner to read: yield beside what it costs, each number with its half-width."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from funnelsim.analysis.by_part import window_labels
from funnelsim.experiments.run import Run
from funnelsim.report import run_words
from funnelsim.report.page import Page
from funnelsim.report.run_rows import PART_ROWS, Row, area_rows, burden_rows, delay_rows, queue_rows, yield_rows
from funnelsim.report.section import Column, Grid, Section
from funnelsim.report.words import NOTHING, estimate_text, estimate_texts

COLUMNS = (
    Column("", "left"),
    Column(""),
    Column("", "left"),
    Column("", "left"),
    Column("", "left", only_wide=True),
)

GOOD_TO_KNOW = ("delay_mean_s", "suspended_share")  # of windows and directions, where there is room


def run_report(run: Run) -> RenderableType:
    """Return what `funnelsim run` shows at the end, for `Console.print`.

    From 100 characters on it also shows the names under which the measures stand in the results folder.
    """
    return Page(run_sections(run))


def run_sections(run: Run) -> list[Section]:
    """Return the results of a run in plain words and tables.

    Parameters
    ----------
    run
        The replications and their estimates.

    Returns
    -------
    list of Section
        The headline, yield and losses, delay, queue, area and crews, burden and cost, windows and directions where
        there are several, limits, and how far these numbers carry.
    """
    sections = [Section(run.scenario.title, (run_words.headline(run),)), _yield(run)]
    tables = {
        "Delay of those who are not inspected": delay_rows(),
        "Queue, upstream from the taper": queue_rows(run),
        "Selection, area and crews": area_rows(run),
        "Burden on ordinary travellers, and cost": burden_rows(run),
    }
    sections += [Section(heading, (_grid(rows, run),)) for heading, rows in tables.items()]
    if len(run.plan.windows_s) > 1:
        sections.append(Section("Window by window", (_by_part("Window", window_labels(run.plan), run),)))
    if run.plan.beside:
        directions = [funnel.direction for funnel in run.plan.funnels]
        sections.append(Section("Direction by direction", (_by_part("Direction", directions, run),)))
    if limits := tuple(run_words.limits(run)):
        sections.append(Section("Limits", limits))
    return [*sections, Section("How far these numbers carry", tuple(run_words.reach(run)))]


def _yield(run: Run) -> Section:
    if not run.plan.targets:
        return Section("Yield", ("No targets are named, so nothing can be found.",))
    return Section("Yield, and where the losses go", (_grid(yield_rows(run), run),))


def _grid(rows: Iterator[Row], run: Run) -> Grid:
    return Grid(COLUMNS, tuple(_cells(row, run) for row in rows))


def _by_part(head: str, parts: Sequence[str], run: Run) -> Grid:
    """Return a table with a line for each window or direction."""
    told = [row for row in PART_ROWS if run.plan.targets or row.measure != "expected_detections"]
    rows = [
        (part, *(estimate_text(run.estimates[f"{row.measure}.{part}"], row.times, digits=1) for row in told))
        for part in parts
    ]
    columns = [Column(row.label, only_wide=row.measure in GOOD_TO_KNOW) for row in told]
    return Grid((Column(head, "left"), *columns), tuple(rows))


def _cells(row: Row, run: Run) -> tuple[str, ...]:
    if row.chance:
        value, beside = run_words.chance_texts(run.replications[row.measure].to_numpy() > 0)
    else:
        value, beside = estimate_texts(run.estimates[row.measure], row.times)
    return row.label, value, beside, row.unit if value != NOTHING else "", row.measure
