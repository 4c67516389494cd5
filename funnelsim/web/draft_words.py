"""A draft in words."""

from typing import Final

from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import short_text
from funnelsim.web.draft import Change, Draft, changes_of
from funnelsim.web.language import text

MOST_IN_LINE: Final = 3
MOST_LETTERS: Final = 120
"""Of one value: a table is longer than a line."""


def draft_text(draft: Draft) -> str:
    """Return the name of the file, and how much is changed in it.

    Parameters
    ----------
    draft
        What is named.
    """
    if not draft.values:
        return draft.file
    return text("{file}, changes: {number}").format(file=draft.file, number=len(draft.values))


def change_text(change: Change) -> str:
    """Return one change in words, with its values as the file has them: a small difference is not rounded away.

    Parameters
    ----------
    change
        A key with its values before and now.
    """
    before = text("not set") if change.before is None else _value_text(change.before)
    return f"{change.key}: {before} → {_value_text(change.now)}"


def _value_text(value: object) -> str:
    """Return a value as a planner writes it: 500, not 500.0."""
    return short_text(int(value) if isinstance(value, float) and value.is_integer() else value, MOST_LETTERS)


def changes_in_line(draft: Draft, scenario: Scenario) -> str:
    """Return what a draft changes in one line: the first changes, and how many more there are.

    Parameters
    ----------
    draft, scenario
        As in `changes_of`.
    """
    said = [change_text(one) for one in changes_of(draft, scenario)]
    more = len(said) - MOST_IN_LINE
    rest = [text("{number} more").format(number=more)] if more > 0 else []
    return "; ".join([*said[:MOST_IN_LINE], *rest])
