"""The result of a fit: text and a table for the screen, lines of TOML for the scenario."""

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.fitting.bootstrap import GoodnessOfFit
from funnelsim.fitting.durations import Sample
from funnelsim.reporting.section import Column, Grid, Section
from funnelsim.scenario.toml_text import key_text, plain_text, value_text
from funnelsim.scenario.traffic import DEFAULT_CLASSES
from funnelsim.wording import joined, number_text

LEAST_OBSERVATIONS: Final = 20
FEW_OBSERVATIONS: Final = 50
_SMALLEST_P: Final = 0.001
_LONGEST_COMMENT: Final = 1000
_WIDE: Final = 100


@dataclass(frozen=True)
class FitResult:
    """The result of a fit.

    Attributes
    ----------
    sections
        For the screen.
    lines
        Lines of TOML, with comments that say where they come from.
    """

    sections: tuple[Section, ...]
    lines: str


@dataclass(frozen=True)
class Parameter:
    """An estimated parameter with its 95 % interval.

    Attributes
    ----------
    name
        What it is, in words.
    unit
        Its unit; empty for none.
    value, low, high
        The estimate and the interval.
    """

    name: str
    unit: str
    value: float
    low: float
    high: float

    @property
    def rounded(self) -> float:
        """The estimate with as many digits as the interval allows: two of its width."""
        return _rounded(self.value, self.high - self.low)

    @property
    def interval(self) -> str:
        """The interval in words."""
        low, high = (number_text(_rounded(end, self.high - self.low), 6) for end in (self.low, self.high))
        return f"{low} to {high}"

    @property
    def text(self) -> str:
        """The estimate as it is shown."""
        return f"{number_text(self.rounded, 6)} {self.unit}".strip()


def _rounded(value: float, width: float) -> float:
    if not (math.isfinite(width) and width > 0.0):
        return float(f"{value:.4g}")
    return round(value, 1 - math.floor(math.log10(width))) + 0.0


def number_grid(numbers: Sequence[Parameter]) -> Grid:
    """Return a table of estimates."""
    columns = (Column("", "left"), Column("estimate"), Column("95 % interval"))
    return Grid(columns, tuple((number.name, number.text, number.interval) for number in numbers))


def p_text(p: float) -> str:
    """Return a p-value as text.

    Examples
    --------
    >>> p_text(0.432), p_text(0.00034)
    ('p = 0.43', 'p < 0.001')
    """
    return f"p < {_SMALLEST_P:g}" if p < _SMALLEST_P else f"p = {number_text(p, 2)}"


def goodness_text(shape: str, found: GoodnessOfFit) -> str:
    """Describe whether a distribution fits."""
    off = f"the largest difference from the observed shares is {number_text(100.0 * found.off, 2)} in 100"
    article = "An" if shape[0] in "aeiou" else "A"
    if found.fits:
        return f"{article} {shape} distribution fits: {off}, no more than by chance ({p_text(found.p)})."
    return (
        f"{article} {shape} distribution does not fit well: {off}, more than by chance ({p_text(found.p)}). "
        "The mean is still valid; check the longest and the shortest observations before you trust the rest."
    )


def clock_text(sample: Sample) -> list[str]:
    """Describe how readings were rounded and what that assumes, if it matters."""
    if not sample.rounded:
        return []
    step_s = sample.clock.step_s
    step = f"{number_text(step_s)} s"
    if sample.clock.twice:
        return [f"Times are in steps of {step}; the likelihood allows for a difference that is off by up to a step."]
    nearest = f"Durations are in steps of {step} and assumed to be rounded to the nearest step."
    return [f"{nearest} If your clock rounds down instead, the mean is {number_text(step_s / 2.0)} s longer."]


def small_sample_text(count: int) -> list[str]:
    """Warn of few observations."""
    if count >= FEW_OBSERVATIONS:
        return []
    return [f"{count} observations are few: intervals are wide, and tests miss much. 100 or more are better."]


def unknown_classes_text(classes: Iterable[str]) -> list[str]:
    """Name the classes that have no defaults in a scenario."""
    strange = [name for name in classes if name not in (*DEFAULT_CLASSES, "default")]
    if not strange:
        return []
    return [f"{joined(strange)}: not a class with defaults, so the scenario must define every key of it."]


def refuse_too_few(source: str, count: int, what: str, least: int = LEAST_OBSERVATIONS) -> None:
    """Refuse too few observations.

    Raises
    ------
    FunnelsimError
        If there are too few.
    """
    if count < least:
        message = f"{count} {what} are too few for an estimate; needed: at least {least}, better 100"
        raise FunnelsimError([Problem(source, message)])


def refuse_beyond(source: str, values: Mapping[str, float], most: Mapping[str, float]) -> None:
    """Refuse estimates outside what a scenario allows.

    Raises
    ------
    FunnelsimError
        Naming them.
    """
    beyond = [
        Problem(
            source, f"{key} = {value:.4g} was estimated; allowed in a scenario: at most {most[key]:g}. Check the units."
        )
        for key, value in values.items()
        if value > most[key]
    ]
    if beyond:
        raise FunnelsimError(beyond)


def toml_lines(table: Sequence[str], values: Mapping[str, Any], comments: Sequence[str]) -> str:
    """Return comments and keys, under the header of their table where they have one."""
    said = [f"# {line}" for text in comments for line in textwrap.wrap(plain_text(text, _LONGEST_COMMENT), _WIDE)]
    header = [f"[{'.'.join(map(key_text, table))}]"] if table else []
    return "\n".join([*said, *header, *(f"{key_text(key)} = {value_text(value)}" for key, value in values.items())])


def fit_comments(sample: Sample, what: str, source: str, parameters: Sequence[Parameter]) -> list[str]:
    """Return the comments that say what some parameters were fitted to, and their intervals."""
    found = "; ".join(f"{one.name} {one.text} ({one.interval})" for one in parameters)
    return [f"Fitted to {len(sample):,} {what} in {source}; with 95 % intervals:", f"{found}."]
