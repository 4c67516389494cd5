"""Suggestions for misspelled words."""

from collections.abc import Iterable
from difflib import get_close_matches


def closest(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the most likely candidate for a misspelled word, if one is close enough.

    Parameters
    ----------
    word
        What was written; upper and lower case make no difference.
    candidates
        The correct words.
    cutoff
        How similar two words must be, from 0 to 1.

    Examples
    --------
    >>> closest("Lory", ["car", "lorry"])
    'lorry'
    """
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[found[0]] if found else None


def nearest(word: str, candidates: Iterable[str], most: int = 3) -> list[str]:
    """Return a few candidates like a misspelled word, the most likely first; those that contain it count as like it.

    Examples
    --------
    >>> nearest("delay_p59_s", ["delay_p95_s", "delay_p50_s", "vehicles"])
    ['delay_p95_s', 'delay_p50_s']
    >>> nearest("tail", ["vehicles", "tail_max_m", "tail_mean_m"])
    ['tail_max_m', 'tail_mean_m']
    """
    there = list(candidates)
    by_lower = {candidate.lower(): candidate for candidate in there}
    like = [by_lower[name] for name in get_close_matches(word.lower(), by_lower, n=most)]
    containing = [name for name in there if word and word.lower() in name.lower()]
    return list(dict.fromkeys([*like, *containing]))[:most]


def did_you_mean(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str:
    """Return a question that suggests the closest word, with a space after it; empty if no word is close.

    Examples
    --------
    >>> did_you_mean("lory", ["car", "lorry"])
    'did you mean lorry? '
    """
    suggestion = closest(word, candidates, cutoff)
    return f"did you mean {suggestion}? " if suggestion else ""
