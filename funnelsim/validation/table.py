"""The table of the validation as the screen shows it."""

from collections import Counter
from collections.abc import Sequence

from funnelsim.report.page import listed
from funnelsim.report.section import Column, Entry, Grid, Section
from funnelsim.report.words import counted
from funnelsim.validation.chapter import Chapter, Line
from funnelsim.validation.comparison import Claim
from funnelsim.validation.words import (
    AGREES,
    DIFFERS,
    EXPLAINED,
    allowed_text,
    expected_text,
    simulated_text,
    verdict,
    z_text,
)

COLUMNS = (
    Column("case", "left"),
    Column("expected"),
    Column("simulated"),
    Column("allowed", only_wide=True),
    Column("z"),
    Column("", "left"),
)


def section_of(chapter: Chapter) -> Section:
    """Return a chapter as a table, with what is to be said of single lines under it."""
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
    """Return what stands behind the case in its row."""
    return expected_text(line), simulated_text(line), allowed_text(line), z_text(line), verdict(line)


def summary(chapters: Sequence[Chapter]) -> Section:
    """Return how many lines agree, and what was not run."""
    verdicts = Counter(verdict(line) for chapter in chapters for line in chapter.lines)
    said = [f"{counted(sum(verdicts.values()), 'comparison')}: {verdicts[AGREES]} agree"]
    if verdicts[EXPLAINED]:
        said.append(f"{verdicts[EXPLAINED]} differ for reasons that are given")
    said.append(f"{verdicts[DIFFERS]} differ" if verdicts[DIFFERS] else "none differs without a known reason")
    return Section("", (", ".join(said) + ".",))


def holds(chapters: Sequence[Chapter]) -> bool:
    """Return whether nothing differs without a known reason."""
    return all(verdict(line) != DIFFERS for chapter in chapters for line in chapter.lines)
