"""Officers in plain language: the roster, the posts, the chase cars, and who is free for inspection hour by hour."""

from collections.abc import Iterator
from itertools import pairwise

from funnelsim.analysis.forecast import hours_of
from funnelsim.model.expected import spans_of_steps
from funnelsim.model.plan import Plan
from funnelsim.reporting.days import rows_by_day, span_text
from funnelsim.reporting.section import Column, Grid, Section
from funnelsim.scenario.key import Crew
from funnelsim.scenario.roster import officers_with_break
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.staffing import Shift, Supervision
from funnelsim.units import Span
from funnelsim.wording import counted, days_text, joined, minutes_text, share_text


def crew_text(crew: Crew) -> str:
    """Return a crew in words.

    Examples
    --------
    >>> crew_text({"police": 2, "customs": 1})
    '2 police and 1 customs'
    """
    return joined([f"{count} {name}" for name, count in crew.items()])


def officers(scenario: Scenario, plan: Plan) -> Section:
    """Return the roster, the posts, the chase cars and the officers on duty and free for inspection by hour."""
    items: list[str | Grid] = [_roster(scenario), _posts(scenario, plan)]
    if scenario.staffing.supervision is not None:
        items.append(_supervision(scenario.staffing.supervision))
    if scenario.staffing.chase is not None:
        items.append(_chase(scenario, plan))
    if scenario.staffing.roster:
        items.append("On duty / free for inspection:")
        columns = _columns(plan)
        for alike, rows in rows_by_day(scenario.operation, lambda windows_s: tuple(_rows(plan, windows_s))):
            items += [*([alike] if alike else []), Grid(columns, rows)]
    return Section("Officers", tuple(items))


def shift_text(shift: Shift) -> str:
    """Return a shift in words: "8 police 05:30-14:30", with its days where it names them."""
    days = f" on {days_text(shift.days)}" if shift.days else ""
    return f"{shift.count} {shift.agency} {shift.from_}-{shift.to}{days}"


def _roster(scenario: Scenario) -> str:
    if not scenario.staffing.roster:
        return "Nobody is on the roster."
    shifts = []
    for shift in scenario.staffing.roster:
        breaks = shift.breaks
        pause = ""
        if breaks:
            planned = f"of {breaks.minutes:g} min after at most {breaks.after_h:g} h"
            taken = officers_with_break(shift) > 0
            pause = f" (break {planned})" if taken else f" (no break: one {planned} does not fit in)"
        shifts.append(f"{shift_text(shift)}{pause}")
    late = (
        " A break that work overruns is taken in full, later."
        if any(officers_with_break(shift) for shift in scenario.staffing.roster)
        else ""
    )
    daily = "" if scenario.operation.days == 1 else " Shifts without days are on duty every day."
    return f"On the roster: {', '.join(shifts)}.{late}{daily}"


def _posts(scenario: Scenario, plan: Plan) -> str:
    points = {
        f"selection point {side.direction}" if scenario.funnels else "selection point": side.selection.post
        for side in scenario.per_funnel
    }
    held = [f"{name} {crew_text(crew)}" for name, crew in (scenario.staffing.posts | points).items() if crew]
    if not held:
        only = " Vehicles are selected only while somebody is on duty." if unattended(plan) else ""
        return f"No post has to be staffed.{only}"
    there = "; if it is a selection point, none is selected there" if scenario.funnels else ""
    return (
        f"Posts, staffed before any inspection: {', '.join(held)}. While a post is not staffed, no vehicle is "
        f"selected{there}."
    )


def unattended(plan: Plan) -> list[Span]:
    """Return when the funnel stands and nobody is on duty, although there is a roster."""
    duty = plan.duty
    if not duty.rostered.any():
        return []
    return spans_of_steps(duty.times_s, duty.on_duty.sum(axis=1) == 0, plan.windows_s)


def _supervision(supervision: Supervision) -> str:
    return (
        f"Supervisors: {crew_text(supervision.crew)} for every {counted(supervision.span, 'officer')} on duty or part "
        "of them; supervisors do not inspect, and while one is missing no vehicle is selected."
    )


def _chase(scenario: Scenario, plan: Plan) -> str:
    """Return the chase cars, and what they do while the funnel stands."""
    chase = scenario.staffing.chase
    if chase is None or plan.pursuit is None:
        return ""
    each = "each " if chase.cars > 1 else ""
    crew = f", {each}with {crew_text(chase.crew)}, manned after the posts" if chase.crew else ""
    means_s = plan.pursuit.mean_s[plan.pursuit.mean_s > 0.0]
    least, most = minutes_text(float(means_s.min())), minutes_text(float(means_s.max()))
    return (
        f"{counted(chase.cars, 'chase car')}{crew}: {share_text(chase.pursues)} of the vehicles that turn away are "
        f"pursued if a car is ready and the area has room, and {share_text(chase.brings)} of these are brought to the "
        f"area; a pursuit takes {least if least == most else f'{least} to {most}'}."
    )


def _columns(plan: Plan) -> tuple[Column, ...]:
    posts = [f"posts,\n{funnel.direction}" for funnel in plan.funnels] if plan.other_funnels else ["posts"]
    cars = [] if plan.pursuit is None else [Column("chase\ncars")]
    agencies = (Column(name) for name in plan.duty.agencies)
    return (Column("", "left"), *agencies, *cars, *(Column(name, "left") for name in posts))


def _rows(plan: Plan, windows_s: list[Span]) -> Iterator[tuple[str, ...]]:
    """Yield the hours of some windows with their cells, equal ones that follow each other as one."""
    hours = [hour for window_s in windows_s for hour in hours_of(window_s)]
    cells = [_cells(plan, *hour) for hour in hours]
    begins = [0, *(k + 1 for k, (a, b) in enumerate(pairwise(hours)) if a[1] != b[0] or cells[k] != cells[k + 1])]
    for first, end in pairwise([*begins, len(hours)]):
        yield (span_text(hours[first][0], hours[end - 1][1]), *cells[first])


def _cells(plan: Plan, from_s: float, to_s: float) -> tuple[str, ...]:
    duty = plan.duty
    steps = range(duty.at(from_s), duty.at(to_s - 1.0) + 1)
    cells = [
        f"{_range(duty.on_duty[steps, place].tolist())} / {_range(duty.free[steps, place].tolist())}"
        for place in range(len(duty.agencies))
    ]
    if plan.pursuit is not None:
        cells.append(_range(plan.pursuit.cars[steps].tolist()))
    for funnel in plan.funnels:
        staffed = funnel.duty.staffed[steps]
        cells.append("staffed" if staffed.all() else "partly staffed" if staffed.any() else "NOT staffed")
    return tuple(cells)


def _range(numbers: list[int]) -> str:
    least, most = min(numbers), max(numbers)
    return f"{least}" if least == most else f"{least}-{most}"
