"""Line styles that differ in lightness, mark and dashes, so also in a grey print and for the colour-blind."""

from dataclasses import dataclass

from matplotlib.colors import LinearSegmentedColormap, to_hex

from funnelsim.plots.style import DARK, LIGHT, MIDDLE, STRONG

_MARKS = ("o", "s", "^", "D", "v", "P", "X")
Dashes = tuple[float, tuple[float, ...]]
SOLID: Dashes = (0.0, ())
DASHED: Dashes = (0.0, (6.0, 2.0))
DOTTED: Dashes = (0.0, (1.5, 1.5))
_DASHES: tuple[Dashes, ...] = (SOLID, DASHED, (0.0, (2.0, 1.2)), (0.0, (6.0, 2.0, 1.0, 2.0)))
_BLUES = LinearSegmentedColormap.from_list("funnelsim lines", [MIDDLE, STRONG, DARK])
SHADES = LinearSegmentedColormap.from_list("funnelsim cells", ["#f6fafd", LIGHT, MIDDLE, STRONG, DARK])


@dataclass(frozen=True)
class LineStyle:
    """The colour, mark and dashes of one line."""

    colour: str
    mark: str
    dashes: Dashes


def mark_of(place: int) -> str:
    """Return the mark of the series at a place, counted from 0."""
    return _MARKS[place % len(_MARKS)]


def line_styles(number: int) -> list[LineStyle]:
    """Return styles that differ, from light to dark."""
    return [
        LineStyle(
            to_hex(_BLUES(place / (number - 1) if number > 1 else 1.0)),
            mark_of(place),
            # The darkest line, of most staff, is the solid one.
            _DASHES[(number - 1 - place) % len(_DASHES)],
        )
        for place in range(number)
    ]
