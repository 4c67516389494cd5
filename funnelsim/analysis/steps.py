"""Step functions of time: how many are in use, how long a level lasts, what a regular grid sees of it."""

import numpy as np

from funnelsim.arrays import FloatArray, IntArray


def in_use(from_s: FloatArray, to_s: FloatArray, units: IntArray | None = None) -> tuple[FloatArray, IntArray]:
    """Return how many units are in use over time: moments, and the number from each moment on.

    Parameters
    ----------
    from_s, to_s
        Beginning and end of each use, shape (uses,).
    units
        How many units each use takes; one each where left out.

    Examples
    --------
    >>> moments, number = in_use(np.array([0.0, 5.0]), np.array([10.0, 7.0]))
    >>> moments.tolist(), number.tolist()
    ([0.0, 5.0, 7.0, 10.0], [1, 2, 1, 0])
    """
    each = np.ones(len(from_s), dtype=np.int64) if units is None else units
    moments, index = np.unique(np.concatenate([from_s, to_s]), return_inverse=True)
    change = np.bincount(index, weights=np.concatenate([each, -each]), minlength=len(moments))
    return moments, np.cumsum(change).round().astype(np.int64)


def elapsed_s(moments: FloatArray, *windows_s: tuple[float, float]) -> FloatArray:
    """Return how much of some time windows, in their order, has gone by at each moment.

    Differences of moments on the grid of the model's clock come out exact.

    Examples
    --------
    >>> elapsed_s(np.array([0.0, 15.0, 25.0, 32.0, 99.0]), (10.0, 20.0), (30.0, 35.0)).tolist()
    [0.0, 5.0, 10.0, 12.0, 15.0]
    """
    if len(windows_s) == 1:  # the common case, in a fraction of the time
        ((from_s, to_s),) = windows_s
        return np.clip(moments, from_s, to_s) - from_s
    edges = np.array(windows_s).ravel()
    lasts_s = np.diff(edges)
    lasts_s[1::2] = 0.0
    gone_s: FloatArray = np.interp(moments, edges, np.concatenate([[0.0], np.cumsum(lasts_s)]))
    return gone_s


def seconds_of_steps(moments: FloatArray, *windows_s: tuple[float, float]) -> FloatArray:
    """Return how long each step of a step function lasts within some time windows, shape (moments,)."""
    length_s = sum(to_s - from_s for from_s, to_s in windows_s)
    return np.diff(np.append(elapsed_s(moments, *windows_s), length_s))


def step_seconds(times_s: FloatArray, levels: IntArray | FloatArray, *windows_s: tuple[float, float]) -> FloatArray:
    """Integrate step functions over some time windows: level-seconds by column."""
    return seconds_of_steps(times_s, *windows_s) @ levels.astype(np.float64)


def means_of_steps(moments: FloatArray, levels: FloatArray | IntArray, edges: FloatArray) -> FloatArray:
    """Return the time average of a step function in each bin, shape (bins,); it is 0 before its first moment.

    Examples
    --------
    >>> means_of_steps(np.array([5.0, 15.0]), np.array([2.0, 0.0]), np.array([0.0, 10.0, 20.0])).tolist()
    [1.0, 1.0]
    """
    if len(moments) == 0:
        return np.zeros(len(edges) - 1)
    area = np.concatenate([[0.0], np.cumsum(np.diff(moments) * levels[:-1])])
    step = np.searchsorted(moments, edges, side="right") - 1
    inside = np.clip(step, 0, None)
    up_to = np.where(step < 0, 0.0, area[inside] + (edges - moments[inside]) * levels[inside])
    means: FloatArray = np.diff(up_to) / np.diff(edges)
    return means
