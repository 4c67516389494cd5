"""Windows in which a funnel could stand: their hours and days, with the roster moved along."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from funnelsim.decision.something_to_find import NOTHING_TO_FIND, anything_to_find
from funnelsim.errors import FunnelsimError, Problem, ScenarioError
from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.scenario.demand import Day, demand_of
from funnelsim.scenario.key import clock_of, length_s_between, seconds_after_midnight
from funnelsim.scenario.load import scenario_from
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.staffing import Shift
from funnelsim.scenario.toml_text import short_text
from funnelsim.scenario.traffic import CountsFile
from funnelsim.units import DAY_S, HOUR_MIN, HOUR_S, MINUTE_S
from funnelsim.wording import joined

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_H: Final = 24.0
SHORTEST_H: Final = 0.5
LEAST_STEP_H: Final = 0.25


@dataclass(frozen=True, eq=False)
class Candidate:
    """A window at a site.

    Attributes
    ----------
    site
        Name of the site.
    weekday
        Such as "tue"; None where the counts do not tell days apart.
    opens, closes
        Its hours.
    hours_h
        Its length in hours.
    changes
        The values of the scenario's keys that it changes.
    plan
        The site's plan in this window.
    today
        Whether it is the scenario's own window.
    """

    site: str
    weekday: str | None
    opens: str
    closes: str
    hours_h: float
    changes: Mapping[str, Any]
    plan: Plan
    today: bool = False

    @property
    def hours(self) -> str:
        """Day and hours in words: "Tue 14:00 to 18:00"."""
        return _hours(self.weekday, self.opens, self.closes)

    @property
    def name(self) -> str:
        """Its site, day and hours."""
        return f"{self.site}, {self.hours}"


@dataclass(frozen=True)
class Refused:
    """A window that cannot be had.

    Attributes
    ----------
    site, hours
        As of a `Candidate`.
    where, why
        The key that stands against it, and what is wrong.
    """

    site: str
    hours: str
    where: str
    why: str


@dataclass(frozen=True, eq=False)
class Candidates:
    """The windows that are offered.

    Attributes
    ----------
    possible
        Those that can be planned, by name.
    refused
        The others.
    """

    possible: Mapping[str, Candidate]
    refused: tuple[Refused, ...]


def candidates_of(
    sites: Mapping[str, Scenario], lengths_h: Sequence[float] | None = None, starts_every_h: float = 1.0
) -> Candidates:
    """Return the windows at some sites.

    Parameters
    ----------
    sites
        Scenarios by the names of their sites, each with one window on one day.
    lengths_h
        Lengths of the windows; by default that of each scenario's own.
    starts_every_h
        They open every so many hours from midnight on.

    Raises
    ------
    FunnelsimError
        If a scenario has several windows or nothing to find, a length or a step is not allowed, or no window is
        possible.
    """
    _check(sites, lengths_h, starts_every_h)
    possible: dict[str, Candidate] = {}
    refused: list[Refused] = []
    for site, scenario in sites.items():
        data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
        read: dict[str, Day] = {}
        today = scenario.operation.opens, scenario.operation.closes
        for weekday, opens_s, closes_s in _windows(scenario, lengths_h, starts_every_h):
            opens, closes = clock_of(opens_s), clock_of(closes_s)
            try:
                changes = _changes(scenario, weekday, opens_s, closes_s)
                changed = scenario_from(data, where=site, overrides=changes)
                plan = plan_of(changed, demand_of(changed, read))
            except FunnelsimError as error:
                first = next(iter(error.problems), Problem("", str(error)))
                refused.append(Refused(site, _hours(weekday, opens, closes), first.where, first.message))
                continue
            hours_h = length_s_between(opens, closes) / HOUR_S
            own = weekday is None and (opens, closes) == today
            one = Candidate(site, weekday, opens, closes, hours_h, changes, plan, own)
            possible[one.name] = one
    if not possible:
        by_place = {(one.site, one.where): one for one in reversed(refused)}
        raise FunnelsimError(
            [Problem(f"no window of {one.site} is possible, such as {one.hours}", one.why) for one in by_place.values()]
        )
    return Candidates(possible, tuple(refused))


def _hours(weekday: str | None, opens: str, closes: str) -> str:
    return f"{f'{weekday.capitalize()} ' if weekday else ''}{opens} to {closes}"


def _check(sites: Mapping[str, Scenario], lengths_h: Sequence[float] | None, starts_every_h: float) -> None:
    problems = [
        Problem(site, "several windows given (operation.also or operation.days); allowed: one window on one day")
        for site, scenario in sites.items()
        if len(scenario.operation.windows) > 1
    ]
    problems += [
        Problem(site, f"targets: {NOTHING_TO_FIND}")
        for site, scenario in sites.items()
        if not anything_to_find(scenario)
    ]
    problems += _other_targets(sites)
    problems += _wrong_lengths(lengths_h)
    if _not_hours(starts_every_h, LEAST_STEP_H):
        problems.append(_wrong("starts_every_h", starts_every_h, LEAST_STEP_H))
    if problems:
        raise FunnelsimError(problems)


def _other_targets(sites: Mapping[str, Scenario]) -> Iterator[Problem]:
    """Yield the sites that look for something else than the first: what they find cannot be compared."""
    first, *others = sites
    wanted = sorted(target.name for target in sites[first].targets)
    for site in others:
        given = sorted(target.name for target in sites[site].targets)
        if given != wanted:
            yield Problem(site, f"targets: {joined(given)} given; allowed: those of {first}, {joined(wanted)}")


def _wrong_lengths(given: Any) -> list[Problem]:  # noqa: ANN401  (whatever was given)
    if given is None:
        return []
    if isinstance(given, str) or not isinstance(given, Sequence):
        return [Problem("lengths_h", f"{short_text(given)} given; allowed: a list of hours, such as [4, 6]")]
    return [_wrong("lengths_h", one, SHORTEST_H) for one in given if _not_hours(one, SHORTEST_H)]


def _not_hours(given: object, least: float) -> bool:
    if not isinstance(given, int | float) or isinstance(given, bool):
        return True
    return not least <= given <= DAY_H or given * HOUR_MIN % 1.0 != 0.0


def _wrong(name: str, given: object, least: float) -> Problem:
    shown = f"{given:g}" if isinstance(given, float) else short_text(given)
    return Problem(name, f"{shown} given; allowed: from {least:g} to {DAY_H:g} h, in whole minutes")


def _windows(
    scenario: Scenario, lengths_h: Sequence[float] | None, starts_every_h: float
) -> Iterator[tuple[str | None, float, float]]:
    """Yield day, opening and closing of each window, in the order of days, openings and lengths.

    The scenario's own window comes last, if it is none of them; but not where days are told apart, which it mixes.
    """
    own = scenario.operation.windows[0]
    lengths = lengths_h or [scenario.operation.duration_h]
    hours = [
        (opens_s, opens_s + length_h * HOUR_S)
        for opens_s in np.arange(0.0, DAY_S, starts_every_h * HOUR_S).tolist()
        for length_h in lengths
    ]
    days = days_of(scenario)
    if not days and (own.opens_s, own.closes_s) not in hours:
        hours.append((own.opens_s, own.closes_s))
    for weekday in days or (None,):
        yield from ((weekday, opens_s, closes_s) for opens_s, closes_s in hours)


def _changes(scenario: Scenario, weekday: str | None, opens_s: float, closes_s: float) -> dict[str, Any]:
    """Return the keys that a window changes, with their values."""
    changes = {
        "operation.opens": clock_of(opens_s),
        "operation.closes": clock_of(closes_s),
        "staffing.roster": moved_roster(scenario, opens_s, closes_s),
    }
    if weekday is not None:
        changes |= {f"{place}traffic.counts.weekdays": [weekday] for place in scenario.funnel_prefixes}
    return changes


def days_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the weekdays that the counts of all roads tell apart; none where they do not.

    Counts of one date, of times of day alone, of one weekday, or typed in the scenario tell none apart.
    """
    from funnelsim.counts import profile, read_counts  # noqa: PLC0415  (polars is heavy)

    common = set(WEEKDAYS)
    for side in scenario.per_funnel:
        counts = side.traffic.counts
        if not isinstance(counts, CountsFile) or counts.date is not None or side.traffic.arrivals == "trace":
            return ()
        read = read_counts(counts.file, counts.format, date_order=counts.date_order, mapping=counts.mapping)
        day = profile(
            read, stream=counts.stream, channel=counts.channel, weekdays=counts.weekdays, classes=counts.classes
        )
        common &= {WEEKDAYS[date.weekday()] for date in day.days}
    return tuple(day for day in WEEKDAYS if day in common) if len(common) > 1 else ()


def moved_roster(scenario: Scenario, opens_s: float, closes_s: float) -> list[dict[str, Any]]:
    """Return the roster of a window moved to other hours.

    A shift that begins before the opening or ends after the closing keeps its distance from it; what lies between the
    two keeps its place in the window, as a share of its length.

    Parameters
    ----------
    scenario
        A plan with one window.
    opens_s, closes_s
        The other hours, in seconds after midnight.

    Raises
    ------
    ScenarioError
        If a shift would last longer than a day, which cannot be written as two times of day, or no time at all.
    """
    window = scenario.operation.windows[0]

    def moved_s(time_s: float) -> float:
        if time_s <= window.opens_s:
            return time_s - window.opens_s + opens_s
        if time_s >= window.closes_s:
            return time_s - window.closes_s + closes_s
        share = (time_s - window.opens_s) / (window.closes_s - window.opens_s)
        return round((opens_s + share * (closes_s - opens_s)) / MINUTE_S) * MINUTE_S

    shifts = []
    for shift in scenario.staffing.roster:
        begins_s = seconds_after_midnight(shift.from_)
        lasts_s = length_s_between(shift.from_, shift.to)
        while begins_s + lasts_s <= window.opens_s:  # it belongs to the night after midnight
            begins_s += DAY_S
        while begins_s >= window.closes_s:
            begins_s -= DAY_S
        table = shift.model_dump(mode="json", by_alias=True, exclude_none=True)
        comes_s, ends_s = moved_s(begins_s), moved_s(begins_s + lasts_s)
        if not 0.0 < ends_s - comes_s <= DAY_S:
            raise ScenarioError([_too_long(shift, (ends_s - comes_s) / HOUR_S)])
        shifts.append(table | {"from": clock_of(comes_s % DAY_S), "to": clock_of(ends_s % DAY_S)})
    return shifts


def _too_long(shift: Shift, length_h: float) -> Problem:
    which = f"the shift of {shift.agency} from {shift.from_} to {shift.to}"
    allowed = f"allowed: more than none, and at most {DAY_H:g} h"
    return Problem("staffing.roster", f"{which} would last {length_h:g} h in this window; {allowed}")
