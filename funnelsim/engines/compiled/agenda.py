"""What happens when: a heap of moments, and a line of what happens at once.

A moment's *rank* is its kind and its vehicle in one number, so ties fall as in the SimPy engine.
"""

from funnelsim.engines.compiled.numbers import Area
from funnelsim.engines.compiled.table import Yard
from funnelsim.engines.scheduled_event import VEHICLES, Kind
from funnelsim.model.compiled import inlined

STAGE_END, PURSUIT_END, ROSTER_STEP = int(Kind.STAGE_END), int(Kind.PURSUIT_END), int(Kind.ROSTER_STEP)
TURN_OFF, SELECTION_POINT, AREA_ARRIVAL = int(Kind.TURN_OFF), int(Kind.SELECTION_POINT), int(Kind.AREA_ARRIVAL)

# What happens at once, in its turn: a bay, a spot or the crew is there; a lane that was held is given a place.
BAY, SPOT, CREW, PLACE = 0, 1, 2, 3


@inlined
def before(time_s: float, rank: int, other_s: float, other_rank: int) -> bool:
    """Tell whether one moment comes before another."""
    return time_s < other_s or (time_s == other_s and rank < other_rank)


@inlined
def schedule(area: Area, yard: Yard, time_s: float, kind: int, vehicle: int) -> None:
    """Note a moment."""
    rank = kind * VEHICLES + vehicle
    place = area.moments
    area.moments += 1
    while place > 0:
        above = (place - 1) >> 1
        if before(yard.moment_s[above], yard.moment_rank[above], time_s, rank):
            break
        yard.moment_s[place], yard.moment_rank[place] = yard.moment_s[above], yard.moment_rank[above]
        place = above
    yard.moment_s[place], yard.moment_rank[place] = time_s, rank


@inlined
def drop_next(area: Area, yard: Yard) -> None:
    """Take the first moment off the heap."""
    area.moments -= 1
    count = area.moments
    time_s, rank = yard.moment_s[count], yard.moment_rank[count]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= count:
            break
        if below + 1 < count and before(
            yard.moment_s[below + 1], yard.moment_rank[below + 1], yard.moment_s[below], yard.moment_rank[below]
        ):
            below += 1
        if before(time_s, rank, yard.moment_s[below], yard.moment_rank[below]):
            break
        yard.moment_s[place], yard.moment_rank[place] = yard.moment_s[below], yard.moment_rank[below]
        place = below
    yard.moment_s[place], yard.moment_rank[place] = time_s, rank


@inlined
def at_once(area: Area, yard: Yard, what: int, who: int) -> None:
    """Let something happen at this very moment, after what is in line already."""
    yard.soon[area.soon] = what * VEHICLES + who
    area.soon = area.soon + 1 if area.soon + 1 < len(yard.soon) else 0


@inlined
def next_at_once(area: Area, yard: Yard) -> int:
    """Take what happens next at this moment out of its line."""
    entry = yard.soon[area.soon_done]
    area.soon_done = area.soon_done + 1 if area.soon_done + 1 < len(yard.soon) else 0
    return int(entry)
