"""The report of a run: what this plan finds and what it costs, each table of the command with its figure."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from funnelsim.experiments.run import Run
from funnelsim.plots import FIGURES
from funnelsim.reporting import run_words
from funnelsim.reporting.bound_words import reached_sections
from funnelsim.reporting.html.background import (
    Provenance,
    assumptions_chapter,
    method_chapter,
    plan_chapter,
    redo_chapter,
    warnings_in_short,
)
from funnelsim.reporting.html.document import Chapter, Document, Drawing, Item, KeyNumber, Table
from funnelsim.reporting.html.drawing import drawing
from funnelsim.reporting.plain_words import what_it_says
from funnelsim.reporting.run_table import COLUMNS, Row, run_sections
from funnelsim.reporting.section import Grid, sentence
from funnelsim.reporting.suspension_words import has_valve, suspensions
from funnelsim.reporting.warnings import warnings_of
from funnelsim.wording import NOTHING, counted, number_text

QUESTION = "What would this funnel find in one operation, and what would it cost ordinary travellers?"
HEADED = tuple(
    replace(column, head=head)
    for column, head in zip(COLUMNS, ("Measure", "Mean", "± or (interval)", "Unit", "Name in the files"), strict=True)
)

CAPTIONS = {
    "funnel": "The road that the plan describes, with the queue that stands on it in the simulation.",
    "waterfall": (
        "Each bar takes away the targets lost at one step; what remains is found. Thin lines are error bars at 95 %."
    ),
    "delay_by_class": "Delay of vehicles that are not inspected, by class: how many lose at most so many minutes.",
    "queue_and_delay": (
        "The day from opening until the queue has dissolved: bands show how much single operations differ, "
        "lines mark the limits."
    ),
    "queue_warning": (
        "How likely the end of the queue is beyond the warning sign over the day, and who meets it far "
        "faster than it moves."
    ),
    "hours_on_site": (
        "What is found in an hour falls as word spreads; where it crosses the dashed line, it pays to move on."
    ),
    "staff_and_bays": "Use of each resource over the day. Where use reaches supply, that resource is the bottleneck.",
}

# By the start of a section's heading: its anchor, and the figures that belong to it. In the order of the page:
# what ordinary travellers bear stands right behind what is found.
_PLACES: dict[str, tuple[str, tuple[str, ...]]] = {
    "Yield": ("yield", ("waterfall", "hours_on_site")),
    "Burden": ("burden", ()),
    "Delay": ("delay", ("delay_by_class",)),
    "Queue": ("queue", ("queue_and_delay", "queue_warning")),
    "Selection": ("area", ("staff_and_bays",)),
    "Window": ("windows", ()),
    "Direction": ("directions", ()),
    "Limits": ("limits", ()),
    "How far": ("reach", ()),
}


def result_chapters(run: Run, figures: Collection[str], whose: str = "") -> list[Chapter]:
    """Return the tables of a run with their figures.

    Parameters
    ----------
    run
        The replications of one scenario.
    figures
        Which of the run's figures can be drawn.
    whose
        Stands behind each heading, where the page reports more than one plan.
    """
    sections = {section.heading: section for section in run_sections(run)[1:]}
    chapters = []
    for start, (name, drawn) in _PLACES.items():
        heading = next((heading for heading in sections if heading.startswith(start)), None)
        if heading is None:
            continue
        items: list[Item] = [_on_a_page(item) for item in sections[heading].items]
        items += [run_drawing(figure, run) for figure in drawn if figure in figures and _has_its_say(figure, run)]
        chapters.append(Chapter(name, f"{heading}{whose}", tuple(items)))
    return chapters


def _has_its_say(figure: str, run: Run) -> bool:
    """Tell whether a run has what a figure is about: a warning sign, or word that spreads."""
    if figure == "queue_warning":
        return any(np.isfinite(plan.funnel.warning_m) for plan in run.plan.funnels)
    return figure != "hours_on_site" or any(plan.evasion.alerted.any() for plan in run.plan.funnels)


def _on_a_page(item: Item) -> Item:
    """Give the columns of a run's table their heads, for which a page has room, and begin sentences large."""
    if isinstance(item, str):
        return sentence(item)
    if isinstance(item, Grid):
        grid = Grid(HEADED, item.rows) if item.columns == COLUMNS else item
        return Table("Means over all operations, with the 95 % interval", grid)
    return item


def run_drawing(name: str, run: Run) -> Drawing:
    """Draw one of the figures of a run for the page."""
    return drawing(name, CAPTIONS[name], lambda: FIGURES[name](run))


def key_numbers(run: Run) -> tuple[KeyNumber, ...]:
    """Return yield beside burden: what is found, and what ordinary travellers bear for it."""
    offered = run.estimates["targets_offered"].mean
    of_all = f"of {number_text(offered)} targets per operation" if offered > 0 else "none are looked for"
    rows = [Row("expected_detections", "Targets found", of_all)]
    if run.estimates["expected_detections"].mean > 0:
        rows.append(Row("stops_per_detection"))
        rows.append(Row("ordinary_h_per_detection", "Lost for each target found", "hours of ordinary vehicles"))
    else:
        rows.append(Row("ordinary_stops"))
        rows.append(Row("ordinary_h", "Lost by ordinary vehicles", "hours per operation"))
    rows += [Row("delay_p95_s", "95 % lose less than"), Row("tail_max_m")]
    return tuple(_key_number(row, run) for row in rows)


def _key_number(row: Row, run: Run) -> KeyNumber:
    value, beside = row.texts(run.estimates[row.name])
    return KeyNumber(row.label, value, beside, row.unit if value != NOTHING else "")


def run_document(run: Run, provenance: Provenance) -> Document:
    """Return everything the page of a run says."""
    said = what_it_says(run.scenario, run.plan)
    in_short = [item for section in (said[0], said[-1]) for item in section.items if isinstance(item, str)]
    number = len(run.replications)
    warnings = {"": warnings_of(run.scenario, run.plan)}
    redo = (
        f"The same scenario file, simulated with --replications {number} and --seed {run.seed} by the same version of "
        "funnelsim, gives the same numbers on any machine. The results folder keeps the whole scenario, counts "
        "included, in manifest.json."
    )
    return Document(
        title=run.scenario.title,
        kind="a simulated operation",
        question=(QUESTION, f"The plan: {in_short[0]}", f"The limits: {in_short[-1]}"),
        answer=(
            run_words.headline(run),
            *warnings_in_short(warnings),
            *map(sentence, run_words.limits(run)),
            *_stopped(run),
        ),
        numbers=key_numbers(run),
        chapters=(
            plan_chapter(
                run.scenario,
                run.plan,
                warnings,
                drawings=[run_drawing("funnel", run)],
                more=reached_sections(run),
            ),
            *result_chapters(run, FIGURES),
            *_suspensions_chapter(run),
            assumptions_chapter(run.scenario),
            method_chapter(),
            redo_chapter([redo], run.seed, provenance),
        ),
        made_by=(
            f"funnelsim {provenance.funnelsim}, {provenance.engine} engine, "
            f"{counted(number, 'simulated operation')}, seed {run.seed}"
        ),
    )


def _suspensions_chapter(run: Run) -> list[Chapter]:
    """Return the record of suspensions; no chapter without a valve."""
    if not has_valve(run):
        return []
    items = [
        Table("Suspensions in the first operation", item) if isinstance(item, Grid) else item
        for item in suspensions(run)
    ]
    return [Chapter("suspensions", "Suspensions by the valve", tuple(items))]


def _stopped(run: Run) -> tuple[str, ...]:
    """Return what weakens the answer, to stand beside it; the last chapter has all caveats."""
    if run.complete and len(run.replications) > 1:
        return ()
    return tuple(run_words.reach(run))[:1]
