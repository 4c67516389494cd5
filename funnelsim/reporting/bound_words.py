"""What `funnelsim bound` says: how much any selection could find, what is scarce, and whom to select."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.decision.fluid.bound import NOBODY, Bound, WindowBound
from funnelsim.decision.fluid.bound import bound as bound_of
from funnelsim.decision.fluid.bounds import Bounds
from funnelsim.decision.fluid.free_keys import own_selections
from funnelsim.decision.fluid.program import WAITING_SPACES
from funnelsim.reporting.section import Column, Grid, Section
from funnelsim.scenario.key import clock_of
from funnelsim.scenario.schema import Scenario
from funnelsim.units import DAY_S
from funnelsim.wording import NOTHING, days_text, joined, number_text, share_text, verb

if TYPE_CHECKING:  # heavy, and `funnelsim bound` simulates nothing
    from funnelsim.experiments.compare import Comparison
    from funnelsim.experiments.run import Run

OF_THE_MOST = "The most that any selection could find"
FOUND = "expected_detections"
LITTLE = 1e-6  # of the bound: what adds less is not scarce
ALIKE = 0.05  # of the largest: hours in which a supply is worth the same

ADVICE = "These shares reach the bound if nobody waits for anything. They are a start: simulate them with funnelsim run"


def bound_sections(bound: Bound, scenario: Scenario) -> list[Section]:
    """Return what the bound of a scenario says.

    Parameters
    ----------
    bound, scenario
        The bound, and its scenario.
    """
    return [
        Section(scenario.title, (_headline(bound),)),
        Section("What is scarce", tuple(_scarce(bound))),
        Section("Whom to select", (_rates(bound), _advice(scenario))),
    ]


def reached_sentence(run: "Run", bound: Bound) -> str:
    """Return how much of the bound a plan reaches; nothing where nothing can be found."""
    if not bound.finds > 0.0:
        return ""
    share = reached_text(run.estimates[FOUND].mean, bound)
    return f"It finds {share} of the most that any selection could (funnelsim bound SCENARIO)."


def reached_text(found: float, bound: Bound) -> str:
    """Return which share of the bound so many finds per operation are."""
    return share_text(found / bound.finds)


def reached_of_each(run: "Run", bound: Bound) -> FloatArray:
    """Return which share of the bound each replication of a run finds, shape (replications,)."""
    reached: FloatArray = run.replications[FOUND].to_numpy() / bound.finds
    return reached


def reached_sections(run: "Run") -> list[Section]:
    """Return how much of the bound a plan reaches, and what binds when; nothing where nothing can be found.

    Parameters
    ----------
    run
        The replications of the plan.
    """
    bound = bound_of(run.scenario, run.plan) if run.plan.targets else None
    if bound is None or not bound.finds > 0.0:
        return []
    found = run.estimates[FOUND].mean
    said = (
        f"This plan reaches {reached_text(found, bound)} of what no selection can exceed with these officers, "
        f"equipment, bays, waiting spaces and hours: it finds {number_text(found)} targets an operation, and none "
        f"finds more than {number_text(bound.finds)} on average, whatever its rule, rates and valve."
    )
    items: list[str | Grid] = [said, *_scarce(bound)]
    if (grid := hour_by_hour(bound)) is not None:
        items += ["What binds, hour by hour: finds that one hour more of each would add at most.", grid]
    return [Section(OF_THE_MOST, tuple(items))]


def bounds_table(comparison: "Comparison") -> Grid | None:
    """Return the bound of each plan and how much of it the plan reaches; None where nothing can be found.

    Parameters
    ----------
    comparison
        The plans side by side.
    """
    bounds = Bounds()
    rows = []
    for name, plan in comparison.plans.items():
        bound = bounds.of(comparison.scenarios[name], plan) if plan.targets else None
        if bound is not None and bound.finds > 0.0:
            found = comparison.estimates[name][FOUND].mean
            rows.append((name, number_text(bound.finds), number_text(found), reached_text(found, bound)))
    if not rows:
        return None
    return Grid((Column("plan", "left"), Column("at most"), Column("found"), Column("reached")), tuple(rows))


def _advice(scenario: Scenario) -> str:
    """Return how to simulate the shares: the keys to set, of every funnel."""
    selections = own_selections(scenario)
    sides = scenario.per_funnel
    set_by = []
    for own in selections:
        keys = [own.key("selection", "rule") + "=score"]
        if own.side.selection.rate_by_time:
            keys.append(own.key("selection", "rate_by_time") + "=[]")
        keys.append(own.key("selection", "rate") + ".CLASS=SHARE")
        options = " ".join(f"--set {key}" for key in keys)
        set_by.append(options if len(sides) == 1 else f"{options} ({sides[own.funnels[0]].direction})")
    told = f"{ADVICE} {' '.join(set_by)} for each class."
    if alike := [sides[funnel].direction for funnel in selections[0].funnels[1:]]:
        told += (
            f" {joined(alike)} {verb(len(alike), 'selects', 'select')} as {sides[0].direction} does: for shares of "
            f"{verb(len(alike), 'its', 'their')} own, copy the table selection into [[funnels]] first."
        )
    return told


def _headline(bound: Bound) -> str:
    if not bound.finds > 0.0:
        return "Nothing can be found: no target comes, none can be found, or the area has no place."
    return (
        "With these officers, equipment, bays, waiting spaces and hours, no selection finds more than "
        f"{number_text(bound.finds)} targets an operation on average, whatever its rule, rates and valve."
    )


def _scarce(bound: Bound) -> Iterator[str | Grid]:
    scarce = _scarce_names(bound)
    if not scarce:
        yield "Nothing: everybody who could carry something can be inspected."
        return
    rows = []
    for name in scarce:
        worth = bound.worth[name]
        one_more = "waiting space" if name == WAITING_SPACES else name
        rows.append((one_more, number_text(worth), share_text(worth / bound.finds), _when(bound, name)))
    yield Grid(
        (Column("One more of", "left"), Column("finds more, at most"), Column("%"), Column("scarce", "left")),
        tuple(rows),
    )
    if rest := [name for name in bound.worth if name not in scarce]:
        yield f"Not scarce: {joined(rest)}."


def _scarce_names(bound: Bound) -> list[str]:
    """Return the supplies of which one more would find more, the one that would find most first."""
    scarce = [name for name, worth in bound.worth.items() if worth > LITTLE * bound.finds]
    return sorted(scarce, key=lambda name: -bound.worth[name])


def _when(bound: Bound, name: str) -> str:
    """Return when a supply is scarce: the hours in which one more of it would be worth most of what it ever is."""
    if name == WAITING_SPACES:
        return "when selection ends"
    spans = []
    most = max(float(window.solution.worth[name].max()) for window in bound.windows)
    for window in bound.windows:
        worth = window.solution.worth[name]
        if most and worth.min() >= (1.0 - ALIKE) * most:
            continue
        first = int(np.argmax(worth >= (1.0 - ALIKE) * most))
        if worth.max() >= (1.0 - ALIKE) * most:
            spans.append(f"from {clock_of(float(window.edges_s[first]))} on")
    return ", ".join(dict.fromkeys(spans)) or "all the time"


def hour_by_hour(bound: Bound) -> Grid | None:
    """Return what one hour more of each scarce supply would find, period by period; None where nothing is scarce.

    Periods in a row that are alike stand together, and so do windows at the same hours of several days.
    """
    names = [name for name in _scarce_names(bound) if name != WAITING_SPACES]
    if not names:
        return None
    by_rows: dict[tuple[tuple[str, ...], ...], list[int]] = {}
    for window in bound.windows:
        by_rows.setdefault(tuple(_periods(window, names)), []).append(int(window.edges_s[0] // DAY_S) + 1)
    openings = [rows[0][0].partition(" ")[0] for rows in by_rows]
    rows = []
    for opening, (of_window, days) in zip(openings, by_rows.items(), strict=True):
        when = f"{days_text(days)}, " if openings.count(opening) > 1 else ""
        rows += [(f"{when}{span}", *cells) for span, *cells in of_window]
    return Grid((Column("", "left"), *map(Column, names)), tuple(rows))


def _periods(window: WindowBound, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield spans of a window in which the same is scarce, each with what an hour more of each supply would find."""
    worth = [window.solution.worth[name].tolist() for name in names]
    cells = [tuple(_worth_text(each) for each in of_period) for of_period in zip(*worth, strict=True)]
    for alike, places in groupby(range(len(cells)), key=cells.__getitem__):
        together = list(places)
        from_s, to_s = window.edges_s[[together[0], together[-1] + 1]].tolist()
        yield f"{clock_of(from_s)} to {clock_of(to_s)}", *alike


def _worth_text(finds: float) -> str:
    return number_text(finds, 2) if finds > LITTLE else NOTHING


def _rates(bound: Bound) -> Grid:
    several = len(bound.directions) > 1
    rows = []
    for direction, rates in zip(bound.directions, bound.rates, strict=True):
        for name, rate in zip(bound.classes, rates.tolist(), strict=True):
            rows.append((f"{name}, {direction}" if several else name, rate_text(rate)))
    return Grid((Column("class", "left"), Column("share selected")), tuple(rows))


def rate_text(rate: float) -> str:
    """Return a selection rate as a share."""
    return share_text(rate) if rate >= NOBODY else "none"
