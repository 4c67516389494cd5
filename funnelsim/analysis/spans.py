"""Spans of time on a grid of windows or bins, in compiled code: how much of a span lies in each."""

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.model.compiled import inner


@inner
def within_s(from_s: float, to_s: float, opens_s: FloatArray, closes_s: FloatArray) -> float:
    """Return how much of a span of time falls into some windows.

    Examples
    --------
    >>> float(within_s(5.0, 33.0, np.array([10.0, 30.0]), np.array([20.0, 35.0])))
    13.0
    """
    seconds = 0.0
    for window in range(len(opens_s)):
        seconds += max(0.0, min(to_s, closes_s[window]) - max(from_s, opens_s[window]))
    return seconds


@inner
def bin_of(time_s: float, edges: FloatArray, guess: int) -> int:
    """Return the bin of a grid in which a moment lies: -1 before the first, the number of bins from the last edge on.

    The search begins at a guess, so for moments in order it costs next to nothing.
    """
    position = guess
    while position >= 0 and edges[position] > time_s:
        position -= 1
    while position + 1 < len(edges) and edges[position + 1] <= time_s:
        position += 1
    return position


@inner
def spread(seconds: FloatArray, from_s: float, to_s: float, units: float, edges: FloatArray) -> None:
    """Add the unit-seconds of a use to the bins of a grid that it touches.

    Parameters
    ----------
    seconds
        Unit-seconds by bin, written.
    from_s, to_s, units
        Beginning and end of the use, and how many units it takes.
    edges
        Of the bins.
    """
    bins = len(edges) - 1
    first, beyond = 0, len(edges)  # the beginning lies from one edge on and before the other
    while beyond - first > 1:
        middle = (first + beyond) // 2
        if edges[middle] <= from_s:
            first = middle
        else:
            beyond = middle
    for position in range(first, bins):
        if edges[position] >= to_s:
            break
        seconds[position] += units * max(0.0, min(to_s, edges[position + 1]) - max(from_s, edges[position]))


@inner
def raise_to_steps(highest: FloatArray, moments: FloatArray, levels: FloatArray, edges: FloatArray) -> None:
    """Raise the highest levels of the bins of a grid to those of a step function, which is 0 before its first moment.

    Parameters
    ----------
    highest
        Highest level by bin so far, written.
    moments, levels
        The step function.
    edges
        Of the bins.
    """
    bins = len(edges) - 1
    steps = len(moments)
    position = 0
    for step in range(steps):
        position = bin_of(moments[step], edges, position)
        if position >= bins:
            break
        level = levels[step]
        if position >= 0:
            highest[position] = max(highest[position], level)
        # What holds as a bin begins is seen in it, too.
        until_s = moments[step + 1] if step + 1 < steps else np.inf
        while position + 1 < bins and edges[position + 1] < until_s:
            position += 1
            highest[position] = max(highest[position], level)
        position = max(position, 0)
