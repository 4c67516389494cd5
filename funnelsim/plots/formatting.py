"""How the figures write names, numbers with their half-widths, and how often something happens."""

import math
from collections.abc import Sequence
from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from funnelsim.analysis.estimates import Estimate, plus_minus

FONT = "DejaVu Sans"  # comes with matplotlib, so a figure looks the same on every machine
PT_PER_IN = 72.0
_WIDENED = 1.05  # letters fitted to the dots of a coarse picture are a little wider than drawn


@lru_cache(maxsize=4096)
def drawn_width_in(text: str, size_pt: float) -> float:
    """Return how wide a text is drawn on one line, in inches."""
    width_pt, _, _ = text_to_path.get_text_width_height_descent(
        text, FontProperties(family=FONT, size=size_pt), ismath=False
    )
    return float(width_pt) * _WIDENED / PT_PER_IN


def wrapped(text: str, width_in: float, size_pt: float) -> list[str]:
    """Return a text in lines that are at most `width_in` wide when drawn; a word that is wider has its own line."""
    lines: list[str] = []
    line_in, space_in = 0.0, drawn_width_in("n n", size_pt) - drawn_width_in("nn", size_pt)
    for word in text.split(" "):
        word_in = drawn_width_in(word, size_pt)
        if lines and line_in + space_in + word_in <= width_in:
            lines[-1] += f" {word}"
            line_in += space_in + word_in
        elif word:
            lines.append(word)
            line_in = word_in
    return lines


def whole_parts(name: str) -> str:
    """Return a name of which each part between commas stays on one line."""
    return ", ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in name.split(", "))


def shortened(text: str, width_in: float, size_pt: float) -> str:
    """Return a text on one line, cut with an ellipsis where it would be wider than `width_in`."""
    text = " ".join(text.split())
    if drawn_width_in(text, size_pt) <= width_in:
        return text
    while text and drawn_width_in(text + "…", size_pt) > width_in:
        text = text[:-1].rstrip()
    return text + "…"


def shortened_apart(names: Sequence[str], width_in: float, size_pt: float) -> list[str]:
    """Return names on one line each; where their beginnings are the same, what is cut stands in front."""
    shown = [shortened(name, width_in, size_pt) for name in names]
    if len(set(shown)) == len(set(names)):
        return shown
    return [shortened(name[::-1], width_in, size_pt)[::-1] for name in names]


def places_of(value: float) -> int:
    """Return how many decimals show two places that count.

    Examples
    --------
    >>> places_of(0.039), places_of(0.25), places_of(4.6), places_of(90.0)
    (3, 2, 1, 0)
    """
    return max(0, 1 - math.floor(math.log10(abs(value)))) if value else 0


def fixed(estimate: Estimate, times: float, decimals: int) -> str:
    """Return an estimate with its interval to so many decimals, for numbers that stand below each other.

    Examples
    --------
    >>> fixed(Estimate(0.0324, 0.0301, 0.0347, 50), 100.0, 1), fixed(Estimate(0.0001, 0.0, 0.0004, 50), 100.0, 1)
    ('3.2 ± 0.2', 'below 0.1')
    """
    shown, least = estimate.times(times), 10.0**-decimals
    if not math.isfinite(shown.mean):
        return "unknown"
    if 0.0 < shown.mean < 0.5 * least and not shown.high >= 1.5 * least:
        return f"below {least:.{decimals}f}"
    mean = f"{shown.mean:,.{decimals}f}"
    if not math.isfinite(shown.half_width) or shown.certain:
        return mean
    below, above = (f"{max(side, least):,.{decimals}f}" for side in shown.sides)
    if below == above:
        return plus_minus(below, mean)
    return f"{mean} ({shown.low:,.{decimals}f} to {shown.high:,.{decimals}f})"


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
