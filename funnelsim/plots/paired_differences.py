"""The figure of how plans differ on the same vehicles: each difference with its confidence interval, against zero."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import TOO_FEW, plus_minus
from funnelsim.experiments.compare import Comparison
from funnelsim.experiments.differences import Difference
from funnelsim.experiments.ranking import more_is_better
from funnelsim.plots.formatting import capitalised, shortened_apart
from funnelsim.plots.line_styles import SOLID, Dashes
from funnelsim.plots.style import DARK, INK, MUTED, house_style, laid_out, new_figure
from funnelsim.wording import two_digits

_ROW_IN, _PANEL_IN = 0.24, 0.62
_MINUS = "\N{MINUS SIGN}"
_GREY = "#8a8a8a"


@dataclass(frozen=True)
class _Form:
    """How a difference is drawn: its mark with its size, and the dashes of its interval."""

    mark: str
    size: float
    dashes: Dashes


_FORMS = {"better": _Form("o", 6.5, SOLID), "worse": _Form("X", 7.5, (0.0, (1.6, 0.8)))}
_UNSEEN = _Form("o", 6.0, SOLID)
_EXACT = 1e-9  # a half-width this small beside its mean is rounding


@house_style()
def paired_differences(comparison: Comparison) -> Figure:
    """Draw the differences between plans, a panel a measure and a row a pair of plans.

    Parameters
    ----------
    comparison
        Plans side by side.
    """
    by_measure = differences_by_measure(comparison)
    rows = [len(found) for found in by_measure.values()]
    figure = new_figure(
        comparison,
        "How the plans differ" + (", on the same vehicles" if comparison.paired else ""),
        _said(comparison),
        height_in=sum(_PANEL_IN + _ROW_IN * number for number in rows),
        key=_key(),
    )
    panels = figure.subplots(len(rows), 1, squeeze=False, height_ratios=[number + 0.8 for number in rows])[:, 0]
    for axes, (measure, found) in zip(panels, by_measure.items(), strict=True):
        _draw(axes, measure, found)
    laid_out(figure)
    return figure


def differences_by_measure(comparison: Comparison) -> dict[str, list[Difference]]:
    """Return the differences of each measure, measures and pairs in the order of the comparison."""
    order = list(dict.fromkeys(found.measure for found in comparison.differences))
    ordered = sorted(comparison.differences, key=lambda found: order.index(found.measure))
    return {measure: list(found) for measure, found in groupby(ordered, key=lambda found: found.measure)}


def verdict(found: Difference) -> str:
    """Return what a difference says: better, worse, not seen, or not known where a plan has no such measure."""
    if not math.isfinite(found.estimate.mean):
        return "not known"
    if found.estimate.mean == 0.0 and found.estimate.certain:
        return "no difference"
    if not found.seen:
        return "no difference seen" if math.isfinite(found.estimate.half_width) else TOO_FEW
    return "better" if (found.estimate.mean > 0.0) == more_is_better(found.measure) else "worse"


def _said(comparison: Comparison) -> str:
    seen = sum(verdict(found) in ("better", "worse") for found in comparison.differences)
    firsts = list(dict.fromkeys(found.first for found in comparison.differences))
    against = f"Each plan compared with “{firsts[0]}”. " if len(firsts) == 1 else ""
    unsettled = [found.to_settle for found in comparison.differences if found.to_settle is not None]
    said = f"{against}{seen} of {len(comparison.differences)} differences are clear of zero"
    if not unsettled:
        return f"{said}."
    return f"{said}; about {two_digits(max(unsettled)):,} operations of each plan would settle the others."


def _draw(axes: Axes, measure: str, differences: Sequence[Difference]) -> None:
    described = measure_named(measure)
    axes.axvline(0.0, color=INK, linewidth=1.1, zorder=2)
    reach = 0.0
    for row, found in enumerate(differences):
        shown = found.estimate.times(described.unit.factor)
        seen = verdict(found) in ("better", "worse")
        colour = DARK if seen else _GREY
        form = _FORMS.get(verdict(found), _UNSEEN)
        if math.isfinite(shown.half_width):
            axes.plot([shown.low, shown.high], [row, row], color=colour, linewidth=2.2, linestyle=form.dashes)
        axes.plot(
            shown.mean,
            row,
            form.mark,
            markersize=form.size,
            color=colour if seen else "white",
            markeredgecolor=colour,
            zorder=4,
        )
        reach = max([reach, *(abs(end) for end in (shown.low, shown.high, shown.mean) if math.isfinite(end))])
        _write(axes, row, found)
    reach = 1.12 * reach or 1.0
    axes.set(xlim=(-reach, reach), ylim=(len(differences) - 0.4, -0.6))
    several = len({found.first for found in differences}) > 1
    names = [f"{found.second} {_MINUS} {found.first}" if several else found.second for found in differences]
    axes.set_yticks(range(len(names)), shortened_apart(names, 1.5, 8.0), fontsize=8.0)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0.0)
    axes.xaxis.set_major_locator(MaxNLocator(7))
    axes.xaxis.set_major_formatter(lambda value, _: _signed(value, ",.4g") if value else "0")
    axes.set_title(capitalised(described.axis_label))


def _write(axes: Axes, row: int, found: Difference) -> None:
    """Write a difference and its verdict to the right of its row."""
    said = verdict(found)
    axes.annotate(
        said if said in ("no difference", "not known") else f"{number_text(found)}  {said}",
        (1.02, row),
        xycoords=axes.get_yaxis_transform(),
        va="center",
        fontsize=7.0,
        fontweight="bold" if said in ("better", "worse") else "normal",
        color=INK if said in ("better", "worse") else MUTED,
        annotation_clip=False,
    )


def number_text(found: Difference) -> str:
    """Return a difference with its half-width, as many digits as the half-width has."""
    factor = measure_named(found.measure).unit.factor
    mean, half = found.estimate.mean * factor, found.estimate.half_width * factor
    if not half > _EXACT * abs(mean):
        return _signed(mean, ",.4g")
    digits = max(0, 1 - math.floor(math.log10(half)))  # two places that count
    return plus_minus(f"{half:,.{digits}f}", _signed(mean, f",.{digits}f"))


def _signed(value: float, form: str) -> str:
    return f"{value:+{form}}".replace("-", _MINUS)


def _key() -> list[Artist]:
    key: list[Artist] = [
        Line2D(
            [], [], color=DARK, marker=form.mark, markersize=form.size, linestyle=form.dashes, linewidth=2.2, label=said
        )
        for said, form in _FORMS.items()
    ]
    unseen = Line2D([], [], color=_GREY, marker=_UNSEEN.mark, linewidth=2.2, markerfacecolor="white")
    unseen.set_label("no difference seen: the interval includes zero")
    return [*key, unseen]
