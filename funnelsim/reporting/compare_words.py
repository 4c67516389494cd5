"""What a comparison says, in plain sentences: by how much plans differ, or that no difference is seen."""

import math
from collections.abc import Iterator

from rich.console import RenderableType

from funnelsim.analysis.catalogue import Measure, measure_named
from funnelsim.analysis.estimates import estimate_text
from funnelsim.analysis.limits import LIMITED, LimitCheck, checks_of
from funnelsim.experiments.compare import Comparison, Difference, shared_time
from funnelsim.reporting.run_words import days_sentence, limit_sentence
from funnelsim.reporting.section import Column, Grid, Section, sentence
from funnelsim.reporting.terminal import Page
from funnelsim.wording import counted, joined, number_text, share_text

MOST = 1_000_000  # operations that anybody would wait for

# Said of a plan that has more of a measure, and of one that has less; a plan "raises" or "cuts" other measures.
PHRASES = {
    "expected_detections": ("finds {size} more targets per operation", "finds {size} fewer targets per operation"),
    "tail_max_m": ("makes the longest queue {size}{unit} longer", "makes the longest queue {size}{unit} shorter"),
    "stops_per_detection": (
        "stops {size} more{unit} for each target found",
        "stops {size} fewer{unit} for each target found",
    ),
    "officer_h": ("needs {size} more{unit}", "needs {size} fewer{unit}"),
}


def comparison_report(comparison: Comparison) -> RenderableType:
    """Return what `funnelsim compare` shows at the end, for `Console.print`."""
    return Page(comparison_sections(comparison))


def comparison_sections(comparison: Comparison) -> list[Section]:
    """Return a comparison in plain words: the plans side by side, a sentence for each pair, and what it rests on."""
    plans = Section("The plans", (_side_by_side(comparison),))
    reach = Section("How far these numbers carry", (_reach(comparison), *_days(comparison)))
    return [plans, *difference_sections(comparison), reach]


def difference_sections(comparison: Comparison) -> list[Section]:
    """Return what each pair of plans differs in, and how the limits of each fare."""
    pairs = list(dict.fromkeys((found.first, found.second) for found in comparison.differences))
    sections = [
        Section(f"{second} against {first}", tuple(_sentences(comparison, first, second))) for first, second in pairs
    ]
    if limits := tuple(f"{name}: {limit_sentence(check)}" for name, check in checks_by_plan(comparison)):
        sections.append(Section("Limits", limits))
    return sections


def checks_by_plan(comparison: Comparison) -> Iterator[tuple[str, LimitCheck]]:
    """Yield the limits of each plan with its name, compared with its operations."""
    for name, scenario in comparison.scenarios.items():
        mine = comparison.replications.filter(plan=name)
        operations = {measure: mine[measure].to_numpy() for measure, _ in LIMITED.values() if measure in mine.columns}
        for check in checks_of(scenario.limits, comparison.estimates[name], operations):
            yield name, check


def _days(comparison: Comparison) -> list[str]:
    """Return what the operations stand for, once where it is the same for all plans."""
    return list(dict.fromkeys(map(days_sentence, comparison.scenarios.values())))


def _side_by_side(comparison: Comparison) -> Grid:
    measures = list(dict.fromkeys(found.measure for found in comparison.differences))
    heads = (Column("plan", "left"), *(Column(measure_named(name).column_head) for name in measures))
    rows = [
        (plan, *(estimate_text(estimates[name], measure_named(name).unit.factor) for name in measures))
        for plan, estimates in comparison.estimates.items()
    ]
    return Grid(heads, tuple(rows))


def _sentences(comparison: Comparison, first: str, second: str) -> Iterator[str]:
    """Yield one sentence with all that is seen, then one for each measure in which nothing is."""
    found = [item for item in comparison.differences if (item.first, item.second) == (first, second)]
    seen = [_said(item) for item in found if item.seen]
    if seen:
        yield f"{second} {joined(seen)}."
    for item in found:
        if not item.seen:
            yield _unseen(item)


def _said(item: Difference) -> str:
    measure, mean = measure_named(item.measure), item.estimate.mean
    factor = math.copysign(measure.unit.factor, mean)
    size = estimate_text(item.estimate, factor, digits=1)
    if item.estimate.certain or not math.isfinite(item.estimate.half_width):
        size = f"{'' if item.estimate.certain else 'about '}{number_text(factor * mean)}"
    cuts = "cuts" if measure.better == "less" else "lowers"
    general = (f"raises the {measure.label} by {{size}}{{unit}}", f"{cuts} the {measure.label} by {{size}}{{unit}}")
    more, less = PHRASES.get(item.measure, general)
    return (more if mean >= 0.0 else less).format(size=size, unit=_unit(measure))


def _unit(measure: Measure) -> str:
    """Return the unit behind a number in a sentence that names what is counted."""
    if measure.unit.symbol == "per operation":
        return ""
    if measure.unit.kept == "currency":
        return f" in the {measure.unit.symbol}"
    shown = measure.unit.symbol.replace("%", "percentage points", 1) if measure.unit.word == "per cent" else ""
    return f" {shown or measure.unit.symbol}"


def _unseen(item: Difference) -> str:
    measure = measure_named(item.measure)
    label = sentence(measure.label)
    if not math.isfinite(item.estimate.mean):
        return f"{label}: no value in one of the plans."
    if item.estimate.mean == 0.0 and item.estimate.certain:
        return f"{label}: the same in every operation."
    if not math.isfinite(item.estimate.half_width):
        size = f"{measure.text(item.estimate.mean)}{_unit(measure)}"
        return f"{label}: too few operations differ to tell ({size} on average)."
    size = f"{estimate_text(item.estimate, measure.unit.factor)}{_unit(measure)}"
    text = f"{label}: no difference seen at this precision ({size})"
    if item.to_settle is None:
        return f"{text}."
    if item.to_settle > MOST:
        return f"{text}; if there is one, it is too small to matter to a plan."
    return f"{text}; about {_two_digits(item.to_settle):,} operations of each plan would settle it."


def _two_digits(number: int) -> int:
    """Round a whole number up to two digits: more would be noise.

    Examples
    --------
    >>> _two_digits(39756), _two_digits(458), _two_digits(7)
    (40000, 460, 7)
    """
    unit = int(10 ** max(0, len(str(number)) - 2))
    return -(-number // unit) * unit


def _met(shared: float) -> str:
    """Return how much of their traffic the plans share, and what that does for their differences."""
    if shared >= 1.0:
        return "Every plan met the same vehicles, so the differences are more precise than the plans' own numbers."
    if shared <= 0.0:
        return (
            "The plans stand at different hours and met different vehicles, so the differences are no more precise "
            "than the plans' own numbers."
        )
    return (
        f"The plans met the same vehicles while all of them stand, {share_text(shared)} of the time; the less they "
        "share, the less precise are the differences."
    )


def _reach(comparison: Comparison) -> str:
    n = comparison.replications.height // len(comparison.scenarios)
    met = _met(shared_time(list(comparison.plans.values())) if comparison.plans else 1.0)
    if not comparison.paired:
        met = "Each plan met its own vehicles; on the same traffic the differences would be more precise."
    return (
        f"{counted(n, 'operation')} of each plan were simulated (seed {comparison.seed}). {met} ± is the half-width "
        "of the 95 % confidence interval; the intervals of the differences are wide enough that all of them hold "
        "together at 95 %."
    )
