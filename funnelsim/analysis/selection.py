"""How many vehicles one replication met, and what became of them."""

import numpy as np

from funnelsim.analysis.notes import VEHICLES, Notes
from funnelsim.analysis.records import Records
from funnelsim.analysis.suspension import suspended_in_s
from funnelsim.analysis.yardstick import Yardstick
from funnelsim.analysis.yields import count_fates
from funnelsim.arrays import FloatArray
from funnelsim.model.compiled import compiled
from funnelsim.model.states import Fate

SELECTION_NAMES = (
    "vehicles",
    "selected",
    "inspected",
    "waved_through",
    "suspended_share",
    "left_at_exit",
    "evaded",
    "pursuits",
    "brought_back",
)

_FATES = len(Fate)
_INSPECTED, _AREA_FULL, _BROUGHT_BACK = int(Fate.INSPECTED), int(Fate.AREA_FULL), int(Fate.BROUGHT_BACK)
_LEFT_AT_EXIT, _EVADED = int(Fate.LEFT_AT_EXIT), int(Fate.EVADED)


@compiled
def selection_into(row: FloatArray, at: int, records: Records, yardstick: Yardstick, notes: Notes) -> int:
    """Write the measures of selection from a place on; return the place behind them."""
    windows, funnels = yardstick.windows, len(records.first) - 1
    count = np.zeros(_FATES)
    count_fates(count, records.fate)
    suspended_s = 0.0
    for funnel in range(funnels):
        for window in range(len(windows.opens_s)):
            suspended_s += suspended_in_s(records, windows, funnel, window)
    row[at] = notes.numbers[VEHICLES]
    row[at + 1] = count[_INSPECTED] + count[_AREA_FULL]
    row[at + 2] = count[_INSPECTED] + count[_BROUGHT_BACK]
    row[at + 3] = count[_AREA_FULL]
    row[at + 4] = suspended_s / funnels / windows.length_s
    row[at + 5] = count[_LEFT_AT_EXIT]
    row[at + 6] = count[_EVADED]
    row[at + 7] = len(records.pursuit_vehicle)
    row[at + 8] = count[_BROUGHT_BACK]
    return at + 9
