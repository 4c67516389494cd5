"""A warning about a plan: what is allowed but suspicious, with its grade."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from funnelsim.wording import counted, joined

Grade = Literal["grave", "unusual"]
"""Grave: something that the scenario says never happens or changes nothing, or a result leaves out what it seems to
hold. Unusual: it happens, but later, longer, more or less than planners usually want."""


@dataclass(frozen=True)
class PlanWarning:
    """A warning about a plan.

    Attributes
    ----------
    text
        One sentence: where, what, why it matters and what to do.
    grade
        How bad it is.
    """

    text: str
    grade: Grade


def grave(text: str) -> PlanWarning:
    """Return a warning that the plan does not do what its planner thinks."""
    return PlanWarning(text, "grave")


def unusual(text: str) -> PlanWarning:
    """Return a warning that the plan does it, but in an unusual way."""
    return PlanWarning(text, "unusual")


def graves_first(warnings: Iterable[PlanWarning]) -> list[PlanWarning]:
    """Return warnings with the grave ones first, each grade in the order given."""
    return sorted(warnings, key=lambda warning: warning.grade != "grave")


def told_once(by_name: Mapping[str, Iterable[PlanWarning]]) -> list[PlanWarning]:
    """Return the warnings about several things, each once, with their names in front unless it holds for all of them.

    Examples
    --------
    >>> [found.text for found in told_once({"A": [grave("a."), grave("b.")], "B": [grave("b.")]})]
    ['A: a.', 'b.']
    """
    names: dict[PlanWarning, list[str]] = {}
    for name, warnings in by_name.items():
        for warning in warnings:
            names.setdefault(warning, []).append(name)
    return [
        warning if len(where) == len(by_name) else replace(warning, text=f"{joined(where)}: {warning.text}")
        for warning, where in names.items()
    ]


def count_text(warnings: Iterable[PlanWarning]) -> str:
    """Return how many warnings there are, and how many of them are grave.

    Examples
    --------
    >>> count_text([grave("a."), unusual("b.")]), count_text([unusual("b.")])
    ('2 warnings, 1 of them grave', '1 warning')
    >>> count_text([grave("a.")]), count_text([])
    ('1 grave warning', 'no warnings')
    """
    grades = [warning.grade for warning in warnings]
    bad = grades.count("grave")
    if not grades:
        return "no warnings"
    if bad == len(grades):
        return counted(bad, "grave warning")
    return counted(len(grades), "warning") + (f", {bad} of them grave" if bad else "")
