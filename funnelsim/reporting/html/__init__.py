"""The report: one HTML file that holds everything, for someone who was not there.

What comes from a scenario is escaped; only figures drawn here stand as they are.
"""

import re
from collections.abc import Callable, Sequence
from functools import singledispatch
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from funnelsim.decision.bad_days.stress import Stress
from funnelsim.decision.uncertainty.sensitivity import Sensitivity
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.compare import Comparison
from funnelsim.experiments.files import written_whole
from funnelsim.experiments.run import Run
from funnelsim.experiments.sweep import Sweep
from funnelsim.reporting.html.background import Provenance, provenance_now, provenance_of
from funnelsim.reporting.html.compare_page import compare_document
from funnelsim.reporting.html.decision_page import decision_document
from funnelsim.reporting.html.document import Document, Drawing, Folded, Item, Table
from funnelsim.reporting.html.how_sure import how_sure_of, with_how_sure
from funnelsim.reporting.html.run_page import run_document
from funnelsim.reporting.html.sweep_page import sweep_document
from funnelsim.reporting.section import Entry, Grid, Section
from funnelsim.scenario.toml_text import plain_text as printable

__all__ = ["Provenance", "fragment", "html_report", "provenance_of", "report", "write_page"]

LONGEST = 10_000
INDENT = "  "
_SIGN = re.compile(r"(?<=\d) (?=(?:s|min|m|h|km/h|%|±)(?:\W|$))|(?<=±) ")
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def report(
    result: Run | Sweep | Comparison, path: Path | str | None = None, *, how_sure: Sequence[Sensitivity | Stress] = ()
) -> str:
    """Return a result as one HTML page that needs nothing else: no network, no other file.

    It names the versions that are installed. Of a result that was read from its folder, the command `funnelsim report`
    names those that it was made with.

    Parameters
    ----------
    result
        A run, a sweep or a comparison.
    path
        Where to write the page, too; an existing file is overwritten. By default it is only returned.
    how_sure
        Sensitivity analyses and bad days, for a chapter that says how sure the result is.

    Raises
    ------
    FunnelsimError
        If it is no result, or the file cannot be written.
    """
    page = html_report(result, provenance_now(_engine_of(result)), how_sure=how_sure_of(how_sure))
    if path is not None:
        write_page(page, Path(path))
    return page


def write_page(page: str, path: Path) -> None:
    """Write a page, whole or not at all.

    Raises
    ------
    ResultsError
        If it cannot be written.
    """
    with written_whole(path) as beside:
        beside.write_text(page, encoding="utf-8")


def html_report(
    result: Run | Sweep | Comparison,
    provenance: Provenance,
    decision: Sequence[Section] = (),
    how_sure: Sequence[Section] = (),
) -> str:
    """Return a result as one HTML page; the same result gives the same page.

    Parameters
    ----------
    result
        A run, a sweep or a comparison.
    provenance
        What it was made with.
    decision
        Where the result is the comparison behind a decision: the decision in words, which then heads the page.
    how_sure
        How sure the result is, in words: whether it holds if assumptions are wrong, and on bad days.
    """
    document = _document(result, provenance)
    if decision:
        document = decision_document(document, decision)
    return rendered(with_how_sure(document, how_sure) if how_sure else document)


def _engine_of(result: Run | Sweep | Comparison) -> str:
    match result:
        case Sweep():
            return result.settings.engine
        case Run() | Comparison():
            return result.engine
        case _:
            raise _no_result(result)


def _no_result(given: object) -> FunnelsimError:
    message = f"{type(given).__name__} given; allowed: a run, a sweep or a comparison"
    return FunnelsimError([Problem("result", message)])


@singledispatch
def _document(result: object, _provenance: Provenance) -> Document:
    raise _no_result(result)


_document.register(Run, run_document)
_document.register(Sweep, sweep_document)
_document.register(Comparison, compare_document)


def rendered(document: Document) -> str:
    """Return a document as HTML that is also well-formed XML."""
    return _templates().get_template("report.html.jinja").render(page=document)


def fragment(sections: Sequence[Section]) -> str:
    """Return sections as a part of another page, such as a notebook's."""
    template = '{% from "items.html.jinja" import body %}{{ body(sections, 4) }}'
    return _templates().from_string(template).render(sections=sections)


def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("funnelsim.reporting.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"words": words, "depth": depth, "drawn": drawn, "runs": runs}
    environment.tests |= {kind.__name__.lower(): _is(kind) for kind in (Entry, Grid, Section, Table, Drawing, Folded)}
    return environment


def _is(kind: type) -> Callable[[object], bool]:
    return lambda item: isinstance(item, kind)


def words(text: str) -> str:
    """Return text as a page can hold it: no control characters, no number parted from its unit or its error."""
    return _SIGN.sub(NO_BREAK_SPACE, printable(text.strip(), LONGEST))


def depth(text: str) -> int:
    """Return how far a label is set in."""
    return (len(text) - len(text.lstrip(" "))) // len(INDENT)


def drawn(drawing: Drawing) -> Markup:
    """Return a drawing's SVG as it is: it was drawn here, and holds letters as outlines, not as text."""
    return Markup(drawing.content)  # noqa: S704


def runs(items: Sequence[Item]) -> list[tuple[bool, list[Item]]]:
    """Return items in turn, the entries of a list together: whether they are entries, and which."""
    return [(is_list, list(few)) for is_list, few in groupby(items, key=lambda item: isinstance(item, Entry))]
