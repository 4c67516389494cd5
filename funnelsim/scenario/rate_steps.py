"""The selection rates as a step function of time: those of `selection.rate` and of `selection.rate_by_time`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.scenario.key import seconds_after_midnight
from funnelsim.scenario.selection import RateSpan, Selection
from funnelsim.scenario.site import Window
from funnelsim.units import DAY_S, Span

USUAL_RATE = 0.05  # of a class for which no table has a rate


@dataclass(frozen=True, eq=False)
class RateSteps:
    """Steps of the selection rates; step k holds from `times_s[k]` up to `times_s[k + 1]`, the last one without end.

    Attributes
    ----------
    times_s
        Beginning of each step, shape (steps,); the first is minus infinity.
    rate
        Rates by class, shape (steps, classes).
    """

    times_s: FloatArray
    rate: FloatArray

    @property
    def spans(self) -> list[Span]:
        """From when to when each step holds."""
        return list(zip(self.times_s.tolist(), [*self.times_s[1:].tolist(), np.inf], strict=True))


def rate_steps_of(selection: Selection, windows: Sequence[Window], classes: Sequence[str]) -> RateSteps:
    """Turn the rates of every day into steps over the operation; where a step would change no rate there is none."""
    usual = usual_rates(selection, classes)
    changes = {-np.inf: usual}
    for span in selection.rate_by_time:
        for from_s, to_s in times_of(span, windows):
            changes[from_s] = rates_in(span, selection, classes)  # also where other hours end just then
            changes.setdefault(to_s, usual)
    times_s = sorted(changes)
    rate = np.array([changes[time_s] for time_s in times_s])
    new = np.append(True, np.any(np.diff(rate, axis=0) != 0.0, axis=1))
    return RateSteps(np.array(times_s)[new], rate[new])


def times_of(span: RateSpan, windows: Sequence[Window]) -> list[Span]:
    """Return from when to when rates by time hold, on each day from the one before the first window on.

    They reach to the day after the last window: windows and hours may pass midnight.
    """
    days = range(windows[0].day - 1, windows[-1].day + 2)
    begins_s = [seconds_after_midnight(span.from_) + (day - 1) * DAY_S for day in days]
    return [(from_s, from_s + span.length_s) for from_s in begins_s]


def hours_that_count(selection: Selection, windows: Sequence[Window]) -> tuple[bool, list[int]]:
    """Return whether the usual rates hold at some time at which the funnel stands, and which rates by time do.

    Parameters
    ----------
    selection
        The rates.
    windows
        When the funnel stands.
    """
    counts, left_s = [], sum(window.closes_s - window.opens_s for window in windows)
    for number, span in enumerate(selection.rate_by_time):
        both_s = sum(
            max(0.0, min(to_s, window.closes_s) - max(from_s, window.opens_s))
            for from_s, to_s in times_of(span, windows)
            for window in windows
        )
        left_s -= both_s  # hours of rates by time do not overlap
        if both_s > 0.0:
            counts.append(number)
    return left_s > 0.0, counts


def usual_rates(selection: Selection, classes: Sequence[str]) -> list[float]:
    """Return the rates by class outside the hours of `selection.rate_by_time`."""
    return [selection.rate.get(name, selection.rate.get("default", USUAL_RATE)) for name in classes]


def rates_in(span: RateSpan, selection: Selection, classes: Sequence[str]) -> list[float]:
    """Return the rates by class in the hours of a span."""
    others = [span.rate.get("default", rate) for rate in usual_rates(selection, classes)]
    return [span.rate.get(name, rate) for name, rate in zip(classes, others, strict=True)]
