"""A draft in words."""

from funnelsim.web.draft import Draft
from funnelsim.web.language import text


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
