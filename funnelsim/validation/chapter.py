"""A chapter of the validation: what is compared and why, line by line, with its verdicts and figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from matplotlib.figure import Figure

from funnelsim.experiments.replication import Engine
from funnelsim.validation.comparison import Claim, Comparison

Line: TypeAlias = Comparison | Claim


@dataclass(frozen=True)
class Effort:
    """How much is computed, and with what.

    Attributes
    ----------
    quick
        Whether fewer replications do: the table in less than a minute, with wider half-widths.
    engine
        The engine that simulates.
    """

    quick: bool = False
    engine: Engine = "compiled"


@dataclass(frozen=True)
class Chapter:
    """What one part of the validation found.

    Attributes
    ----------
    name
        Of its files: lower case, underscores.
    title
        Its heading.
    text
        What is compared with what, and why it matters to a planner: paragraphs of Markdown.
    lines
        The comparisons, in order.
    figures
        By name of file, with the sentence that a reader who cannot see it needs.
    missing
        Why nothing was run, where nothing was: a sentence.
    """

    name: str
    title: str
    text: str
    lines: tuple[Line, ...] = ()
    figures: Mapping[str, tuple[Figure, str]] = field(default_factory=dict)
    missing: str = ""


Write: TypeAlias = Callable[[Effort], Chapter]
