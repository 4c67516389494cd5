"""What `funnelsim run` prints first, on one screen: limits, yield beside burden, and the largest loss."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from funnelsim.analysis.catalogue import CATALOGUE, measure_named
from funnelsim.analysis.estimates import estimate_text
from funnelsim.decision.fluid.bound import bound
from funnelsim.experiments.run import Run
from funnelsim.reporting.bound_words import reached_sentence
from funnelsim.reporting.run_words import VERDICTS, brief_headline, brief_reach
from funnelsim.reporting.section import Column, Grid, Section, SideBySide
from funnelsim.selection_rules import Amount
from funnelsim.wording import share_text

COLUMNS = (Column("", "left"), Column(""))
BUSY = 0.85  # of their time: bays, crews or equipment that are used more have little room for more vehicles

YIELD = (
    ("expected_detections", "Targets found"),
    ("share_found", "Of all targets, %"),
    ("chance_of_any", "Chance of any, %"),
    ("inspected", "Inspected"),
    ("detections_per_100_officer_h", "Per 100 officer-h"),
)
BURDEN = (
    ("ordinary_stops", "Vehicles stopped"),
    ("delay_mean_s", "Mean delay, min"),
    ("delay_p95_s", "P95 delay, min"),
    ("tail_max_m", "Longest queue, m"),
    ("ordinary_h", "Vehicle-h lost"),
)


def summary_sections(run: Run) -> list[Section | SideBySide]:
    """Return the first screen of a result: what decides, in at most 24 lines of 80 characters in most cases.

    Parameters
    ----------
    run
        The replications and their estimates.

    Returns
    -------
    list of Section and SideBySide
        The headline, how the limits fare, yield beside burden per operation, and the largest loss with what would help.
    """
    of_bound = reached_sentence(run, bound(run.scenario, run.plan))
    lost = Section("", tuple(filter(None, (largest_loss(run), of_bound, " ".join(brief_reach(run))))))
    return [*headline_sections(run), *_yield_and_burden(run), lost]


def headline_sections(run: Run) -> list[Section]:
    """Return the headline, and how the limits fare where there are any."""
    sections = [Section(run.scenario.title, (brief_headline(run),))]
    if checks := run.limits():
        wanted = share_text(checks[0].wanted)
        lines = tuple(f"{VERDICTS[check.verdict]}: {check.rule_text}, {check.brief_text}" for check in checks)
        sections.append(Section(f"Limits, to be kept in {wanted} of operations", lines))
    return sections


def table_sections(run: Run) -> list[Section]:
    """Return yield and burden per operation; what has no value, as no target or vehicle comes, is left out."""
    sections = []
    if run.estimates["targets_offered"].mean > 0.0:
        sections.append(Section("Yield per operation", (_grid(YIELD, run),)))
    if run.estimates["vehicles"].mean > 0.0:
        sections.append(Section("Burden on ordinary travellers", (_grid(BURDEN, run),)))
    return sections


def _yield_and_burden(run: Run) -> Iterator[Section | SideBySide]:
    match table_sections(run):
        case [left, right]:
            yield SideBySide(left, right)
        case sections:
            yield from sections


def _grid(rows: tuple[tuple[str, str], ...], run: Run) -> Grid:
    return Grid(
        COLUMNS,
        tuple((label, estimate_text(run.estimates[name], measure_named(name).unit.factor)) for name, label in rows),
    )


def largest_loss(run: Run) -> str:
    """Return where most of the targets are lost, and what would help; nothing where none is lost."""
    losses = {one.name: run.estimates[one.name].mean for one in CATALOGUE if one.group == "losses"}
    name = max(losses, key=lambda each: losses[each])
    if not losses[name] > 0.0:
        return ""
    return f"Largest loss: {share_text(losses[name])} of all targets are {LOSS_WORDS[name]}. {HELP[name](run)}"


LOSS_WORDS = {
    "loss_exit": "lost at the exit, where they leave at the sight of the queue",
    "loss_evaded": "lost because they avoid the funnel or turn off on seeing it",
    "loss_not_selected": "looked at and not selected",
    "loss_suspended": "not looked at, because selection is suspended or ends before closing",
    "loss_unstaffed": "not looked at, because a post is unstaffed",
    "loss_area_full": "selected, but pass because the area is full",
    "loss_missed": "inspected and missed",
}


def _catch_more(run: Run) -> str:
    chase = "" if run.plan.pursuit is not None else ", or a chase car (pursuit)"
    return f"Shorter operations would help, as word spreads with time{chase}."


def _select_longer(run: Run) -> str:
    for_queue = run.estimates["suspended_share"].mean + run.estimates["lifted_share"].mean
    if for_queue < run.estimates["last_minutes_share"].mean:
        return "Selecting until later would help (operation.stop_selecting_min)."
    return "A shorter queue would help, or a valve that acts later: other hours, a faster lane, selection.valve."


def _select_more(run: Run) -> str:
    rule = run.plan.selection.rule
    look = " A look that tells more would help without more stops (cue_auc)." if rule.uses_cue else ""
    _, share = _busiest_share(run)
    if share >= BUSY or rule.amount is Amount.AREA:
        return f"Selecting more would need more room: {_busiest(run)}.{look}"
    return f"The area has room for more ({rule.amount.value}): even {_busiest(run, 'only ')}.{look}"


def _busiest(run: Run, only: str = "") -> str:
    resource, share = _busiest_share(run)
    are = "is" if resource in run.plan.inspection.pools[len(run.plan.duty.agencies) :] else "are"
    return f"{resource} {are} in use for {only}{share_text(share)} of the time"


def _busiest_share(run: Run) -> tuple[str, float]:
    """Return which of bays, agencies and equipment is used most, and for which share of its time."""
    shares = {"bays": run.estimates["bay_utilisation"].mean}
    agencies = len(run.plan.duty.agencies)
    for pool, name in enumerate(run.plan.inspection.pools):
        kind = "crew" if pool < agencies else "equipment"
        shares[name] = run.estimates[f"{kind}_utilisation.{name}"].mean
    known = {name: share for name, share in shares.items() if np.isfinite(share)}
    busiest = max(known, key=lambda name: known[name])
    return busiest, known[busiest]


HELP: Mapping[str, Callable[[Run], str]] = {
    "loss_exit": lambda _: "A shorter queue would help: other hours or a faster lane.",
    "loss_evaded": _catch_more,
    "loss_not_selected": _select_more,
    "loss_suspended": _select_longer,
    "loss_unstaffed": lambda _: "Officers at the post in those hours would help (staffing.roster).",
    "loss_area_full": lambda run: f"More room would help; the busiest resource: {_busiest(run)}.",
    "loss_missed": lambda _: "Stages that find more would help (area.stages).",
}
"""What would help against each loss, as far as the scenario leaves it open."""
