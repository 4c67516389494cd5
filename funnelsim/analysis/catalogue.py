"""The catalogue of measures: what each is called, what it means, how it is shown and how its interval is made.

Tables, figures, reports, comparisons, limits and the reference page read it, so a measure is described in
`measures.toml` and nowhere else.
"""

import math
import textwrap
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any, Literal

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.scenario.spelling import nearest
from funnelsim.units import MIN_PER_S
from funnelsim.wording import joined

LIST = "docs/measures.md"
"""Where all measures are listed."""

HEAD_WIDTH = 13  # characters of the head of a column

GROUPS = {
    "yield": "Yield",
    "losses": "Losses: where targets are lost",
    "delay": "Delay of vehicles that are not inspected",
    "queue": "Queue",
    "danger": "Danger at the end of the queue",
    "selection": "Selection",
    "area": "Area and crews",
    "burden": "Burden on ordinary travellers",
    "effort": "Effort and cost",
}


@dataclass(frozen=True)
class Unit:
    """The unit in which values are kept, and the one in which they are shown.

    Attributes
    ----------
    kept
        In which files and Python have the values.
    symbol
        In which tables show them.
    word
        The same on the axis of a figure; empty where the label says it.
    factor
        From the unit kept to the unit shown.
    decimals
        Shown at most, where no half-width says how many mean something.
    """

    kept: str
    symbol: str
    word: str = ""
    factor: float = 1.0
    decimals: int = 3


CURRENCY = "scenario's currency"
"""Stands for the currency that a scenario names."""

UNITS = {
    "minutes": Unit("s", "min", "minutes", MIN_PER_S),
    "metres": Unit("m", "m", "metres", decimals=1),
    "per cent": Unit("0 to 1", "%", "per cent", 100.0),
    "per cent of operations": Unit("0 to 1", "% of operations", "per cent", 100.0),
    "per cent of a class": Unit("0 to 1", "% of all of them", "per cent", 100.0),
    "targets per operation": Unit("targets", "per operation"),
    "targets": Unit("targets", "targets"),
    "vehicles per operation": Unit("vehicles", "per operation", decimals=2),
    "ordinary vehicles": Unit("vehicles", "ordinary vehicles", decimals=2),
    "persons per operation": Unit("persons", "per operation"),
    "times per operation": Unit("times", "per operation", decimals=2),
    "vehicle minutes": Unit("vehicle-minutes", "vehicle-minutes", "minutes", decimals=1),
    "vehicle hours": Unit("vehicle-hours", "vehicle-hours", "hours", decimals=2),
    "person hours": Unit("person-hours", "person-hours", "hours", decimals=2),
    "officer hours": Unit("officer-hours", "officer-hours", decimals=2),
    "currency": Unit("currency", CURRENCY, decimals=2),
}


@dataclass(frozen=True)
class Ratio:
    """A measure that is a ratio of two others: across replications the ratio of their means.

    Attributes
    ----------
    above, below
        The measures of which it is the ratio.
    times
        A factor.
    """

    above: str
    below: str
    times: float = 1.0


Kind = Literal["mean", "chance", "share of targets"] | Ratio

INTERVALS = {
    "mean": "mean; skewness-corrected t",
    "chance": "share of operations; Wilson",
    "share of targets": "share of all targets of all operations; jackknife, skewness-corrected t",
    "ratio": "ratio of means; jackknife, skewness-corrected t",
}
"""How estimate and interval are made, by kind (`funnelsim.analysis.intervals`)."""


@dataclass(frozen=True)
class Measure:
    """What is known of a measure.

    Attributes
    ----------
    name
        In files, options and Python.
    label
        A few words that stand for themselves, as in a table or a sentence.
    unit
        In which it is kept and shown.
    better
        Whether a planner wants more of it, or less, or neither.
    group
        What it belongs to, a key of `GROUPS`.
    meaning
        One sentence.
    kind
        A mean over operations; the chance of what is 1 or 0 in each; a share of the targets, which weighs operations
        by their targets; or a ratio of two other measures.
    each
        For what it stands as well, under `NAME.CLASS` and so on: CLASS, TYPE, STAGE, AGENCY, EQUIPMENT or PART, which
        is a window or a direction.
    alone
        Whether it also stands for all of them together.
    in_full
        The label of a figure, which has to explain itself.
    """

    name: str
    label: str
    unit: Unit
    better: Literal["more", "less", "neither"]
    group: str
    meaning: str
    kind: Kind = "mean"
    each: tuple[str, ...] = ()
    alone: bool = True
    in_full: str = ""

    @property
    def axis_label(self) -> str:
        """What an axis of a figure is called, with its unit."""
        words = self.in_full or self.label
        return f"{words}, {self.unit.word}" if self.unit.word else words

    @property
    def column_head(self) -> str:
        """What a column of a table is called, in short lines."""
        head = f"{self.label}, {self.unit.symbol}" if self.unit.word else self.label
        return "\n".join(textwrap.wrap(head[:1].upper() + head[1:], HEAD_WIDTH))

    def text(self, value: float) -> str:
        """Return a value without a half-width in the unit in which it is shown, with about three digits.

        Examples
        --------
        >>> measure_named("delay_p95_s").text(200.0)
        '3.3'
        """
        shown = value * self.unit.factor
        if not math.isfinite(shown):
            return "\N{EN DASH}"
        size = abs(shown)
        decimals = 0 if size >= 20.0 or shown == 0.0 else 1 if size >= 2.0 else 2 if size >= 0.1 else 3  # noqa: PLR2004
        return f"{shown:,.{min(decimals, self.unit.decimals)}f}"


def _measure(name: str, row: Mapping[str, Any]) -> Measure:
    """Return a measure as `measures.toml` has it; a key or a word that is not known is an error."""
    kind = row.get("kind", "mean")
    if row["better"] not in ("more", "less", "neither") or not (isinstance(kind, dict) or kind in INTERVALS):
        raise ValueError(f"measures.toml: {name}: {row['better']}, {kind}")
    made = {
        "unit": UNITS[row["unit"]],
        "kind": Ratio(**kind) if isinstance(kind, dict) else kind,
        "each": tuple(row.get("each", ())),
    }
    return Measure(name, **{**row, **made})


CATALOGUE: tuple[Measure, ...] = tuple(
    _measure(name, row)
    for name, row in tomllib.loads(files(__package__).joinpath("measures.toml").read_text(encoding="utf-8")).items()
)
"""Every measure, in the order of the columns."""

_BY_NAME = {measure.name: measure for measure in CATALOGUE}


def measure_named(name: str) -> Measure:
    """Return what is known of a measure, also of one that stands for a class, a type of target, an agency or a part.

    Raises
    ------
    FunnelsimError
        If there is no such measure.

    Examples
    --------
    >>> measure_named("crew_utilisation.border_police").label
    'officers at inspections, border police'
    """
    whole, _, part = name.partition(".")
    check_measures([whole], _BY_NAME)
    measure = _BY_NAME[whole]
    if not part:
        return measure
    spoken = part.replace("_", " ")
    in_full = f"{measure.in_full}, {spoken}" if measure.in_full else ""
    return replace(measure, name=name, label=f"{measure.label}, {spoken}", in_full=in_full)


def check_measures(names: Iterable[str], known: Iterable[str], option: str = "") -> None:
    """Make sure that measures are among those known.

    Parameters
    ----------
    names
        What was asked for.
    known
        What there is.
    option
        Where it was asked for, such as `--precision`; stands in front of the message.

    Raises
    ------
    FunnelsimError
        With every name that is not known, and the nearest ones that are.

    Examples
    --------
    >>> check_measures(["yield"], ["vehicles"])
    Traceback (most recent call last):
    funnelsim.errors.FunnelsimError: yield: unknown measure; allowed: the names in docs/measures.md
    """
    allowed = list(known)
    problems = [
        Problem(f"{option} {name}".strip(), f"unknown measure; {_suggested(name, allowed)}allowed: the names in {LIST}")
        for name in names
        if name not in allowed
    ]
    if problems:
        raise FunnelsimError(problems)


def _suggested(name: str, allowed: list[str]) -> str:
    like = nearest(name, allowed)
    return f"did you mean {joined(like, 'or')}? " if like else ""


def ratios_of(classes: Iterable[str]) -> dict[str, Ratio]:
    """Return the measures that are ratios of two others, for a scenario's classes."""
    found: dict[str, Ratio] = {}
    for measure in CATALOGUE:
        ratio = measure.kind
        if isinstance(ratio, Ratio) and measure.alone:
            found[measure.name] = ratio
        elif isinstance(ratio, Ratio):
            for name in classes:
                found[f"{measure.name}.{name}"] = Ratio(f"{ratio.above}.{name}", f"{ratio.below}.{name}", ratio.times)
    return found


def is_chance(name: str) -> bool:
    """Tell whether a measure is the chance of what is 1 or 0 in an operation."""
    return name in _BY_NAME and _BY_NAME[name].kind == "chance"


def is_share_of_targets(name: str) -> bool:
    """Tell whether a measure is a share of the targets, and so weighs operations by their targets."""
    return name in _BY_NAME and _BY_NAME[name].kind == "share of targets"
