"""Figures for the page: SVG with names of its own, or PNG where that is smaller by far."""

import base64
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from matplotlib.figure import Figure

from funnelsim.plots.style import house_style
from funnelsim.reporting.html.document import Drawing

LARGE = 400_000  # characters: an SVG beyond this has more marks than paper shows, and a picture of it will do
PNG_DPI = 200

_PREAMBLE = re.compile(r"\A.*?(?=<svg)", re.DOTALL)
_SILENT = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<title>.*?</title>", re.DOTALL)
_NAMED = re.compile(r'(\bid="|href="#|url\(#)')
_PATH = re.compile(r'(?<=\bd=")[^"]*')
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_BLANKS = re.compile(r"\s*\n\s*")


def drawing(name: str, caption: str, draw: Callable[[], Figure]) -> Drawing:
    """Draw a figure and make it part of a page.

    Parameters
    ----------
    name
        Its short name; the identifiers inside an SVG begin with it, so that those of several figures stay apart.
    caption
        How to read it.
    draw
        Makes the figure.
    """
    figure = draw()
    title = figure.get_suptitle()
    svg = lean(_rendered(figure, "svg").decode(), name)
    if len(svg) > LARGE:
        picture = "data:image/png;base64," + base64.b64encode(_rendered(figure, "png")).decode()
        if len(picture) < len(svg):
            return Drawing(name, title, caption, picture, is_svg=False)
    return Drawing(name, title, caption, svg, is_svg=True)


@house_style()
def _rendered(figure: Figure, ending: str) -> bytes:
    metadata: dict[str, Any] = {"svg": {"Date": None}, "png": {"Software": None}}[ending]
    buffer = BytesIO()
    figure.savefig(buffer, format=ending, dpi=PNG_DPI, metadata=metadata)
    return buffer.getvalue()


def lean(svg: str, name: str) -> str:
    """Return an SVG file as an element for a page.

    Comments, metadata and style are left out (the page has the style), hundredths of a point are enough, identifiers
    get a name in front, and the page decides how wide it is.

    Examples
    --------
    >>> lean('<?xml version="1.0"?><svg width="5pt" height="4pt" id="a"><path d="M 1.23456 0"/></svg>', "queue")
    '<svg aria-hidden="true" focusable="false" id="queue-a"><path d="M 1.23 0"/></svg>'
    """
    svg = _SILENT.sub("", _PREAMBLE.sub("", svg))
    svg = re.sub(r'(<svg\b[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg\b[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = svg.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1)
    svg = _NAMED.sub(rf"\g<1>{name}-", svg)
    svg = _PATH.sub(lambda path: _LONG_NUMBER.sub(_rounded, path[0]), svg)
    return _BLANKS.sub("\n", svg).strip()


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
