"""What became of each vehicle, in the few kinds that a viewer can tell apart."""

from enum import IntEnum

import numpy as np

from funnelsim.arrays import IntArray
from funnelsim.model.log import Log
from funnelsim.model.states import NOT_FOUND, Fate


class Outcome(IntEnum):
    """What became of a vehicle; whether it was a target is a question of its own."""

    NOT_SELECTED = 0  # looked at and let pass
    UNCHECKED = 1  # passed while nobody was selected
    AREA_FULL = 2  # selected, and waved through because the area was full
    NOTHING_FOUND = 3  # inspected
    TARGET_FOUND = 4  # inspected
    TURNED_OFF = 5  # at the exit or before the taper


_OF_FATE = {
    Fate.OUTSIDE_OPERATION: Outcome.UNCHECKED,
    Fate.LEFT_AT_EXIT: Outcome.TURNED_OFF,
    Fate.EVADED: Outcome.TURNED_OFF,
    Fate.NOT_SELECTED: Outcome.NOT_SELECTED,
    Fate.SELECTION_SUSPENDED: Outcome.UNCHECKED,
    Fate.POST_UNSTAFFED: Outcome.UNCHECKED,
    Fate.AREA_FULL: Outcome.AREA_FULL,
    Fate.INSPECTED: Outcome.NOTHING_FOUND,
    Fate.BROUGHT_BACK: Outcome.NOTHING_FOUND,
}


def outcomes_of(log: Log) -> IntArray:
    """Return the outcome of each vehicle (`Outcome`), shape (vehicles,)."""
    of_fate = np.array([_OF_FATE[fate] for fate in Fate], dtype=np.int64)
    found = log.inspected & (log.found_at != NOT_FOUND)
    outcomes: IntArray = np.where(found, int(Outcome.TARGET_FOUND), of_fate[log.fate])
    return outcomes
