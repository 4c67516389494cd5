"""How the figures write names, numbers with their half-widths, and how often something happens."""

import math

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from funnelsim.analysis.estimates import Estimate, chance_estimate
from funnelsim.arrays import BoolArray

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


def with_error(estimate: Estimate, times: float = 1.0, digits: int = 0) -> str:
    """Return an estimate with its half-width, to `digits` places, or one more where the half-width is small.

    Examples
    --------
    >>> with_error(Estimate(0.123, 0.021, 50), times=100.0)
    '12 ± 2'
    >>> with_error(Estimate(0.123, 0.0003, 50), times=100.0)
    '12.3 ± 0.1'
    >>> with_error(Estimate(0.5, math.nan, 1), digits=1)
    '0.5'
    """
    if not math.isfinite(estimate.mean):
        return "unknown"
    half_width = estimate.half_width * times
    if not math.isfinite(half_width):
        return f"{estimate.mean * times:,.{digits}f}"
    if 0.0 < half_width < 0.95 * 10.0**-digits:
        digits += 1
        half_width = max(half_width, 10.0**-digits)  # an error that is there is not shown as none
    return f"{estimate.mean * times:,.{digits}f} ± {half_width:,.{digits}f}"


def how_often(happened: BoolArray) -> str:
    """Return in how many operations something happened, with the interval of its chance.

    Examples
    --------
    >>> how_often(np.zeros(8, dtype=bool))
    '0 of 8 operations (0 to 32 %)'
    """
    chance = chance_estimate(happened)
    low, high = (100.0 * (chance.mean + sign * chance.half_width) for sign in (-1.0, 1.0))
    return f"{happened.sum():,} of {operations(len(happened))} ({abs(low):.0f} to {high:.0f} %)"
