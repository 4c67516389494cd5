"""The figure of the funnel seen from above: the road to the scale of the scenario, with the queue that stands on it."""

import math

import polars as pl
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from funnelsim.analysis.estimates import estimate_text, estimate_texts, how_often, mean_estimate
from funnelsim.experiments.run import Run
from funnelsim.plots.formatting import operations
from funnelsim.plots.funnel_drawing import Site, draw_area, draw_road, place_labels
from funnelsim.plots.shown_funnel import ShownFunnel, funnel_with_longest_queue
from funnelsim.plots.style import LIGHT, STRONG, house_style, laid_out, new_figure

_TO_SCALE = "Lengths along the road are to scale; widths, the taper and the area are not."
_MARKED = ("critical point", "warning sign", "exit")
_MEAN, _WORST = "longest queue, mean", "longest queue, worst operation"


@house_style()
def funnel(run: Run) -> Figure:
    """Draw the funnel from above: what stands how far upstream of the taper, the queue on it, the lane and the area.

    Parameters
    ----------
    run
        The replications of one scenario; of several funnels the one with the longest queue is drawn.
    """
    shown, site = funnel_with_longest_queue(run), site_of(run)
    where = f", {shown.direction}" if shown.direction else ""
    figure = new_figure(
        run, f"The funnel from above{where}", _said(shown), height_in=3.7, key=_key(site, len(shown.longest_m))
    )
    road, area = figure.subplots(2, 1, height_ratios=[1.0, 1.05])
    labels = draw_road(road, site)
    draw_area(area, site)
    laid_out(figure)
    place_labels(road, labels)
    return figure


def site_of(run: Run) -> Site:
    """Return what the figure draws of the funnel with the longest queue."""
    shown = funnel_with_longest_queue(run)
    return _site(funnel_table(run), estimate_texts(mean_estimate(shown.longest_m))[0])


def funnel_table(run: Run) -> pl.DataFrame:
    """Return what the figure draws, in metres upstream of the taper; what lies downstream has negative ones.

    Returns
    -------
    DataFrame
        Columns `part`, `from_m` and `to_m` (its ends), `low_m` and `high_m` (the 95 % interval of where a queue ends),
        and `number` (of lanes or spaces).
    """
    shown = funnel_with_longest_queue(run)
    plan, road = shown.plan, shown.plan.funnel
    longest, worst_m = mean_estimate(shown.longest_m), float(shown.longest_m.max())
    lane_m = road.lane_length_m
    distances_m = dict(zip(_MARKED, (road.critical_m, road.warning_m, road.exit_m), strict=True))
    rows = [
        ("approach", road.approach_m, 0.0, None, None, road.lanes),
        *((name, at_m, at_m, None, None, None) for name, at_m in distances_m.items() if math.isfinite(at_m)),
        (_MEAN, longest.mean, 0.0, longest.low, longest.high, None),
        (_WORST, worst_m, 0.0, None, None, None),
        ("lane", 0.0, -lane_m, None, None, 1),
        ("selection point", -lane_m, -lane_m, None, None, None),
        ("waiting spaces", None, None, None, None, plan.waiting),
        ("bays", None, None, None, None, plan.bays),
    ]
    columns = {
        "part": pl.String,
        **dict.fromkeys(("from_m", "to_m", "low_m", "high_m"), pl.Float64),
        "number": pl.Int64,
    }
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(pl.col(pl.Float64).fill_nan(None))


def _site(table: pl.DataFrame, mean_text: str) -> Site:
    """Return the lengths of the table as what the drawing needs."""
    rows = {row["part"]: row for row in table.iter_rows(named=True)}
    return Site(
        lanes=rows["approach"]["number"],
        approach_m=rows["approach"]["from_m"],
        lane_m=-rows["lane"]["to_m"],
        marks={name: rows[name]["from_m"] for name in _MARKED if name in rows},
        mean_m=rows[_MEAN]["from_m"],
        mean_text=mean_text,
        worst_m=rows[_WORST]["from_m"],
        many=rows[_MEAN]["low_m"] is not None or rows[_MEAN]["from_m"] != rows[_WORST]["from_m"],
        waiting=rows["waiting spaces"]["number"],
        bays=rows["bays"]["number"],
    )


def _said(shown: ShownFunnel) -> str:
    number, worst_m = len(shown.longest_m), float(shown.longest_m.max())
    if not worst_m > 0.0:
        return f"The queue never reaches beyond the lane. {_TO_SCALE}"
    said = f"In the simulated operation the queue reaches {worst_m:,.0f} m upstream of the taper."
    if number > 1:
        longest = estimate_text(mean_estimate(shown.longest_m))
        said = (
            f"The longest queue of an operation reaches {longest} m upstream of the taper on average, and "
            f"{worst_m:,.0f} m in the worst of {operations(number)}."
        )
    if math.isfinite(shown.plan.funnel.critical_m):
        said += f" It reaches the critical point in {how_often(shown.longest_m > shown.plan.funnel.critical_m)}."
    return f"{said}{shown.alone} {_TO_SCALE}"


def _key(site: Site, number: int) -> list[Artist]:
    if not site.worst_m > 0.0:
        return []
    if number == 1:
        return [Patch(color=STRONG, linewidth=0.0, label="longest queue of the operation")]
    worst = Patch(facecolor=LIGHT, edgecolor=STRONG, hatch="////", linewidth=0.0)
    worst.set_label(f"longest queue in the worst of {operations(number)}")
    return [Patch(color=STRONG, linewidth=0.0, label="longest queue of an operation, mean"), worst]
