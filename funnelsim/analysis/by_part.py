"""The core measures by window and by direction, where one replication has several windows or funnels."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from funnelsim.analysis.delays import BoolArray, counts_for_delay, delay_s, queue, tail_steps
from funnelsim.analysis.occupancy import suspended_s, suspended_share
from funnelsim.analysis.sides import sides
from funnelsim.analysis.steps import FloatArray, IntArray
from funnelsim.analysis.yields import chances, in_operation
from funnelsim.model.log import NOT_FOUND, Log
from funnelsim.model.plan import Plan
from funnelsim.scenario.key import clock_of

CORE = (
    "vehicles",
    "inspected",
    "detections",
    "expected_detections",
    "delay_mean_s",
    "delay_p95_s",
    "tail_max_m",
    "suspended_share",
    "ordinary_stops",
)


def window_labels(plan: Plan) -> tuple[str, ...]:
    """Return the names of the windows: by the clock and, where one comes again, with its day: "day 2 06:00-10:00"."""
    clocks = [f"{clock_of(opens_s)}-{clock_of(closes_s)}" for opens_s, closes_s in plan.windows_s]
    if len(set(clocks)) == len(clocks):
        return tuple(clocks)
    day: Counter[str] = Counter()
    labels = []
    for clock in clocks:
        day[clock] += 1
        labels.append(f"day {day[clock]} {clock}")
    return tuple(labels)


def by_part(log: Log, plan: Plan) -> dict[str, float]:
    """Return the core measures of each window and of each funnel, named `measure.LABEL` and `measure.DIRECTION`.

    A vehicle belongs to the window in which its unobstructed arrival lies, after a closing to the one before. With one
    window there are none by window, with one funnel none by direction.
    """
    measures: dict[str, float] = {}
    if len(plan.windows_s) > 1:
        measures |= _named(_by_window(log, plan), window_labels(plan))
    if plan.beside:
        measures |= _named(_by_direction(log, plan), [funnel.direction for funnel in plan.funnels])
    return measures


def _named(values: Mapping[str, FloatArray], parts: Sequence[str]) -> dict[str, float]:
    return {f"{name}.{part}": float(value) for name in CORE for part, value in zip(parts, values[name], strict=True)}


def _by_window(log: Log, plan: Plan) -> dict[str, FloatArray]:
    opens_s, closes_s = plan.funnel.opens_s, plan.funnel.closes_s
    longest_m = np.zeros(len(opens_s))
    for one, _ in sides(log, plan):
        moments, metres = tail_steps(one)
        since = np.searchsorted(opens_s, moments, side="right") - 1
        np.maximum.at(longest_m, since[since >= 0], metres[since >= 0])
    window = np.maximum(np.searchsorted(opens_s, log.arrival_s, side="right") - 1, 0)
    return _of_vehicles(log, plan, window, len(opens_s)) | {
        "tail_max_m": longest_m,
        "suspended_share": suspended_s(log, plan) / (closes_s - opens_s),
    }


def _by_direction(log: Log, plan: Plan) -> dict[str, FloatArray]:
    each = sides(log, plan)
    return _of_vehicles(log, plan, log.traffic.funnel, len(each)) | {
        "tail_max_m": np.array([queue(*side)["tail_max_m"] for side in each]),
        "suspended_share": np.array([suspended_share(*side) for side in each]),
    }


def _of_vehicles(log: Log, plan: Plan, part: IntArray, parts: int) -> dict[str, FloatArray]:
    """Return what is counted by vehicles, each of shape (parts,); `part` says to which a vehicle belongs."""
    met, inspected = in_operation(log, plan), log.inspected
    mean_s, p95_s = _delays(log, plan, part, parts)
    found = chances(log, plan).found.sum(axis=1)

    def count(who: BoolArray) -> FloatArray:
        return np.bincount(part[who], minlength=parts).astype(np.float64)

    return {
        "vehicles": count(met),
        "inspected": count(inspected),
        "detections": count(met & (log.found_at != NOT_FOUND)),
        "expected_detections": np.bincount(part[met], weights=found, minlength=parts).astype(np.float64),
        "delay_mean_s": mean_s,
        "delay_p95_s": p95_s,
        "ordinary_stops": count(inspected & (log.traffic.target == 0)),
    }


def _delays(log: Log, plan: Plan, part: IntArray, parts: int) -> tuple[FloatArray, FloatArray]:
    """Return mean and 95 % quantile of the delay of those who are not inspected, by part."""
    who = counts_for_delay(log, plan) & ~log.inspected
    delay, of_part = delay_s(log)[who], part[who]
    order = np.argsort(of_part, kind="stable")
    each = np.split(delay[order], np.searchsorted(of_part[order], np.arange(1, parts)))
    mean_s = [one.mean() if len(one) else np.nan for one in each]
    p95_s = [np.quantile(one, 0.95) if len(one) else np.nan for one in each]
    return np.array(mean_s), np.array(p95_s)
