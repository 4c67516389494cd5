"""The page of the validation, with its figures, for readers who ask why they should believe the model."""

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import funnelsim
from funnelsim.plots import save_figure
from funnelsim.plots.footer import Footer
from funnelsim.plots.style import DARK, MUTED, WARM, house_style, laid_out, new_figure
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.comparison import BOUND_Z, Claim, Comparison
from funnelsim.validation.table import cells_of, summary, verdict
from funnelsim.wording import counted

FEWEST_DRAWN = 3
LINE_IN, MORE_IN = 0.17, 0.1  # height of a label, and of each further line in it
FRAME_IN = 0.45
LABEL_LETTERS = 62

OPENING = f"""\
Why should anyone believe these numbers? This page compares the model with what is known from elsewhere: closed forms of
queueing, traffic flow and detection theory, other simulators written by other people, published operations, and
findings of the literature. `make validation` computes all of it again and writes this page.

How to read a row. *Expected* is what theory, the other simulator or the publication says; *simulated* is what funnelsim
says. Where the simulated number is random, the number behind ± is the half-width of its 95 % confidence interval, and
*z* is the difference in standard errors. The two agree if z is between -{BOUND_Z:g} and {BOUND_Z:g}; chance alone
exceeds that once in two thousand comparisons. Where nothing is random, *allowed* is the largest difference allowed, and
the text above the table says why. Comparisons that differ stay in the table; where the reason is known, it stands
below."""


def save_page(chapters: Sequence[Chapter], effort: Effort, file: Path) -> None:
    """Write the page, and its figures to a folder of the same name beside it.

    Parameters
    ----------
    chapters
        The chapters, in order.
    effort
        How they were computed.
    file
        The page, such as docs/validation.md; an earlier one is replaced.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    folder = file.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    parts = [*_head(chapters, effort)]
    for chapter in chapters:
        parts += _chapter(chapter, folder)
    file.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _head(chapters: Sequence[Chapter], effort: Effort) -> Iterator[str]:
    yield "# Validation"
    yield OPENING
    quickly = " and few replications" if effort.quick else ""
    said = " ".join(map(str, summary(chapters).items))
    yield f"Made by funnelsim {funnelsim.__version__} with the {effort.engine} engine{quickly}. {said}"
    rows = []
    for chapter in chapters:
        agree = sum(line.agrees for line in chapter.lines)
        said = chapter.missing or f"{agree} of {counted(len(chapter.lines), 'comparison')}"
        rows.append((f"[{chapter.title}](#{_anchor(chapter.title)})", said))
    yield _table(("chapter", "agree"), rows)


def _chapter(chapter: Chapter, folder: Path) -> Iterator[str]:
    yield f"## {chapter.title}"
    yield chapter.text
    if chapter.missing:
        yield f"**Not run:** {chapter.missing}"
    numbers = [line for line in chapter.lines if isinstance(line, Comparison)]
    claims = [line for line in chapter.lines if isinstance(line, Claim)]
    if numbers:
        head = ("case", "expected", "simulated", "allowed", "z", "verdict", "source of the expected")
        yield _table(head, [(line.case, *cells_of(line)[:-1], _verdict(line), line.source) for line in numbers])
    if claims:
        rows = [(line.case, line.claim, line.measured, _verdict(line), line.source) for line in claims]
        yield _table(("study", "the publication", "funnelsim", "verdict", "source"), rows)
    notes = [f"- {line.case}: {text}" for line in chapter.lines for text in _said_of(line)]
    if notes:
        yield "\n".join(notes)
    drawn = [line for line in numbers if line.half_width and line.expected]
    figures = dict(chapter.figures)
    if len(drawn) >= FEWEST_DRAWN:
        figures[f"{chapter.name}_deviations"] = (
            deviations(chapter.title, drawn),
            "deviations with their 95 % confidence intervals",
        )
    for name, (figure, said) in figures.items():
        save_figure(figure, name, folder, ("png",))
        yield f"![{said}]({folder.name}/{name}.png)"


def _said_of(line: Comparison | Claim) -> Iterator[str]:
    if line.note:
        yield line.note
    if line.explanation and not line.agrees:
        yield line.explanation


def _verdict(line: Comparison | Claim) -> str:
    return verdict(line) if line.agrees else f"**{verdict(line)}**"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _anchor(title: str) -> str:
    """Return the anchor that Markdown viewers give a heading."""
    kept = "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -")
    return kept.replace(" ", "-")


@house_style()
def deviations(title: str, lines: Sequence[Comparison]) -> Figure:
    """Draw the deviation of each simulated from its expected number, in per cent, with its 95 % half-width.

    Parameters
    ----------
    title
        Of the chapter.
    lines
        The comparisons with a half-width and an expected number other than zero.
    """
    off = np.array([100.0 * (line.simulated / line.expected - 1.0) for line in lines])
    half = np.array([100.0 * (line.half_width or 0.0) / abs(line.expected) for line in lines])
    outside = int((np.abs(off) > half).sum())
    missing = f"{outside} of {len(lines)} intervals" if outside else "None of the intervals"
    said = (
        "Deviation of the simulated from the expected number, with the 95 % confidence interval. "
        f"{missing} {'miss' if outside > 1 else 'misses'} zero; by chance alone one in twenty would. "
        "Rows share random numbers, so neighbours deviate together."
    )
    key = [
        Line2D([], [], color=DARK, marker="o", markersize=3.5, linewidth=1.2, label="agrees"),
        Line2D([], [], color=WARM, marker="s", markersize=3.5, linewidth=1.2, label="differs"),
    ]
    foot = Footer(f"Validation: {title}", ("each row is a separate scenario", f"funnelsim {funnelsim.__version__}"))
    labels = [textwrap.fill(line.case, LABEL_LETTERS) for line in lines]
    height_in = FRAME_IN + (LINE_IN + MORE_IN * max(label.count("\n") for label in labels)) * len(lines)
    figure = new_figure(foot, title, said, height_in, key if any(not line.agrees for line in lines) else ())
    axes = figure.subplots()
    places = np.arange(len(lines))[::-1]
    for place, value, width, line in zip(places, off, half, lines, strict=True):
        colour, marker = (DARK, "o") if line.agrees else (WARM, "s")
        axes.errorbar(value, place, xerr=width, color=colour, marker=marker, markersize=3.5, linewidth=1.2, capsize=1.5)
    axes.axvline(0.0, color=MUTED, linewidth=0.8)
    axes.set_yticks(places, labels, fontsize=6.5, linespacing=1.0)
    axes.set_ylim(-0.7, len(lines) - 0.3)
    reach = 1.1 * float(np.max(np.abs(off) + half))
    axes.set_xlim(-reach, reach)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("deviation (%)")
    laid_out(figure)
    return figure
