"""The event queue: a heap of scheduled events, and a queue of what follows at once.

An event's *rank* is its kind and its vehicle in one number, so ties fall as in the SimPy engine.
"""

from funnelsim.engines.compiled.buffers import FOLLOW_ON, AreaQueues
from funnelsim.engines.compiled.plan_arrays import AreaState
from funnelsim.engines.scheduled_event import VEHICLES, Kind
from funnelsim.model.compiled import inlined

STAGE_END, PURSUIT_END, ROSTER_STEP = int(Kind.STAGE_END), int(Kind.PURSUIT_END), int(Kind.ROSTER_STEP)
TURN_OFF, SELECTION_POINT, AREA_ARRIVAL = int(Kind.TURN_OFF), int(Kind.SELECTION_POINT), int(Kind.AREA_ARRIVAL)

# What follows at once: a bay, a spot or the crew is there; a lane that was held is given a place.
BAY, SPOT, CREW, PLACE = 0, 1, 2, 3


@inlined
def before(time_s: float, rank: int, other_s: float, other_rank: int) -> bool:
    """Tell whether one event comes before another."""
    return time_s < other_s or (time_s == other_s and rank < other_rank)


@inlined
def schedule(area: AreaState, queues: AreaQueues, time_s: float, kind: int, vehicle: int) -> None:
    """Schedule an event."""
    rank = kind * VEHICLES + vehicle
    place = area.events
    area.events += 1
    while place > 0:
        above = (place - 1) >> 1
        if before(queues.event_s[above], queues.event_rank[above], time_s, rank):
            break
        queues.event_s[place], queues.event_rank[place] = queues.event_s[above], queues.event_rank[above]
        place = above
    queues.event_s[place], queues.event_rank[place] = time_s, rank


@inlined
def drop_next(area: AreaState, queues: AreaQueues) -> None:
    """Remove the next event from the heap."""
    area.events -= 1
    count = area.events
    time_s, rank = queues.event_s[count], queues.event_rank[count]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= count:
            break
        if below + 1 < count and before(
            queues.event_s[below + 1], queues.event_rank[below + 1], queues.event_s[below], queues.event_rank[below]
        ):
            below += 1
        if before(time_s, rank, queues.event_s[below], queues.event_rank[below]):
            break
        queues.event_s[place], queues.event_rank[place] = queues.event_s[below], queues.event_rank[below]
        place = below
    queues.event_s[place], queues.event_rank[place] = time_s, rank


@inlined
def at_once(area: AreaState, queues: AreaQueues, what: int, who: int) -> None:
    """Let something follow at once, after what is in the queue already."""
    queues.waiting[FOLLOW_ON, area.soon] = what * VEHICLES + who
    area.soon = area.soon + 1 if area.soon + 1 < len(queues.event_s) else 0


@inlined
def next_at_once(area: AreaState, queues: AreaQueues) -> int:
    """Remove and return what follows next."""
    entry = queues.waiting[FOLLOW_ON, area.soon_done]
    area.soon_done = area.soon_done + 1 if area.soon_done + 1 < len(queues.event_s) else 0
    return int(entry)
