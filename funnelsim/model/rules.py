"""The rules of the checkpoint: pure functions of numbers, shared by every engine.

They use nothing but comparisons and the four operations, so that they give the same numbers interpreted and compiled.
"""

import math

OPEN, SUSPENDED, LIFTED = 0, 1, 2  # values of log.Valve


def threshold_of_score(cutoff: float, every: int, seen: int, in_area: int, bays: int) -> float:
    """Return the class quantile of the selection rate: the most suspicious are selected. Also the rule `random`."""
    return cutoff


def threshold_of_every_nth(cutoff: float, every: int, seen: int, in_area: int, bays: int) -> float:
    """Return minus infinity for every n-th vehicle of its class (`seen` counts this one), else plus infinity."""
    if every > 0 and seen % every == 0:
        return -math.inf
    return math.inf


def threshold_of_free_bay(cutoff: float, every: int, seen: int, in_area: int, bays: int) -> float:
    """Return minus infinity while a bay is free, for the classes that are selected at all (`every` above 0)."""
    if every > 0 and in_area < bays:
        return -math.inf
    return math.inf


RULES = {
    "score": threshold_of_score,
    "random": threshold_of_score,  # the plan gives a target no cue
    "every_nth": threshold_of_every_nth,
    "free_bay": threshold_of_free_bay,
}


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
