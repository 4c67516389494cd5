"""What a job says: for which plan it is, and its result as HTML, with headings, sentences and tables."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from funnelsim.reporting.section import Entry, Grid, Section, from_data
from funnelsim.web.change_words import changes_said
from funnelsim.web.draft import Draft
from funnelsim.web.language import text
from funnelsim.web.numerals import numbers


def draft_changes(draft: Draft) -> str:
    """Return all that a draft changes in its file: plans that differ do not look alike."""
    return changes_said(draft.values) or text("as in the file")


def plan_said(draft: Draft) -> str:
    """Return for which plan a job is: the file, and what is changed in it."""
    return f"{draft.file}, {draft_changes(draft)}"


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
