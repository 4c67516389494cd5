"""How the figures write names, numbers with their half-widths, and how often something happens."""

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

FONT = "DejaVu Sans"  # comes with matplotlib, so a figure looks the same on every machine
PT_PER_IN = 72.0
_WIDENED = 1.05  # letters fitted to the dots of a coarse picture are a little wider than drawn


def shortened(text: str, width_in: float, size_pt: float) -> str:
    """Return a text on one line, cut with an ellipsis where it would be wider than `width_in`."""
    text = " ".join(text.split())
    font = FontProperties(family=FONT, size=size_pt)

    def fits(candidate: str) -> bool:
        width_pt, _, _ = text_to_path.get_text_width_height_descent(candidate, font, ismath=False)
        return width_pt * _WIDENED <= width_in * PT_PER_IN

    if fits(text):
        return text
    while text and not fits(text + "…"):
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
