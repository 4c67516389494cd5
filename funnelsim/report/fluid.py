"""The fluid: traffic as a stream through the lane, with means instead of vehicles. Capacity, queue and wait."""

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from funnelsim.model import rules
from funnelsim.model.plan import Plan
from funnelsim.report.forecast import HOUR_S, selecting_spans, selection_chances
from funnelsim.report.words import minutes_text
from funnelsim.scenario.key import clock_of

FloatArray = NDArray[np.float64]

MEND_QUEUE = "choose other hours, a faster lane (lane.speed_kmh) or a valve that lifts the funnel (lift_at_m)"
ROUND_S = 300.0  # a rough calculation names no minutes
QUANTILES = 64  # of a distribution
ROUNDING = 1e-12  # of shares that are the same
STEP_S = 15.0  # short beside the minutes in which a queue grows


@dataclass(frozen=True)
class Capacity:
    """What passes the selection point in an hour, in vehicles.

    Attributes
    ----------
    lane
        The lane, with nobody singled out.
    diverting
        The lane, with the mean cost of diversions.
    look
        The officers who look; infinite where a look takes no time.
    selecting
        Lane and look together: less than either, as sometimes the lane and sometimes the look takes longer.
    road
        All lanes of the road, without a funnel.
    """

    lane: float
    diverting: float
    look: float
    selecting: float
    road: float


def capacity_of(plan: Plan, mix: FloatArray, chances: FloatArray) -> Capacity:
    """Return the capacities for a mix of classes.

    Parameters
    ----------
    plan
        The plan.
    mix
        Shares of the classes, shape (classes,).
    chances
        P(selected) by class and kind, as from `selection_chances`.
    """
    funnel, road = plan.funnel, plan.road
    in_lane_s = funnel.headway_factor * (plan.reaction_s + plan.spacing_m / funnel.lane_speed_ms)
    on_road_s = (plan.reaction_s + plan.spacing_m / funnel.road_speed_ms) / funnel.lanes
    shares = np.column_stack([1.0 - road.prevalence.sum(axis=1), road.prevalence])
    diversion_s = float(mix @ ((shares * chances).sum(axis=1) * plan.diversion_s))
    headway_s = float(mix @ in_lane_s)
    scatter = np.sqrt(float(mix @ in_lane_s**2) / headway_s**2 * (1.0 + road.headway_cv**2) - 1.0)
    officers = funnel.look_officers
    # Each officer sees every n-th vehicle: a look lasts beside n headways.
    both_s = mean_of_longer(
        officers * (headway_s + diversion_s), scatter / np.sqrt(officers), road.look_mean_s, road.look_cv
    )
    return Capacity(
        lane=HOUR_S / headway_s,
        diverting=HOUR_S / (headway_s + diversion_s),
        look=officers * HOUR_S / road.look_mean_s if road.look_mean_s > 0 else np.inf,
        selecting=officers * HOUR_S / both_s,
        road=HOUR_S / float(mix @ on_road_s),
    )


def mean_of_longer(first_s: float, first_cv: float, second_s: float, second_cv: float) -> float:
    """Return the mean of the longer of two lognormal times, given by their means and scatters.

    Examples
    --------
    >>> mean_of_longer(3.0, 0.0, 2.0, 0.0)
    3.0
    """
    if second_s <= 0.0:
        return first_s
    normal = np.array([NormalDist().inv_cdf((k + 0.5) / QUANTILES) for k in range(QUANTILES)])
    times = []
    for mean_s, cv in ((first_s, first_cv), (second_s, second_cv)):
        quantiles = np.exp(np.sqrt(np.log1p(cv**2)) * normal)
        times.append(mean_s * quantiles / quantiles.mean())
    return float(np.maximum(times[0][:, None], times[1][None, :]).mean())


@dataclass(frozen=True)
class Fluid:
    """The queue of a mean day, in steps from the opening to the end of the run-out.

    Attributes
    ----------
    times_s
        Moments, shape (steps,).
    arriving
        Vehicles that come in the step, shape (steps,).
    waiting
        Vehicles that wait, shape (steps,).
    wait_s
        How long the last of them will wait, shape (steps,).
    tail_m
        The queue's length upstream from the taper, shape (steps,).
    """

    times_s: FloatArray
    arriving: FloatArray
    waiting: FloatArray
    wait_s: FloatArray
    tail_m: FloatArray

    @property
    def worst(self) -> str:
        """The longest queue in words: "a queue of about 2,300 m with a wait of 14 min around 09:00"."""
        step = int(np.argmax(self.waiting))
        around_s = ROUND_S * round(float(self.times_s[step]) / ROUND_S)
        return (
            f"a queue of about {round(float(self.tail_m.max()), -1):,.0f} m with a wait of "
            f"{minutes_text(float(self.wait_s.max()))} around {clock_of(around_s)}"
        )


@lru_cache(maxsize=1)  # the text and several warnings ask for the same
def fluid_of(plan: Plan) -> Fluid:
    """Let the expected demand flow through the lane; the valve acts on the queue as in the simulation.

    The queue's length follows from Newell's waves as in `funnelsim.model.queue`: whoever comes stands behind all who
    have passed so lately that the wave of their passing has not come back to him.
    """
    opens_s, closes_s = plan.window_s
    funnel = plan.funnel
    chances = selection_chances(plan)
    slowness = 1.0 / funnel.wave_speed_ms + 1.0 / funnel.road_speed_ms
    times_s = np.arange(opens_s, max(plan.road.demand.window_s[1], closes_s), STEP_S)
    selecting = np.zeros(len(times_s), dtype=np.bool_)
    for from_s, to_s in selecting_spans(plan, opens_s, closes_s):
        selecting |= (times_s >= from_s) & (times_s < to_s)
    waiting, wait_s, tail_m, passed = (np.zeros(len(times_s)) for _ in range(4))
    come, queued, foot, valve, spacing_m = 0.0, 0.0, 0, rules.OPEN, 0.0
    capacity = Capacity(1.0, 1.0, 1.0, 1.0, 1.0)
    arriving, mix, new_mix = _arriving(plan, times_s)
    for step, now_s in enumerate(times_s.tolist()):
        if new_mix[step]:
            capacity = capacity_of(plan, mix[step], chances)
            spacing_m = float(mix[step] @ plan.spacing_m)
        if valve == rules.LIFTED or now_s >= closes_s:
            rate = capacity.road
        else:
            rate = capacity.selecting if valve == rules.OPEN and selecting[step] else capacity.lane
        come += arriving[step]
        queued = max(0.0, queued + arriving[step] - rate * STEP_S / HOUR_S)
        waiting[step], wait_s[step], passed[step] = queued, queued * HOUR_S / rate, come - queued
        while foot < step:
            distance_m, _ = _standing((come - passed[foot + 1]) * spacing_m, plan)
            if times_s[foot + 1] + distance_m * slowness > now_s:
                break
            foot += 1
        if queued > 0.0:
            tail_m[step] = _standing((come - passed[foot]) * spacing_m, plan)[1]
        valve = rules.next_valve(valve, tail_m[step], funnel.suspend_at_m, funnel.resume_at_m, funnel.lift_at_m)
    return Fluid(times_s, arriving, waiting, wait_s, tail_m)


def _arriving(plan: Plan, times_s: FloatArray) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Return who comes in each step: how many, the shares of the classes, and whether these are new."""
    demand = plan.road.demand
    begins_s = times_s[:, None]
    overlap_s = np.minimum(demand.ends_s, begins_s + STEP_S) - np.maximum(demand.starts_s, begins_s)
    by_class = (np.clip(overlap_s, 0.0, None) / (demand.ends_s - demand.starts_s)) @ demand.vehicles
    arriving = by_class.sum(axis=1)
    mix = by_class / np.where(arriving > 0.0, arriving, 1.0)[:, None]
    changes = np.abs(np.diff(mix, axis=0, prepend=0.0)).max(axis=1) > ROUNDING
    return arriving, mix, changes & (arriving > 0.0)


def _standing(metres: float, plan: Plan) -> tuple[float, float]:
    """Return how far from the selection point, and from the taper, so many metres of vehicles reach."""
    upstream_m = (metres - plan.funnel.lane_length_m) / plan.funnel.lanes
    if upstream_m <= 0.0:
        return metres, 0.0
    return plan.funnel.lane_length_m + upstream_m, upstream_m
