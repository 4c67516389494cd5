"""Words for numbers: how a planner reads them."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from funnelsim.scenario.key import clock_of
from funnelsim.units import MINUTE_S

if TYPE_CHECKING:
    from funnelsim.analysis.estimates import Estimate

NOTHING = "\N{EN DASH}"
EXACT = 1e-9  # a half-width this small beside its mean is rounding, not scatter
PLENTY = 3  # significant digits of a value
LONG_MIN = 10.0  # from here on, tenths of a minute say nothing


def together(names: Sequence[str]) -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> together(["car", "van", "lorry"])
    'car, van and lorry'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "bay"), counted(1200, "vehicle")
    ('1 bay', '1,200 vehicles')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def number_text(value: float, digits: int = 3) -> str:
    """Return a number with so many significant digits, whole ones in full.

    Examples
    --------
    >>> number_text(1234.5), number_text(0.01234), number_text(12.0)
    ('1,234', '0.0123', '12')
    """
    if not math.isfinite(value):
        return NOTHING
    if value == 0.0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def minutes_text(time_s: float) -> str:
    """Return seconds as minutes, short times in seconds.

    Examples
    --------
    >>> minutes_text(31.4), minutes_text(150.0), minutes_text(900.0)
    ('31 s', '2.5 min', '15 min')
    """
    minutes = time_s / MINUTE_S
    if minutes < 1.0:
        return f"{time_s:.0f} s"
    return f"{minutes:.0f} min" if minutes >= LONG_MIN else f"{number_text(minutes, 2)} min"


def share_text(share: float) -> str:
    """Return a share in per cent.

    Examples
    --------
    >>> share_text(0.256), share_text(0.0512), share_text(1.0), share_text(0.0)
    ('26 %', '5.1 %', '100 %', '0 %')
    """
    return f"{number_text(100.0 * share, 2 if share < 1.0 else 3)} %"


def span_text(from_s: float, to_s: float) -> str:
    """Return a time span by the clock.

    Examples
    --------
    >>> span_text(21600.0, 90000.0)
    '06:00-01:00'
    """
    return f"{clock_of(from_s)}-{clock_of(to_s)}"


def spans_text(spans: Sequence[tuple[float, float]]) -> str:
    """Return time spans by the clock, those that follow each other joined.

    Examples
    --------
    >>> spans_text([(0.0, 3600.0), (3600.0, 7200.0), (36000.0, 37800.0)])
    '00:00-02:00 and 10:00-10:30'
    """
    joined: list[tuple[float, float]] = []
    for from_s, to_s in spans:
        if joined and joined[-1][1] == from_s:
            joined[-1] = (joined[-1][0], to_s)
        else:
            joined.append((from_s, to_s))
    return together([span_text(*span) for span in joined])


def estimate_texts(estimate: "Estimate", times: float = 1.0, digits: int = 2) -> tuple[str, str]:
    """Return an estimate and its half-width, rounded to the significant digits of the half-width.

    One digit of the half-width is enough where two would give the value more than three. The half-width is empty where
    there is none; where nothing scatters it is 0, and the value is shown in full.

    Parameters
    ----------
    estimate
        The estimate.
    times
        A factor, for another unit.
    digits
        Significant digits of the half-width at most: more would be noise.

    Examples
    --------
    >>> from funnelsim.analysis.estimates import Estimate
    >>> estimate_texts(Estimate(2.0341, 0.0412, 100)), estimate_texts(Estimate(1234.5, 123.4, 100))
    (('2.03', '± 0.04'), ('1,230', '± 120'))
    """
    mean, half = estimate.mean * times, abs(estimate.half_width * times)
    if not math.isfinite(mean):
        return NOTHING, ""
    if not math.isfinite(half):
        return number_text(mean), ""
    if half <= EXACT * abs(mean):
        return number_text(mean, 4), "± 0"
    last = _last_place(half, digits)
    if mean != 0.0 and math.floor(math.log10(abs(mean))) - last >= PLENTY:
        last = _last_place(half, 1)
    places = max(0, -last)
    return f"{round(mean, -last):,.{places}f}", f"± {round(half, -last):,.{places}f}"


def _last_place(value: float, digits: int) -> int:
    """Return the power of ten of the last of so many significant digits."""
    exponent = math.floor(math.log10(value)) - digits + 1
    return math.floor(math.log10(round(value, -exponent))) - digits + 1  # 0.0996 rounds up to another digit


def estimate_text(estimate: "Estimate", times: float = 1.0, digits: int = 2) -> str:
    """Return an estimate with its half-width, as in a sentence."""
    return " ".join(estimate_texts(estimate, times, digits)).strip()
