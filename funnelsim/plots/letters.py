"""Letters that the font of the figures does not have."""

from collections.abc import Iterable, Iterator
from functools import cache

from matplotlib.font_manager import FontProperties, findfont, get_font

from funnelsim.plots.formatting import FONT
from funnelsim.scenario.schema import Scenario

MOST_NAMED = 10


@cache
def _known() -> frozenset[int]:
    """Return the code points of the letters that the font has."""
    return frozenset(get_font(findfont(FontProperties(family=FONT))).get_charmap())


def letters_not_drawn(scenarios: Iterable[Scenario]) -> str | None:
    """Say which letters of the names and titles of scenarios figures show as boxes; None if there are none."""
    texts = (text for scenario in scenarios for text in _texts(scenario.model_dump(mode="json")))
    lacking = dict.fromkeys(letter for text in texts for letter in text if ord(letter) not in _known())
    shown = [letter for letter in lacking if letter.isprintable()]
    if not shown:
        return None
    named = " ".join(shown[:MOST_NAMED]) + (f" and {len(shown) - MOST_NAMED:,} more" if len(shown) > MOST_NAMED else "")
    return f"figures show boxes for letters that their font ({FONT}) lacks: {named}; write them in other letters"


def _texts(data: object) -> Iterator[str]:
    """Yield all names and texts of plain data, keys among them."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from data
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)
