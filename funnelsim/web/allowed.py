"""Which numbers can be typed into a field, and what is said of others."""

import math
from dataclasses import dataclass
from typing import Final

from funnelsim.scenario.json_schema import NEARLY_0, Node, branches, child, root
from funnelsim.scenario.overrides import split_path
from funnelsim.scenario.toml_text import plain_text
from funnelsim.web.language import text
from funnelsim.web.numerals import numbers, read, two_ways

MOST_SAID: Final = 20
"""Characters of what was typed that are repeated."""


@dataclass(frozen=True)
class Allowed:
    """The numbers that a field takes.

    Attributes
    ----------
    least, most
        Between which they lie.
    above
        Whether the least itself is too little.
    whole
        Whether they are whole.
    needed
        Whether the field may not be empty.
    """

    least: float = -math.inf
    most: float = math.inf
    above: bool = False
    whole: bool = False
    needed: bool = True

    def wrong(self, typed: str) -> str:
        """Return what is wrong with what was typed: what was given, and what is allowed; empty if nothing is."""
        given = plain_text(typed.strip(), MOST_SAID)
        if not given:
            return text("nothing given; allowed: {allowed}").format(allowed=self._words()) if self.needed else ""
        number = read(typed)
        if number is not None and self._has(float(number)):
            return ""
        if (ways := two_ways(typed)) is not None:
            said = text("{given} given, which can mean {one} or {other}: write it like that; allowed: {allowed}")
            return said.format(given=given, one=ways[0], other=ways[1], allowed=self._words())
        return text("{given} given; allowed: {allowed}").format(given=given, allowed=self._words())

    def _has(self, number: float) -> bool:
        least = number > self.least if self.above else number >= self.least
        return least and number <= self.most and not (self.whole and number != int(number))

    def _words(self) -> str:
        if self.most == math.inf:
            return text("a number") if self.least == -math.inf else text("a number from 0")
        if self.whole:
            said = text("a whole number from {least} to {most}")
        elif self.above:
            said = text("a number above {least}, at most {most}")
        else:
            said = text("a number from {least} to {most}")
        return said.format(least=numbers(f"{self.least:,g}"), most=numbers(f"{self.most:,.0f}"))


def allowed_for(key: str, times: float = 1.0) -> Allowed:
    """Return the numbers that a key of the scenario takes.

    Parameters
    ----------
    key
        With dots.
    times
        What its values are multiplied with to show them.

    Examples
    --------
    >>> allowed_for("selection.rate.van", 100.0)
    Allowed(least=0.0, most=100.0, above=False, whole=False, needed=True)
    >>> allowed_for("area.bays").most, allowed_for("selection.valve.lift_at_m").above
    (10000.0, True)
    """
    nodes: list[Node] = [root()]
    for part in split_path(key):
        nodes = [found for node in nodes for form in branches(node) if (found := child(form, part)) is not None]
    forms = [form for node in nodes for form in branches(node) if form.get("type") in ("number", "integer")]
    form = forms[0]
    least = form.get("exclusiveMinimum", form.get("minimum", -math.inf))
    tiny = 0.0 < least <= NEARLY_0
    return Allowed(
        0.0 if tiny else least * times,
        form.get("maximum", math.inf) * times,
        above=tiny or "exclusiveMinimum" in form,
        whole=form["type"] == "integer",
    )
