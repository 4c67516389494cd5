"""What `funnelsim bound` says: how much any selection could find, what is scarce, and whom to select."""

from collections.abc import Iterator

import numpy as np

from funnelsim.decision.bound import Bound
from funnelsim.decision.program import WAITING_SPACES
from funnelsim.experiments.run import Run
from funnelsim.reporting.section import Column, Grid, Section
from funnelsim.scenario.key import clock_of
from funnelsim.scenario.schema import Scenario
from funnelsim.wording import joined, number_text, share_text

NOBODY = 0.0005  # a smaller share is rounding
LITTLE = 1e-6  # of the bound: what adds less is not scarce
ALIKE = 0.05  # of the largest: hours in which a supply is worth the same

ADVICE = (
    "These shares reach the bound if nobody waits for anything. They are a start: simulate them with "
    "funnelsim run --set selection.rule=score --set selection.rate.CLASS=SHARE for each class."
)


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
        Section("Whom to select", (_rates(bound), ADVICE)),
    ]


def reached_sentence(run: Run, bound: Bound) -> str:
    """Return how much of the bound a plan reaches; nothing where nothing can be found."""
    if not bound.finds > 0.0:
        return ""
    share = share_text(run.estimates["expected_detections"].mean / bound.finds)
    return f"It finds {share} of the most that any selection could (funnelsim bound SCENARIO)."


def _headline(bound: Bound) -> str:
    if not bound.finds > 0.0:
        return "Nothing can be found: no target comes, none can be found, or the area has no place."
    return (
        f"With these officers, equipment, bays and hours, no selection finds more than {number_text(bound.finds)} "
        "targets an operation on average, whatever its rule, rates and valve."
    )


def _scarce(bound: Bound) -> Iterator[str | Grid]:
    scarce = {name: worth for name, worth in bound.worth.items() if worth > LITTLE * bound.finds}
    if not scarce:
        yield "Nothing: everybody who could carry something can be inspected."
        return
    rows = []
    for name in sorted(scarce, key=lambda each: -scarce[each]):
        one_more = "waiting space" if name == WAITING_SPACES else name
        rows.append((one_more, number_text(scarce[name]), share_text(scarce[name] / bound.finds), _when(bound, name)))
    yield Grid(
        (Column("One more of", "left"), Column("finds more, at most"), Column("%"), Column("scarce", "left")),
        tuple(rows),
    )
    if rest := [name for name in bound.worth if name not in scarce]:
        yield f"Not scarce: {joined(rest)}."


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
    return ", ".join(spans) or "all the time"


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
