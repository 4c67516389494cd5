"""The fluid approximation: traffic as a stream through the lane, means instead of vehicles. Capacity, queue, wait."""

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

from funnelsim.analysis.forecast import selecting_spans, selection_chances
from funnelsim.analysis.saturated_lane import draws, seconds_lost
from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.model import rules
from funnelsim.model.plan import Plan
from funnelsim.units import HOUR_S

ROUNDING = 1e-12  # of shares that are the same
STEP_S = 15.0  # short beside the minutes in which a queue grows


@dataclass(frozen=True)
class Capacity:
    """What passes the selection point in an hour, in vehicles.

    Attributes
    ----------
    lane
        The lane, when no vehicle is selected.
    diverting
        The lane, with the mean cost of diversions.
    look
        The officers who look, where vehicles halt with the moving up; infinite where a look takes no time.
    selecting
        Lane and look together: less than either, as lane and officer take turns being the slower one.
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
        P(selected) by class and status at one time, as from `chances_between`.
    """
    funnel, road = plan.funnel, plan.road
    on_road_s = (plan.reaction_s + plan.spacing_m / funnel.road_speed_ms) / funnel.lanes
    in_lane_s = funnel.headway_factor * (plan.reaction_s + plan.spacing_m / funnel.lane_speed_ms)
    in_lane_s = np.maximum(in_lane_s, on_road_s)  # vehicles cannot come closer in the lane than on the road
    shares = np.column_stack([1.0 - road.prevalence.sum(axis=1), road.prevalence])
    diverted = (shares * chances).sum(axis=1)
    headway_s = float(mix @ in_lane_s)
    apart_s = headway_s + float(mix @ (diverted * plan.diversion_s))
    moves_up_s = apart_s if plan.selection.look_stops else 0.0  # a vehicle that stops moves up first
    look_s = moves_up_s + road.look_mean_s
    return Capacity(
        lane=HOUR_S / headway_s,
        diverting=HOUR_S / apart_s,
        look=plan.selection.look_officers * HOUR_S / look_s if road.look_mean_s > 0 else np.inf,
        selecting=HOUR_S / (apart_s + _lost_to_looks_s(plan, mix, in_lane_s, diverted)),
        road=HOUR_S / float(mix @ on_road_s),
    )


def _lost_to_looks_s(plan: Plan, mix: FloatArray, in_lane_s: FloatArray, diverted: FloatArray) -> float:
    """Return what the looks cost the lane, in seconds a vehicle."""
    road = plan.road
    if road.look_mean_s <= 0.0:
        return 0.0
    drawn = draws(road.headway_cv, road.look_cv)
    of_class = np.minimum(np.searchsorted(np.cumsum(mix), drawn.vehicle_class, side="right"), len(mix) - 1)
    return seconds_lost(
        in_lane_s[of_class] * drawn.headway,
        np.where(drawn.diverted < diverted[of_class], plan.diversion_s[of_class], 0.0),
        road.look_mean_s * drawn.look,
        plan.selection.look_officers,
        stops=plan.selection.look_stops,
    )


@dataclass(frozen=True)
class Fluid:
    """The queue of an average day, in steps from each opening to the end of its run-out.

    Attributes
    ----------
    times_s
        Moments, shape (steps,); they leave out what is not simulated between two windows.
    stands
        Whether the funnel stands, shape (steps,).
    arriving
        Vehicles that come in the step, shape (steps,).
    waiting
        Vehicles that wait, shape (steps,).
    wait_s
        How long the last of them will wait, shape (steps,): as long as the lane takes, or the road after the closing.
    delay_s
        What he loses by the funnel, shape (steps,): the wait, merging and the slow lane if it still stands when he
        passes, less the wait on the same road without a funnel.
    delayed
        Whether who comes in the step counts for the delay, shape (steps,): the funnel stands, or he meets its queue.
    tail_m
        The queue's length upstream from the taper, shape (steps,).
    left_waiting
        The most vehicles that still wait when a run-out ends.
    """

    times_s: FloatArray
    stands: BoolArray
    arriving: FloatArray
    waiting: FloatArray
    wait_s: FloatArray
    delay_s: FloatArray
    delayed: BoolArray
    tail_m: FloatArray
    left_waiting: float

    @property
    def longest_m(self) -> float:
        """The longest queue."""
        return float(self.tail_m.max(initial=0.0))

    @property
    def waiting_at_closing(self) -> float:
        """The most vehicles that wait when the funnel closes."""
        closing = self.stands & ~np.append(self.stands[1:], False)
        return float(self.waiting[closing].max(initial=0.0))


@lru_cache(maxsize=8)  # the text and several warnings ask for the same plan
def fluid_of(plan: Plan) -> Fluid:
    """Return the queue of the expected demand at the lane; the valve reacts to the queue as in the simulation.

    The funnel is up in its windows only, and the valve is open at the start of each; no vehicle leaves at an exit. The
    queue's length follows from Newell's waves as in `funnelsim.model.queue`: an arriving vehicle stands behind all that
    passed so recently that the wave of their passing has not reached it yet.
    """
    chances = selection_chances(plan)
    return _together([_flow(plan, chances, times_s) for times_s in moments_of(plan)])


def moments_of(plan: Plan) -> list[FloatArray]:
    """Return the steps of each span in which traffic is simulated, from the first opening in it on."""
    moments = []
    for from_s, to_s in plan.road.demand.spans_s:
        windows = [(opens_s, closes_s) for opens_s, closes_s in plan.windows_s if from_s <= opens_s < to_s]
        if windows:
            moments.append(np.arange(windows[0][0], max(to_s, windows[-1][1]), STEP_S))
    return moments


def _together(parts: list[Fluid]) -> Fluid:
    if len(parts) == 1:
        return parts[0]
    names = [field.name for field in fields(Fluid) if field.name != "left_waiting"]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return Fluid(**joined, left_waiting=max(part.left_waiting for part in parts))


def _flow(plan: Plan, chances: FloatArray, times_s: FloatArray) -> Fluid:
    """Return the queue in one span."""
    funnel = plan.funnel
    slowness = 1.0 / funnel.wave_speed_ms + 1.0 / funnel.road_speed_ms
    window, stands, selecting = standing_funnel(plan, times_s)
    waiting, tail_m, passed, rate_vph, road_vph = (np.zeros(len(times_s)) for _ in range(5))
    come, queued, foot, valve, spacing_m = 0.0, 0.0, 0, rules.VALVE_OPEN, 0.0
    capacity = Capacity(1.0, 1.0, 1.0, 1.0, 1.0)
    arriving, mix, new_mix = arriving_in(plan, times_s)
    in_lane = stands.copy()
    rate_step, capacity_of_step = rate_step_at(plan, times_s), -1
    for step, now_s in enumerate(times_s.tolist()):
        if new_mix[step] or (rate_step[step] != capacity_of_step and arriving[step] > 0.0):
            capacity_of_step = rate_step[step]
            capacity = capacity_of(plan, mix[step], chances[capacity_of_step])
            spacing_m = float(mix[step] @ plan.spacing_m)
        if window[step] != window[step - 1]:
            valve = rules.VALVE_OPEN
        if valve == rules.VALVE_LIFTED or not stands[step]:
            rate, in_lane[step] = capacity.road, False
        else:
            rate = capacity.selecting if valve == rules.VALVE_OPEN and selecting[step] else capacity.lane
        come += arriving[step]
        queued = max(0.0, queued + arriving[step] - rate * STEP_S / HOUR_S)
        waiting[step], passed[step], rate_vph[step], road_vph[step] = queued, come - queued, rate, capacity.road
        while foot < step:
            distance_m, _ = _standing((come - passed[foot + 1]) * spacing_m, plan)
            if times_s[foot + 1] + distance_m * slowness > now_s:
                break
            foot += 1
        if queued > 0.0:
            tail_m[step] = _standing((come - passed[foot]) * spacing_m, plan)[1]
        valve = rules.next_valve(valve, tail_m[step], funnel.suspend_at_m, funnel.resume_at_m, funnel.lift_at_m)
    wait_s, lost_s = _waits(arriving, waiting, rate_vph), _waits(arriving, _queue(arriving, road_vph), road_vph)
    last = len(times_s) - 1
    passes = np.minimum(np.arange(last + 1) + np.ceil(wait_s / STEP_S).astype(np.int64), last)
    delay_s = wait_s - lost_s + np.where(in_lane[passes], funnel.merge_s + funnel.slow_lane_s, 0.0)
    delayed = stands | (wait_s > lost_s)
    return Fluid(times_s, stands, arriving, waiting, wait_s, delay_s, delayed, tail_m, float(queued))


def _queue(arriving: FloatArray, rate_vph: FloatArray) -> FloatArray:
    """Return how many wait at the end of each step before a place that passes so many an hour."""
    surplus = np.cumsum(arriving - rate_vph * STEP_S / HOUR_S)
    queued: FloatArray = surplus - np.minimum.accumulate(np.minimum(surplus, 0.0))
    return queued


def _waits(arriving: FloatArray, waiting: FloatArray, rate_vph: FloatArray) -> FloatArray:
    """Return how long who comes last in each step waits: until as many have passed, at the rates of the steps to come.

    What is still waiting after the last step passes at its rate.
    """
    come = np.cumsum(arriving)
    passed = np.maximum.accumulate(np.append(0.0, come - waiting))
    # The step in which the last of them passes, and how many of them are left at its beginning.
    step = np.searchsorted(passed[1:], come)
    left = come - passed[step]
    leaves_s = step * STEP_S + left * HOUR_S / np.append(rate_vph, rate_vph[-1])[step]
    ends_s = np.arange(1, len(come) + 1) * STEP_S
    waits_s: FloatArray = np.where(waiting > 0.0, np.maximum(leaves_s - ends_s, 0.0), 0.0)
    return waits_s


def standing_funnel(plan: Plan, times_s: FloatArray) -> tuple[IntArray, BoolArray, BoolArray]:
    """Return for each moment which window has begun last, whether the funnel stands, and whether it selects."""
    window = np.searchsorted(plan.funnel.opens_s, times_s, side="right") - 1
    stands = times_s < plan.funnel.closes_s[window]
    selecting = np.zeros(len(times_s), dtype=np.bool_)
    for from_s, to_s in selecting_spans(plan, float(times_s[0]), float(times_s[-1]) + STEP_S):
        selecting |= (times_s >= from_s) & (times_s < to_s)
    return window, stands, selecting & stands


def rate_step_at(plan: Plan, times_s: FloatArray) -> IntArray:
    """Return for each moment the step of the selection rates, shape (moments,)."""
    step: IntArray = np.searchsorted(plan.selection.rate_times_s, times_s, side="right") - 1
    return step


def arriving_in(plan: Plan, times_s: FloatArray) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return who comes in each step: how many, the shares of the classes, and whether these are new."""
    demand = plan.road.demand
    # Openings and counted intervals begin on whole minutes, so that a step lies in one interval.
    interval = np.searchsorted(demand.starts_s, times_s, side="right") - 1
    share = np.where(times_s < demand.ends_s[interval], STEP_S / (demand.ends_s - demand.starts_s)[interval], 0.0)
    by_class = share[:, None] * demand.vehicles[interval]
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
