"""What a trade-off says: its title, and the answer under it."""

import numpy as np
import polars as pl

from funnelsim.analysis.limits import Limit
from funnelsim.experiments.point_estimates import estimate_of, means
from funnelsim.experiments.ranking import best_within, kept, limits_of, more_is_better, reaches_across
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.keys import point_words
from funnelsim.plots.limit_region import limit_sentence
from funnelsim.plots.measures import measure_words
from funnelsim.plots.words import how_often, with_error


def title(x: str, y: str) -> str:
    """Return the title of a trade-off."""
    if (x, y) == ("expected_detections", "delay_p95_s"):
        return "What more findings cost other drivers"
    return f"{measure_words(x).name[:1].upper()}{measure_words(x).name[1:]} against {measure_words(y).name}"


def answer(sweep: Sweep, x: str, y: str) -> str:
    """Return which point is best in `x` within the scenario's limits, and how sure that is."""
    limits = limits_of(sweep)
    if not limits:
        said = "The scenario names no limits, so there is no best point"
        if x != "expected_detections" or more_is_better(y):
            return f"{said}."
        price = measure_words(y).name.split(" that ")[0]
        return f"{said}: along the efficient points more is found only at the price of more {price}."
    named = ", ".join(limit_sentence(limit.measure, limit.single) for limit in limits)
    best = best_within(sweep, x, limits)
    if best is None:
        return f"No design point keeps the limits on average ({named})."
    words = measure_words(x)
    value = _with_error(sweep, best, x)
    most = "most" if more_is_better(x) else "least"
    said = f"Best within the limits ({named}): {point_words(sweep, best)}: {value}"
    said += " targets found in an operation." if x == "expected_detections" else f" {words.unit}, the {most} of all."
    said += "".join(_how_sure(sweep, best, limit) for limit in limits)
    return said + _also(sweep, x, best, limits)


def _with_error(sweep: Sweep, row: int, measure: str) -> str:
    words = measure_words(measure)
    estimate = estimate_of(sweep, row, measure)
    digits = 2 if abs(estimate.mean * words.times) < 1.0 else 1 if words.unit == "minutes" else 0
    return with_error(estimate, words.times, digits)


def _how_sure(sweep: Sweep, row: int, limit: Limit) -> str:
    """Return how near a limit the best point is."""
    words = measure_words(limit.measure)
    point = sweep.points["point"][row]
    values = sweep.replications.filter(pl.col("point") == point).select(limit.measure).collect()[limit.measure]
    broken = values.to_numpy() > limit.values[row]
    what = "delay" if limit.measure == "delay_p95_s" else "queue"
    if reaches_across(sweep, row, limit):
        error = f"{_with_error(sweep, row, limit.measure)} {words.unit}"
        return f" The error bar of its {what}, {error}, reaches across the limit, which breaks in {how_often(broken)}."
    return f" The limit of the {what} breaks in {how_often(broken)}." if broken.any() else ""


def _also(sweep: Sweep, x: str, best: int, limits: list[Limit]) -> str:
    """Return how many points do better but break a limit by less than their error."""
    sign = 1.0 if more_is_better(x) else -1.0
    better = np.flatnonzero((sign * means(sweep, x) > sign * means(sweep, x)[best]) & ~kept(sweep, limits))
    near = [row for row in better.tolist() if all(_perhaps(sweep, row, limit) for limit in limits)]
    if not near:
        return ""
    most = max(near, key=lambda row: sign * means(sweep, x)[row])
    said = point_words(sweep, most)
    return f" {said[:1].upper()}{said[1:]} may keep the limits as well: its error bar reaches back."


def _perhaps(sweep: Sweep, row: int, limit: Limit) -> bool:
    """Return whether a point keeps a limit, or may do so within its error."""
    return kept(sweep, [limit])[row] or reaches_across(sweep, row, limit)
