"""What a fit tells: words and a table for the screen, lines of TOML for the scenario."""

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.fitting.bootstrap import Agreement
from funnelsim.fitting.durations import Sample
from funnelsim.report.section import Column, Grid, Section
from funnelsim.scenario.toml_text import key_text, plain_text, value_text
from funnelsim.scenario.traffic import DEFAULT_CLASSES
from funnelsim.wording import joined, number_text

LEAST_OBSERVATIONS: Final = 20
FEW_OBSERVATIONS: Final = 50
_SMALLEST_P: Final = 0.001
_LONGEST_COMMENT: Final = 1000
_WIDE: Final = 100


@dataclass(frozen=True)
class Fitted:
    """What a fit tells.

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
class Number:
    """An estimate with its 95 % interval.

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


def number_grid(numbers: Sequence[Number]) -> Grid:
    """Return a table of estimates."""
    columns = (Column("", "left"), Column("estimate"), Column("95 % interval"))
    return Grid(columns, tuple((number.name, number.text, number.interval) for number in numbers))


def p_text(p: float) -> str:
    """Return a chance as tests give it.

    Examples
    --------
    >>> p_text(0.432), p_text(0.00034)
    ('p = 0.43', 'p < 0.001')
    """
    return f"p < {_SMALLEST_P:g}" if p < _SMALLEST_P else f"p = {number_text(p, 2)}"


def agreement_text(shape: str, found: Agreement) -> str:
    """Say whether a distribution fits."""
    off = f"its shares of readings up to any length are off by at most {number_text(100.0 * found.off, 2)} in 100"
    article = "An" if shape[0] in "aeiou" else "A"
    if found.fits:
        return f"{article} {shape} distribution fits: {off}, which chance explains ({p_text(found.p)})."
    return (
        f"{article} {shape} distribution does not fit well: {off}, more than chance explains ({p_text(found.p)}). "
        "The mean still holds; look at the longest and the shortest observations before you trust the rest."
    )


def clock_text(sample: Sample) -> list[str]:
    """Say how readings were rounded, and what was assumed about it, where that matters."""
    if not sample.rounded:
        return []
    step_s = sample.clock.step_s
    step = f"{number_text(step_s)} s"
    if sample.clock.twice:
        return [f"Times are in steps of {step}; the likelihood allows for a difference that is off by up to a step."]
    nearest = f"Durations are in steps of {step} and taken as rounded to the nearest."
    return [f"{nearest} If your clock cuts off instead, the mean is {number_text(step_s / 2.0)} s longer."]


def few_text(count: int) -> list[str]:
    """Say that there are few observations, where there are."""
    if count >= FEW_OBSERVATIONS:
        return []
    return [f"{count} observations are few: intervals are wide, and a test overlooks much. 100 or more are better."]


def strange_text(classes: Iterable[str]) -> list[str]:
    """Say which classes are not among the scenario's own, where there are such."""
    strange = [name for name in classes if name not in (*DEFAULT_CLASSES, "default")]
    if not strange:
        return []
    return [f"{joined(strange)}: no class that comes with defaults; the scenario must describe it in full."]


def refuse_too_few(source: str, count: int, what: str, least: int = LEAST_OBSERVATIONS) -> None:
    """Refuse observations that can tell nothing.

    Raises
    ------
    FunnelsimError
        Saying how many are needed.
    """
    if count < least:
        message = f"{count} {what} are too few for an estimate; needed: at least {least}, better 100"
        raise FunnelsimError([Problem(source, message)])


def refuse_beyond(source: str, values: Mapping[str, float], most: Mapping[str, float]) -> None:
    """Refuse estimates that no scenario can have.

    Raises
    ------
    FunnelsimError
        Naming them.
    """
    beyond = [
        Problem(
            source, f"{key} = {value:.4g} comes out; allowed in a scenario: at most {most[key]:g}. Are units mixed?"
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
