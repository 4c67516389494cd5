"""The figure of bad days: how often each limit is kept and how many targets are found, a row a day."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

import funnelsim
from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import PER_CENT, Estimate
from funnelsim.analysis.limits import LimitCheck
from funnelsim.decision.bad_days.stress import Stress
from funnelsim.decision.bad_days.verdict import broken_text, impossible_text
from funnelsim.decision.levers.levers import FOUND
from funnelsim.plots.footer import Footer, days_differ
from funnelsim.plots.formatting import capitalised, shortened_apart
from funnelsim.plots.style import DARK, INK, MUTED, WARM, house_style, laid_out, new_figure
from funnelsim.wording import counted, joined

_TITLE: Final = "What bad days do to the plan"
_ORDINARY: Final = "ordinary day"
_ROW_IN, _EDGES_IN = 0.26, 0.75
_NAMES_IN, _NAMES_PT = 1.8, 7.0
_BELOW: Final = 0.28  # of a row: where the mark of a lever stands
_KEPT, _NOT_KEPT, _BROKEN = "limit kept", "not kept", "broken by the day"
_MARKS: Final[Mapping[str, dict[str, Any]]] = {
    _KEPT: {"marker": "o", "linestyle": "none", "color": DARK},
    _NOT_KEPT: {"marker": "o", "linestyle": "none", "color": WARM, "markerfacecolor": "white"},
    _BROKEN: {"marker": "X", "linestyle": "none", "color": WARM},
}


@house_style()
def bad_days(stress: Stress) -> Figure:
    """Draw in which share of operations each limit is kept and how many targets are found, a row a bad day.

    Parameters
    ----------
    stress
        The plan on bad days, with what insures it.
    """
    names = [_ORDINARY, *(one.day.name for one in stress.days)]
    figure = new_figure(_footer(stress), _TITLE, _said(stress), _EDGES_IN + _ROW_IN * len(names), _key(stress))
    panels = figure.subplots(1, 1 + len(stress.checks), sharey=True, squeeze=False)[0]
    for place, check in enumerate(stress.checks):
        _draw_limit(panels[place], stress, place, check)
    _draw_finds(panels[-1], stress)
    panels[0].set_yticks(range(len(names)), shortened_apart(names, _NAMES_IN, _NAMES_PT), fontsize=_NAMES_PT)
    panels[0].set_ylim(len(names) - 0.4, -0.6)
    for axes in panels:
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0.0)
    laid_out(figure)
    return figure


def _draw_limit(axes: Axes, stress: Stress, place: int, check: LimitCheck) -> None:
    axes.axvline(PER_CENT * check.wanted, color=WARM, linewidth=1.1, linestyle=(0.0, (4.0, 2.0)), zorder=1)
    _mark(axes, check.kept_in.times(PER_CENT), 0.0, _KEPT if check.kept else _NOT_KEPT)
    for row, one in enumerate(stress.days, start=1):
        under = one.checks[place]
        _mark(axes, under.kept_in.times(PER_CENT), row, _fares(under, one.broken))
        if one.insurance is not None and one.insurance.insures:
            _mark_lever(axes, one.insurance.checks[place].kept_in.times(PER_CENT), row + _BELOW)
    axes.set_xlim(-8.0, 108.0)  # room between 100 and the 0 of the next panel
    axes.set_xticks([0.0, 50.0, 100.0])
    label = capitalised(measure_named(check.measure).label)
    axes.set_xlabel(f"{label}\nat most {check.value_text}:\nkept in % of operations")


def _draw_finds(axes: Axes, stress: Stress) -> None:
    before = stress.estimates[FOUND]
    axes.axvline(before.mean, color=MUTED, linewidth=0.8, zorder=1)
    _mark(axes, before, 0.0)
    for row, one in enumerate(stress.days, start=1):
        _mark(axes, one.estimates[FOUND], row)
    most = max(found.high for found in (before, *(one.estimates[FOUND] for one in stress.days)))
    most = most if most > 0.0 else 1.0
    axes.set_xlim(-0.08 * most, 1.08 * most)
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.set_xlabel("Targets found\nper operation")


def _fares(check: LimitCheck, broken: Sequence[str]) -> str:
    """Return how a limit fares on a bad day that breaks some limits."""
    if check.kept:
        return _KEPT
    return _BROKEN if check.key in broken else _NOT_KEPT


def _mark(axes: Axes, found: Estimate, row: float, fares: str = _KEPT) -> None:
    if math.isfinite(found.half_width):
        axes.plot([found.low, found.high], [row, row], color=INK, linewidth=1.2, zorder=2)
    axes.plot([found.mean], [row], markersize=5.5, zorder=3, **_MARKS[fares])


def _mark_lever(axes: Axes, found: Estimate, row: float) -> None:
    axes.plot([found.low, found.high], [row, row], color=MUTED, linewidth=0.8, zorder=2)
    axes.plot([found.mean], [row], "D", color=DARK, markerfacecolor="white", markersize=4.0, zorder=3)


def _key(stress: Stress) -> list[Line2D]:
    interval = Line2D([], [], color=INK, linewidth=1.2, label="95 % interval")
    ordinary = Line2D([], [], color=MUTED, linewidth=0.8, label="found on an ordinary day")
    if not stress.checks:
        return [interval, ordinary]
    drawn = {_KEPT if check.kept else _NOT_KEPT for check in stress.checks}
    drawn |= {_fares(check, one.broken) for one in stress.days for check in one.checks}
    key = [Line2D([], [], **mark, label=fares) for fares, mark in _MARKS.items() if fares in drawn]
    key.append(interval)
    if any(one.insurance is not None and one.insurance.insures for one in stress.days):
        lever = Line2D([], [], marker="D", linestyle="none", color=DARK, markerfacecolor="white", label="with a lever")
        key.append(lever)
    wanted = Line2D([], [], color=WARM, linewidth=1.1, linestyle=(0.0, (4.0, 2.0)), label="share wanted")
    return [*key, wanted, ordinary]


def _said(stress: Stress) -> str:
    """Return which levers insure against which days, and on which the plan cannot be carried out."""
    return "\n".join(line for line in (_insured(stress), impossible_text(stress)) if line)


def _insured(stress: Stress) -> str:
    if not stress.uninsured:
        return broken_text(stress) if stress.checks else "The scenario has no limits."
    by_lever: dict[str, list[str]] = {}
    for one in stress.uninsured:
        found = one.insurance
        name = found.lever.lever.name if found is not None and found.insures and found.lever is not None else ""
        named = f"probably {name}" if name and found is not None and found.probably else name
        by_lever.setdefault(named, []).append(one.day.name)
    lines = [f"Against {joined(days)}: {lever}." for lever, days in by_lever.items() if lever]
    if "" in by_lever:
        lines.append(f"Against {joined(by_lever[''])}: no lever alone.")
    return "\n".join(["The cheapest lever that insures against each bad day that breaks a limit:", *lines])


def _footer(stress: Stress) -> Footer:
    number = f"{counted(stress.replications, 'simulated operation')} each"
    said = f"seed {stress.seed}", number, days_differ(stress.scenario), "the same random numbers"
    return Footer(stress.scenario.title, (*said, f"funnelsim {funnelsim.__version__}"))
