"""What a run says, as chapters of the page: the tables that the command prints, each with its figure."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from funnelsim.experiments.run import Run
from funnelsim.plots import FIGURES
from funnelsim.report.html.document import Chapter, Drawing, Item, KeyNumber, Table
from funnelsim.report.html.drawing import drawing
from funnelsim.report.run_rows import Row
from funnelsim.report.run_table import COLUMNS, run_sections
from funnelsim.report.section import Column, Grid
from funnelsim.report.words import NOTHING, estimate_texts, number_text
from funnelsim.units import MIN_PER_S

HEADED = tuple(
    replace(column, head=head)
    for column, head in zip(COLUMNS, ("Measure", "Mean", "± or (interval)", "Unit", "Name in the files"), strict=True)
)

CAPTIONS = {
    "waterfall": (
        "Each bar takes away the targets that are lost at one step; what remains is found. "
        "Thin lines are error bars at 95 %."
    ),
    "delay_by_class": "Delay of those who are not inspected, class by class: how many lose at most so many minutes.",
    "queue_and_delay": (
        "The day from opening to the end of the queue: bands show how far single operations lie apart, "
        "lines mark the limits."
    ),
    "queue_warning": (
        "How far back the end of the queue reaches over the day, how likely it is beyond the warning sign, and who "
        "meets it far faster than it moves."
    ),
    "hours_on_site": (
        "What is found in an hour falls as the word goes round; where it crosses the dashed line, it pays to move on."
    ),
    "staff_and_bays": "What is in use over the day against what there is: where both meet, it is what is scarce.",
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
    """Tell whether a run has what a figure is about: a warning sign, or word that goes round."""
    if figure == "queue_warning":
        return any(np.isfinite(plan.funnel.warning_m) for plan in run.plan.funnels)
    return figure != "hours_on_site" or any(plan.evasion.alerted.any() for plan in run.plan.funnels)


def _on_a_page(item: Item) -> Item:
    """Give the columns of a run's table their heads, for which a page has room, and begin sentences large."""
    if isinstance(item, str):
        return sentence(item)
    if isinstance(item, Grid):
        grid = Grid(HEADED, item.rows) if item.columns == COLUMNS else item
        return Table("Means over all operations, with the half-width of the 95 % interval", grid)
    return item


def sentence(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def run_drawing(name: str, run: Run) -> Drawing:
    """Draw one of the figures of a run for the page."""
    return drawing(name, CAPTIONS[name], lambda: FIGURES[name](run))


def key_numbers(run: Run) -> tuple[KeyNumber, ...]:
    """Return yield beside burden: what is found, and what ordinary travellers bear for it."""
    rows = [Row("95 % lose less than", "delay_p95_s", "min", MIN_PER_S), Row("Longest queue", "tail_max_m", "m")]
    offered = run.estimates["targets_offered"].mean
    if run.estimates["expected_detections"].mean > 0:
        of_all = f"of {number_text(offered)} targets per operation"
        rows = [
            Row("Targets found", "expected_detections", of_all),
            Row("Stopped for each target found", "stops_per_detection", "ordinary vehicles"),
            Row("Lost for each target found", "ordinary_h_per_detection", "hours of ordinary vehicles"),
            *rows,
        ]
    else:
        found = f"of {number_text(offered)} targets per operation" if offered > 0 else "none are looked for"
        rows = [
            Row("Targets found", "expected_detections", found),
            Row("Ordinary vehicles stopped", "ordinary_stops", "per operation"),
            Row("Lost by ordinary vehicles", "ordinary_h", "hours per operation"),
            *rows,
        ]
    return tuple(_key_number(row, run) for row in rows)


def _key_number(row: Row, run: Run) -> KeyNumber:
    value, beside = estimate_texts(run.estimates[row.measure], row.times)
    return KeyNumber(row.label, value, beside, row.unit if value != NOTHING else "")


def table_of(caption: str, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...], left: int = 1) -> Table:
    """Return a table of words: the first `left` columns are words, the others numbers."""
    columns = tuple(Column(head, "left" if place < left else "right") for place, head in enumerate(heads))
    return Table(caption, Grid(columns, rows))
