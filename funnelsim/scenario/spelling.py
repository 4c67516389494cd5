"""Suggestions for misspelt words."""

from collections.abc import Iterable
from difflib import get_close_matches


def closest(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the candidate that a misspelt word most likely stands for, if one is close enough.

    Parameters
    ----------
    word
        What was written; small and capital letters are taken as the same.
    candidates
        The words that would have been right.
    cutoff
        How alike two words have to be, from 0 to 1.

    Examples
    --------
    >>> closest("Lory", ["car", "lorry"])
    'lorry'
    """
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[found[0]] if found else None


def did_you_mean(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str:
    """Return a question that suggests the closest word, with a space after it; nothing where none is close.

    Examples
    --------
    >>> did_you_mean("lory", ["car", "lorry"])
    'did you mean lorry? '
    """
    suggestion = closest(word, candidates, cutoff)
    return f"did you mean {suggestion}? " if suggestion else ""
