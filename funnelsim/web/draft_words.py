"""A draft in words."""

from typing import Final

from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import short_text
from funnelsim.web.change_words import key_said, value_said
from funnelsim.web.draft import Change, Draft, changes_of
from funnelsim.web.language import text

MOST_IN_LINE: Final = 3


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
    """Return one change in words; where those of both values are the same, the values as the file has them.

    Parameters
    ----------
    change
        A key with its values before and now.
    """
    before, now = value_said(change.key, change.before), value_said(change.key, change.now)
    if before == now:  # a small difference is not rounded away
        before, now = short_text(change.before), short_text(change.now)
    return f"{key_said(change.key)}: {text('not set') if change.before is None else before} → {now}"


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
