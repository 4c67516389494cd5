"""The figure of what is found against what it costs others: the efficient plans, their ends named, the rest in grey."""

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import estimate_text
from funnelsim.analysis.limits import Limit, LimitCheck
from funnelsim.experiments.circumstances import circumstances_of
from funnelsim.experiments.key_words import key_words, point_words
from funnelsim.experiments.point_estimates import estimate_of, means
from funnelsim.experiments.ranking import YIELD, best_within, check_of, kept, limits_of, more_is_better
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.formatting import capitalised, shortened
from funnelsim.plots.limit_region import limits_sentence
from funnelsim.plots.style import WIDTH_IN, house_style, in_words_only, laid_out, new_figure
from funnelsim.plots.trade_off_panels import TradeOffPanels
from funnelsim.plots.varied_keys import check_key, rate_key, staff_key, untold_sentence
from funnelsim.wording import joined


@house_style()
def trade_off(
    sweep: Sweep,
    x: str = YIELD,
    y: str = "delay_p95_s",
    colour: str | None = None,
    label: str | None = None,
) -> Figure:
    """Draw one measure of all design points against another, with the limits and the points worth choosing.

    Keys that neither marks nor lines stand for have a panel for each of their values.

    Parameters
    ----------
    sweep
        The design points.
    x, y
        The two measures.
    colour
        The varied key that a mark stands for; by default the one for staff or bays.
    label
        The varied key along a line; by default another one.

    Raises
    ------
    FunnelsimError
        If a measure or key is not known.
    """
    across, up = means(sweep, x), means(sweep, y)
    colour, label = _keys(sweep, colour, label)
    if not np.any(np.isfinite(across) & np.isfinite(up)):
        return in_words_only(sweep, _title(x, y), "No point has both measures.")
    drawing = TradeOffPanels(sweep, x, y, colour, label)
    rows, columns = drawing.shape
    height_in = 4.0 if rows * columns == 1 else 0.2 + 2.5 * rows
    said = _answer(sweep, x, y) + untold_sentence(drawing.untold)
    figure = new_figure(sweep, _title(x, y), said, height_in=height_in, key=drawing.key())
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flatten().tolist()
    drawing.draw(panels)
    laid_out(figure)
    drawing.write(panels)
    return figure


def trade_off_table(sweep: Sweep, x: str = YIELD, y: str = "delay_p95_s") -> pl.DataFrame:
    """Return what the figure draws: a row a point, its varied keys, both measures in the units drawn, how it fares."""
    return TradeOffPanels(sweep, x, y, *_keys(sweep, None, None)).table()


def _keys(sweep: Sweep, colour: str | None, label: str | None) -> tuple[str | None, str]:
    """Return the keys that a mark and a place along a line stand for."""
    colour = check_key(sweep, colour) if colour is not None else staff_key(sweep)
    return colour, check_key(sweep, label) if label is not None else rate_key(sweep, colour)


def _title(x: str, y: str) -> str:
    """Return the title of a trade-off."""
    if (x, y) == (YIELD, "delay_p95_s"):
        return "What more findings cost other drivers"
    names = ["targets found" if measure == YIELD else measure_named(measure).label for measure in (x, y)]
    return shortened(capitalised(" against ".join(names)), WIDTH_IN - 0.3, 11.0)


def _answer(sweep: Sweep, x: str, y: str) -> str:
    """Return which point is best in `x` within the scenario's limits, and how sure that is."""
    if circumstances := circumstances_of(sweep):
        return (
            f"{capitalised(joined([key_words(key) for key in circumstances]))} cannot be chosen, so no point is best."
        )
    limits = limits_of(sweep)
    if not limits:
        said = "The scenario sets no limits, so no point is best"
        if x != YIELD or more_is_better(y):
            return f"{said}."
        described = measure_named(y)
        price = (described.in_full or described.label).split(" that ")[0]
        return f"{said}: among the efficient points, finding more costs more {price}."
    named = limits_sentence(limits)
    best = best_within(sweep, x, limits)
    if best is None:
        return f"No point stays within the limits ({named})."
    value = estimate_text(estimate_of(sweep, best, x), measure_named(x).unit.factor)
    most = "most" if more_is_better(x) else "least"
    said = f"Best within the limits ({named}): {point_words(sweep, best)}, with {value}"
    unit = measure_named(x).unit.word
    said += " targets found in an operation." if x == YIELD else f"{unit and ' '}{unit}, the {most} of all."
    said += "".join(_how_sure(sweep, best, limit) for limit in limits)
    return said + _also(sweep, x, best, limits)


def _how_sure(sweep: Sweep, row: int, limit: Limit) -> str:
    """Return in how many operations the best point keeps a limit, unless it always does."""
    check = check_of(sweep, row, limit)
    if check.kept_in.mean == 1.0 and not check.open:
        return ""
    what = "delay" if limit.measure == "delay_p95_s" else "queue"
    return f" The limit on its {what} is {check.kept_text}."


def _also(sweep: Sweep, x: str, best: int, limits: list[Limit]) -> str:
    """Return which point does better and may keep the limits in enough operations, as far as those simulated tell."""
    sign = 1.0 if more_is_better(x) else -1.0
    better = np.flatnonzero((sign * means(sweep, x) > sign * means(sweep, x)[best]) & ~kept(sweep, limits))
    near = [row for row in better.tolist() if all(_perhaps(check_of(sweep, row, limit)) for limit in limits)]
    if not near:
        return ""
    most = max(near, key=lambda row: sign * means(sweep, x)[row])
    said = point_words(sweep, most)
    return f" {said[:1].upper()}{said[1:]} may also stay within the limits: the operations simulated do not settle it."


def _perhaps(check: LimitCheck) -> bool:
    """Return whether a point keeps a limit, or may keep it."""
    return check.kept or check.open
