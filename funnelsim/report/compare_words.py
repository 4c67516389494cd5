"""What a comparison says, in plain sentences: by how much plans differ, or that no difference is seen."""

import math
import textwrap
from collections.abc import Iterator

from rich.console import RenderableType

from funnelsim.experiments.compare import Comparison, Difference
from funnelsim.report.page import Page
from funnelsim.report.section import Column, Grid, Section
from funnelsim.report.words import NOTHING, counted, estimate_text, number_text
from funnelsim.units import MIN_PER_S

HEAD_WIDTH = 13
MOST = 1_000_000  # replications that anybody would wait for

# By measure: what a plan does with it, more and less, and the unit and factor in which it is said.
VERBS = {
    "expected_detections": ("finds {} more per operation", "finds {} fewer per operation", "targets found", "", 1.0),
    "delay_p95_s": ("delays P95 by {} more", "delays P95 by {} less", "P95 delay", " min", MIN_PER_S),
    "delay_mean_s": ("delays the others by {} more", "delays the others by {} less", "mean delay", " min", MIN_PER_S),
    "tail_max_m": (
        "makes the longest queue {} longer",
        "makes the longest queue {} shorter",
        "longest queue",
        " m",
        1.0,
    ),
    "stops_per_detection": (
        "stops {} more ordinary vehicles for each target found",
        "stops {} fewer ordinary vehicles for each target found",
        "ordinary vehicles stopped for each target found",
        "",
        1.0,
    ),
    "officer_h": ("takes {} more", "takes {} less", "officer-hours", " officer-hours", 1.0),
}


def comparison_report(comparison: Comparison) -> RenderableType:
    """Return what `funnelsim compare` shows at the end, for `Console.print`."""
    return Page(comparison_sections(comparison))


def comparison_sections(comparison: Comparison) -> list[Section]:
    """Return a comparison in plain words: the plans side by side, a sentence for each pair, and what it rests on."""
    pairs = list(dict.fromkeys((found.first, found.second) for found in comparison.differences))
    sections = [Section("The plans", (_side_by_side(comparison),))]
    sections += [
        Section(f"{second} against {first}", tuple(_sentences(comparison, first, second))) for first, second in pairs
    ]
    return [*sections, Section("How far these numbers carry", (_reach(comparison),))]


def _side_by_side(comparison: Comparison) -> Grid:
    measures = list(dict.fromkeys(found.measure for found in comparison.differences))
    heads = (Column("plan", "left"), *(Column(_head(measure)) for measure in measures))
    rows = [
        (name, *(estimate_text(found[measure], _factor(measure)) for measure in measures))
        for name, found in comparison.estimates.items()
    ]
    return Grid(heads, tuple(rows))


def _head(measure: str) -> str:
    short = {"stops_per_detection": "stopped for each found"}.get(measure, _label(measure))
    unit = _unit(measure).strip()
    head = f"{short}, {unit}" if unit and unit not in short else short
    return "\n".join(textwrap.wrap(head, HEAD_WIDTH))


def _sentences(comparison: Comparison, first: str, second: str) -> Iterator[str]:
    """Yield one sentence with all that is seen, then one for each measure in which nothing is."""
    found = [item for item in comparison.differences if (item.first, item.second) == (first, second)]
    seen = [_said(item) for item in found if item.seen]
    if seen:
        yield f"{second} {_joined(seen)}."
    for item in found:
        if not item.seen:
            yield _unseen(item)


def _said(item: Difference) -> str:
    more, fewer, label, unit, times = _words(item.measure)
    sign = times if item.estimate.mean >= 0 else -times
    certain = item.estimate.half_width == 0.0
    size = number_text(sign * item.estimate.mean) if certain else estimate_text(item.estimate, sign)
    pattern = more if item.estimate.mean >= 0 else fewer
    return pattern.format(f"{size}{unit}", label=label)


def _unseen(item: Difference) -> str:
    label, unit, times = _label(item.measure), _unit(item.measure), _factor(item.measure)
    if not math.isfinite(item.estimate.mean):
        return f"{_capital(label)}: no value in one of the plans."
    if item.estimate.mean == 0.0 and item.estimate.half_width == 0.0:
        return f"{_capital(label)}: the same in every operation."
    text = f"{_capital(label)}: no difference seen at this precision ({estimate_text(item.estimate, times)}{unit})"
    if item.to_settle is None:
        return f"{text}."
    if item.to_settle > MOST:
        return f"{text}; if there is one, it is too small to matter to a plan."
    return f"{text}; about {_two_digits(item.to_settle):,} replications would settle it."


def _two_digits(number: int) -> int:
    """Round a whole number up to two digits: more would be noise.

    Examples
    --------
    >>> _two_digits(39756), _two_digits(458), _two_digits(7)
    (40000, 460, 7)
    """
    unit = int(10 ** max(0, len(str(number)) - 2))
    return -(-number // unit) * unit


def _reach(comparison: Comparison) -> str:
    n = comparison.replications.height // len(comparison.scenarios)
    met = (
        "Every plan met the same vehicles with the same luck, so the differences are much surer than the plans' own "
        "numbers."
        if comparison.paired
        else "Each plan met vehicles of its own: on the same traffic the differences would be surer."
    )
    return (
        f"{counted(n, 'operation')} of each plan were simulated (seed {comparison.seed}). {met} Behind ± stands the "
        "half-width at 95 %; those of the differences hold all together (Bonferroni)."
    )


def _words(measure: str) -> tuple[str, str, str, str, float]:
    other = (f"has {{}} more {measure}", f"has {{}} less {measure}", measure, "", 1.0)
    return VERBS.get(measure, other)


def _label(measure: str) -> str:
    return _words(measure)[2]


def _unit(measure: str) -> str:
    return _words(measure)[3]


def _factor(measure: str) -> float:
    return _words(measure)[4]


def _joined(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if text else NOTHING
