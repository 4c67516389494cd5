"""The rules of the checkpoint: pure functions of numbers that both engines call.

They use nothing but arithmetic (`+ - * /`), comparisons, `max`, loops and each other, so that they give the same
numbers interpreted and compiled. Decisions that need a random number, a root or a power are in `decisions`.
"""

from collections.abc import Callable, Sequence
from typing import Final

from funnelsim.arrays import FloatArray
from funnelsim.model.states import Fate, Gate, Valve
from funnelsim.selection_rules import NOBODY, RULES, SelectionRule, Threshold

NO_FUNNEL, OPEN, UNSTAFFED, SUSPENDED, LIFTED = (int(gate) for gate in Gate)
VALVE_OPEN, VALVE_SUSPENDED, VALVE_LIFTED = (int(valve) for valve in Valve)
OUTSIDE_OPERATION, NOT_SELECTED, INSPECTED = int(Fate.OUTSIDE_OPERATION), int(Fate.NOT_SELECTED), int(Fate.INSPECTED)
SELECTION_SUSPENDED, POST_UNSTAFFED = int(Fate.SELECTION_SUSPENDED), int(Fate.POST_UNSTAFFED)
AREA_FULL, BROUGHT_BACK = int(Fate.AREA_FULL), int(Fate.BROUGHT_BACK)
LEFT_AT_EXIT, EVADED = int(Fate.LEFT_AT_EXIT), int(Fate.EVADED)

# Where a vehicle stands in time to the window of the funnel.
BEFORE, IN_WINDOW, AFTER, IN_NEXT_WINDOW = 0, 1, 2, 3

Numbers = Sequence[float] | FloatArray

# What a selection rate follows.
FIXED, FOLLOWS_AREA, FOLLOWS_TAIL = 0, 1, 2


# Arrive


def window_at(time_s: float, opens_s: Numbers, closes_s: Numbers) -> int:
    """Return the window in which the funnel stands at a time; -1 while there is none.

    Examples
    --------
    >>> [window_at(time_s, [0.0, 200.0], [100.0, 300.0]) for time_s in (-1.0, 0.0, 100.0, 299.0)]
    [-1, 0, -1, 1]
    """
    for window in range(len(opens_s)):
        if opens_s[window] <= time_s < closes_s[window]:
            return window
    return -1


def sees_queue(tail_m: float, leave_when_tail_m: float) -> bool:
    """Tell whether a driver at the exit sees a queue for which some leave."""
    return tail_m >= leave_when_tail_m


def headway(reaction_s: float, leader_spacing_m: float, speed_ms: float, noise: float) -> float:
    """Return the headway behind a leader: reaction time, and the time in which the leader's spacing is rolled."""
    return (reaction_s + leader_spacing_m / speed_ms) * noise


def clear_s(comes_s: float, ahead_passed_s: float, headway_s: float, ahead_diversion_s: float) -> float:
    """Return when the way is clear for a vehicle: it has come, and keeps its headway behind the vehicle in front.

    A vehicle in front that is diverted holds it up for the time that its diversion takes.
    """
    return max(comes_s, ahead_passed_s + headway_s + ahead_diversion_s)


def meets(clear_s: float, lane_s: float, opens_s: float, closes_s: float, next_opens_s: float) -> int:
    """Return where a vehicle stands in time to the window of the funnel.

    Parameters
    ----------
    clear_s, lane_s
        When its way is clear, and when the lane is: they differ while the funnel is lifted.
    opens_s, closes_s, next_opens_s
        The window, and when the next one opens.
    """
    if clear_s >= closes_s:
        return IN_NEXT_WINDOW if lane_s >= next_opens_s else AFTER
    return IN_WINDOW if clear_s >= opens_s else BEFORE


def passes_by_s(met: int, road_s: float, closes_s: float) -> float:
    """Return when a vehicle passes that finds no funnel; after the window not before the lane is cleared away."""
    return max(closes_s, road_s) if met == AFTER else road_s


def next_valve(valve: int, tail_m: float, suspend_at_m: float, resume_at_m: float, lift_at_m: float) -> int:
    """Return the state of the valve for a queue length: it opens only when the queue is down to `resume_at_m`."""
    if tail_m >= lift_at_m:
        return VALVE_LIFTED
    if tail_m >= suspend_at_m:
        return max(valve, VALVE_SUSPENDED)
    if tail_m <= resume_at_m:
        return VALVE_OPEN
    return valve


def gate_at(clear_s: float, valve: int, staffed: bool, last_selection_s: float) -> int:
    """Return what a vehicle finds at the selection point of a funnel that stands (`Gate`)."""
    if valve == VALVE_LIFTED:
        return LIFTED
    if not staffed:
        return UNSTAFFED
    if valve == VALVE_SUSPENDED or clear_s >= last_selection_s:
        return SUSPENDED
    return OPEN


# Look


def look_ends_s(
    gate: int,
    stops: bool,
    clear_s: float,
    arrival_s: float,
    officer_free_s: float,
    moved_up_s: float,
    look_s: float,
) -> float:
    """Return when the look at a vehicle is over; while selection is suspended nobody is looked at.

    Parameters
    ----------
    gate
        What the vehicle finds at the selection point.
    stops
        Whether vehicles halt for the look: it begins when the vehicle stands before its officer. Else they roll past:
        it begins when the officer has done with the vehicle before.
    clear_s, arrival_s
        When the vehicle's way is clear, and when it would come without others.
    officer_free_s, moved_up_s
        When its officer has done with the vehicle before, and when it has moved up behind that one.
    look_s
        How long the look takes.
    """
    if gate != OPEN:
        return clear_s
    if stops:
        return max(clear_s, max(arrival_s, moved_up_s) + look_s)
    return max(clear_s, officer_free_s + look_s)


# Divert


def _link(number: int, threshold: Threshold, otherwise: Callable[..., float]) -> Callable[..., float]:
    """Return what asks a rule if it has the number, else the others."""

    def ask(rule: int, cutoff: float, every: int, seen: int, taken: int, bays: int, filling: bool) -> float:
        if rule == number:
            return threshold(cutoff, every, seen, taken, bays, filling)
        return otherwise(rule, cutoff, every, seen, taken, bays, filling)

    return ask


def _no_rule(rule: int, cutoff: float, every: int, seen: int, taken: int, bays: int, filling: bool) -> float:
    return NOBODY


def _chain(thresholds: Sequence[Threshold]) -> tuple[Callable[..., float], ...]:
    """Return links that ask one rule after the other, the whole chain last: from these compiled code can choose."""
    links: list[Callable[..., float]] = [_no_rule]
    for number in reversed(range(len(thresholds))):
        links.append(_link(number, thresholds[number], links[-1]))
    return tuple(links)


THRESHOLDS: Final = tuple(dict.fromkeys(rule.threshold for rule in RULES))
LINKS: Final = _chain(THRESHOLDS)
ask_rule: Final = LINKS[-1]


def rule_number(rule: SelectionRule) -> int:
    """Return the number by which `threshold_at` knows a rule; rules that select in the same way share it."""
    return THRESHOLDS.index(rule.threshold)


def threshold_at(
    rule: int, selectable: bool, cutoff: float, every: int, seen: int, taken: int, bays: int, filling: bool
) -> float:
    """Return the score above which a vehicle is selected.

    Parameters
    ----------
    rule
        The rule's number (`rule_number`).
    selectable
        Whether the vehicle's class may be selected at all.
    cutoff, every, seen
        Of the class: the quantile of its selection rate, its n, and how many have been looked at, this one included.
    taken, bays, filling
        Of the area: the places taken, its bays, and whether a batch is being gathered.
    """
    return ask_rule(rule, cutoff, every, seen, taken, bays, filling) if selectable else NOBODY


def next_filling(filling: bool, taken: int, places: int) -> bool:
    """Tell whether a batch is being gathered: from an empty area until it is full."""
    if taken == 0:
        return True
    return filling and taken < places


def followed(follows: int, tail_m: float, taken: int, places: int) -> float:
    """Return what a selection rate follows: the queue, or the share of the area's places that are taken."""
    if follows == FOLLOWS_TAIL:
        return tail_m
    return taken / places if places > 0 else 1.0


def factor_at(value: float, at: Numbers, factor: Numbers) -> float:
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


def is_asked(gate: int, has_list: bool) -> bool:
    """Tell whether a vehicle may be selected: by the officers' look, or by the watch list while that is suspended."""
    return gate == OPEN or (gate == SUSPENDED and has_list)


def selects(gate: int, score: float, threshold: float, listed: bool) -> bool:
    """Tell whether a vehicle that may be selected is: for its score, or because the watch list has it."""
    return listed or (gate == OPEN and score > threshold)


def has_place(taken: int, waiting: int, bays: int) -> bool:
    """Tell whether the area accepts one more: whoever is on the way, waiting or in a bay holds a place."""
    return taken < waiting + bays


def accepts(holds: bool, taken: int, waiting: int, bays: int) -> bool:
    """Tell whether a vehicle that is selected would be inspected: it finds a place, or the lane is held for one."""
    return holds or has_place(taken, waiting, bays)


def fate_at(gate: int, selected: bool, accepted: bool) -> int:
    """Return the fate of a vehicle at the selection point (`Fate`)."""
    if selected:
        return INSPECTED if accepted else AREA_FULL
    if gate == OPEN:
        return NOT_SELECTED
    return POST_UNSTAFFED if gate == UNSTAFFED else SELECTION_SUSPENDED


def final_fate(fate: int, in_window: bool, brought_back: bool, keeps_away: bool, left_at_exit: bool) -> int:
    """Return how a vehicle's pass ended, whatever its fate at the selection point (`Fate`).

    A vehicle that came while the funnel stood (`in_window`) and met it closing fared as those of the last minutes.
    """
    if brought_back:
        return BROUGHT_BACK
    if keeps_away:
        return EVADED
    if left_at_exit:
        return LEFT_AT_EXIT
    return SELECTION_SUSPENDED if in_window and fate == OUTSIDE_OPERATION else fate


def can_pursue(stands: bool, cars: int, away: int, place: bool) -> bool:
    """Tell whether a vehicle that turns off can be pursued: a car is at hand, and the area has a place."""
    return stands and cars > away and place


# Wait, inspect, leave


def step_at(time_s: float, times_s: Numbers) -> int:
    """Return the last of some steps that has begun at a time.

    Examples
    --------
    >>> [step_at(time_s, [-1.0, 10.0, 20.0]) for time_s in (0.0, 10.0, 99.0)]
    [0, 1, 2]
    """
    step = 0
    while step + 1 < len(times_s) and times_s[step + 1] <= time_s:
        step += 1
    return step


def needs_stage(applies: bool, after_alarm: bool, alarmed: bool) -> bool:
    """Tell whether a vehicle goes through a stage."""
    return applies and (alarmed or not after_alarm)


def can_start(need: Sequence[int], used: Sequence[int], capacity: Sequence[int], kept: Sequence[int]) -> bool:
    """Tell whether all that a stage takes is free at once, and kept for nobody before it.

    A pool that the stage does not need may be overdrawn, by officers who finish after their shift.

    Parameters
    ----------
    need
        What the stage takes of each pool.
    used, capacity
        What is in use of each pool, and what there is.
    kept
        Not 0 where a vehicle selected earlier waits for the pool: nobody behind it may take from that pool.

    Examples
    --------
    >>> can_start([2, 0], used=[1, 5], capacity=[3, 4], kept=[0, 1])
    True
    >>> can_start([1, 0], used=[0, 0], capacity=[3, 4], kept=[1, 0])
    False
    """
    for pool in range(len(need)):
        if need[pool] > 0 and (kept[pool] != 0 or used[pool] + need[pool] > capacity[pool]):
            return False
    return True


def kept_from_break(officers: int, idle: int, working: int) -> int:
    """Return how many officers whose break begins are in a stage, and go when it ends; the others go at once.

    Idle officers of the pool go first. Where too few are at work, the others hold a post, which somebody takes over.

    Parameters
    ----------
    officers
        Whose break begins.
    idle
        How many of the pool are neither in a stage nor on a break; below 0 if some stay after their shift.
    working
        How many are in stages and have no break due yet.

    Examples
    --------
    >>> kept_from_break(2, idle=1, working=3), kept_from_break(2, idle=3, working=1), kept_from_break(2, 0, working=1)
    (1, 0, 1)
    """
    return max(0, min(officers - max(0, idle), working))


def stage_mean_s(mean_s: float, per_occupant_s: float, occupants: int) -> float:
    """Return the mean duration of a stage; papers take their time for each person in the vehicle."""
    return mean_s + per_occupant_s * occupants if per_occupant_s != 0.0 else mean_s
