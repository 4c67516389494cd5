"""Estimates at the design points of a sweep, and paired differences of two points."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from funnelsim.analysis.catalogue import check_measures
from funnelsim.analysis.estimates import Estimate, Estimates, columns_behind, difference_estimate, pseudo_values
from funnelsim.arrays import FloatArray
from funnelsim.experiments.sweep import Sweep


def measures_of(sweep: Sweep) -> list[str]:
    """Return the names of all measures that the sweep has estimates of."""
    return [name.removesuffix(".mean") for name in sweep.points.columns if name.endswith(".mean")]


def check_measure(sweep: Sweep, measure: str) -> str:
    """Return the name of a measure if the sweep has it.

    Raises
    ------
    FunnelsimError
        If it does not.
    """
    check_measures([measure], measures_of(sweep))
    return measure


def means(sweep: Sweep, measure: str) -> FloatArray:
    """Return the estimates of a measure, shape (points,); not a number where there is none."""
    return _column(sweep, f"{check_measure(sweep, measure)}.mean")


def interval_ends(sweep: Sweep, measure: str) -> tuple[FloatArray, FloatArray]:
    """Return the lower and the upper ends of a measure's intervals, each of shape (points,).

    Both are the estimate itself where there is no interval.
    """
    middle = means(sweep, measure)
    low, high = (_column(sweep, f"{measure}.{end}") for end in ("low", "high"))
    return np.where(np.isfinite(low), low, middle), np.where(np.isfinite(high), high, middle)


def _column(sweep: Sweep, name: str) -> FloatArray:
    values: FloatArray = sweep.points[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return values


def estimate_of(sweep: Sweep, row: int, measure: str) -> Estimate:
    """Return a measure at the point in a row of the table of points; not a number where the sweep has no such measure.

    Parameters
    ----------
    row
        From 0, which need not be the point's number.
    """

    def number(name: str) -> float:
        column = f"{measure}.{name}"
        value = sweep.points[column][row] if column in sweep.points.columns else None
        return math.nan if value is None else float(value)

    n = number("n")
    return Estimate(number("mean"), number("low"), number("high"), 0 if math.isnan(n) else int(n))


def estimates_of(sweep: Sweep, row: int) -> Estimates:
    """Return the estimates of all measures at the point in a row of the table of points."""
    return Estimates({name: estimate_of(sweep, row, name) for name in measures_of(sweep)})


def columns_of(sweep: Sweep, point: int) -> dict[str, FloatArray]:
    """Return by measure the values of a point's replications, in their order; null becomes not a number."""
    table = sweep.replications.filter(pl.col("point") == point).sort("replication").collect()
    return _values_in(table)


def _values_in(table: pl.DataFrame) -> dict[str, FloatArray]:
    return {name: table[name].cast(pl.Float64).fill_null(math.nan).to_numpy() for name in table.columns}


def difference(sweep: Sweep, first: int, second: int, measure: str) -> Estimate:
    """Return by how much a point is above another in a measure: first minus second, paired by replication.

    Both points have the same random numbers, so what they share cancels out. Ratios are compared by the differences
    of their pseudo-values. Where one point has more replications, those that the other lacks are left out.
    """
    return _apart(columns_of(sweep, first), columns_of(sweep, second), measure, tuple(sweep.scenario.classes))


def differences(sweep: Sweep, first: int, others: Sequence[int], measure: str) -> list[Estimate]:
    """Return `difference` of a point and each of many others, which are read at once."""
    classes = tuple(sweep.scenario.classes)
    names = ["point", "replication", *columns_behind(measure, classes)]
    table = sweep.replications.filter(pl.col("point").is_in([first, *others])).select(names).sort("replication")
    of_point = {
        int(point): _values_in(part) for (point,), part in table.collect().partition_by("point", as_dict=True).items()
    }
    return [_apart(of_point[first], of_point[other], measure, classes) for other in others]


def _apart(
    first: Mapping[str, FloatArray], second: Mapping[str, FloatArray], measure: str, classes: tuple[str, ...]
) -> Estimate:
    numbers = np.intersect1d(first["replication"], second["replication"])
    values = []
    for side in (first, second):
        inside = np.isin(side["replication"], numbers)
        values.append(pseudo_values({name: column[inside] for name, column in side.items()}, measure, classes))
    return difference_estimate(values[0] - values[1])
