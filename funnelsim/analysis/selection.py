"""How many vehicles one replication met, what became of them, and how long selection was suspended."""

from funnelsim.analysis.buffers import VEHICLE_COUNT, MeasureBuffers
from funnelsim.analysis.log_arrays import LogArrays
from funnelsim.analysis.yields import count_fates
from funnelsim.arrays import FloatArray
from funnelsim.engines.compiled.buffers import FATE
from funnelsim.model.compiled import inner
from funnelsim.model.states import Fate, Valve

SELECTION_NAMES = (
    "vehicles",
    "selected",
    "inspected",
    "waved_through",
    "left_at_exit",
    "evaded",
    "pursuits",
    "brought_back",
)

_INSPECTED, _AREA_FULL, _BROUGHT_BACK = int(Fate.INSPECTED), int(Fate.AREA_FULL), int(Fate.BROUGHT_BACK)
_LEFT_AT_EXIT, _EVADED = int(Fate.LEFT_AT_EXIT), int(Fate.EVADED)
_OPEN = int(Valve.OPEN)


@inner
def selection_into(row: FloatArray, at: int, log: LogArrays, buffers: MeasureBuffers) -> int:
    """Write the measures of selection from column `at` on; return the column behind them."""
    funnels = len(log.first) - 1
    count = buffers.tally
    count[:] = 0.0
    count_fates(count, log.ints[FATE][: log.first[funnels]])
    row[at] = buffers.counts[VEHICLE_COUNT]
    row[at + 1] = count[_INSPECTED] + count[_AREA_FULL]
    row[at + 2] = count[_INSPECTED] + count[_BROUGHT_BACK]
    row[at + 3] = count[_AREA_FULL]
    row[at + 4] = count[_LEFT_AT_EXIT]
    row[at + 5] = count[_EVADED]
    row[at + 6] = len(log.pursuit_from_s)
    row[at + 7] = count[_BROUGHT_BACK]
    return at + 8
