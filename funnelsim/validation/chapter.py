"""A chapter of the validation: its text, its comparisons with their verdicts, and its figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from matplotlib.figure import Figure

from funnelsim.experiments.replication import Engine
from funnelsim.validation.comparison import Claim, Comparison

Line: TypeAlias = Comparison | Claim


@dataclass(frozen=True)
class Effort:
    """How much to compute, and with which engine.

    Attributes
    ----------
    quick
        Whether to use fewer replications: faster, with wider half-widths.
    engine
        The simulation engine.
    """

    quick: bool = False
    engine: Engine = "compiled"


@dataclass(frozen=True)
class Chapter:
    """One part of the validation.

    Attributes
    ----------
    name
        Start of its figures' file names: lower case, underscores.
    title
        Its heading.
    text
        What is compared, and why it matters to a planner: paragraphs of Markdown.
    lines
        The comparisons, in order.
    figures
        Figures with their alternative texts, by file name.
    missing
        Why nothing was compared, as a sentence; empty where something was.
    """

    name: str
    title: str
    text: str
    lines: tuple[Line, ...] = ()
    figures: Mapping[str, tuple[Figure, str]] = field(default_factory=dict)
    missing: str = ""


Write: TypeAlias = Callable[[Effort], Chapter]
