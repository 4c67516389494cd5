"""What `funnelsim levers` says: which change of one choice finds more, and what it costs."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import PER_CENT, estimate_text
from funnelsim.analysis.limits import LIMITED
from funnelsim.decision.levers.levers import AS_PLANNED, FOUND, OFFICER_H, RETUNED, Levers
from funnelsim.decision.paired_simulations import LIMIT_KEPT
from funnelsim.experiments.differences import Difference
from funnelsim.reporting.compare_words import OFTEN, checks, difference_text
from funnelsim.reporting.section import Column, Grid, Section
from funnelsim.wording import counted, joined, number_text, share_text

APART: Final = "; "

Cell = Callable[[str], str]


def levers_sections(levers: Levers) -> list[Section]:
    """Return what the levers of a plan do, those that find more first.

    Parameters
    ----------
    levers
        The plan with one choice changed at a time.
    """
    by_finds = sorted(levers.groups, key=lambda group: -_found(levers, group).estimate.mean)
    seen = [group for group in by_finds if _found(levers, group).seen]
    more = [group for group in seen if _found(levers, group).estimate.mean > 0.0]
    less = [group for group in seen if group not in more]
    unseen = [group for group in by_finds if group not in seen]
    said = [("Finds more", more), ("No difference in finds seen", unseen), ("Finds less", less)]
    if levers.retuned:
        said.insert(0, (f"The {RETUNED} against the plan as it is", [(RETUNED,)]))
    sections = [Section(_head(levers), tuple(_rests_on(levers)))]
    sections += [Section(title, (_grid(levers, groups),)) for title, groups in said if groups]
    if levers.without_effect:
        sections.append(Section("No effect in any operation", (f"{APART.join(levers.without_effect)}.",)))
    if impossible := levers.plans.impossible:
        sections.append(Section("Not possible", tuple(f"{name}: {why}" for name, why in impossible.items())))
    return sections


def compared_with(levers: Levers) -> str:
    """Return in a sentence what each lever is compared with, and what becomes of the selection rates."""
    if levers.retuned:
        return (
            "Each plan selects by score with the rates of its own bound (re-tuned), also the one that the levers are "
            "compared with."
        )
    return "All other choices stay as they are, selection rates included."


def _found(levers: Levers, group: Sequence[str]) -> Difference:
    return levers.differences[group[0]][FOUND]


def _head(levers: Levers) -> str:
    estimates = levers.comparison.estimates
    planned, base = (number_text(estimates[name][FOUND].mean) for name in (AS_PLANNED, levers.base))
    head = f"{levers.comparison.scenarios[AS_PLANNED].title}: {planned} targets found an operation as planned"
    return f"{head}, {base} with the {RETUNED}" if levers.retuned else head


def _rests_on(levers: Levers) -> Iterator[str]:
    comparison = levers.comparison
    operations = comparison.estimates[levers.base][FOUND].n
    yield (
        f"One choice is changed at a time. {compared_with(levers)} {counted(operations, 'operation')} of each plan on "
        f"the same vehicles, seed {comparison.seed}; all differences hold together at 95 %. Blank: no difference seen. "
        "One more find in 20 means in 20 operations."
    )
    if limits := checks(comparison, levers.base):
        kept = [f"{check.rule_text} in {share_text(check.kept_in.mean)}" for check in limits]
        whose = f"With the {RETUNED}" if levers.retuned else "As planned"
        yield f"{whose}, limits are kept in so many operations: {joined(kept)}."


def _grid(levers: Levers, groups: Sequence[Sequence[str]]) -> Grid:
    """Return a table with a row for each group; columns in which nothing is seen are left out."""
    way = "more" if all(levers.differences[name][FOUND].estimate.mean > 0.0 for name, *_ in groups) else "fewer"
    columns = [
        (column, cells)
        for column, cell in _columns(levers, f"one {way}\nfind in")
        if any(cells := [cell(name) for name, *_ in groups])
    ]
    rows = zip([APART.join(group) for group in groups], *(cells for _, cells in columns), strict=True)
    return Grid((Column("", "left"), *(column for column, _ in columns)), tuple(rows))


def _columns(levers: Levers, one_find: str) -> list[tuple[Column, Cell]]:
    """Return the columns behind the name of a lever, those first that a narrow page shows, too."""
    currency = levers.comparison.scenarios[AS_PLANNED].currency
    limits = [name for name in levers.differences[next(iter(levers.differences))] if name.startswith(LIMIT_KEPT)]

    def of(measure: str) -> Cell:
        return lambda name: _cell(levers.differences[name][measure])

    return [
        (Column("found"), of(FOUND)),
        (Column(one_find), lambda name: one_find_in(levers.differences[name][FOUND])),
        (Column("stops"), of("ordinary_stops")),
        (Column("P95 delay,\nmin", only_wide=True), of("delay_p95_s")),
        *((Column(f"{_limited(name)}\nkept, % points", only_wide=True), of(name)) for name in limits),
        (Column(f"cost of staff,\n{currency}", only_wide=True), of("staff_cost")),
        (Column("finds per 100\nofficer-hours", only_wide=True), lambda name: _per_100_officer_h(levers, name)),
        (Column("officer-\nhours", only_wide=True), of(OFFICER_H)),
    ]


def _limited(name: str) -> str:
    return measure_named(LIMITED[name.removeprefix(LIMIT_KEPT)][0]).label


def _cell(found: Difference) -> str:
    """Return a difference with its sign in the unit in which it is shown; blank where none is seen."""
    if not found.seen:
        return ""
    if found.measure.startswith(LIMIT_KEPT):
        return ("+" if found.estimate.mean > 0.0 else "") + estimate_text(found.estimate, PER_CENT)
    return difference_text(found)


def one_find_in(found: Difference) -> str:
    """Return in how many operations there is one find more or fewer; blank where unseen, or in nearly every one."""
    size = abs(found.estimate.mean)
    return number_text(1.0 / size, 2) if found.seen and size <= OFTEN else ""


def _per_100_officer_h(levers: Levers, name: str) -> str:
    """Return the finds of 100 officer-hours more; blank where finds or officer-hours are not seen to differ."""
    of_lever = levers.differences[name]
    both = of_lever[FOUND].seen and of_lever[OFFICER_H].seen
    return estimate_text(levers.per_100_officer_h[name]) if both else ""
