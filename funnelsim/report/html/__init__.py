"""The report: one HTML file that holds everything, for someone who was not there.

What comes from a scenario is escaped; only figures drawn here stand as they are.
"""

import re
from collections.abc import Callable
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from funnelsim.experiments.compare import Comparison
from funnelsim.experiments.run import Run
from funnelsim.experiments.sweep import Sweep
from funnelsim.report.html.background import Provenance, provenance_of
from funnelsim.report.html.compare_page import compare_document
from funnelsim.report.html.document import Document, Drawing, Folded, Item, Table
from funnelsim.report.html.run_page import run_document
from funnelsim.report.html.sweep_page import sweep_document
from funnelsim.report.section import Entry, Grid, Section
from funnelsim.scenario.toml_text import plain_text as printable

__all__ = ["Provenance", "html_report", "provenance_of"]

LONGEST = 10_000
INDENT = "  "
_SIGN = re.compile(r"(?<=\d) (?=(?:s|min|m|h|km/h|%|±)(?:\W|$))|(?<=±) ")
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def html_report(result: Run | Sweep | Comparison, provenance: Provenance) -> str:
    """Return a result as one HTML page that needs nothing else: no network, no other file.

    The same result gives the same page.

    Parameters
    ----------
    result
        A run, a sweep or a comparison.
    provenance
        What it was made with.
    """
    match result:
        case Run():
            return rendered(run_document(result, provenance))
        case Sweep():
            return rendered(sweep_document(result, provenance))
        case Comparison():
            return rendered(compare_document(result, provenance))


def rendered(document: Document) -> str:
    """Return a document as HTML that is also well-formed XML."""
    environment = Environment(
        loader=PackageLoader("funnelsim.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"words": words, "depth": depth, "drawn": drawn, "runs": runs}
    environment.tests |= {kind.__name__.lower(): _is(kind) for kind in (Entry, Grid, Section, Table, Drawing, Folded)}
    return environment.get_template("report.html.jinja").render(page=document)


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


def runs(items: tuple[Item, ...]) -> list[tuple[bool, list[Item]]]:
    """Return items in turn, the entries of a list together: whether they are entries, and which."""
    return [(is_list, list(few)) for is_list, few in groupby(items, key=lambda item: isinstance(item, Entry))]
