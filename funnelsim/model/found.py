"""The chance that an inspection finds what is there: exact, from the stages."""

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.model.inspection import Inspection


def chance_to_find(inspection: Inspection) -> FloatArray:
    """Return P(found | inspected) by class and target type, shape (classes, target types + 1); 0 for ordinary ones.

    The stages are walked once, keeping apart the chance to have come this far without and with an alarm.
    """
    classes = inspection.applies.shape[1]
    quiet = np.ones((classes, inspection.finds.shape[1]))
    alarmed = np.zeros_like(quiet)
    found = np.zeros_like(quiet)
    for stage in range(inspection.after_detection):
        applies = (inspection.applies[stage] & inspection.possible[stage])[:, None]
        finds = np.where(applies, inspection.finds[stage], 0.0)
        alarms = np.where(applies, inspection.alarms[stage], 0.0)
        quiet_finds, quiet_alarms = (0.0, 0.0) if inspection.after_alarm[stage] else (finds, alarms)
        found = found + alarmed * finds + quiet * quiet_finds
        alarmed = alarmed * (1.0 - finds) + quiet * (1.0 - quiet_finds) * quiet_alarms
        quiet = quiet * (1.0 - quiet_finds) * (1.0 - quiet_alarms)
    return found
