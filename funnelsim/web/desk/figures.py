"""The figures of a plan, each with its error bar, beside those of the baseline and their paired differences."""

import re
from collections.abc import Iterator
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
from funnelsim.reporting.bound_words import FOUND
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


def table_of(run: Run, bound: Bound | None, baseline: Run | None, named: str = "") -> str:
    """Return the figures of a run as a table of HTML.

    Parameters
    ----------
    run
        The plan's run.
    bound
        How good any plan could be with the same officers and hours; None while it is not known.
    baseline
        The run of the plan to compare it with; None for none.
    named
        What the plan is called; empty for the one on the desk.
    """
    heads = [
        text("Per operation"),
        named or text("This plan"),
        *([text("Baseline"), text("Difference")] if baseline else []),
    ]
    rows = [*_limits(run, baseline), *_measures(run, baseline), *_bound(run, bound)]
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(_html(row, len(heads)) for row in rows)
    return f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _html(row: Row, columns: int) -> str:
    cells = [row.plan, row.baseline, row.difference][: columns - 1]
    rest = "".join(f"<td{BROKEN if one.broken else ''}>{escape(numbers(one.words))}</td>" for one in cells)
    return f'<tr><th scope="row">{escape(numbers(row.label))}</th>{rest}</tr>'


def _measures(run: Run, baseline: Run | None) -> Iterator[Row]:
    apart = _differences(run, baseline) if baseline is not None else {}
    for name, label in SHOWN.items():
        factor = measure_named(name).unit.factor
        before = _estimate(baseline.estimates[name], factor) if baseline is not None else ""
        here = _estimate(run.estimates[name], factor)
        yield Row(text(label), Cell(here), Cell(before), Cell(in_words(apart.get(name, ""))))


def _differences(run: Run, baseline: Run) -> dict[str, str]:
    """Return the paired differences in words; none where the plans did not meet the same vehicles."""
    if min(len(run.replications), len(baseline.replications)) < 2:  # noqa: PLR2004  (a difference needs two)
        return {}
    try:
        found = differences_of_runs(baseline, run, list(SHOWN))
    except FunnelsimError:
        return {}
    return {one.measure: difference_text(one) for one in found}


def _limits(run: Run, baseline: Run | None) -> Iterator[Row]:
    before = {check.key: _kept(check) for check in (baseline.limits() if baseline else ())}
    for check in run.limits():
        limited = text(measure_named(check.measure).label)
        label = text("{measure} at most {value}: kept in, %").format(measure=limited, value=check.value_text)
        yield Row(label, _kept(check), before.get(check.key, Cell()))


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


def _bound(run: Run, bound: Bound | None) -> Iterator[Row]:
    if bound is not None and bound.finds > 0.0:
        reached = _estimate(run.estimates[FOUND], PER_CENT / bound.finds)
        yield Row(text("Of the most that any selection could find, %"), Cell(reached))
