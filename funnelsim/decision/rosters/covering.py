"""The covering program: shifts at least cost that cover what is wanted at every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from funnelsim.arrays import FloatArray, IntArray

NEARLY: Final = 1e-4  # of the cost: how far the solver may stop from the least one


@dataclass(frozen=True, eq=False)
class AtMost:
    """Something that shifts may use up.

    Attributes
    ----------
    uses
        What one of each shift uses, shape (rows, shifts).
    most
        How much there is, shape (rows,).
    """

    uses: FloatArray
    most: FloatArray


def cover(covers: FloatArray, wanted: FloatArray, costs: FloatArray, limits: Sequence[AtMost] = ()) -> IntArray | None:
    """Return how many of each shift cover what is wanted at least cost; None if none do within the limits.

    Parameters
    ----------
    covers
        How much one of each shift covers at each time, shape (times, shifts).
    wanted
        Shape (times,).
    costs
        Of one of each shift, shape (shifts,).
    limits
        What shifts may use up.

    References
    ----------
    Dantzig (1954), A comment on Edie's "Traffic delays at toll booths", doi:10.1287/opre.2.3.339.

    Examples
    --------
    Two shifts of eight hours, and one of four in between:

    >>> covers = np.array([[1, 0, 0], [1, 0, 1], [0, 1, 1], [0, 1, 0]], dtype=float)
    >>> cover(covers, np.array([2.0, 3.0, 5.0, 1.0]), np.array([8.0, 8.0, 4.0])).tolist()
    [2, 1, 4]
    """
    if not (covers.any(axis=1) | (wanted <= 0.0)).all():
        return None
    constraints = [LinearConstraint(covers, lb=wanted)]
    constraints += [LinearConstraint(limit.uses, ub=limit.most) for limit in limits if len(limit.most)]
    found = milp(
        costs,
        integrality=np.ones(len(costs), dtype=np.int64),
        bounds=Bounds(0.0, np.inf),
        constraints=constraints,
        options={"mip_rel_gap": NEARLY},
    )
    if found.x is None:
        return None
    counts: IntArray = np.rint(found.x).astype(np.int64)
    return counts
