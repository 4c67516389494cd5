"""What `funnelsim when` says: the windows that find most within the limits, and which are not told apart."""

from collections.abc import Iterator, Sequence
from typing import Final

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import estimate_text
from funnelsim.analysis.limits import LimitCheck
from funnelsim.decision.levers.levers import FOUND
from funnelsim.decision.windows.when import PER_100_H, Answer, StoodWindow, When
from funnelsim.reporting.limit_words import kept_or_broken, per_cent_kept
from funnelsim.reporting.section import Column, Entry, Grid, Section
from funnelsim.wording import counted, joined, number_text, share_text, verb

MOST_ROWS: Final = 15
MOST_NAMED: Final = 4
_GOALS: Final = {FOUND: "Most in all", PER_100_H: "Most for an officer-hour"}
_UNITS: Final = {FOUND: "targets an operation", PER_100_H: "targets in 100 officer-hours"}


def when_sections(made: When) -> list[Section]:
    """Return when and where to stand.

    Parameters
    ----------
    made
        The windows, and the best of them.
    """
    title = joined([scenario.title for scenario in made.sites.values()])
    question = "When and where to stand" if len(made.sites) > 1 else "When to stand"
    sections = [Section(f"{question}: {title}", tuple(_answers(made)))]
    shown = sorted(made.windows.values(), key=_order)
    items: list[str | Grid] = [_grid(made, shown[:MOST_ROWS])]
    if len(shown) > MOST_ROWS:
        items.append(f"{counted(len(shown) - MOST_ROWS, 'window')} more: see --out.")
    sections.append(Section("Windows simulated to the end", tuple(items)))
    if made.candidates.refused:
        sections.append(Section("Windows not offered", tuple(_refused(made))))
    return [*sections, Section("What this rests on", (_rests_on(made), _moved(made)))]


def _order(one: StoodWindow) -> tuple[bool, float, float, float]:
    """Sort windows: those that keep the limits, most found first, then those nearest to the limits."""
    missing, beyond = (0.0, 0.0) if one.kept else one.distance
    return not one.kept, missing, beyond, -one.estimates[FOUND].mean


def _answers(made: When) -> Iterator[str]:
    for answer in made.answers:
        yield _answer(made, answer)
    if made.nearest is not None:
        one = made.windows[made.nearest]
        broken = joined([_short(check) for check in one.checks if not check.kept])
        yield f"No window keeps the limits. The nearest is {_name(made, made.nearest)}: {broken}."
    yield from _todays(made)


def _todays(made: When) -> Iterator[str]:
    """Yield what each scenario's own window finds, where it is none of those named already."""
    named = {made.nearest, *(answer.best for answer in made.answers)}
    for name, one in made.windows.items():
        if one.candidate.today and name not in named:
            whose = f" of {one.candidate.site}" if len(made.sites) > 1 else ""
            finds = f"finds {estimate_text(one.estimates[FOUND], digits=1)} {_UNITS[FOUND]}"
            yield f"Today's window{whose}, {one.candidate.hours}, {finds}{_less(made, name)}."


def _less(made: When, name: str) -> str:
    """Return how much less a window finds than the best in all, or which limits keep it from being compared."""
    one = made.windows[name]
    if not one.kept:
        return f", and does not keep {joined([check.rule_text for check in one.checks if not check.kept])}"
    difference = next((answer.differences[name] for answer in made.answers if answer.goal == FOUND), None)
    if difference is None or not difference.seen:
        return ", which is not told apart from the most in all"
    return f", {estimate_text(difference.estimate, -1.0, digits=1)} fewer than the most in all"


def _short(check: LimitCheck) -> str:
    return (
        f"{check.rule_text} is kept in {per_cent_kept(check)} % of operations instead of "
        f"{share_text(check.wanted)} ({check.measured_text})"
    )


def _answer(made: When, answer: Answer) -> str:
    found = estimate_text(made.windows[answer.best].estimates[answer.goal], digits=1)
    said = f"{_GOALS[answer.goal]}: {_name(made, answer.best)} finds {found} {_UNITS[answer.goal]}."
    if not answer.equal:
        limited = made.windows[answer.best].checks
        return f"{said} No other window {'that keeps the limits ' if limited else ''}finds as many."
    names = [_name(made, name) for name in answer.equal[:MOST_NAMED]]
    if (others := len(answer.equal) - MOST_NAMED) > 0:
        names.append(counted(others, "other"))
    are = verb(len(answer.equal), "is", "are")
    return f"{said} {joined(names)} {are} not told apart from it."


def _name(made: When, name: str) -> str:
    candidate = made.candidates.possible[name]
    return candidate.name if len(made.sites) > 1 else candidate.hours


def _grid(made: When, windows: Sequence[StoodWindow]) -> Grid:
    columns = [Column("", "left"), Column("found"), Column("per 100\nofficer-h")]
    columns += [Column("stops", only_wide=True), Column("P95 delay,\nmin", only_wide=True)]
    columns += [Column(f"{measure_named(measure).label}\nkept, %") for measure in _limited(made)]
    return Grid(tuple(columns), tuple(_row(made, one) for one in windows))


def _limited(made: When) -> list[str]:
    """Return the measures that the limits of any site are about."""
    return list(dict.fromkeys(check.measure for one in made.windows.values() for check in one.checks))


def _row(made: When, one: StoodWindow) -> tuple[str, ...]:
    shares = {check.measure: kept_or_broken(check) for check in one.checks}
    return (
        _name(made, one.candidate.name).replace(" to ", "\N{EN DASH}"),
        estimate_text(one.estimates[FOUND], digits=1),
        estimate_text(one.estimates[PER_100_H], digits=1),
        estimate_text(one.estimates["ordinary_stops"], digits=1),
        estimate_text(one.estimates["delay_p95_s"], measure_named("delay_p95_s").unit.factor, digits=1),
        *(shares.get(measure, "") for measure in _limited(made)),
    )


def _refused(made: When) -> Iterator[Entry]:
    places = dict.fromkeys((one.site, one.where) for one in made.candidates.refused)
    for place in places:
        some = [one for one in made.candidates.refused if (one.site, one.where) == place]
        first, number = some[0], counted(len(some), "window")
        site = f" of {first.site}" if len(made.sites) > 1 else ""
        yield Entry("-", f"{number}{site}, such as {first.hours}: {first.why}")


def _rests_on(made: When) -> str:
    steps = [f"{counted(windows, 'window')} in {operations:,} operations" for windows, operations in made.stages[:-1]]
    windows, operations = made.stages[-1]
    said = (
        f"Simulated: {joined(steps)}, and {counted(windows, 'window')} that were left in {operations:,} others, "
        f"{made.simulations:,} simulations in all, seed {made.seed}. The most promising window of each site and "
        "length, and today's, are always among the last. Windows are told apart by differences paired by operation, "
        "which hold together at 95 % for all pairs of those that keep the limits."
    )
    if made.left_out:
        said += (
            f" {counted(made.left_out, 'window')} not surely worse, but less promising, were left out of the last step."
        )
    return f"{said} {_limits(made)}".rstrip()


def _limits(made: When) -> str:
    """Return the limits, where all sites have the same."""
    of_sites = {one.candidate.site: one.checks for one in made.windows.values()}
    rules = {
        (*(check.rule_text for check in checks), *(check.wanted for check in checks)) for checks in of_sites.values()
    }
    checks = next(iter(of_sites.values()))
    if len(rules) > 1:
        return "Each site has the limits of its own scenario."
    if not checks:
        return "The scenarios have no limits."
    return f"Limits: {joined([check.rule_text for check in checks])}, in {share_text(checks[0].wanted)} of operations."


def _moved(made: When) -> str:
    days = {one.weekday for one in made.candidates.possible.values()} - {None}
    said = (
        "The roster moves along: a shift keeps its distance to the opening before it, and to the closing after it; "
        "what lies between keeps its place in the window. Hours of equipment and rates by time of day stay."
    )
    if not days:
        said += " The counts do not tell weekdays apart, so no days are compared."
    lengths = sorted({one.hours_h for one in made.candidates.possible.values()})
    return f"{said} Lengths: {joined([number_text(length) for length in lengths])} h."
