"""How the figures write names, numbers with their half-widths, and how often something happens."""

from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

FONT = "DejaVu Sans"  # comes with matplotlib, so a figure looks the same on every machine
PT_PER_IN = 72.0
_WIDENED = 1.05  # letters fitted to the dots of a coarse picture are a little wider than drawn


@lru_cache(maxsize=4096)
def _width_in(text: str, size_pt: float) -> float:
    """Return how wide a text is drawn on one line, in inches."""
    width_pt, _, _ = text_to_path.get_text_width_height_descent(
        text, FontProperties(family=FONT, size=size_pt), ismath=False
    )
    return float(width_pt) * _WIDENED / PT_PER_IN


def wrapped(text: str, width_in: float, size_pt: float) -> list[str]:
    """Return a text in lines that are at most `width_in` wide when drawn; a word that is wider has its own line."""
    lines: list[str] = []
    line_in, space_in = 0.0, _width_in("n n", size_pt) - _width_in("nn", size_pt)
    for word in text.split(" "):
        word_in = _width_in(word, size_pt)
        if lines and line_in + space_in + word_in <= width_in:
            lines[-1] += f" {word}"
            line_in += space_in + word_in
        elif word:
            lines.append(word)
            line_in = word_in
    return lines


def shortened(text: str, width_in: float, size_pt: float) -> str:
    """Return a text on one line, cut with an ellipsis where it would be wider than `width_in`."""
    text = " ".join(text.split())
    if _width_in(text, size_pt) <= width_in:
        return text
    while text and _width_in(text + "…", size_pt) > width_in:
        text = text[:-1].rstrip()
    return text + "…"


def capitalised(text: str) -> str:
    """Return a text with its first letter as a capital, all others as they are.

    Examples
    --------
    >>> capitalised("delay of all HGV")
    'Delay of all HGV'
    """
    return text[:1].upper() + text[1:]


def plain(name: str) -> str:
    """Return a name of the scenario file as words.

    Examples
    --------
    >>> plain("border_police")
    'border police'
    """
    return name.replace("_", " ")


def minutes(number: float) -> str:
    """Return a number of minutes in words.

    Examples
    --------
    >>> minutes(1.0), minutes(12.5)
    ('1 minute', '12.5 minutes')
    """
    return f"{number:g} minute{'' if number == 1 else 's'}"


def operations(number: int) -> str:
    """Return a number of operations in words.

    Examples
    --------
    >>> operations(1), operations(2000)
    ('1 operation', '2,000 operations')
    """
    return f"{number:,} operation{'' if number == 1 else 's'}"
