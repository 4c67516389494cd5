"""Officers in plain words: the roster, the posts, and who is free for inspection hour by hour."""

from collections.abc import Iterator

from funnelsim.model.plan import Plan
from funnelsim.report.forecast import hours_of
from funnelsim.report.section import Column, Grid, Section
from funnelsim.report.words import span_text, together
from funnelsim.scenario.control import Crew, Shift
from funnelsim.scenario.schema import Scenario

Span = tuple[float, float]


def crew_text(crew: Crew) -> str:
    """Return a crew in words.

    Examples
    --------
    >>> crew_text({"police": 2, "customs": 1})
    '2 police and 1 customs'
    """
    return together([f"{count} {name}" for name, count in crew.items()])


def officers(scenario: Scenario, plan: Plan) -> Section:
    """Return the roster, the posts and the officers on duty and free for inspection by hour."""
    items: list[str | Grid] = [_roster(scenario), _posts(scenario)]
    if scenario.staffing.roster:
        items += ["On duty / free for inspection:", _by_hour(plan)]
    return Section("Officers", tuple(items))


def shift_text(shift: Shift) -> str:
    """Return a shift in words: "8 police 05:30-14:30"."""
    return f"{shift.count} {shift.agency} {shift.from_}-{shift.to}"


def _roster(scenario: Scenario) -> str:
    if not scenario.staffing.roster:
        return "Nobody is on the roster."
    shifts = []
    for shift in scenario.staffing.roster:
        breaks = shift.breaks
        pause = f" (break of {breaks.minutes:g} min within {breaks.after_h:g} h)" if breaks else ""
        shifts.append(f"{shift_text(shift)}{pause}")
    return f"On the roster: {', '.join(shifts)}."


def _posts(scenario: Scenario) -> str:
    posts = {**scenario.staffing.posts, "selection point": scenario.selection.post}
    held = [f"{name} {crew_text(crew)}" for name, crew in posts.items() if crew]
    if not held:
        return "No post has to be staffed."
    return f"Posts, staffed before any inspection: {', '.join(held)}. While one is not staffed, nobody is selected."


def _by_hour(plan: Plan) -> Grid:
    columns = (Column("", "left"), *(Column(name) for name in plan.duty.agencies), Column("posts", "left"))
    rows = tuple((span_text(from_s, to_s), *cells) for (from_s, to_s), cells in _joined(plan))
    return Grid(columns, rows)


def _joined(plan: Plan) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """Yield the hours with their cells, equal ones that follow each other as one."""
    begun_s, last, kept = 0.0, 0.0, None
    for from_s, to_s in hours_of(plan.window_s):
        cells = _cells(plan, from_s, to_s)
        if cells != kept:
            if kept is not None:
                yield (begun_s, last), kept
            begun_s, kept = from_s, cells
        last = to_s
    if kept is not None:
        yield (begun_s, last), kept


def _cells(plan: Plan, from_s: float, to_s: float) -> tuple[str, ...]:
    duty = plan.duty
    steps = range(duty.at(from_s), duty.at(to_s - 1.0) + 1)
    cells = [
        f"{_range(duty.on_duty[steps, place].tolist())} / {_range(duty.free[steps, place].tolist())}"
        for place in range(len(duty.agencies))
    ]
    staffed = duty.staffed[steps]
    cells.append("staffed" if staffed.all() else "partly staffed" if staffed.any() else "NOT staffed")
    return tuple(cells)


def _range(numbers: list[int]) -> str:
    least, most = min(numbers), max(numbers)
    return f"{least}" if least == most else f"{least}-{most}"
