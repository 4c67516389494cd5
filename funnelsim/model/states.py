"""States as numbers: how a vehicle's pass ended, what it found at the selection point, how the valve stood."""

from enum import IntEnum
from typing import Final


class Fate(IntEnum):
    """How a vehicle's pass ended."""

    OUTSIDE_OPERATION = 0
    LEFT_AT_EXIT = 1
    EVADED = 2
    NOT_SELECTED = 3
    SELECTION_SUSPENDED = 4
    POST_UNSTAFFED = 5
    AREA_FULL = 6
    INSPECTED = 7
    BROUGHT_BACK = 8  # turned off, pursued and inspected


class Gate(IntEnum):
    """What a vehicle found at the selection point."""

    NO_FUNNEL = 0  # before opening, after closing
    OPEN = 1
    UNSTAFFED = 2
    SUSPENDED = 3
    LIFTED = 4


class Valve(IntEnum):
    """State of the safety valve."""

    OPEN = 0
    SUSPENDED = 1
    LIFTED = 2


NOT_FOUND: Final = -1
"""In place of the stage at which a target was found."""
