"""What a line of the validation says, in words: for the table on the screen and for the page."""

import math

from funnelsim.report.words import number_text
from funnelsim.validation.chapter import Line
from funnelsim.validation.comparison import Claim, Comparison

DIGITS = 4
AGREES, DIFFERS, EXPLAINED = "agrees", "differs", "differs, explained"


def verdict(line: Line) -> str:
    """Return whether a line agrees, differs, or differs for a known reason."""
    if line.agrees:
        return AGREES
    return EXPLAINED if line.explanation else DIFFERS


def expected_text(line: Line) -> str:
    """Return what should come out."""
    return line.claim if isinstance(line, Claim) else with_unit(number_text(line.expected, DIGITS), line.unit)


def simulated_text(line: Line) -> str:
    """Return what came out, with its half-width, or with the range it was compared with."""
    if isinstance(line, Claim):
        return line.measured
    if line.half_width is not None:
        return " ± ".join(_alike(line.simulated, line.half_width))
    number = number_text(line.simulated, DIGITS)
    if line.low < line.high and not math.isclose(line.high - line.simulated, line.simulated - line.low):
        return f"{number} ({number_text(line.low)} to {number_text(line.high)})"
    return number


def allowed_text(line: Line) -> str:
    """Return how far the two may be apart; empty where chance or a range decides."""
    if isinstance(line, Claim) or line.half_width is not None:
        return ""
    if not math.isclose(line.high - line.simulated, line.simulated - line.low):
        return "range"
    return f"± {number_text(line.high - line.simulated, 2)}"


def z_text(line: Line) -> str:
    """Return the difference in standard errors; empty where there is no chance in it."""
    return f"{line.z:+.2f}" if isinstance(line, Comparison) and line.z is not None else ""


def with_unit(number: str, unit: str) -> str:
    """Return a number with its unit, if it has one."""
    return f"{number} {unit}" if unit else number


def _alike(value: float, half_width: float) -> tuple[str, str]:
    """Return a value and its half-width to the same place, two digits of the half-width."""
    places = max(0, 1 - math.floor(math.log10(half_width))) if half_width > 0.0 else 0
    return f"{value:,.{places}f}", f"{half_width:,.{places}f}"
