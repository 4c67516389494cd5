"""The grid on which the model's clock runs: times are multiples of 2**-20 s, about a microsecond.

Sums and differences of such times are exact in floating point, so SimPy's relative time-outs land on the very instant,
and two engines agree to the last bit.
"""

from typing import Final

GRID_PER_S: Final = 1_048_576.0
NO_FRACTION: Final = 1.5 * 2.0**52  # a number of this size has no room for a fraction: adding it rounds


def on_grid(time_s: float) -> float:
    """Round a time to the grid; it must be less than 2**31 s, some 68 years, from midnight.

    Examples
    --------
    >>> on_grid(0.1) * 2**20
    104858.0
    """
    return (time_s * GRID_PER_S + NO_FRACTION - NO_FRACTION) / GRID_PER_S
