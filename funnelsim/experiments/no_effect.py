"""Varied keys that change nothing: known before a sweep starts, as the points they lead to are the same plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.plan_digest import digest_of
from funnelsim.experiments.points import PointPlanner
from funnelsim.experiments.vary import Point
from funnelsim.model.planning import plan_of

MOST_POINTS = 500  # each is planned once more; more would keep the planner waiting


@dataclass(frozen=True)
class NoEffect:
    """A varied key, or keys that vary together, without an effect.

    Attributes
    ----------
    keys
        The keys.
    where
        By another varied key the values with which it has no effect; empty where it never has one.
    points
        Sets of points that differ in the keys alone and are the same plan.
    whole
        Whether `where` says all: the keys have no effect at any of these points, and one at all others.
    but_hours
        Whether officers' hours and their cost do change, and nothing else does.
    """

    keys: tuple[str, ...]
    where: Mapping[str, tuple[Any, ...]]
    points: tuple[tuple[int, ...], ...]
    whole: bool
    but_hours: bool


def keys_without_effect(planner: PointPlanner, points: Sequence[Point]) -> list[NoEffect]:
    """Return the varied keys that change nothing, at some points or at all.

    Points that differ in one key alone (or in keys that vary together) are compared by their plans. A design without
    such points, as `lhs` and `sobol` make it, or with more than `MOST_POINTS` tells nothing beforehand.
    """
    if not 1 < len(points) <= MOST_POINTS:
        return []
    digests = [_digests(planner, values) for values in points]
    found = [_of_factor(keys, points, digests) for keys in _factors(points)]
    return [one for one in found if one is not None]


def _digests(planner: PointPlanner, values: Point) -> tuple[str, str]:
    """Return what tells plans apart: all of it, and without officers' hours. A limit is part of it: it ranks points."""
    try:
        scenario = planner.scenario_of(values)
        plan = plan_of(scenario, planner.demand_of(scenario))
    except FunnelsimError as error:  # it is not simulated
        return f"{values} {error}", f"{values} {error}"
    limits = repr(scenario.limits)
    return digest_of(plan) + limits, digest_of(plan, hours=False) + limits


def _factors(points: Sequence[Point]) -> list[tuple[str, ...]]:
    """Return the varied keys, those together whose values always change together."""
    together: dict[tuple[int, ...], list[str]] = {}
    for key in points[0]:
        seen: dict[str, int] = {}
        together.setdefault(tuple(seen.setdefault(repr(point[key]), len(seen)) for point in points), []).append(key)
    return [tuple(keys) for keys in together.values()]


def _of_factor(keys: tuple[str, ...], points: Sequence[Point], digests: Sequence[tuple[str, str]]) -> NoEffect | None:
    others = [key for key in points[0] if key not in keys]
    groups = _grouped(range(len(points)), [repr([point[key] for key in others]) for point in points])
    groups = [group for group in groups if len(group) > 1]
    for place, but_hours in enumerate((False, True)):
        same = [found for group in groups for found in _same(group, [both[place] for both in digests])]
        if same:
            where = _where(same, groups, points, others)
            return NoEffect(keys, where or {}, tuple(same), where is not None, but_hours)
    return None


def _same(group: Sequence[int], digests: Sequence[str]) -> Iterator[tuple[int, ...]]:
    """Yield which points of a group are the same plan, where at least two are."""
    for found in _grouped(group, digests):
        if len(found) > 1:
            yield found


def _grouped(numbers: Sequence[int], names: Sequence[str]) -> list[tuple[int, ...]]:
    """Return the numbers with the same name together."""
    groups: dict[str, list[int]] = {}
    for number in numbers:
        groups.setdefault(names[number], []).append(number)
    return [tuple(group) for group in groups.values()]


def _where(
    same: Sequence[tuple[int, ...]], groups: Sequence[tuple[int, ...]], points: Sequence[Point], others: Sequence[str]
) -> dict[str, tuple[Any, ...]] | None:
    """Return the values of another key at which whole groups are the same plan; None where no key tells it."""
    if set(same) == set(groups):
        return {}
    if not set(same) <= set(groups):
        return None
    for key in others:
        values = {repr(points[group[0]][key]): points[group[0]][key] for group in same}
        if set(same) == {group for group in groups if repr(points[group[0]][key]) in values}:
            return {key: tuple(values.values())}
    return None
