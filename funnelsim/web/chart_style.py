"""What the charts of the page have in common: inks and axes for a light and a dark page."""

from typing import Any, Final

from funnelsim.plots.style import INK
from funnelsim.web.numerals import number_locale

Options = dict[str, Any]
"""Options of ECharts."""

PLAIN: Final[Options] = {"animation": False, "textStyle": {"fontFamily": "inherit"}}
GRID: Final = "#8884"
INK_ON_DARK: Final = "#e8e8e8"


def ink(*, dark: bool) -> str:
    """Return the colour of words and axes."""
    return INK_ON_DARK if dark else INK


def written() -> str:
    """Return, for the browser, how a number is written, or several; a name stays as it is."""
    one = f"one?.toLocaleString('{number_locale()}', {{maximumSignificantDigits: 9}}) ?? '-'"
    return f"shown => [].concat(shown).map(one => {one}).join('; ')"


def axis(label: Options | None = None, *, dark: bool) -> Options:
    """Return how an axis looks.

    Parameters
    ----------
    label
        What else its labels need.
    dark
        Whether the page is dark.
    """
    colour = ink(dark=dark)
    return {
        "axisLabel": {"color": colour, ":formatter": written(), **(label or {})},
        "axisLine": {"lineStyle": {"color": colour}},
        "nameTextStyle": {"color": colour},
        "splitLine": {"lineStyle": {"color": GRID}},
    }
