"""The tornado: by how much each choice of a plan moves the finds up and down, the largest on top."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from funnelsim.analysis.estimates import Estimate
from funnelsim.decision.levers.levers import FOUND, RETUNED, Levers
from funnelsim.experiments.differences import Difference
from funnelsim.plots.formatting import drawn_width_in, shortened_apart
from funnelsim.plots.paired_differences import number_text
from funnelsim.plots.style import INK, MIDDLE, MUTED, house_style, in_words_only, laid_out, new_figure
from funnelsim.wording import counted

_TITLE: Final = "What would find more, and what less"
_ROW_IN, _EDGES_IN = 0.3, 0.62
_MOST_ROWS: Final = 30
_NAMES_IN, _NAMES_PT = 1.9, 8.0
_WHOLE: Final = 0.64  # height of the bars of a row
_ENDS_PT: Final = 6.5
_GAP_PT: Final = 3.0
_GAP_IN: Final = 0.08
_AXES_IN: Final = 4.2  # the least width that names leave
_ROUNDS: Final = 8
_MINUS: Final = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Bar:
    """What one lever does to the finds.

    Attributes
    ----------
    to
        To what it changes the choice, in words.
    found
        The difference in finds.
    """

    to: str
    found: Difference


@house_style()
def tornado(levers: Levers) -> Figure:
    """Draw the difference in finds that each lever makes, a row a choice, sorted by the largest difference.

    Choices that no lever is seen to move in either direction are named below the title.

    Parameters
    ----------
    levers
        The plan with one choice changed at a time.
    """
    rows = tornado_rows(levers)
    said = _said(levers, list(rows))
    if not rows:
        return in_words_only(levers.comparison, _TITLE, said)
    key = [
        Patch(facecolor=MIDDLE, label="difference seen"),
        Patch(facecolor="white", edgecolor=MIDDLE, label="no difference seen"),
        Line2D([], [], color=INK, linewidth=1.3, label="interval"),
    ]
    figure = new_figure(levers.comparison, _TITLE, said, _EDGES_IN + _ROW_IN * len(rows), key)
    axes = figure.subplots()
    axes.axvline(0.0, color=INK, linewidth=1.1, zorder=5)
    for row, bars in enumerate(rows.values()):
        for bar, middle, height in _placed(bars, row):
            _draw(axes, bar, middle, height)
    _finish(axes, rows)
    laid_out(figure)
    return figure


def tornado_rows(levers: Levers) -> dict[str, list[Bar]]:
    """Return by choice what its levers do, the largest difference first.

    Choices without a difference that is seen are left out, and the smallest ones for which there is no room.
    """
    by_choice: dict[str, list[Bar]] = {}
    for name, lever in levers.plans.tried.items():
        if name in levers.differences:
            by_choice.setdefault(lever.choice, []).append(Bar(lever.to, levers.differences[name][FOUND]))
    seen = {choice: bars for choice, bars in by_choice.items() if any(bar.found.seen for bar in bars)}
    order = sorted(seen, key=lambda choice: -max(abs(bar.found.estimate.mean) for bar in seen[choice]))
    return {choice: seen[choice] for choice in order[:_MOST_ROWS]}


def _said(levers: Levers, shown: Sequence[str]) -> str:
    """Return what the levers are compared with, and which choices are not drawn."""
    lines = ["Each bar is the difference in targets found per operation when one choice changes."]
    if levers.retuned:
        found = levers.differences[RETUNED][FOUND]
        lines[0] += f" Each plan has the {RETUNED}, also the one compared with."
        size = f"{number_text(found)} targets found" if found.seen else "no difference in finds seen"
        lines.append(f"The {RETUNED} against the rates as planned: {size}.")
    else:
        lines[0] += " All other choices stay as planned, selection rates included."
    choices = {lever.choice: False for name, lever in levers.plans.tried.items() if name in levers.differences}
    for name, lever in levers.plans.tried.items():
        if name in levers.differences and levers.differences[name][FOUND].seen:
            choices[lever.choice] = True
    if smaller := [choice for choice, seen in choices.items() if seen and choice not in shown]:
        lines.append(f"Not drawn: {counted(len(smaller), 'choice')} with smaller differences.")
    if unseen := [choice for choice, seen in choices.items() if not seen]:
        lines.append(f"No difference in finds seen: {'; '.join(unseen)}.")
    return "\n".join(lines)


def _placed(bars: Sequence[Bar], row: int) -> list[tuple[Bar, float, float]]:
    """Return the bars of a row with middle and height: on one line where one goes up and the other down."""
    if len({math.copysign(1.0, bar.found.estimate.mean) for bar in bars if bar.found.seen}) == len(bars):
        return [(bar, row, _WHOLE) for bar in bars]
    step = _WHOLE / len(bars)
    return [(bar, row - _WHOLE / 2.0 + (place + 0.5) * step, 0.92 * step) for place, bar in enumerate(bars)]


def _draw(axes: Axes, bar: Bar, middle: float, height: float) -> None:
    found = bar.found.estimate
    face = MIDDLE if bar.found.seen else "white"
    axes.barh(middle, found.mean, height, facecolor=face, edgecolor=MIDDLE, linewidth=0.8, zorder=2)
    if math.isfinite(found.half_width):
        axes.plot([found.low, found.high], [middle, middle], color=INK, linewidth=1.3, zorder=4)
    up = found.mean >= 0.0
    axes.annotate(
        bar.to,
        (_end(found), middle),
        (_GAP_PT if up else -_GAP_PT, 0.0),
        textcoords="offset points",
        ha="left" if up else "right",
        va="center_baseline",
        fontsize=_ENDS_PT,
        color=INK if bar.found.seen else MUTED,
    )


def _end(found: Estimate) -> float:
    """Return where a bar with its interval ends, on the side of its mean."""
    ends = [found.mean, *(end for end in (found.low, found.high) if math.isfinite(end))]
    return max(ends) if found.mean >= 0.0 else min(ends)


def _finish(axes: Axes, rows: Mapping[str, Sequence[Bar]]) -> None:
    axes.set_xlim(*_limits([bar for bars in rows.values() for bar in bars]))
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_yticks(range(len(rows)), shortened_apart(list(rows), _NAMES_IN, _NAMES_PT), fontsize=_NAMES_PT)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0.0)
    axes.xaxis.set_major_locator(MaxNLocator(7))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+,.4g}".replace("-", _MINUS) if value else "0")
    axes.set_xlabel("Difference in targets found per operation")


def _limits(bars: Sequence[Bar]) -> tuple[float, float]:
    """Return the ends of the horizontal axis, with room for what stands beside the bars and their intervals."""
    found = [bar.found.estimate for bar in bars]
    ends = [end for one in found for end in (one.mean, one.low, one.high) if math.isfinite(end)]
    low, high = least, most = min(0.0, *ends), max(0.0, *ends)
    for _ in range(_ROUNDS):  # the room in the axis' unit depends on its ends
        rooms = [(high - low) * (_GAP_IN + drawn_width_in(bar.to, _ENDS_PT)) / _AXES_IN for bar in bars]
        beside = [_end(one) + math.copysign(room, one.mean) for one, room in zip(found, rooms, strict=True)]
        low, high = min(least, *beside), max(most, *beside)
    return low, high
