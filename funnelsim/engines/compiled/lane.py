"""The lane of a funnel: arrive, look, divert, pass, as in the SimPy engine."""

import numpy as np

from funnelsim.arrays import Ints
from funnelsim.engines.compiled.approach import advance, decide
from funnelsim.engines.compiled.area import divert, has_place, hold, reserve
from funnelsim.engines.compiled.numbers import FIXED, ON_TAIL, RULE_NUMBERS, Area, Lane, Numbers
from funnelsim.engines.compiled.table import (
    ACCEPTED,
    ARRIVAL_S,
    FATE,
    FREE_S,
    FUNNEL_HEADWAY_S,
    GATE,
    HEADWAY_NOISE,
    IMPRESSION,
    LISTED,
    LOOK_S,
    QUALITY,
    ROAD_HEADWAY_S,
    TARGET,
    THRESHOLD,
    TURNS_OFF_S,
    VEHICLE_CLASS,
    Book,
    Line,
    Table,
    Yard,
)
from funnelsim.model.compiled import index, inlined, inner
from funnelsim.model.log import Fate, Gate, Valve
from funnelsim.model.look import quality
from funnelsim.model.passage import headways
from funnelsim.model.selecting import cutoff_at
from funnelsim.model.shared import rules
from funnelsim.units import NEVER

NO_FUNNEL, OPEN, UNSTAFFED, SUSPENDED, LIFTED = (int(one) for one in Gate)
VALVE_OPEN, VALVE_SUSPENDED, VALVE_LIFTED = (int(one) for one in Valve)
AREA_FULL, INSPECTED, NOT_SELECTED = int(Fate.AREA_FULL), int(Fate.INSPECTED), int(Fate.NOT_SELECTED)
POST_UNSTAFFED, SELECTION_SUSPENDED = int(Fate.POST_UNSTAFFED), int(Fate.SELECTION_SUSPENDED)
EVERY_NTH, FREE_BAY, BATCH = (RULE_NUMBERS[name] for name in ("every_nth", "free_bay", "batch"))
NEVER_YET = -np.inf
COMES = -np.inf  # the moment of a lane whose next vehicle has still to come: before all others


@inner
def begin_lane(lane: Lane, numbers: Numbers, first: int, end: int) -> None:
    """Set the lane up before its first window."""
    lane.first, lane.count = first, end - first
    lane.newest = lane.ahead = lane.window = -1
    lane.ahead_passed_s, lane.moment_s = NEVER_YET, COMES
    enter_window(lane, numbers)


@inner
def enter_window(lane: Lane, numbers: Numbers) -> None:
    """Go on to the next window."""
    lane.window += 1
    window = lane.window
    lane.opens_s, lane.closes_s = numbers.opens_s[window], numbers.closes_s[window]
    lane.last_selection_s = numbers.last_selection_s[window]
    lane.next_opens_s = numbers.opens_s[window + 1] if window + 1 < len(numbers.opens_s) else NEVER


@inlined
def next_comer(
    lane: Lane,
    funnel: int,
    line: Line,
    table: Table,
    numbers: Numbers,
    seed: int,
    replication: int,
) -> int:
    """Return who comes next to the selection point; -1 when nobody does any more."""
    while lane.passed == lane.lined and lane.decided < lane.count:
        decide(lane, funnel, line, table, numbers, seed, replication)
    if lane.passed == lane.lined:
        return -1
    return lane.passed if lane.all_come else int(line.vehicle[lane.passed])


@inlined
def come(
    lane: Lane,
    funnel: int,
    line: Line,
    table: Table,
    book: Book,
    numbers: Numbers,
    seed: int,
    replication: int,
) -> None:
    """Let vehicles come to the selection point until one finds the funnel there; note when it will pass."""
    while True:
        vehicle = next_comer(lane, funnel, line, table, numbers, seed, replication)
        if vehicle < 0:
            end_lane(lane, funnel, line, book, numbers)
            return
        if 0 <= lane.ahead < vehicle - 1:
            follow(lane, table, numbers, vehicle)
        gate, clear_s = arrive(lane, funnel, line, table, book, numbers, vehicle, seed, replication)
        table.wholes[GATE, index(lane.first + vehicle)] = gate
        if gate != NO_FUNNEL:
            lane.vehicle, lane.gate = vehicle, gate
            lane.moment_s = look(lane, line, table, vehicle, gate, clear_s)
            return
        go_past(lane, line, table, numbers, vehicle, clear_s, False)


@inner
def end_lane(lane: Lane, funnel: int, line: Line, book: Book, numbers: Numbers) -> None:
    """Let the funnel open in the windows in which nobody comes any more, and the queue dissolve."""
    while lane.next_opens_s < NEVER:
        open_again(lane, funnel, book, numbers)
    advance(lane, line, NEVER)
    lane.moment_s = NEVER


@inlined
def go_past(
    lane: Lane, line: Line, table: Table, numbers: Numbers, vehicle: int, passed_s: float, diverted: bool
) -> None:
    """Leave the selection point, for the road or for the area."""
    kind = index(table.wholes[VEHICLE_CLASS, index(lane.first + vehicle)])
    line.passed_s[index(lane.passed)] = passed_s
    lane.ahead, lane.ahead_passed_s = vehicle, passed_s
    lane.ahead_diversion_s = numbers.classes[kind].diversion_s if diverted else 0.0
    if lane.look_stops:
        line.diverted_s[lane.passed] = lane.ahead_diversion_s
    lane.passed += 1


@inner
def follow(lane: Lane, table: Table, numbers: Numbers, vehicle: int) -> None:
    """Take the headway behind whoever is in front, where the neighbour on the road has turned off."""
    me, leader = lane.first + vehicle, lane.first + lane.ahead
    table.reals[FUNNEL_HEADWAY_S, me], table.reals[ROAD_HEADWAY_S, me] = headways(
        numbers.classes[table.wholes[VEHICLE_CLASS, me]].reaction_s,
        numbers.classes[table.wholes[VEHICLE_CLASS, leader]].spacing_m,
        table.reals[HEADWAY_NOISE, me],
        lane.lane_speed_ms,
        lane.headway_factor,
        lane.road_speed_ms,
        lane.lanes,
    )


@inlined
def arrive(
    lane: Lane,
    funnel: int,
    line: Line,
    table: Table,
    book: Book,
    numbers: Numbers,
    vehicle: int,
    seed: int,
    replication: int,
) -> tuple[int, float]:
    """Return what a vehicle finds at the selection point, and when it is free to pass it."""
    clear_s = when_clear_s(lane, table, vehicle)
    while True:
        while clear_s >= lane.closes_s and lane_s(lane, table, vehicle) >= lane.next_opens_s:
            open_again(lane, funnel, book, numbers)
            clear_s = when_clear_s(lane, table, vehicle)
        if not lane.opens_s <= clear_s < lane.closes_s:
            break
        while lane.decided < lane.count and table.reals[TURNS_OFF_S, lane.first + lane.decided] <= clear_s:
            decide(lane, funnel, line, table, numbers, seed, replication)
        advance(lane, line, clear_s)
        lane.tail_m = line.tail_m[lane.newest] if lane.newest >= lane.passed else 0.0
        valve = rules.next_valve(lane.valve, lane.tail_m, lane.suspend_at_m, lane.resume_at_m, lane.lift_at_m)
        if valve == lane.valve:
            break
        turn_valve(lane, funnel, book, numbers, valve, clear_s)
        clear_s = max(clear_s, when_clear_s(lane, table, vehicle))
        if clear_s < lane.closes_s:
            break
    if clear_s < lane.opens_s:
        return NO_FUNNEL, road_s(lane, table, vehicle)
    if clear_s >= lane.closes_s:
        return NO_FUNNEL, max(lane.closes_s, road_s(lane, table, vehicle))
    return gate_at(lane, funnel, numbers, clear_s), clear_s


@inner
def open_again(lane: Lane, funnel: int, book: Book, numbers: Numbers) -> None:
    """Go on to the next window; the valve is open then."""
    if lane.valve != VALVE_OPEN:
        turn_valve(lane, funnel, book, numbers, VALVE_OPEN, lane.next_opens_s)
    enter_window(lane, numbers)


@inner
def turn_valve(lane: Lane, funnel: int, book: Book, numbers: Numbers, valve: int, now_s: float) -> None:
    """Set the valve; each funnel writes into its own part of the buffer."""
    place = lane.first + funnel * len(numbers.opens_s) + lane.valve_changes
    book.valve_s[place], book.valve[place], book.valve_funnel[place] = now_s, valve, funnel
    lane.valve = valve
    lane.valve_changes += 1


@inlined
def when_clear_s(lane: Lane, table: Table, vehicle: int) -> float:
    """Return when the lane (or the road, while the funnel is lifted) is clear for a vehicle."""
    if lane.valve == VALVE_LIFTED:
        return road_s(lane, table, vehicle)
    return lane_s(lane, table, vehicle)


@inlined
def lane_s(lane: Lane, table: Table, vehicle: int) -> float:
    """Return when the lane is clear for a vehicle."""
    me = index(lane.first + vehicle)
    follows_s = lane.ahead_passed_s + table.reals[FUNNEL_HEADWAY_S, me] + lane.ahead_diversion_s
    return float(max(table.reals[ARRIVAL_S, me], follows_s))


@inlined
def road_s(lane: Lane, table: Table, vehicle: int) -> float:
    """Return when the road, with all its lanes, is clear for a vehicle."""
    me = index(lane.first + vehicle)
    follows_s = lane.ahead_passed_s + table.reals[ROAD_HEADWAY_S, me] + lane.ahead_diversion_s
    return float(max(table.reals[FREE_S, me], follows_s))


@inlined
def gate_at(lane: Lane, funnel: int, numbers: Numbers, time_s: float) -> int:
    """Return whether somebody looks at the vehicles that pass now."""
    if lane.valve == VALVE_LIFTED:
        return LIFTED
    times_s = numbers.duty_times_s
    while lane.duty_step + 1 < len(times_s) and times_s[lane.duty_step + 1] <= time_s:
        lane.duty_step += 1
    if not numbers.staffed[funnel, lane.duty_step]:
        return UNSTAFFED
    if lane.valve == VALVE_SUSPENDED or time_s >= lane.last_selection_s:
        return SUSPENDED
    return OPEN


@inlined
def look(lane: Lane, line: Line, table: Table, vehicle: int, gate: int, clear_s: float) -> float:
    """Return when the look at a vehicle is over; while selection is suspended nobody is looked at."""
    if gate != OPEN:
        return clear_s
    me, before = index(lane.first + vehicle), lane.passed - lane.look_officers
    free_s = line.passed_s[index(before)] if before >= 0 else NEVER_YET
    if lane.look_stops:
        diverted_s = line.diverted_s[before] if before >= 0 else 0.0
        moved_up_s = free_s + table.reals[FUNNEL_HEADWAY_S, me] + diverted_s
        return rules.looked_at_standing(clear_s, table.reals[ARRIVAL_S, me], moved_up_s, table.reals[LOOK_S, me])
    return rules.looked_at_rolling(clear_s, free_s, table.reals[LOOK_S, me])


@inlined
def pass_selection_point(
    lane: Lane,
    funnel: int,
    area: Area,
    yard: Yard,
    line: Line,
    table: Table,
    seen: Ints,
    numbers: Numbers,
) -> None:
    """Let the vehicle whose moment has come pass, singled out or not; where it has to wait for a place, it is held."""
    now_s = lane.moment_s
    selected = select(lane, funnel, area, table, seen, numbers)
    if not (selected and has_place(area)):
        if selected and area.hold:
            hold(area, yard, funnel)
            lane.moment_s = NEVER
        else:
            go_past(lane, line, table, numbers, lane.vehicle, now_s, False)
            lane.moment_s = COMES
        return
    reserve(area)
    pass_diverted(lane, area, yard, line, table, numbers, now_s)


@inlined
def pass_diverted(lane: Lane, area: Area, yard: Yard, line: Line, table: Table, numbers: Numbers, now_s: float) -> None:
    """Send the vehicle at the selection point to the area, where it has a place."""
    me = lane.first + lane.vehicle
    table.wholes[FATE, me] = INSPECTED
    divert(area, yard, table, me, now_s)
    go_past(lane, line, table, numbers, lane.vehicle, now_s, True)
    lane.moment_s = COMES


@inlined
def select(lane: Lane, funnel: int, area: Area, table: Table, seen: Ints, numbers: Numbers) -> bool:
    """Decide whether a vehicle is singled out, and note its fate if it is not inspected."""
    me, gate = index(lane.first + lane.vehicle), lane.gate
    if gate == OPEN:
        threshold = threshold_now(lane, funnel, area, table, seen, numbers, me)
        table.reals[THRESHOLD, me] = threshold
        selected = score_now(lane, funnel, table, numbers, me) > threshold or table.flags[LISTED, me]
        otherwise = NOT_SELECTED
    elif gate == SUSPENDED and lane.has_list:
        selected, otherwise = table.flags[LISTED, me], SELECTION_SUSPENDED
    else:
        table.wholes[FATE, me] = POST_UNSTAFFED if gate == UNSTAFFED else SELECTION_SUSPENDED
        return False
    table.flags[ACCEPTED, me] = area.hold != 0 or has_place(area)
    table.wholes[FATE, me] = AREA_FULL if selected else otherwise
    return selected


@inlined
def threshold_now(
    lane: Lane,
    funnel: int,
    area: Area,
    table: Table,
    seen: Ints,
    numbers: Numbers,
    me: int,
) -> float:
    """Return the score above which this vehicle, now, is selected."""
    kind = index(table.wholes[VEHICLE_CLASS, me])
    seen[funnel, kind] += 1
    cutoff = numbers.choices[funnel, kind].cutoff
    if lane.adapts != FIXED:
        cutoff = adapted_cutoff(lane, funnel, area, numbers, kind)
    every, filling = numbers.choices[funnel, kind].every, area.filling != 0
    if lane.rule == EVERY_NTH:
        return rules.threshold_of_every_nth(cutoff, every, seen[funnel, kind], area.taken, area.bays, filling)
    if lane.rule == FREE_BAY:
        return rules.threshold_of_free_bay(cutoff, every, seen[funnel, kind], area.taken, area.bays, filling)
    if lane.rule == BATCH:
        return rules.threshold_of_batch(cutoff, every, seen[funnel, kind], area.taken, area.bays, filling)
    return rules.threshold_of_score(cutoff, every, seen[funnel, kind], area.taken, area.bays, filling)


@inner
def adapted_cutoff(lane: Lane, funnel: int, area: Area, numbers: Numbers, kind: int) -> float:
    """Return the quantile of a class's selection rate, as full as the area or as long as the queue now is."""
    places, points = area.waiting + area.bays, lane.adapt_points
    value = lane.tail_m if lane.adapts == ON_TAIL else (area.taken / places if places else 1.0)
    factor = rules.factor_at(value, numbers.adapt_at[funnel, :points], numbers.adapt_factor[funnel, :points])
    return cutoff_at(numbers.choices[funnel, kind].rate * factor)


@inlined
def score_now(lane: Lane, funnel: int, table: Table, numbers: Numbers, me: int) -> float:
    """Return the suspicion that this look raises; a longer look by a fresh officer tells more of a target."""
    told = 1.0
    if lane.looks_differ:
        at_post_s = (lane.moment_s - lane.opens_s) % lane.rotate_s
        told = quality(table.reals[LOOK_S, me], lane.look_reference_s, at_post_s, lane.tires_half_life_s)
        table.reals[QUALITY, me] = told
    return float(table.reals[IMPRESSION, me] + told * numbers.statuses[funnel, table.wholes[TARGET, me]].cue)
