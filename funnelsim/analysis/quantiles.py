"""Exact quantiles without sorting: bucket by bucket down to the value."""

import numpy as np

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.model.compiled import inner

BUCKETS = 1024
_HALF = 0.5


@inner
def quantiles_into(
    row: FloatArray, values: FloatArray, spare: FloatArray, buckets: IntArray, shares: FloatArray
) -> None:
    """Write quantiles, interpolated linearly as NumPy does; not a number where there are no values.

    Parameters
    ----------
    row
        Written, one number a share.
    values
        Finite values in any order; they stay as they are.
    spare
        Room for as many, overwritten.
    buckets
        Room for counts, shape (2, `BUCKETS`).
    shares
        Which quantiles: between 0 and 1.

    Examples
    --------
    >>> row, values = np.empty(2), np.array([4.0, 1.0, 3.0, 2.0])
    >>> quantiles_into(row, values, np.empty(4), np.empty((2, BUCKETS), dtype=np.int64), np.array([0.5, 1.0]))
    >>> row.tolist()
    [2.5, 4.0]
    """
    count = len(values)
    row[:] = np.nan
    if count == 0:
        return
    lowest, highest = _range(values)
    numbers, deeper = buckets[0], buckets[1]
    _count(numbers, values, lowest, highest)
    for k in range(len(shares)):
        position = shares[k] * (count - 1)
        rank = int(position)
        part = position - rank
        below, above = _ranked(values, spare, rank, lowest, highest, numbers, deeper)
        if part == 0.0:
            row[k] = below
        elif part < _HALF:
            row[k] = below + (above - below) * part
        else:
            row[k] = above - (above - below) * (1.0 - part)


@inner
def _range(values: FloatArray) -> tuple[float, float]:
    lowest, highest = values[0], values[0]
    for value in values:
        lowest = min(lowest, value)
        highest = max(highest, value)
    return lowest, highest


@inner
def _count(numbers: IntArray, values: FloatArray, lowest: float, highest: float) -> None:
    """Count the values by bucket of their range."""
    numbers[:] = 0
    scale = (BUCKETS - 1) / (highest - lowest) if highest > lowest else 0.0
    for value in values:
        numbers[int((value - lowest) * scale)] += 1


@inner
def _ranked(
    values: FloatArray,
    spare: FloatArray,
    rank: int,
    lowest: float,
    highest: float,
    numbers: IntArray,
    deeper: IntArray,
) -> tuple[float, float]:
    """Return the value that as many as `rank` others precede in order, and the next one.

    `numbers` are those of all values by bucket; `deeper` is room to count in.
    """
    left, in_bucket = values, numbers
    above = np.inf
    while highest > lowest:
        scale = (BUCKETS - 1) / (highest - lowest)
        bucket = 0
        while rank >= in_bucket[bucket]:
            rank -= in_bucket[bucket]
            bucket += 1
        kept = 0
        for value in left:
            of_value = int((value - lowest) * scale)
            if of_value == bucket:
                spare[kept] = value
                kept += 1
            elif of_value > bucket and value < above:
                above = value
        left, in_bucket = spare[:kept], deeper
        lowest, highest = _range(left)
        _count(deeper, left, lowest, highest)
    return lowest, lowest if rank + 1 < len(left) else above


@inner
def total(values: FloatArray) -> float:
    """Return the sum of numbers, added in their order."""
    summed = 0.0
    for value in values:
        summed += value
    return summed
