"""The figures of a plan, each with its error bar, beside those of the baseline and their paired differences."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import PER_CENT, Estimate, estimate_text
from funnelsim.analysis.limits import LimitCheck
from funnelsim.decision.fluid.bound import Bound
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.compare import differences_of_runs
from funnelsim.experiments.run import Run
from funnelsim.reporting.bound_words import FOUND, reached_of_each
from funnelsim.reporting.compare_words import difference_text
from funnelsim.web.language import mark, text
from funnelsim.web.numerals import numbers

SHOWN: Final = {
    "expected_detections": mark("Targets found"),
    "chance_of_any": mark("Chance of any, %"),
    "ordinary_stops": mark("Ordinary vehicles stopped"),
    "delay_p95_s": mark("P95 delay, min"),
    "tail_max_m": mark("Longest queue, m"),
    "ordinary_h": mark("Vehicle-hours lost"),
    "officer_h": mark("Officer-hours"),
}
"""What the desk shows of a plan, yield and burden together."""

REACHED: Final = "reached"
BROKEN: Final = ' class="broken"'


@dataclass(frozen=True)
class Cell:
    """A value as it is written, and whether it breaks a limit."""

    words: str = ""
    broken: bool = False


@dataclass(frozen=True)
class Row:
    """One row of the table: what it is, the plan's value, the baseline's, and the difference."""

    label: str
    plan: Cell
    baseline: Cell = Cell()
    difference: Cell = Cell()


@dataclass(frozen=True)
class Simulated:
    """What is known of a plan.

    Attributes
    ----------
    run
        Its run.
    bound
        How good any plan could be with the same officers and hours; None while it is not known.
    """

    run: Run
    bound: Bound | None = None

    @property
    def finds(self) -> float:
        """How much any selection could find; 0 where that is not known, or nothing."""
        return 0.0 if self.bound is None else max(0.0, self.bound.finds)


def table_of(plan: Simulated, baseline: Simulated | None = None, named: str = "") -> str:
    """Return the figures of a run as a table of HTML.

    Parameters
    ----------
    plan
        The plan.
    baseline
        What to compare it with; None for nothing.
    named
        What the plan is called; empty for the one on the desk.
    """
    heads = [
        text("Per operation"),
        named or text("This plan"),
        *([text("Baseline"), text("Difference")] if baseline else []),
    ]
    apart = _differences(plan, baseline) if baseline is not None else {}
    rows = [*_limits(plan, baseline, apart), *_measures(plan, baseline, apart), *_bound(plan, baseline, apart)]
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(_html(row, len(heads)) for row in rows)
    return f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _html(row: Row, columns: int) -> str:
    cells = [row.plan, row.baseline, row.difference][: columns - 1]
    rest = "".join(f"<td{BROKEN if one.broken else ''}>{escape(numbers(one.words))}</td>" for one in cells)
    return f'<tr><th scope="row">{escape(numbers(row.label))}</th>{rest}</tr>'


def _measures(plan: Simulated, baseline: Simulated | None, apart: Mapping[str, Cell]) -> Iterator[Row]:
    for name, label in SHOWN.items():
        factor = measure_named(name).unit.factor
        before = _estimate(baseline.run.estimates[name], factor) if baseline is not None else ""
        here = _estimate(plan.run.estimates[name], factor)
        yield Row(text(label), Cell(here), Cell(before), apart.get(name, Cell()))


def _differences(plan: Simulated, baseline: Simulated) -> dict[str, Cell]:
    """Return the paired differences by row; none where the plans did not meet the same vehicles."""
    if min(len(one.run.replications) for one in (plan, baseline)) < 2:  # noqa: PLR2004  (a difference needs two)
        return {}
    kept, kept_before = plan.run.keeps(), baseline.run.keeps()
    shares = {key: (kept_before[key], kept[key]) for key in kept if key in kept_before}
    if plan.bound is not None and baseline.bound is not None and min(plan.finds, baseline.finds) > 0.0:
        shares[REACHED] = reached_of_each(baseline.run, baseline.bound), reached_of_each(plan.run, plan.bound)
    try:
        found = differences_of_runs(baseline.run, plan.run, list(SHOWN), others=shares)
    except FunnelsimError:
        return {}
    words = {one.measure: difference_text(one, PER_CENT if one.measure in shares else None) for one in found}
    return {name: Cell(in_words(said)) for name, said in words.items()}


def _limits(plan: Simulated, baseline: Simulated | None, apart: Mapping[str, Cell]) -> Iterator[Row]:
    before = {check.key: _kept(check) for check in (baseline.run.limits() if baseline is not None else ())}
    for check in plan.run.limits():
        limited = text(measure_named(check.measure).label)
        label = text("{measure} at most {value}: kept in, %").format(measure=limited, value=check.value_text)
        yield Row(label, _kept(check), before.get(check.key, Cell()), apart.get(check.key, Cell()))


def _kept(check: LimitCheck) -> Cell:
    words = f"{_estimate(check.kept_in, PER_CENT)} ({text(check.verdict)})"
    return Cell(words, broken=not check.kept)


VERDICTS: Final = (mark("kept"), mark("probably kept"), mark("probably broken"), mark("broken"), mark("no value"))
LIMITED: Final = (mark("P95 delay"), mark("longest queue"))
"""Labels of the measures that a scenario can limit."""

PHRASES: Final = (
    mark("to"),
    mark("too few operations"),
    mark("not seen in"),
    mark("operations: at most"),
    mark("at most"),
    mark("about"),
)
"""Words in a figure with its interval."""


def in_words(figure: str) -> str:
    """Return a figure with its interval in the language of the visitor.

    Parameters
    ----------
    figure
        As commands write it, in English.
    """
    return re.sub(rf"\b(?:{'|'.join(PHRASES)})\b", lambda found: text(found[0]), figure)


def _estimate(estimate: Estimate, factor: float) -> str:
    return in_words(estimate_text(estimate, factor))


def _bound(plan: Simulated, baseline: Simulated | None, apart: Mapping[str, Cell]) -> Iterator[Row]:
    if plan.finds > 0.0:
        label = text("Of the most that any selection could find, %")
        yield Row(label, _reached(plan), _reached(baseline), apart.get(REACHED, Cell()))


def _reached(plan: Simulated | None) -> Cell:
    if plan is None or not plan.finds > 0.0:
        return Cell()
    return Cell(_estimate(plan.run.estimates[FOUND], PER_CENT / plan.finds))
