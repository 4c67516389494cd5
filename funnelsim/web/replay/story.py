"""What one vehicle went through, in plain sentences."""

import math
from bisect import bisect_right

from funnelsim.model.plan import Plan
from funnelsim.plots.day_panels import several_days
from funnelsim.replay.gate_steps import GateState
from funnelsim.replay.outcomes import Outcome
from funnelsim.replay.tracks import RoadTracks, Tracks
from funnelsim.units import DAY_S, HOUR_S, MINUTE_S
from funnelsim.web.language import text
from funnelsim.web.numerals import numbers
from funnelsim.wording import minutes_text

_NOTICED_S = 0.5  # what is shorter is not worth a word


def story_of(tracks: Tracks, plan: Plan, vehicle: int, *, targets: bool) -> list[str]:
    """Return the story of one vehicle, a sentence or two a line.

    Parameters
    ----------
    tracks, plan
        The replication and the plan that was simulated.
    vehicle
        Its index; the story calls it by the number of its place among all, from 1.
    targets
        Whether the story may say that it was a target although nobody found out.
    """
    road = next(one for one in tracks.roads if one.first <= vehicle < one.end)
    name = f"{plan.classes[tracks.vehicle_class[vehicle]]} {vehicle + 1:,}"
    name = name[0].upper() + name[1:]
    comes = _came if math.isfinite(tracks.joins_s[vehicle]) else _turned_off
    lines = comes(tracks, plan, vehicle, name)
    if tracks.outcome[vehicle] in {Outcome.NOTHING_FOUND, Outcome.TARGET_FOUND}:
        lines += _inspected(tracks, plan, vehicle)
    elif math.isfinite(tracks.passes_s[vehicle]):
        lines.append(_passed(tracks, plan, road, vehicle))
    if targets:
        lines.append(_status(tracks, plan, vehicle))
    return [numbers(line) for line in lines]


def time_text(time_s: float, plan: Plan) -> str:
    """Return a time of day to the second, with the day where the operation has several.

    Parameters
    ----------
    time_s
        Seconds after midnight of the first day.
    plan
        Of the operation.
    """
    s = math.floor(time_s + 1e-6)
    clock = f"{s // HOUR_S % 24:02.0f}:{s // MINUTE_S % 60:02.0f}:{s % MINUTE_S:02.0f}"
    if not several_days(plan):
        return clock
    return text("{clock} on day {day}").format(clock=clock, day=int(s // DAY_S) + 1)


def _came(tracks: Tracks, plan: Plan, vehicle: int, name: str) -> list[str]:
    at = time_text(tracks.joins_s[vehicle], plan)
    metres = float(tracks.tail_m[vehicle])
    said = text("{name} came to the lane at {at}; no queue reached beyond it.")
    if metres > 0.0:
        said = text("{name} joined the queue at {at}, {metres} m upstream of the taper.")
    return [said.format(name=name, at=at, metres=f"{metres:,.0f}")]


def _turned_off(tracks: Tracks, plan: Plan, vehicle: int, name: str) -> list[str]:
    at = time_text(tracks.turns_off_s[vehicle], plan)
    lines = [text("{name} turned off before the funnel at {at}.").format(name=name, at=at)]
    if math.isfinite(tracks.area_s[vehicle]):
        brought = time_text(tracks.area_s[vehicle], plan)
        lines.append(text("A chase car pursued it and brought it to the area at {brought}.").format(brought=brought))
    return lines


def _passed(tracks: Tracks, plan: Plan, road: RoadTracks, vehicle: int) -> str:
    passes_s = float(tracks.passes_s[vehicle])
    at = time_text(passes_s, plan)
    later_s = passes_s - float(tracks.baseline_s[vehicle])
    later = text("{time} later than without a funnel").format(time=minutes_text(later_s))
    if later_s < _NOTICED_S:
        later = text("no later than without a funnel")
    if tracks.outcome[vehicle] == Outcome.NOT_SELECTED:
        said = text("An officer looked at it and did not select it. It passed the selection point at {at}, {later}.")
    elif tracks.outcome[vehicle] == Outcome.AREA_FULL:
        said = text("It was selected, but the area was full: it was waved through at {at}, {later}.")
    else:
        said = text("It passed the selection point at {at}, {later}. {why}")
    return said.format(at=at, later=later, why=_why_unchecked(road, passes_s))


def _why_unchecked(road: RoadTracks, passes_s: float) -> str:
    moments_s, states = road.gate
    state = GateState(states[max(0, bisect_right(moments_s, passes_s) - 1)])
    return {
        GateState.CLOSED: text("The funnel did not stand."),
        GateState.SUSPENDED: text("Nobody was selected then: the valve had suspended selection."),
        GateState.LIFTED: text("Nobody was selected then: the valve had lifted the funnel."),
        GateState.UNSTAFFED: text("Nobody was selected then: a post was not staffed."),
        GateState.LAST_MINUTES: text("Nobody is selected in the last minutes."),
        GateState.SELECTING: text("When its turn came, nobody was selected."),
    }[state]


def _inspected(tracks: Tracks, plan: Plan, vehicle: int) -> list[str]:
    lines = []
    if math.isfinite(tracks.passes_s[vehicle]):
        at, there = (time_text(times_s[vehicle], plan) for times_s in (tracks.passes_s, tracks.area_s))
        lines.append(
            text("It was selected and diverted at {at}, and came to the area at {there}.").format(at=at, there=there)
        )
    waited_s = float(tracks.bay_from_s[vehicle] - tracks.area_s[vehicle])
    from_at, to_at = (time_text(times_s[vehicle], plan) for times_s in (tracks.bay_from_s, tracks.bay_to_s))
    bay = tracks.bay[vehicle]
    said = text("It was in bay {bay} from {from_at} to {to_at}.")
    if waited_s >= _NOTICED_S:
        said = text("It waited {waited} for a bay, and was in bay {bay} from {from_at} to {to_at}.")
    lines.append(said.format(waited=minutes_text(waited_s), bay=bay, from_at=from_at, to_at=to_at))
    lines += _stages(tracks, plan, vehicle)
    return [*lines, _end(tracks, plan, vehicle)]


def _end(tracks: Tracks, plan: Plan, vehicle: int) -> str:
    left = time_text(tracks.left_s[vehicle], plan)
    if tracks.outcome[vehicle] != Outcome.TARGET_FOUND:
        return text("Nothing was found. It left at {left}.").format(left=left)
    found, target = time_text(tracks.found_s[vehicle], plan), plan.targets[tracks.target[vehicle] - 1]
    said = text("A target was found at {found}: {target}. It left at {left}.")
    return said.format(found=found, target=target, left=left)


def _stages(tracks: Tracks, plan: Plan, vehicle: int) -> list[str]:
    lines = []
    for entry in (tracks.stage_vehicle == vehicle).nonzero()[0].tolist():
        from_s, to_s = float(tracks.stage_from_s[entry]), float(tracks.stage_to_s[entry])
        said = text("{stage}: {lasts}, from {from_at} to {to_at}.").format(
            stage=plan.inspection.names[tracks.stage[entry]],
            lasts=minutes_text(to_s - from_s),
            from_at=time_text(from_s, plan),
            to_at=time_text(to_s, plan),
        )
        lines.append(said[0].upper() + said[1:])
    return lines


def _status(tracks: Tracks, plan: Plan, vehicle: int) -> str:
    target = int(tracks.target[vehicle])
    if target == 0:
        return text("It was an ordinary vehicle.")
    name = plan.targets[target - 1]
    if tracks.outcome[vehicle] == Outcome.TARGET_FOUND:
        return text("It was a target ({name}) and was found.").format(name=name)
    return text("It was a target ({name}) and was not found.").format(name=name)
