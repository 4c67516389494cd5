"""The house style of the figures: paper, ink, header and footer."""

import math
import re
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from matplotlib import style
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from funnelsim.experiments.compare import Comparison
from funnelsim.experiments.run import Run
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.footer import Footer, footer_of
from funnelsim.plots.formatting import FONT, PT_PER_IN, shortened, wrapped

WIDTH_IN = 6.7  # the text width of A4 portrait
EDGE_IN = 0.08
_ROOM_IN = WIDTH_IN - 2 * EDGE_IN
PNG_DPI = 200

# Blues apart in lightness carry the data; the one warm colour is a boundary. Each also has its own line or hatch,
# so that a grey print says the same.
INK = "#1a1a1a"
MUTED = "#555555"
GRID = "#e3e3e3"
CLOSED = "#f1f1f1"
DARK = "#0b3c6f"
STRONG = "#2f6fad"
MIDDLE = "#6da3d1"
LIGHT = "#c9deef"
WARM = "#b3400f"
WARM_LIGHT = "#f3cdb2"

_TITLE_PT, _TEXT_PT, _FOOTER_PT = 11.0, 8.5, 6.5
_NUMBER_AND_UNIT = re.compile(r"(?<=[\d)]) (?=(%|m|km/h|min|h)(?![\w]))")
_LINE = 1.35  # line height over type size
_LETTERS_A_LINE = 104
_LETTERS_A_SAMPLE = 5  # that a mark with its space takes
_MOST_KEYS_A_ROW = 4

_HOUSE: dict[str, Any] = {
    "font.family": FONT,
    "font.size": 8.0,
    "text.parse_math": False,  # a dollar sign in a planner's title is a dollar sign
    "text.color": INK,
    "axes.labelsize": 8.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.7,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.titlesize": 8.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.titlepad": 4.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "hatch.linewidth": 0.6,
    "lines.solid_capstyle": "butt",
    "legend.frameon": False,
    "legend.fontsize": 7.5,
    "legend.handlelength": 1.8,
    "legend.columnspacing": 1.5,
    "legend.borderaxespad": 0.0,
    "legend.borderpad": 0.0,
    "figure.constrained_layout.h_pad": 0.03,
    "figure.constrained_layout.w_pad": 0.03,
    "svg.fonttype": "path",  # letters as outlines: no page needs our font
    "svg.hashsalt": "funnelsim",  # otherwise the identifiers in the file differ from run to run
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style, whatever the user's own matplotlib settings are; also works as a decorator."""
    with style.context(["default", _HOUSE]), warnings.catch_warnings():
        # A title in a script that the font lacks shows boxes; that is no reason to trouble the planner.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def new_figure(
    shown: Run | Sweep | Comparison | Footer, title: str, said: str, height_in: float, key: Sequence[Artist] = ()
) -> Figure:
    """Make an empty figure with header and footer; what is drawn into it is laid out in between.

    Parameters
    ----------
    shown
        Whose scenario, seed, replications and version the footer names.
    title
        What is shown, in plain words.
    said
        What it says, in a sentence or two; wrapped, a new line beginning where it has one.
    height_in
        Height of the part between header and footer, in inches.
    key
        Samples of what is drawn, with their labels, for the line below the header.
    """
    lines = [line for part in said.split("\n") for line in wrapped(unbroken(part), _ROOM_IN, _TEXT_PT)]
    columns = _key_columns([len(str(sample.get_label())) for sample in key])
    rows = math.ceil(len(key) / columns)
    title_in, text_in, footer_in = (_LINE * size / PT_PER_IN for size in (_TITLE_PT, _TEXT_PT, _FOOTER_PT))
    header_in = EDGE_IN + title_in + text_in * (len(lines) + 1.1 * rows) + 0.1
    foot = _foot(shown)
    below_in = EDGE_IN + (foot.count("\n") + 1) * footer_in + 0.05
    whole_in = header_in + height_in + below_in
    left = EDGE_IN / WIDTH_IN
    between = (left, below_in / whole_in, 1.0 - 2 * left, height_in / whole_in)
    figure = Figure(figsize=(WIDTH_IN, whole_in), layout=ConstrainedLayoutEngine(rect=between))

    def at(distance_in: float) -> float:
        return 1.0 - distance_in / whole_in

    heading = figure.suptitle(title, x=left, y=at(EDGE_IN), ha="left", va="top", fontsize=_TITLE_PT, fontweight="bold")
    heading.set_in_layout(False)
    under_in = EDGE_IN + title_in
    figure.text(left, at(under_in), "\n".join(lines), va="top", fontsize=_TEXT_PT, linespacing=_LINE, color=INK)
    if key:
        corner = (left, at(under_in + text_in * len(lines) + 0.07))
        figure.legend(handles=key, loc="upper left", bbox_to_anchor=corner, ncols=columns)
    figure.text(left, EDGE_IN / whole_in, foot, va="bottom", fontsize=_FOOTER_PT, linespacing=_LINE, color=MUTED)
    return figure


def _key_columns(letters: list[int]) -> int:
    """Return in how many columns the samples of a key fit side by side, by the letters of their labels."""
    most = max(1, len(letters)) if len(letters) <= _MOST_KEYS_A_ROW else _MOST_KEYS_A_ROW - 1
    for columns in range(most, 1, -1):
        rows = math.ceil(len(letters) / columns)
        widest = (max(letters[rows * column : rows * (column + 1)], default=0) for column in range(columns))
        if sum(widest) + _LETTERS_A_SAMPLE * columns <= _LETTERS_A_LINE:
            return columns
    return 1


def unbroken(sentence: str) -> str:
    """Keep a number, its error and its unit on one line."""
    return _NUMBER_AND_UNIT.sub("\N{NO-BREAK SPACE}", sentence.replace(" ± ", "\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}"))


def _foot(shown: Run | Sweep | Comparison | Footer) -> str:
    """Return the foot: the title on one line, and below it what was simulated."""
    foot = footer_of(shown)
    parts = " · ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in foot.parts)
    return "\n".join([shortened(foot.title, _ROOM_IN, _FOOTER_PT), *wrapped(parts, _ROOM_IN, _FOOTER_PT)])


def laid_out(figure: Figure) -> None:
    """Lay a figure out once and for all, so that every file of it has the same layout."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    figure.set_layout_engine("none")


def in_words_only(shown: Run | Sweep | Comparison | Footer, title: str, sentence: str) -> Figure:
    """Return a figure that says in words why there is nothing to draw."""
    figure = new_figure(shown, title, "", height_in=0.9)
    axes = figure.subplots()
    axes.set_axis_off()
    axes.text(0.5, 0.5, textwrap.fill(sentence, 80), transform=axes.transAxes, ha="center", va="center", fontsize=10)
    laid_out(figure)
    return figure


def thousands(axes: Axes) -> None:
    """Write the numbers of the vertical axis as 1,500."""
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
