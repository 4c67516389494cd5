"""What `funnelsim stress` says: which bad days break a limit, what they change, and what would insure the plan."""

from collections.abc import Iterator, Sequence
from typing import Final

from funnelsim.analysis.catalogue import CURRENCY, measure_named
from funnelsim.analysis.estimates import estimate_text
from funnelsim.analysis.limits import LimitCheck
from funnelsim.decision.bad_days.stress import Stress, StressedDay
from funnelsim.decision.bad_days.verdict import broken_text, impossible_text
from funnelsim.decision.levers.levers import FOUND, OFFICER_H
from funnelsim.decision.levers.priced_levers import STAFF_COST, PricedLever
from funnelsim.experiments.differences import Difference
from funnelsim.reporting.compare_words import difference_text
from funnelsim.reporting.limit_words import per_cent_kept
from funnelsim.reporting.section import Column, Entry, Grid, Section, sentence
from funnelsim.wording import counted, joined, share_text, verb

ORDINARY: Final = "ordinary day"
_NOUNS: Final = (
    (STAFF_COST, f"{CURRENCY} for staff"),
    (OFFICER_H, "officer-hours"),
    (FOUND, "targets found"),
    ("ordinary_stops", "ordinary vehicles stopped"),
    ("delay_p95_s", "min of P95 delay"),
)
_COLUMNS: Final = (
    (FOUND, Column("found")),
    ("ordinary_stops", Column("stops")),
    ("delay_p95_s", Column("P95 delay,\nmin")),
    ("ordinary_h", Column("hours lost,\nvehicle-h", only_wide=True)),
    ("tail_max_m", Column("longest\nqueue, m", only_wide=True)),
)


def stress_sections(stress: Stress) -> list[Section]:
    """Return how a plan stands bad days.

    Parameters
    ----------
    stress
        The plan on bad days, with what insures it.
    """
    sections = [Section(f"{stress.scenario.title}: bad days", (_head(stress), _rests_on(stress)))]
    if stress.checks:
        sections.append(Section("Operations that keep a limit, %", (_kept(stress),)))
    sections += _changes(stress)
    if stress.uninsured:
        sections.append(Section("The cheapest lever that insures", (_cheapest(stress), *_insurances(stress))))
    if stress.impossible:
        entries = [Entry("-", f"{one.day.name}: {one.why}") for one in stress.impossible]
        sections.append(Section("The plan cannot do what it says", tuple(entries)))
    days = [*(one.day for one in stress.days), *(one.day for one in stress.impossible)]
    entries = [Entry("-", f"{day.name}: {day.how}") for day in days]
    return [*sections, Section("How each bad day is modelled", tuple(entries))]


def _head(stress: Stress) -> str:
    number = counted(len(stress.days), "bad day")
    said = [f"The scenario has no limits that {number} could break ([limits])."]
    if stress.checks:
        said = [*_not_on_an_ordinary_day(stress), broken_text(stress)]
    return " ".join([*said, impossible_text(stress)]).rstrip()


def _not_on_an_ordinary_day(stress: Stress) -> Iterator[str]:
    sure = [check.rule_text for check in stress.checks if not check.kept and not check.open]
    unsure = [check.rule_text for check in stress.checks if not check.kept and check.open]
    if sure:
        yield f"Even an ordinary day does not keep {joined(sure)}."
    if unsure:
        yield f"Even an ordinary day probably does not keep {joined(unsure)}."


def _rests_on(stress: Stress) -> str:
    said = (
        f"One thing goes wrong at a time. {counted(stress.replications, 'operation')} of each day with the same random "
        f"numbers, seed {stress.seed}. Brackets and ± are 95 % intervals; all differences hold together. Blank: no "
        "difference seen."
    )
    checks = [check for checks in (stress.checks, *(one.checks for one in stress.days)) for check in checks]
    if not all(check.kept for check in checks):
        said += (
            " Not kept: in fewer operations than wanted. Broken: not kept on this day, although an ordinary day keeps "
            "it, or seen to be kept less often than on one."
        )
    if any(check.open and not check.kept for check in checks):
        said += " Probably: the bracket reaches across the share wanted, and more operations may turn it."
    return said


def _cheapest(stress: Stress) -> str:
    wanted = share_text(stress.checks[0].wanted)
    return (
        "Cheapest first are levers that cost no staff, those that find most before the others; then those whose price "
        "the scenario does not have; then those that cost staff. A lever insures if it keeps each limit in "
        f"{wanted} of operations; probably, where a bracket reaches across {wanted}."
    )


def _kept(stress: Stress) -> Grid:
    wanted = share_text(stress.checks[0].wanted)
    columns = [Column(f"{wanted} wanted", "left"), *(Column(_rule(check)) for check in stress.checks)]
    rows = [(ORDINARY, *(_fares(check) for check in stress.checks))]
    rows += [(one.day.name, *(_fares(check, one.broken) for check in one.checks)) for one in stress.days]
    return Grid(tuple(columns), tuple(rows))


def _fares(check: LimitCheck, broken: Sequence[str] = ()) -> str:
    """Return the share of operations that keep a limit, after "broken: " where the day breaks it, or "not kept: "."""
    if check.kept:
        return per_cent_kept(check)
    fares = "broken" if check.key in broken else "not kept"
    return f"{'probably ' if check.open else ''}{fares}: {per_cent_kept(check)}"


def _rule(check: LimitCheck) -> str:
    return f"{measure_named(check.measure).label}\nat most {check.value_text}"


def _changes(stress: Stress) -> Iterator[Section]:
    """Yield what each bad day changes, beside what an ordinary one brings, and which change nothing."""
    seen = [one for one in stress.days if any(one.differences[measure].seen for measure, _ in _COLUMNS)]
    ordinary = [estimate_text(stress.estimates[name], measure_named(name).unit.factor) for name, _ in _COLUMNS]
    rows = [(ORDINARY, *ordinary)]
    rows += [(one.day.name, *(_difference(one.differences[name]) for name, _ in _COLUMNS)) for one in seen]
    grid = Grid((Column("", "left"), *(column for _, column in _COLUMNS)), tuple(rows))
    same = [one.day.name for one in stress.days if one not in seen]
    items: list[str | Grid] = [grid]
    if same:
        items.append(f"No difference seen: {joined(same)}.")
    yield Section("An operation on an ordinary day, and what a bad day changes", tuple(items))


def _difference(found: Difference) -> str:
    return difference_text(found) if found.seen else ""


def _insurances(stress: Stress) -> list[Entry]:
    """Return what insures against the bad days; those with the same answer share an entry."""
    alike: dict[tuple[str, str], list[str]] = {}
    for one in stress.uninsured:
        broken = joined([check.rule_text for check in one.checks if check.key in one.broken])
        alike.setdefault((broken, _insurance(stress, one)), []).append(one.day.name)
    return [
        Entry("-", f"{joined(days)} {verb(len(days), 'breaks', 'break')} {broken}. {said}")
        for (broken, said), days in alike.items()
    ]


def _insurance(stress: Stress, one: StressedDay) -> str:
    assert one.insurance is not None  # noqa: S101  (the day breaks a limit)
    found = one.insurance
    if found.lever is None:
        return "No lever is possible on that day."
    kept = f"{joined([f'{check.rule_text} in {_per_cent(check)}' for check in found.checks])} of operations"
    if not found.insures:
        return (
            f"None of {counted(len(found.trials), 'lever')} insures; the nearest is {found.lever.lever.name}: {kept}."
        )
    insures = "probably insures" if found.probably else "insures"
    return f"{sentence(found.lever.lever.name)} {insures}: {kept}. {_costs(stress, found.lever)}"


def _per_cent(check: LimitCheck) -> str:
    """Return in which share of operations a limit is kept: "94 % (90 to 97)"."""
    share, bracket, ends = per_cent_kept(check).partition(" (")
    return f"{share} %{bracket}{ends}"


def _costs(stress: Stress, lever: PricedLever) -> str:
    """Return what a lever costs on an ordinary day."""
    seen = [
        f"{difference_text(found)} {word}" for measure, word in _NOUNS if (found := lever.differences[measure]).seen
    ]
    costs = [one.replace(CURRENCY, stress.scenario.currency) for one in seen]
    if lever.staff_cost == 0.0:
        costs.insert(0, "no cost of staff")
    if lever.price_unknown:
        costs.append("a price that the scenario does not have")
    if not seen and not lever.price_unknown:
        return "On an ordinary day it costs nothing that is seen."
    return f"On an ordinary day: {joined(costs)}."
