"""What a job says: for which plan it is, and its result as HTML, with headings, sentences and tables."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from funnelsim.reporting.section import Entry, Grid, Section, from_data
from funnelsim.web.change_words import changes_said
from funnelsim.web.decide.typed_choices import BETWEEN, choices_said
from funnelsim.web.draft import Draft
from funnelsim.web.jobs.job import Job
from funnelsim.web.language import mark, text
from funnelsim.web.numerals import numbers

GOALS: Final = {
    "most_found": mark("most targets found"),
    "least_cost": mark("least cost of staff"),
    "front": mark("trade-off: found, P95 delay, officer-hours"),
}


def draft_changes(draft: Draft) -> str:
    """Return all that a draft changes in its file: plans that differ do not look alike."""
    return changes_said(draft.values) or text("as in the file")


def plan_said(draft: Draft) -> str:
    """Return for which plan a job is: the file, and what is changed in it."""
    return f"{draft.file}, {draft_changes(draft)}"


def asked_said(job: Job) -> str:
    """Return what a job was asked beside its plan: two of the same plan do not look alike."""
    return f"{BETWEEN} ".join(_asked(job.options))


def _asked(options: Mapping[str, Any]) -> Iterator[str]:
    if (goal := options.get("goal")) in GOALS:
        yield text(GOALS[goal])
    if (least := options.get("find_at_least")) is not None:
        yield text("at least {number} targets an operation").format(number=numbers(f"{least:g}"))
    if vary := options.get("vary"):
        yield numbers(choices_said(vary))
    if options.get("retune"):
        yield text("rates of each plan as of its bound")
    if (operations := options.get("operations") or options.get("replications")) is not None:
        yield text("operations: {number}").format(number=numbers(f"{operations:,}"))


def words_html(words: Sequence[Mapping[str, Any]]) -> str:
    """Return sections, as a result keeps them, as HTML.

    Parameters
    ----------
    words
        As `as_data` made them.
    """
    return "".join(_section(one) for one in from_data(words))


def _section(section: Section) -> str:
    return f"<h3>{escape(numbers(section.heading))}</h3>" + "".join(map(_item, section.items))


def _item(item: str | Entry | Grid) -> str:
    if isinstance(item, str):
        return f"<p>{escape(numbers(item))}</p>"
    if isinstance(item, Entry):
        return f"<p>{escape(item.mark)} {escape(numbers(item.text))}</p>"
    sides = [column.side for column in item.columns]
    heads = "".join(
        f'<th scope="col" class="{column.side}">{escape(numbers(column.head))}</th>' for column in item.columns
    )
    rows = "".join(
        "<tr>"
        + "".join(f'<td class="{side}">{escape(numbers(cell))}</td>' for side, cell in zip(sides, row, strict=True))
        + "</tr>"
        for row in item.rows
    )
    return f'<div class="words-table"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
