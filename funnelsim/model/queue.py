"""How far the queue reaches: Newell's waves, in metres upstream of the taper.

Whoever passes the selection point sends a wave back through the standing vehicles. A vehicle coming down the road
drives freely until it meets the wave of one who has passed ahead of it: there it stands at the tail. This depends on
nothing but who has passed until then, so the valve may act on it.

The recursion walks two marks along the vehicles, so a whole operation costs as much as its vehicles: `newest` is the
last vehicle that has met the queue, `foot` the one whose wave it met.

References
----------
Newell (2002), A simplified car-following theory: a lower order model, Transportation Research Part B 36.
doi:10.1016/S0191-2615(00)00044-8
"""

from collections.abc import MutableSequence, Sequence

from funnelsim.model.grid import on_grid


def advance_tail(
    now_s: float,
    passing: int,
    newest: int,
    foot: int,
    free_s: Sequence[float],
    passed_s: Sequence[float],
    spacing_up_to_m: Sequence[float],
    lane_length_m: float,
    per_lane: float,
    road_slowness: float,
    wave_slowness: float,
    joined_s: MutableSequence[float],
    tail_m: MutableSequence[float],
) -> tuple[int, int]:
    """Let every vehicle that has met the queue by `now_s` join it; return the new marks (newest, foot).

    Parameters
    ----------
    now_s
        The moment.
    passing
        The next vehicle to pass the selection point; `passed_s` is known for all before it.
    newest, foot
        The marks so far; -1 and 0 at the beginning.
    free_s
        When each vehicle would pass the selection point on the free road.
    passed_s
        When each vehicle passed it.
    spacing_up_to_m
        Sum of the jam spacings of all vehicles before each.
    lane_length_m, per_lane
        Vehicles stand in single file in the lane, and side by side upstream of it, where each takes 1 / lanes of its
        metres.
    road_slowness, wave_slowness
        Seconds that a vehicle on the free road, and a wave, take for a metre.
    joined_s, tail_m
        Written: when a vehicle met the queue, and the queue's length from the taper then.
    """
    slowness = wave_slowness + road_slowness
    while newest + 1 < len(free_s):
        vehicle = newest + 1
        while True:
            metres = spacing_up_to_m[vehicle] - spacing_up_to_m[foot]
            upstream_m = (metres - lane_length_m) * per_lane
            distance_m = metres if upstream_m <= 0.0 else lane_length_m + upstream_m
            if foot >= passing or foot >= vehicle or passed_s[foot] + distance_m * slowness > free_s[vehicle]:
                break
            foot += 1
        meets_s = on_grid(free_s[vehicle] - distance_m * road_slowness)
        if meets_s > now_s:
            break
        joined_s[vehicle] = meets_s if vehicle == 0 or meets_s > joined_s[vehicle - 1] else joined_s[vehicle - 1]
        tail_m[vehicle] = max(upstream_m, 0.0)
        newest = vehicle
    return newest, foot


def tail_now(
    now_s: float,
    passing: int,
    newest: int,
    foot: int,
    passed_s: Sequence[float],
    spacing_up_to_m: Sequence[float],
    lane_length_m: float,
    per_lane: float,
    wave_slowness: float,
) -> float:
    """Return where the newest vehicle in the queue stands at a moment, in metres upstream of the taper.

    It moves up by every wave that has reached it since it joined, so a queue that nobody joins any more grows shorter.
    Parameters are those of `advance_tail`, with the marks that it returned; the search begins at the foot, which may
    already be that of the vehicle that joins next. A vehicle that passes at this very moment is still there.
    """
    if newest < 0 or (newest < passing and passed_s[newest] < now_s):
        return 0.0
    ahead = min(foot, newest, passing)
    while ahead > 0 and not _reached(
        ahead - 1, now_s, newest, passed_s, spacing_up_to_m, lane_length_m, per_lane, wave_slowness
    ):
        ahead -= 1
    while ahead < min(newest, passing) and _reached(
        ahead, now_s, newest, passed_s, spacing_up_to_m, lane_length_m, per_lane, wave_slowness
    ):
        ahead += 1
    return max((spacing_up_to_m[newest] - spacing_up_to_m[ahead] - lane_length_m) * per_lane, 0.0)


def tail_seen(passing: int, newest: int, tail_m: Sequence[float]) -> float:
    """Return how far the queue reached as its newest vehicle joined it; 0 when that one has passed."""
    return tail_m[newest] if newest >= passing else 0.0


def _reached(
    ahead: int,
    now_s: float,
    newest: int,
    passed_s: Sequence[float],
    spacing_up_to_m: Sequence[float],
    lane_length_m: float,
    per_lane: float,
    wave_slowness: float,
) -> bool:
    """Tell whether the wave of a vehicle that has passed has reached the newest in the queue."""
    metres = spacing_up_to_m[newest] - spacing_up_to_m[ahead]
    upstream_m = (metres - lane_length_m) * per_lane
    distance_m = metres if upstream_m <= 0.0 else lane_length_m + upstream_m
    return passed_s[ahead] + distance_m * wave_slowness <= now_s
