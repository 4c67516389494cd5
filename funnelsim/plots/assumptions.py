"""The assumptions that matter: the share of the variance of each, and how the difference of plans depends on it."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

import funnelsim
from funnelsim.decision.uncertainty.assumption_words import likely
from funnelsim.decision.uncertainty.indices import Index
from funnelsim.decision.uncertainty.responses import FOUND
from funnelsim.decision.uncertainty.sensitivity import Sensitivity
from funnelsim.decision.uncertainty.value_of_information import Choice
from funnelsim.plots.footer import Footer
from funnelsim.plots.formatting import shortened
from funnelsim.plots.style import DARK, INK, LIGHT, STRONG, WARM, house_style, in_words_only, laid_out, new_figure
from funnelsim.wording import counted

_TITLE: Final = "Which assumptions matter"
_MOST_BARS: Final = 10
_MOST_CURVES: Final = 3
_ROW_IN, _EDGES_IN, _CURVES_IN = 0.34, 0.6, 1.75
_NAMES_IN, _NAMES_PT = 2.3, 7.5
_PANEL_IN, _PANEL_PT = 1.8, 8.0
_BAR: Final = 0.62
_SHOWN: Final = (0.05, 0.5, 0.95)
_ENDS: Final = (0.02, 0.98)
_MINUS: Final = "\N{MINUS SIGN}"


@house_style()
def assumptions(made: Sensitivity) -> Figure:
    """Draw the shares of the variance, and below them how the difference depends on the three largest inputs.

    With several plans it is the difference in targets found from the first plan of the other one that is most likely
    the best, else the finds of the only plan.

    Parameters
    ----------
    made
        The analysis.
    """
    bars = drawn_shares(made)
    if not bars:
        return in_words_only(_footer(made), _TITLE, "No assumption moves the targets found.")
    choice = made.findings.choice
    key = [
        Patch(facecolor=STRONG, label="alone"),
        Patch(facecolor=LIGHT, label="together with others"),
        Line2D([], [], color=INK, linewidth=1.0, label="95 % interval"),
    ]
    above_in = _EDGES_IN + _ROW_IN * len(bars)
    if choice is None:
        figure = new_figure(_footer(made), _TITLE, _said(made), above_in, key)
        _bars(figure.subplots(), made, bars)
    else:
        key.append(Line2D([], [], color=WARM, linewidth=1.2, label="both find the same"))
        figure = new_figure(_footer(made), _TITLE, _said(made), above_in + _CURVES_IN, key)
        parts = figure.subfigures(2, 1, squeeze=False, height_ratios=[above_in, _CURVES_IN])
        above, below = parts[0, 0], parts[1, 0]
        _bars(above.subplots(), made, bars)
        shown = [one.input for one in bars[:_MOST_CURVES]]
        panels = below.subplots(1, len(shown), sharey=True, squeeze=False)[0]
        for axes, number in zip(panels, shown, strict=True):
            _curve(axes, made, choice, number)
        panels[0].set_ylabel(f"{shortened(made.plans[_rival(made)], 1.0, 8.0)} finds more\nper operation")
    laid_out(figure)
    return figure


def drawn_shares(made: Sensitivity) -> list[Index]:
    """Return the indices that are drawn, the largest first."""
    outputs = made.findings.outputs
    drawn = next(k for k, one in enumerate(outputs) if one.measure == FOUND and one.plan == _rival(made))
    found = [one for one in made.findings.indices if one.output == drawn]
    return sorted(found, key=lambda one: -one.total.mean)[:_MOST_BARS]


def _rival(made: Sensitivity) -> int:
    """Return the number of the plan that is compared with the first: the one that is most likely the best."""
    choice = made.findings.choice
    if choice is None:
        return 0
    return max(range(1, len(made.plans)), key=lambda plan: (choice.best[plan].mean, choice.difference[plan - 1].mean))


def _said(made: Sensitivity) -> str:
    if len(made.plans) == 1:
        return "Share of the variance of the targets found that each assumption makes up."
    names = f"{made.plans[_rival(made)]} and {made.plans[0]}"
    return (
        f"Above: the share of the variance of the difference in targets found between {names} that each assumption "
        "makes up. Below: the difference given one assumption, on average over all others; it lies below the "
        "three ticks with a probability of 5, 50 and 95 %."
    )


def _footer(made: Sensitivity) -> Footer:
    plans = f"{counted(len(made.plans), 'plan')}, {counted(made.operations, 'simulated operation')} each"
    said = f"seed {made.seed}", plans, counted(len(made.inputs), "assumption"), f"funnelsim {funnelsim.__version__}"
    return Footer(next(iter(made.scenarios.values())).title, said)


def _bars(axes: Axes, made: Sensitivity, bars: list[Index]) -> None:
    for row, one in enumerate(bars):
        axes.barh(row, 100.0 * one.total.mean, _BAR, color=LIGHT)
        axes.barh(row, 100.0 * one.first.mean, 0.5 * _BAR, color=STRONG)
        for of, away in ((one.total, 0.38), (one.first, 0.0)):
            line = [row + away * _BAR] * 2
            axes.plot([100.0 * of.low, 100.0 * of.high], line, color=INK, linewidth=1.0)
    names = ["\n".join(_two_lines_of(made.inputs[one.input].name, _NAMES_IN, _NAMES_PT)) for one in bars]
    axes.set_yticks(range(len(bars)), names, fontsize=_NAMES_PT)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(left=0.0)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0.0)
    axes.set_xlabel("Share of the variance, %")


def _curve(axes: Axes, made: Sensitivity, choice: Choice, number: int) -> None:
    mean, low, high = choice.curves[_rival(made) - 1, number]
    u = np.linspace(0.0, 1.0, len(mean))
    axes.fill_between(u, low, high, color=LIGHT, linewidth=0.0)
    axes.plot(u, mean, color=DARK, linewidth=1.4)
    axes.axhline(0.0, color=WARM, linewidth=1.2)
    words = likely(made.inputs[number], next(iter(made.demands.values())))
    axes.set_xticks(_SHOWN, [_two_lines(word.partition(" (")[0]) for word in words], fontsize=6.5)
    axes.set_xlim(*_ENDS)
    axes.set_title("\n".join(_two_lines_of(made.inputs[number].name, _PANEL_IN, _PANEL_PT)), fontsize=_PANEL_PT)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.3g}".replace("-", _MINUS))


def _two_lines_of(name: str, width_in: float, size_pt: float) -> list[str]:
    """Return whose assumption it is, and what it is: "contraband:", "prevalence"; one line where it is nobody's."""
    owner, colon, what = name.rpartition(": ")
    return [shortened(part, width_in, size_pt) for part in (owner + colon.strip(), what) if part]


def _two_lines(words: str) -> str:
    """Return words for a tick, on two lines: "1 in", "5,000 vans"."""
    first, blank, rest = words.partition(" in ") if " in " in words else words.partition(" ")
    return f"{first}{' in' if blank == ' in ' else ''}\n{rest}".strip()
