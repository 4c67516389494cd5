"""Design points with the same results in every measure: one of them stands for all, and is ranked alone."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from funnelsim.scenario.overrides import split_path, steps_to
from funnelsim.scenario.paths import value_at
from funnelsim.scenario.schema import Scenario

SAME_AS = "same_as"
"""The column of the table of points: the point that stands for this one; null where it stands for itself."""
LIMITS = "limits."


def base_values_of(scenario: Scenario, keys: Sequence[str]) -> dict[str, Any]:
    """Return the base scenario's values of the varied keys; None where it has no such key."""
    data = scenario.model_dump(mode="json", by_alias=True)
    return {key: value_at(data, steps_to(data, split_path(key))) for key in keys}


def same_as(points: pl.DataFrame, keys: Sequence[str], base: int | None) -> pl.Series:
    """Return by row the number of the point that stands for it; null where it stands for itself.

    It is the first of those that are equal in every measure and under equal limits, or the base scenario's point, if it
    is one of them.

    Parameters
    ----------
    points
        The table of points.
    keys
        The varied keys.
    base
        The number of the point that equals the base scenario, if one does.
    """
    varied = [key for key in keys if not key.startswith(LIMITS)]  # a limit changes no measure, but the ranking
    measures = [name for name in points.columns if name not in {"point", SAME_AS, *varied}]
    sets = points.group_by(measures, maintain_order=True).agg("point")["point"].to_list()
    stands = {point: base if base in found else found[0] for found in sets for point in found}
    numbers = points["point"].to_list()
    others = [stands[point] if stands[point] != point else None for point in numbers]
    return pl.Series(SAME_AS, others, dtype=pl.Int64)
