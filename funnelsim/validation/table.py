"""The table of the validation for the screen, and the words that it shares with the page."""

import math
from collections import Counter
from collections.abc import Sequence

from funnelsim.analysis.estimates import plus_minus
from funnelsim.reporting.section import Column, Entry, Grid, Section
from funnelsim.reporting.terminal import listed
from funnelsim.validation.chapter import Chapter, Line
from funnelsim.validation.comparison import Claim, Comparison
from funnelsim.wording import counted, number_text

DIGITS = 4
AGREES, DIFFERS, EXPLAINED = "agrees", "differs", "differs, explained"
COLUMNS = (
    Column("case", "left"),
    Column("expected"),
    Column("simulated"),
    Column("allowed", only_wide=True),
    Column("z"),
    Column("", "left"),
)


def section_of(chapter: Chapter) -> Section:
    """Return a chapter as a table, with the claims and explanations below it."""
    if chapter.missing:
        return Section(chapter.title, (f"Not run: {chapter.missing}",))
    numbers = [line for line in chapter.lines if not isinstance(line, Claim)]
    claims = [line for line in chapter.lines if isinstance(line, Claim)]
    items: list[str | Entry | Grid] = []
    if numbers:
        rows = [(line.case, *cells_of(line)) for line in numbers]
        items.append(Grid(COLUMNS, tuple(rows)))
    for line in claims:
        items += listed([f"{line.case}: {line.claim}. Here: {line.measured}. It {verdict(line)}."])
    items += listed(
        f"{line.case}: {line.explanation}" for line in chapter.lines if line.explanation and not line.agrees
    )
    return Section(chapter.title, tuple(items))


def cells_of(line: Line) -> tuple[str, ...]:
    """Return the cells of a row after its case."""
    return expected_text(line), simulated_text(line), allowed_text(line), z_text(line), verdict(line)


def summary(chapters: Sequence[Chapter]) -> Section:
    """Return how many comparisons agree."""
    verdicts = Counter(verdict(line) for chapter in chapters for line in chapter.lines)
    said = [f"{counted(sum(verdicts.values()), 'comparison')}: {verdicts[AGREES]} agree"]
    if verdicts[EXPLAINED]:
        said.append(f"{verdicts[EXPLAINED]} differ for known reasons")
    said.append(f"{verdicts[DIFFERS]} differ" if verdicts[DIFFERS] else "none differs without a known reason")
    return Section("", (", ".join(said) + ".",))


def holds(chapters: Sequence[Chapter]) -> bool:
    """Return whether no comparison differs without a known reason."""
    return all(verdict(line) != DIFFERS for chapter in chapters for line in chapter.lines)


def verdict(line: Line) -> str:
    """Return whether a comparison agrees, differs, or differs for a known reason."""
    if line.agrees:
        return AGREES
    return EXPLAINED if line.explanation else DIFFERS


def expected_text(line: Line) -> str:
    """Return the expected number with its unit, or the claim."""
    return line.claim if isinstance(line, Claim) else with_unit(number_text(line.expected, DIGITS), line.unit)


def simulated_text(line: Line) -> str:
    """Return the simulated number with its half-width, or with the range of the simulated operations."""
    if isinstance(line, Claim):
        return line.measured
    if line.half_width is not None:
        simulated, half_width = _alike(line.simulated, line.half_width)
        return plus_minus(half_width, simulated)
    number = number_text(line.simulated, DIGITS)
    if line.low < line.high and not math.isclose(line.high - line.simulated, line.simulated - line.low):
        return f"{number} ({number_text(line.low)} to {number_text(line.high)})"
    return number


def allowed_text(line: Line) -> str:
    """Return the largest difference allowed; empty where a confidence interval decides."""
    if isinstance(line, Claim) or line.half_width is not None:
        return ""
    if not math.isclose(line.high - line.simulated, line.simulated - line.low):
        return "range"
    return plus_minus(number_text(line.high - line.simulated, 2))


def z_text(line: Line) -> str:
    """Return the difference in standard errors; empty if the simulated number is not random."""
    return f"{line.z:+.2f}" if isinstance(line, Comparison) and line.z is not None else ""


def with_unit(number: str, unit: str) -> str:
    """Return a number with its unit, if it has one."""
    return f"{number} {unit}" if unit else number


def _alike(value: float, half_width: float) -> tuple[str, str]:
    """Return a value and its half-width with the same number of decimals, two digits of the half-width."""
    places = max(0, 1 - math.floor(math.log10(half_width))) if half_width > 0.0 else 0
    return f"{value:,.{places}f}", f"{half_width:,.{places}f}"
