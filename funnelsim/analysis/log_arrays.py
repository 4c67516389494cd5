"""The log of one replication as compiled functions take it: few arrays, the vehicles funnel by funnel.

The columns of vehicles are the rows of the table in which the compiled engine works
(`funnelsim.engines.compiled.buffers`), so its log is measured where it stands.
"""

from typing import NamedTuple

import numpy as np

from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.engines.compiled.buffers import BOOL_COLUMNS, FLOAT_COLUMNS, INT_COLUMNS
from funnelsim.model.log import Log


class LogArrays(NamedTuple):
    """What measuring needs of a log; the names are those of `funnelsim.model.log.Log`.

    Attributes
    ----------
    floats, ints, bools
        A row for each of the names `FLOAT_COLUMNS`, `INT_COLUMNS` and `BOOL_COLUMNS`, shape (names, vehicles or more).
    first
        Index of the first vehicle of each funnel, and the number of vehicles, shape (funnels + 1,).
    """

    floats: FloatArray
    ints: IntArray
    bools: BoolArray
    first: IntArray
    stage_vehicle: IntArray
    stage: IntArray
    stage_from_s: FloatArray
    stage_to_s: FloatArray
    pursuit_from_s: FloatArray
    pursuit_to_s: FloatArray
    valve_s: FloatArray
    valve: IntArray
    valve_funnel: IntArray


EVENTS = LogArrays._fields[4:]


def log_arrays_of(log: Log, funnels: int = 1) -> LogArrays:
    """Return a log as arrays.

    Parameters
    ----------
    log
        Of all funnels, or of one alone.
    funnels
        Of how many: the log of one alone still knows the number that the funnel has among all.
    """
    traffic, vehicles = log.traffic, len(log.traffic)
    floats, ints = np.zeros((len(FLOAT_COLUMNS), vehicles)), np.zeros((len(INT_COLUMNS), vehicles), dtype=np.int64)
    bools = np.zeros((len(BOOL_COLUMNS), vehicles), dtype=np.bool_)
    for table, names in ((floats, FLOAT_COLUMNS), (ints, INT_COLUMNS), (bools, BOOL_COLUMNS)):
        for row, name in enumerate(names):
            column = getattr(traffic, name, getattr(log, name, None))
            if column is not None:
                table[row] = column
    alone = funnels == 1
    first = np.array([0, vehicles]) if alone else np.searchsorted(traffic.funnel, np.arange(funnels + 1))
    events = {name: getattr(log, name) for name in EVENTS}
    if alone:
        events["valve_funnel"] = np.zeros_like(log.valve_funnel)
    return LogArrays(floats, ints, bools, first.astype(np.int64), **events)
