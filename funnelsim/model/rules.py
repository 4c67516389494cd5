"""The rules of the checkpoint: pure functions of numbers, shared by every engine.

They use nothing but comparisons and the four operations, so that they give the same numbers interpreted and compiled.
"""

import math
from collections.abc import Sequence

OPEN, SUSPENDED, LIFTED = 0, 1, 2  # values of log.Valve


def threshold_of_score(cutoff: float, every: int, seen: int, in_area: int, bays: int, filling: bool) -> float:
    """Return the class quantile of the selection rate: the most suspicious are selected. Also `random` and `index`."""
    return cutoff


def threshold_of_every_nth(cutoff: float, every: int, seen: int, in_area: int, bays: int, filling: bool) -> float:
    """Return minus infinity for every n-th vehicle of its class (`seen` counts this one), else plus infinity."""
    if every > 0 and seen % every == 0:
        return -math.inf
    return math.inf


def threshold_of_free_bay(cutoff: float, every: int, seen: int, in_area: int, bays: int, filling: bool) -> float:
    """Return minus infinity while a bay is free, for the classes that are selected at all (`every` above 0)."""
    if every > 0 and in_area < bays:
        return -math.inf
    return math.inf


def threshold_of_batch(cutoff: float, every: int, seen: int, in_area: int, bays: int, filling: bool) -> float:
    """Return minus infinity while the area is being filled, for the classes that are selected at all."""
    if every > 0 and filling:
        return -math.inf
    return math.inf


def next_filling(filling: bool, in_area: int, places: int) -> bool:
    """Tell whether a batch is being gathered: from an empty area until it is full."""
    if in_area == 0:
        return True
    return filling and in_area < places


RULES = {
    "score": threshold_of_score,
    "random": threshold_of_score,  # the plan gives a target no cue
    "every_nth": threshold_of_every_nth,
    "free_bay": threshold_of_free_bay,
    "batch": threshold_of_batch,
    "index": threshold_of_score,  # the plan has found the class quantiles
}


def factor_at(value: float, at: Sequence[float], factor: Sequence[float]) -> float:
    """Return the factor on the selection rate: straight lines between the points, level beyond them.

    Examples
    --------
    >>> factor_at(0.25, [0.0, 0.5, 1.0], [2.0, 1.0, 0.0])
    1.5
    """
    if value <= at[0]:
        return factor[0]
    for k in range(1, len(at)):
        if value < at[k]:
            return factor[k - 1] + (factor[k] - factor[k - 1]) * (value - at[k - 1]) / (at[k] - at[k - 1])
    return factor[len(at) - 1]


def sees_queue(tail_m: float, leave_when_tail_m: float) -> bool:
    """Tell whether a driver at the exit sees a queue for which some leave."""
    return tail_m >= leave_when_tail_m


def looked_at_rolling(clear_s: float, officer_free_s: float, look_s: float) -> float:
    """Return when a vehicle passes that rolls past: the look begins as its officer has done with the one before."""
    return max(clear_s, officer_free_s + look_s)


def looked_at_standing(clear_s: float, arrival_s: float, moved_up_s: float, look_s: float) -> float:
    """Return when a vehicle passes that halts: the look begins as it stands before its officer."""
    return max(clear_s, max(arrival_s, moved_up_s) + look_s)


def next_valve(valve: int, tail_m: float, suspend_at_m: float, resume_at_m: float, lift_at_m: float) -> int:
    """Return the state of the valve for a queue length: it opens only when the queue is down to `resume_at_m`."""
    if tail_m >= lift_at_m:
        return LIFTED
    if tail_m >= suspend_at_m:
        return max(valve, SUSPENDED)
    if tail_m <= resume_at_m:
        return OPEN
    return valve


def headway(reaction_s: float, leader_spacing_m: float, speed_ms: float, noise: float) -> float:
    """Return the headway behind a leader: reaction time, and the time in which the leader's spacing is rolled."""
    return (reaction_s + leader_spacing_m / speed_ms) * noise


def has_place(in_area: int, waiting: int, bays: int) -> bool:
    """Tell whether the area accepts one more: whoever is on the way, waiting or in a bay holds a place."""
    return in_area < waiting + bays


def needs_stage(possible: bool, applies: bool, after_alarm: bool, alarmed: bool) -> bool:
    """Tell whether a vehicle goes through a stage."""
    return possible and applies and (alarmed or not after_alarm)
