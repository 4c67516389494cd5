"""What a clock shows of a duration: readings are rounded, and the likelihood accounts for that.

A duration read off a stopwatch is rounded to the nearest step. The difference of two readings of a clock is off by up
to a step either way: with a beginning at a moment of no significance within a step, a duration x is read as n with the
chance max(0, 1 - |x - n|), in steps. Nothing is dithered: each reading has its exact chance under a distribution.
"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from funnelsim.arrays import FloatArray

_STEPS_S: Final = (60.0, 30.0, 15.0, 10.0, 5.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
_FINEST_S: Final = 0.001
_EXACT: Final = 1e-4  # of a step
LEAST_CHANCE: Final = 1e-300


class Distribution(Protocol):
    """What is needed of a distribution of durations; its parameters may be arrays."""

    def up_to(self, x: FloatArray) -> FloatArray:
        """Return the chance of at most x seconds."""

    def beyond(self, x: FloatArray) -> FloatArray:
        """Return the mean of how far a duration exceeds x seconds, 0 where it does not."""


@dataclass(frozen=True)
class Clock:
    """How durations were read.

    Attributes
    ----------
    step_s
        Readings are multiples of it.
    twice
        Whether a reading is the difference of two readings of a clock, or was read as one duration.
    """

    step_s: float
    twice: bool

    def snapped(self, reading_s: FloatArray) -> FloatArray:
        """Return readings as whole multiples of the step: differences of times have digits that no clock showed.

        Examples
        --------
        >>> Clock(0.1, twice=True).snapped(np.array([10.3 - 3.1, 7.2])).tolist()
        [7.2, 7.2]
        """
        snapped: FloatArray = np.round(np.round(reading_s / self.step_s) * self.step_s, 9)
        return snapped

    def chance(self, of: Distribution, reading_s: FloatArray) -> FloatArray:
        """Return the chances of readings."""
        step_s = self.step_s
        if self.twice:
            bend = of.beyond(reading_s + step_s) - 2.0 * of.beyond(reading_s) + of.beyond(reading_s - step_s)
            return np.maximum(bend / step_s, LEAST_CHANCE)
        half_s = step_s / 2.0
        return np.maximum(of.up_to(reading_s + half_s) - of.up_to(reading_s - half_s), LEAST_CHANCE)

    def up_to(self, of: Distribution, reading_s: FloatArray) -> FloatArray:
        """Return the chances of reading at most so much."""
        if self.twice:
            return 1.0 + (of.beyond(reading_s + self.step_s) - of.beyond(reading_s)) / self.step_s
        return of.up_to(reading_s + self.step_s / 2.0)

    def read(self, duration_s: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return what the clock shows of durations, each begun at a moment of its own."""
        begun = rng.random(len(duration_s)) if self.twice else 0.5
        return self.snapped(np.floor(duration_s / self.step_s + begun) * self.step_s)


def step_of(readings_s: FloatArray) -> float:
    """Return the step of which all readings are multiples.

    Examples
    --------
    >>> step_of(np.array([3.0, 4.0, 6.0])), step_of(np.array([1.5, 2.25]))
    (1.0, 0.05)
    """
    for step_s in _STEPS_S:
        steps = readings_s / step_s
        if np.all(np.abs(steps - np.round(steps)) < _EXACT):
            return step_s
    return _FINEST_S
