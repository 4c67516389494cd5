"""Bad days on which something is missing: an officer, a bay, a piece of equipment, a team with an early detection."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from funnelsim.decision.bad_days.bad_day import BadDay
from funnelsim.scenario.area import Duration
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.key import clock_of, length_s_between, seconds_after_midnight
from funnelsim.scenario.schema import Scenario
from funnelsim.units import DAY_S, MINUTE_S, Span
from funnelsim.wording import joined, minutes_text

EARLY_MIN: Final = 30.0  # after the opening

Table = dict[str, Any]


def officer_missing(agency: str) -> BadDay:
    """Return a day on which every shift of an agency has one officer less."""

    def changes(scenario: Scenario, _: Demand) -> Table:
        return {
            f"staffing.roster.{place}.count": shift.count - 1
            for place, shift in enumerate(scenario.staffing.roster)
            if shift.agency == agency and shift.count
        }

    how = "Every shift of the agency has one officer less (staffing.roster.AGENCY.count)."
    return BadDay(f"one officer missing: {agency}", how, changes)


def bay_out() -> BadDay:
    """Return a day with one bay less."""

    def changes(scenario: Scenario, _: Demand) -> Table:
        return {"area.bays": scenario.area.bays - 1}

    how = (
        "One bay less for the whole operation (area.bays), because bays have no hours in a scenario: more than an "
        "outage of some hours would change."
    )
    return BadDay("one bay out throughout", how, changes)


def piece_out(name: str, peak: Span) -> BadDay:
    """Return a day on which one piece of equipment is out during the hours in which most vehicles come."""
    outage = {"from": clock_of(peak[0]), "to": clock_of(peak[1]), "pieces": 1}

    def changes(scenario: Scenario, _: Demand) -> Table:
        pieces = [piece.model_dump(mode="json", by_alias=True, exclude_none=True) for piece in scenario.pieces]
        failing = [piece for piece in pieces if piece["name"] == name]
        for piece in failing:
            piece["outages"] = [*piece["outages"], outage]
        return {"equipment": pieces}

    how = f"One piece is out from {outage['from']} to {outage['to']}, when most vehicles come (equipment.NAME.outages)."
    return BadDay(f"one piece out: {name}", how, changes)


def team_tied_up(scenario: Scenario) -> Iterator[BadDay]:
    """Yield a day on which an early detection ties up the officers who see to it, if there are any."""
    after = scenario.area.after_detection
    if not after.crew:
        return
    from_s = seconds_after_midnight(scenario.operation.opens) + EARLY_MIN * MINUTE_S
    lasts_s = max(1.0, round(_longest_s(scenario, after.duration) / MINUTE_S)) * MINUTE_S
    away = (clock_of(from_s), clock_of(from_s + lasts_s))

    def changes(plan: Scenario, _: Demand) -> Table:
        shifts = [shift.model_dump(mode="json", by_alias=True, exclude_none=True) for shift in plan.staffing.roster]
        for agency, officers in plan.area.after_detection.crew.items():
            shifts = _without(shifts, agency, officers, away)
        return {"staffing.roster": shifts}

    crew = joined([f"{officers} {agency}" for agency, officers in after.crew.items()])
    how = (
        f"The crew of a detection ({crew}) is off the roster from {away[0]} for {minutes_text(lasts_s)}, as long as "
        "what follows a detection takes (staffing.roster). The bay stays in use, and the detection is not counted."
    )
    yield BadDay("early detection ties up a team", how, changes)


def _longest_s(scenario: Scenario, duration: Duration) -> float:
    """Return the mean duration for the class that takes longest."""
    means = duration.mean_s if isinstance(duration.mean_s, dict) else {"default": duration.mean_s}
    return max(
        means.get(name, means.get("default", 0.0)) + duration.per_occupant_s * entry.occupants
        for name, entry in scenario.classes.items()
    )


def _without(shifts: Sequence[Table], agency: str, officers: int, away: tuple[str, str]) -> list[Table]:
    """Return shifts from which some officers of an agency are away for a time, those on duty at its beginning.

    They are taken from the shifts in the order of the roster. Those of a shift become a shift before that time and one
    after it.

    Examples
    --------
    >>> shift = {"agency": "police", "count": 5, "from": "06:00", "to": "14:00"}
    >>> for one in _without([shift], "police", 2, ("07:00", "08:30")):
    ...     print(one["count"], one["from"], one["to"])
    3 06:00 14:00
    2 06:00 07:00
    2 08:30 14:00
    >>> late = {"agency": "police", "count": 5, "from": "07:00", "to": "15:00"}
    >>> [one["count"] for one in _without([shift | {"count": 1}, late], "police", 2, ("07:00", "08:30"))]
    [0, 1, 1, 4, 1]
    """
    lasts_s = length_s_between(*away)
    made = []
    for shift in shifts:
        length_s = length_s_between(shift["from"], shift["to"])
        goes_s = length_s_between(shift["from"], away[0]) % DAY_S
        on_duty = shift["agency"] == agency and goes_s < length_s
        going = min(officers, shift["count"]) if on_duty else 0
        officers -= going
        made.append(shift | {"count": shift["count"] - going})
        if going and goes_s > 0.0:
            made.append(shift | {"count": going, "to": away[0]})
        if going and goes_s + lasts_s < length_s:
            made.append(shift | {"count": going, "from": away[1]})
    return made
