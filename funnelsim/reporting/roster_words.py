"""What `funnelsim roster` says: the shifts, who is on duty when, and what they find and cost beside today's roster."""

import math
from collections.abc import Iterator
from typing import Final

from funnelsim.analysis.catalogue import measure_named
from funnelsim.decision.rosters.persons import fewest_on
from funnelsim.decision.rosters.roster import MEASURES, TODAY, Rosters
from funnelsim.decision.rosters.roster_cover import AgencyRoster
from funnelsim.decision.rosters.roster_planner import FOUND, LEAST, PROGRAM, SAME, PlannedRoster
from funnelsim.decision.rosters.shift_patterns import allowed_in, breaks_allowed
from funnelsim.experiments.differences import Difference
from funnelsim.reporting.compare_words import checks, difference_text
from funnelsim.reporting.limit_words import kept_or_broken, per_cent_kept
from funnelsim.reporting.section import Column, Grid, Section, sentence
from funnelsim.reporting.shift_words import same_shifts, shifts_grid
from funnelsim.reporting.warnings.staff import working_time_warnings
from funnelsim.scenario.key import clock_of
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.working_time import BREAK_DUE_H, DIRECTIVE, LONGEST_SHIFT_H, REST_H, WEEK_DAYS, WEEK_H
from funnelsim.wording import counted, joined, number_text, share_text

LITTLE: Final = 0.0005  # of a cost: nobody would see it
NEARLY_H: Final = 1e-9
ABOUT: Final = 0.02  # of officer-hours: as many
COST, OFFICER_H, STOPS, DELAY = "staff_cost", "officer_h", "ordinary_stops", "delay_p95_s"
LABELS = {
    FOUND: "targets found",
    STOPS: "vehicles stopped",
    DELAY: "P95 delay, min",
    OFFICER_H: "officer-hours",
}
DIFFERENCES = {
    FOUND: "difference in targets",
    STOPS: "difference in vehicles",
    DELAY: "difference in delay",
}


def roster_sections(rosters: Rosters, *, shifts: bool = True) -> list[Section]:
    """Return what rosters do beside the one of today.

    Parameters
    ----------
    rosters
        The rosters of a scenario.
    shifts
        Whether to list the shifts though they are others than today's, of which a report has a table.
    """
    today = rosters.comparison.scenarios[TODAY]

    def works(one: PlannedRoster) -> Iterator[str | Grid]:
        if shifts or same_shifts(today, one.scenario):
            yield shifts_grid(one.scenario)
        yield _persons(one, today)
        yield from _as_they_are(one)

    least = rosters.rosters[LEAST]
    sections = [
        Section(rosters.best.title, tuple(_headline(rosters))),
        Section("Simulated beside today's roster", (_figures(rosters), *_rests_on(rosters))),
        Section("Today's roster and the rules of working time", tuple(_of_today(rosters))),
        Section("The roster of least cost", tuple(works(least))),
        Section("On duty", (_on_duty(rosters, least), "The fewest of each time; today's in brackets.")),
    ]
    if (same := rosters.rosters.get(SAME)) is not None:
        sections.append(Section(_same_hours(rosters), tuple(works(same))))
    return sections


def _headline(rosters: Rosters) -> Iterator[str]:
    estimates = rosters.comparison.estimates
    currency = rosters.best.currency
    cost, today = (number_text(estimates[name][COST].mean, 4) for name in (LEAST, TODAY))
    hours, hours_today = (number_text(estimates[name][OFFICER_H].mean) for name in (LEAST, TODAY))
    change = estimates[LEAST][COST].mean / (estimates[TODAY][COST].mean or 1.0) - 1.0
    found = _difference(rosters, LEAST)
    given = rosters.rosters[PROGRAM].wanted.finds is None
    head = "The officers wanted, in whole shifts at least cost" if given else "Whole shifts at least cost"
    if not rosters.met:
        yield (
            "No roster of whole shifts was found that finds what today's finds and keeps the limits as often; this one "
            "comes nearest."
        )
    elif change > -LITTLE and not given:
        yield "No roster of whole shifts was found that costs less than today's and does as much."
    yield (
        f"{head}: {cost} {currency} an operation instead of {today} ({_signed(change)}), {hours} "
        f"officer-hours instead of {hours_today}. {_finds(rosters, found)}"
    )
    yield _burden(rosters)
    yield from _limits(rosters)
    yield from _more_persons(rosters)
    if SAME in rosters.rosters:
        find, today = (number_text(estimates[name][FOUND].mean, 4) for name in (SAME, TODAY))
        yield (
            f"{_same_hours(rosters)}: {number_text(estimates[SAME][OFFICER_H].mean)} officer-hours find {find} "
            f"instead of {today} ({_seen(_difference(rosters, SAME))})."
        )


def _burden(rosters: Rosters) -> str:
    """Return what the roster of least cost means for ordinary travellers."""
    said = []
    for name, words in ((STOPS, "stopped"), (DELAY, "min of P95 delay")):
        means = [rosters.comparison.estimates[one][name].mean for one in (LEAST, TODAY)]
        if not any(map(math.isfinite, means)):  # nobody is delayed
            continue
        now, today = map(measure_named(name).text, means)
        change = _difference(rosters, LEAST, name)
        seen = difference_text(change) if change.seen else "no difference seen"
        said.append(f"{now} {words} instead of {today} ({seen})")
    return f"Ordinary travellers: {joined(said)}."


def _limits(rosters: Rosters) -> Iterator[str]:
    """Yield which limits the roster of least cost does not keep in enough operations."""
    comparison = rosters.comparison
    for check, today in zip(checks(comparison, LEAST), checks(comparison, TODAY), strict=True):
        if not check.kept:
            yield (
                f"{sentence(check.rule_text)} is kept in {per_cent_kept(check)} % of operations, where "
                f"{share_text(check.wanted)} is wanted; with today's roster in {per_cent_kept(today)} %."
            )


def _more_persons(rosters: Rosters) -> Iterator[str]:
    """Yield of which agencies the roster of least cost takes more persons than today's must have."""
    today = rosters.comparison.scenarios[TODAY]
    for one in rosters.rosters[LEAST].agencies:
        fewest = fewest_on(today, one.agency)
        if one.persons > fewest:
            persons = counted(one.persons, "person")
            yield f"It takes {persons} of {one.agency}, where today's roster takes at least {fewest}."


def _same_hours(rosters: Rosters) -> str:
    """Return what the roster within today's officer-hours is called: it may take fewer than these."""
    hours = [rosters.comparison.estimates[name][OFFICER_H].mean for name in (SAME, TODAY)]
    fewer = hours[0] < (1.0 - ABOUT) * hours[1]
    return "Within today's officer-hours, at other hours" if fewer else "The same officer-hours at other hours"


def _signed(share: float) -> str:
    return f"{share:+.1%}".replace("%", " %") if abs(share) >= LITTLE else "the same"


def _finds(rosters: Rosters, found: Difference) -> str:
    means = [number_text(rosters.comparison.estimates[name][FOUND].mean, 4) for name in (LEAST, TODAY)]
    if found.estimate.mean == 0.0 and found.estimate.certain:
        operations = counted(found.estimate.n, "operation")
        return f"It finds the same in each of {operations}: {means[1]} targets an operation."
    return f"It finds {means[0]} targets an operation instead of {means[1]} ({_seen(found)})."


def _seen(change: Difference) -> str:
    return difference_text(change) if change.seen else f"no difference seen: {difference_text(change)}"


def _difference(rosters: Rosters, name: str, measure: str = FOUND) -> Difference:
    return next(one for one in rosters.comparison.differences if one.second == name and one.measure == measure)


def _figures(rosters: Rosters) -> Grid:
    """Return the measures of all rosters side by side."""
    comparison = rosters.comparison
    names = list(comparison.scenarios)
    rows = []
    for measure in MEASURES:
        factor = measure_named(measure).unit.factor
        label = LABELS.get(measure, f"cost of staff, {rosters.best.currency}")
        texts = [number_text(comparison.estimates[name][measure].mean * factor, 4) for name in names]
        rows.append((label, *texts))
        if measure in DIFFERENCES:
            changes = [difference_text(_difference(rosters, name, measure)) for name in names[1:]]
            rows.append((f"  {DIFFERENCES[measure]}", "", *changes))
    checked = {name: checks(comparison, name) for name in names}
    for number, check in enumerate(checked[TODAY]):
        kept = [kept_or_broken(of_plan[number]) for of_plan in checked.values()]
        rows.append((f"{measure_named(check.measure).label} kept in, %", *kept))
    heads = (Column(name.replace(" ", "\n")) for name in names)
    return Grid((Column("", "left"), *heads), tuple(rows))


def _rests_on(rosters: Rosters) -> Iterator[str]:
    """Yield what was planned, tried and simulated, and which lawful shifts were not planned."""
    comparison, first = rosters.comparison, rosters.rosters[PROGRAM]
    if limits := checks(comparison, TODAY):
        rules = joined([check.rule_text for check in limits])
        yield f"Limits are to be kept in {share_text(limits[0].wanted)} of operations: {rules}."
    if rosters.rosters[LEAST] is not first:
        promised = f"{number_text(first.cost, 4)} {rosters.best.currency}"
        same = f"the same finds for {promised}, if nobody waited" if first.wanted.finds is not None else promised
        yield (
            f"The covering program promised {same}. So {counted(rosters.simulated, 'roster')} were simulated, with "
            "cover added where officers are busiest, and taken away where they can be spared; a cheaper one may exist."
        )
    operations = comparison.estimates[TODAY][FOUND].n
    yield (
        f"{counted(operations, 'operation')} of each on the same vehicles, seed {comparison.seed}, by which no roster "
        f"was chosen; all differences hold together at 95 %. Shifts keep {DIRECTIVE}: a break after at most "
        f"{BREAK_DUE_H:g} h, {REST_H:g} h of rest, {WEEK_H:g} h in {WEEK_DAYS} days."
    )
    yield from _breaks_not_planned(rosters)


def _breaks_not_planned(rosters: Rosters) -> Iterator[str]:
    """Yield which breaks, though `[shifts]` allows them, no shift has: a cheaper roster may take them."""
    allowed = allowed_in(rosters.comparison.scenarios[TODAY])
    from_h = allowed.shifts.break_from_h
    lengths: dict[float, list[str]] = {}
    for length_h in allowed.lengths_h:
        first_h = min((one.after_h for one in breaks_allowed(allowed.shifts, length_h) if one), default=from_h)
        lengths.setdefault(first_h, []).append(f"{length_h:g}")
    later = [
        f"{first_h:g} h in shifts of {joined(of_these, 'or')} h"
        for first_h, of_these in lengths.items()
        if first_h > from_h + NEARLY_H
    ]
    if later:
        yield (
            "A break comes again after as long on duty, and no shift has more of them than it needs. So the first one "
            f"is planned no sooner after the start than {joined(later)}. Sooner ones, from {from_h:g} h on "
            "(shifts.break_from_h), might allow a cheaper roster."
        )


def _of_today(rosters: Rosters) -> Iterator[str]:
    """Yield what is unlawful or suspicious about the shifts of today's roster; the new ones are compared with them."""
    today = rosters.comparison.scenarios[TODAY]
    warnings = [one.text for one in working_time_warnings(today)]
    yield from warnings
    if not warnings:
        # A roster names no persons: who comes on one day could rest on the next.
        several = (
            ", if the same officers work the shifts of an entry on all its days" if today.operation.days > 1 else ""
        )
        yield (
            f"It keeps them, too{several}: breaks, rest, hours in {WEEK_DAYS} days, and no shift of more than "
            f"{LONGEST_SHIFT_H:g} h."
        )


def _persons(roster: PlannedRoster, today: Scenario) -> str:
    def said(one: AgencyRoster) -> str:
        whoever = [] if one.persons == one.fewest else [f"at least {one.fewest}, whoever works which shift"]
        return (
            f"{one.persons} of {one.agency} ({'; '.join([*whoever, f'today at least {fewest_on(today, one.agency)}'])})"
        )

    return f"Persons it takes: {joined([said(one) for one in roster.agencies])}."


def _as_they_are(roster: PlannedRoster) -> Iterator[str]:
    """Yield whose shifts are not planned, as nobody is wanted of them."""
    planned = {one.agency for one in roster.agencies}
    others = dict.fromkeys(shift.agency for shift in roster.scenario.staffing.roster if shift.agency not in planned)
    if others:
        yield f"Nothing is wanted of {joined(list(others))} (shifts.wanted): their shifts stay as they are."


def _on_duty(rosters: Rosters, roster: PlannedRoster) -> Grid:
    """Return the fewest officers on duty in each time span of the windows of one day, today's in brackets."""
    today = rosters.comparison.plans[TODAY].duty
    wanted = roster.wanted
    rows: dict[str, tuple[str, ...]] = {}  # days are alike
    for number, (from_s, to_s) in enumerate(wanted.spans_s):
        cells = []
        for one in roster.agencies:
            steps = slice(today.at(from_s), today.at(to_s - 1.0) + 1)
            known = one.agency in today.agencies
            before = int(today.on_duty[steps, today.agencies.index(one.agency)].min()) if known else 0
            cells.append(f"{one.on_duty[number]} ({before})")
        rows.setdefault(f"{clock_of(from_s)} to {clock_of(to_s)}", tuple(cells))
    heads = (Column(one.agency) for one in roster.agencies)
    return Grid((Column("", "left"), *heads), tuple((when, *cells) for when, cells in rows.items()))
