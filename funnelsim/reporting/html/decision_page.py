"""The page of a decision: what is recommended, the alternatives, the evidence, the burden, and room to sign."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from funnelsim.decision.optimisation.decision_folder import WORDS
from funnelsim.reporting.html.document import Chapter, Document, Table
from funnelsim.reporting.html.kept_words import kept_words
from funnelsim.reporting.optimise_words import CHANGES
from funnelsim.reporting.section import Column, Grid, Section

QUESTION = "Which plan should be carried out?"
SIGNATURES = "signatures"
SIGNED = ("Recommended by", "Approved by", "Remarks")


def decision_in(folder: Path) -> list[Section]:
    """Return the decision that a results folder holds, in words; empty where it holds none.

    Raises
    ------
    ResultsError
        If the file cannot be read.
    """
    return kept_words(folder / WORDS)


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
    own = tuple(
        Chapter(f"decision-{number}", one.heading, tuple(map(_item, one.items)))
        for number, one in enumerate(rest, start=1)
        if one.heading != CHANGES
    )
    # The comparison says how the plans differ in a table that fits a page; how the limits fare stands in the decision.
    others = [one for one in comparison.chapters if one.name != "limits"]
    changes = []
    if any(one.heading == CHANGES for one in rest):
        changes = [replace(one, heading=CHANGES) for one in others if one.name == "plans"]
        others = [one for one in others if one.name != "plans"]
    return replace(
        comparison,
        kind="a decision",
        question=(QUESTION,),
        answer=tuple(item for item in answer.items if isinstance(item, str)),
        chapters=(*changes, *own, _signatures(), *others),
    )


def _item(item: object) -> str | Table:
    return Table("", item) if isinstance(item, Grid) else str(item)


def _signatures() -> Chapter:
    columns = (Column("", "left"), Column("Name and date", "left"), Column("Signature", "left"))
    return Chapter(
        SIGNATURES,
        "Signatures",
        (Table("To be filled in by hand", Grid(columns, tuple((who, "", "") for who in SIGNED))),),
    )
