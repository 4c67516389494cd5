"""What `funnelsim levers` says: which change of one choice finds more, and what it costs."""

from collections.abc import Sequence

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import estimate_text
from funnelsim.decision.levers import AS_PLANNED, Levers
from funnelsim.experiments.differences import Difference
from funnelsim.reporting.compare_words import checks
from funnelsim.reporting.section import Column, Grid, Section
from funnelsim.wording import counted, number_text, share_text

FOUND = "expected_detections"
OTHERS = {
    "ordinary_stops": Column("stops"),
    "delay_p95_s": Column("P95 delay, min", only_wide=True),
}


def levers_sections(levers: Levers) -> list[Section]:
    """Return what the levers of a plan do, those that find more first.

    Parameters
    ----------
    levers
        The plan with one choice changed at a time.
    """
    comparison = levers.comparison
    by_lever: dict[str, dict[str, Difference]] = {}
    for difference in comparison.differences:
        by_lever.setdefault(difference.second, {})[difference.measure] = difference
    names = sorted(by_lever, key=lambda name: -by_lever[name][FOUND].estimate.mean)
    finds_more = [name for name in names if by_lever[name][FOUND].seen and by_lever[name][FOUND].estimate.mean > 0.0]
    finds_less = [name for name in names if by_lever[name][FOUND].seen and name not in finds_more]
    others = [name for name in names if not by_lever[name][FOUND].seen]
    mean = comparison.estimates[AS_PLANNED][FOUND].mean
    head = f"{comparison.scenarios[AS_PLANNED].title}: {number_text(mean)} targets found an operation as planned"
    sections = [Section(head, (_rests_on(levers),))]
    for title, some in (
        ("Finds more", finds_more),
        ("No difference in finds seen", others),
        ("Finds less", finds_less),
    ):
        if some:
            sections.append(Section(title, (_grid(levers, some, by_lever),)))
    if levers.impossible:
        sections.append(Section("Not possible", tuple(f"{name}: {why}" for name, why in levers.impossible.items())))
    return sections


def _rests_on(levers: Levers) -> str:
    comparison = levers.comparison
    operations = comparison.estimates[AS_PLANNED][FOUND].n
    return (
        f"One choice is changed at a time, and all others stay as they are. {counted(operations, 'operation')} of each "
        f"plan on the same vehicles, seed {comparison.seed}; all differences hold together at 95 %. Blank: no "
        "difference seen."
    )


def _grid(levers: Levers, names: Sequence[str], by_lever: dict[str, dict[str, Difference]]) -> Grid:
    comparison = levers.comparison
    columns = [Column("", "left"), Column("found"), *OTHERS.values()]
    limited = bool(checks(comparison, AS_PLANNED))
    if limited:
        columns.append(Column("limits kept"))
    rows = []
    for name in names:
        of_lever = by_lever[name]
        cells = [name, *(_cell(of_lever[measure]) for measure in (FOUND, *OTHERS))]
        if limited:
            cells.append(share_text(min(check.kept_in.mean for check in checks(comparison, name))))
        rows.append(tuple(cells))
    return Grid(tuple(columns), tuple(rows))


def _cell(difference: Difference) -> str:
    if not difference.seen:
        return ""
    sign = "+" if difference.estimate.mean > 0.0 else ""
    return sign + estimate_text(difference.estimate, measure_named(difference.measure).unit.factor)
