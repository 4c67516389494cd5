"""The grid on which the model's clock runs: times are multiples of 2**-20 s, about a microsecond.

Sums and differences of such times are exact in floating point, so SimPy's relative time-outs land on the very instant,
and two engines agree to the last bit.
"""

import math
from typing import Final

GRID_PER_S: Final = 1_048_576.0


def on_grid(time_s: float) -> float:
    """Round a time to the grid.

    Examples
    --------
    >>> on_grid(0.1) * 2**20
    104858.0
    """
    return math.floor(time_s * GRID_PER_S + 0.5) / GRID_PER_S
