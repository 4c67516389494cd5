"""Who works when: the shifts of a roster with their breaks, as a table."""

from collections.abc import Iterable, Sequence
from typing import Final

from funnelsim.reporting.section import Column, Grid
from funnelsim.scenario.key import clock_of, seconds_after_midnight
from funnelsim.scenario.roster import breaks_of, length_s_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.staffing import Shift
from funnelsim.wording import NOTHING, days_text

MOST_TIMES: Final = 3  # of breaks, named in a row


def shifts_grid(scenario: Scenario, agencies: Sequence[str] | None = None) -> Grid:
    """Return the shifts of a roster; those that differ in their breaks alone share a row.

    Parameters
    ----------
    scenario
        The scenario with the roster.
    agencies
        Whose shifts (default: those of all, in the order of the roster).
    """
    roster = [shift for shift in scenario.staffing.roster if shift.count]
    names = dict.fromkeys(shift.agency for shift in roster) if agencies is None else agencies
    together: dict[tuple[str, str, str, tuple[int, ...] | None], list[Shift]] = {}
    for name in names:
        for shift in roster:
            if shift.agency == name:
                together.setdefault((name, shift.from_, shift.to, shift.days), []).append(shift)
    several = scenario.operation.days > 1
    rows: list[tuple[str, ...]] = []
    for (agency, from_clock, to_clock, days), shifts in together.items():
        when = ("all days" if days is None else days_text(days),) if several else ()
        officers = str(sum(shift.count for shift in shifts))
        minutes = _different(shift.breaks.minutes if shift.breaks else None for shift in shifts)
        cost = _different(shift.cost_per_h for shift in shifts)
        rows.append((agency, officers, f"{from_clock} to {to_clock}", *when, _breaks(shifts), minutes, cost))
    columns = [Column("", "left"), Column("officers"), Column("shift", "left")]
    columns += [Column("days", "left")] if several else []
    columns += [Column("on a break at", "left"), Column("break,\nmin", only_wide=True)]
    return Grid((*columns, Column(f"{scenario.currency}\nan hour", only_wide=True)), tuple(rows))


def same_shifts(*scenarios: Scenario) -> bool:
    """Return whether rosters have the same shifts, of however many officers each."""
    first, *others = ([(one.agency, one.from_, one.to, one.days) for one in of.staffing.roster] for of in scenarios)
    return all(one == first for one in others)


def _different(numbers: Iterable[float | None]) -> str:
    return ", ".join(f"{number:g}" for number in sorted({one for one in numbers if one is not None})) or NOTHING


def _breaks(shifts: Sequence[Shift]) -> str:
    """Return when officers go on a break, with how many if more than one; of many times the first and the last."""
    times: dict[float, int] = {}
    for shift in shifts:
        begins_s = seconds_after_midnight(shift.from_)
        for goes_s, _, officers in breaks_of(shift, begins_s, begins_s + length_s_of(shift)):
            times[goes_s] = times.get(goes_s, 0) + officers
    clocks = {clock_of(goes_s): officers for goes_s, officers in sorted(times.items())}
    said = [f"{at} ({officers})" if officers > 1 else at for at, officers in clocks.items()]
    if len(said) > MOST_TIMES:
        first, *_, last = clocks
        return f"{first} to {last} in turn"
    return ", ".join(said) or "none"
