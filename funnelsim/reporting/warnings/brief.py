"""Warnings in brief, for whoever simulates or reads a report; and all of them, by grade."""

from collections.abc import Mapping, Sequence

from funnelsim.reporting.plan_warning import PlanWarning, count_text, graves_first, told_once
from funnelsim.reporting.section import Section, sentence
from funnelsim.reporting.terminal import listed
from funnelsim.wording import counted

MOST = 3  # grave warnings that are said in full


def in_brief(plans: Mapping[str, Sequence[PlanWarning]], see: str) -> tuple[str, list[str]] | None:
    """Return how many warnings each plan has, and the first of the grave ones; None where no plan has any.

    Parameters
    ----------
    plans
        By name of a plan its warnings; a name that is empty is not said.
    see
        Where all of them are.

    Examples
    --------
    >>> from funnelsim.reporting.plan_warning import grave
    >>> in_brief({"": [grave("area.bays = 0: nobody can be inspected.")]}, "funnelsim check")
    ('1 grave warning; see funnelsim check.', ['area.bays = 0: nobody can be inspected.'])
    """
    if not any(plans.values()):
        return None
    counts = [f"{name}: {count_text(found)}" if name else sentence(count_text(found)) for name, found in plans.items()]
    bad = [warning.text for warning in told_once(plans) if warning.grade == "grave"]
    return f"{'; '.join(counts)}; see {see}.", bad[:MOST]


def by_grade(plans: Mapping[str, Sequence[PlanWarning]]) -> list[Section]:
    """Return all warnings about some plans, the grave ones first, each with the names of the plans it is about."""
    warnings = graves_first(told_once(plans))
    bad = [warning.text for warning in warnings if warning.grade == "grave"]
    others = [warning.text for warning in warnings[len(bad) :]]
    sections = []
    if bad:
        heading = f"{counted(len(bad), 'grave warning')}: the plan does not do what it seems to"
        sections.append(Section(heading, tuple(listed(bad))))
    if others:
        number = counted(len(others), "other warning" if bad else "warning")
        sections.append(Section(f"{number}: possible, but unusual", tuple(listed(others))))
    return sections or [Section("No warnings.", ())]
