"""The event queue: a heap of scheduled events, and a queue of what follows at once.

An event's *rank* is its kind and its vehicle in one number, so ties fall as in the SimPy engine.
"""

from funnelsim.engines.compiled.buffers import FOLLOW_ON, AreaQueues
from funnelsim.engines.compiled.plan_arrays import AreaState
from funnelsim.engines.scheduled_event import RANKS_PER_KIND, EventKind
from funnelsim.model.compiled import inlined

STAGE_END, PURSUIT_END, ROSTER_STEP = int(EventKind.STAGE_END), int(EventKind.PURSUIT_END), int(EventKind.ROSTER_STEP)
BREAK_END, PAUSE_END, BAY_READY = int(EventKind.BREAK_END), int(EventKind.PAUSE_END), int(EventKind.BAY_READY)
TURN_OFF, SELECTION_POINT, AREA_ARRIVAL = (
    int(EventKind.TURN_OFF),
    int(EventKind.SELECTION_POINT),
    int(EventKind.AREA_ARRIVAL),
)

# What follows at once: a bay, a spot or the crew is there; a lane that was held is given a place.
BAY, SPOT, CREW, PLACE = 0, 1, 2, 3


@inlined
def before(time_s: float, rank: int, other_s: float, other_rank: int) -> bool:
    """Tell whether one event comes before another."""
    return time_s < other_s or (time_s == other_s and rank < other_rank)


@inlined
def schedule(area: AreaState, queues: AreaQueues, time_s: float, event_kind: int, vehicle: int) -> None:
    """Schedule an event."""
    rank = event_kind * RANKS_PER_KIND + vehicle
    position = area.events
    area.events += 1
    while position > 0:
        above = (position - 1) >> 1
        if before(queues.event_s[above], queues.event_rank[above], time_s, rank):
            break
        queues.event_s[position], queues.event_rank[position] = queues.event_s[above], queues.event_rank[above]
        position = above
    queues.event_s[position], queues.event_rank[position] = time_s, rank


@inlined
def drop_next(area: AreaState, queues: AreaQueues) -> None:
    """Remove the next event from the heap."""
    area.events -= 1
    count = area.events
    time_s, rank = queues.event_s[count], queues.event_rank[count]
    position = 0
    while True:
        below = 2 * position + 1
        if below >= count:
            break
        if below + 1 < count and before(
            queues.event_s[below + 1], queues.event_rank[below + 1], queues.event_s[below], queues.event_rank[below]
        ):
            below += 1
        if before(time_s, rank, queues.event_s[below], queues.event_rank[below]):
            break
        queues.event_s[position], queues.event_rank[position] = queues.event_s[below], queues.event_rank[below]
        position = below
    queues.event_s[position], queues.event_rank[position] = time_s, rank


@inlined
def at_once(area: AreaState, queues: AreaQueues, what: int, who: int) -> None:
    """Let something follow at once, after what is in the queue already."""
    queues.waiting[FOLLOW_ON, area.soon] = what * RANKS_PER_KIND + who
    area.soon = area.soon + 1 if area.soon + 1 < queues.waiting.shape[1] else 0


@inlined
def next_at_once(area: AreaState, queues: AreaQueues) -> int:
    """Remove and return what follows next."""
    entry = queues.waiting[FOLLOW_ON, area.soon_done]
    area.soon_done = area.soon_done + 1 if area.soon_done + 1 < queues.waiting.shape[1] else 0
    return int(entry)
