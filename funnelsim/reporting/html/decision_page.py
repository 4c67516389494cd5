"""The page of a decision: what is recommended, the alternatives, the evidence, the burden, and room to sign."""

from collections.abc import Sequence
from dataclasses import replace

from funnelsim.reporting.html.document import Chapter, Document, Table
from funnelsim.reporting.section import Column, Grid, Section

QUESTION = "Which plan should be carried out?"
SIGNED = ("Recommended by", "Approved by", "Remarks")


def decision_document(comparison: Document, decision: Sequence[Section]) -> Document:
    """Return the page of a decision.

    Parameters
    ----------
    comparison
        The page of the comparison behind it, whose chapters are the evidence.
    decision
        The decision in words: the answer first, then what it changes, its figures, and how sure it is.
    """
    answer, *rest = decision
    chapters = tuple(
        Chapter(f"decision-{number}", one.heading, tuple(_item(one, item) for item in one.items))
        for number, one in enumerate(rest, start=1)
    )
    return replace(
        comparison,
        kind="a decision",
        question=(QUESTION,),
        answer=tuple(item for item in answer.items if isinstance(item, str)),
        chapters=(*chapters, _signatures(), *comparison.chapters),
    )


def _item(section: Section, item: object) -> str | Table:
    return Table(section.heading, item) if isinstance(item, Grid) else str(item)


def _signatures() -> Chapter:
    columns = (Column("", "left"), Column("Name and date", "left"), Column("Signature", "left"))
    return Chapter("signatures", "Signatures", (Table("To be filled in by hand", Grid(columns, tuple((who, "", "") for who in SIGNED))),))
