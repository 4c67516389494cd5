"""The measures of the figures in words: what they are called, in which unit they are drawn, which end is good."""

import math
from dataclasses import dataclass

from funnelsim.plots.words import plain
from funnelsim.units import MIN_PER_S


@dataclass(frozen=True)
class MeasureWords:
    """How a measure is written.

    Attributes
    ----------
    name
        In words.
    unit
        In which it is drawn; empty for a number.
    times
        From the unit of the tables to the one drawn.
    """

    name: str
    unit: str
    times: float = 1.0

    @property
    def label(self) -> str:
        """The name with its unit, for an axis."""
        return f"{self.name}, {self.unit}" if self.unit else self.name

    def text(self, value: float) -> str:
        """Return a value of the tables in the unit drawn, with about three digits.

        Examples
        --------
        >>> MeasureWords("delay", "minutes", 1.0 / 60.0).text(200.0)
        '3.3'
        """
        value *= self.times
        if not math.isfinite(value):
            return "\N{EN DASH}"
        size = abs(value)
        digits = 0 if size >= 20.0 or value == 0.0 else 1 if size >= 2.0 else 2 if size >= 0.1 else 3  # noqa: PLR2004
        return f"{value:,.{digits}f}"

    def with_unit(self, value: float) -> str:
        """Return a value of the tables with its unit."""
        return f"{self.text(value)} {self.unit}".strip()


_WORDS = {
    "expected_detections": MeasureWords("targets found in an operation", "expected number"),
    "detections": MeasureWords("targets found in an operation", "counted"),
    "chance_of_any": MeasureWords("chance to find at least one target", "per cent", 100.0),
    "targets_offered": MeasureWords("targets that come down the road", ""),
    "share_found": MeasureWords("share of the targets that is found", "per cent", 100.0),
    "delay_mean_s": MeasureWords("mean delay", "minutes", MIN_PER_S),
    "delay_p50_s": MeasureWords("delay that half of the vehicles stay below", "minutes", MIN_PER_S),
    "delay_p95_s": MeasureWords("delay that 95 % of the vehicles stay below", "minutes", MIN_PER_S),
    "delay_max_s": MeasureWords("longest delay", "minutes", MIN_PER_S),
    "delay_vehicle_h": MeasureWords("delay of all vehicles together", "hours"),
    "delay_cost": MeasureWords("cost of all delay", ""),
    "tail_max_m": MeasureWords("longest queue of an operation", "metres"),
    "tail_mean_m": MeasureWords("mean length of the queue", "metres"),
    "spillback": MeasureWords("chance that the queue reaches the critical point", "per cent", 100.0),
    "beyond_warning_vehicle_min": MeasureWords("time vehicles stand in the queue beyond the warning sign", "minutes"),
    "warning_exceeded_s": MeasureWords("time the queue reaches beyond the warning sign", "minutes", MIN_PER_S),
    "tail_meetings": MeasureWords("vehicles that meet the end of the queue dangerously fast", ""),
    "tail_meetings_lorries": MeasureWords("lorries that meet the end of the queue dangerously fast", ""),
    "ordinary_stops": MeasureWords("ordinary travellers inspected", ""),
    "stops_per_detection": MeasureWords("inspections of ordinary travellers for each target found", ""),
    "ordinary_h_per_detection": MeasureWords("hours ordinary travellers lose for each target found", ""),
    "detections_per_100_officer_h": MeasureWords("targets found in 100 officer-hours", ""),
    "area_wait_mean_s": MeasureWords("wait for a bay on average", "minutes", MIN_PER_S),
    "bay_utilisation": MeasureWords("share of the operation that bays are in use", "per cent", 100.0),
    "officer_h": MeasureWords("officer-hours", ""),
    "staff_cost": MeasureWords("cost of staff", ""),
    "cost_per_detection": MeasureWords("cost of staff for each target found", ""),
}
_SHARES = ("loss_", "share", "crew_utilisation", "equipment_utilisation", "stop_rate", "suspended_share")


def measure_words(measure: str) -> MeasureWords:
    """Return a measure in words; one without words of its own is called by its name.

    Examples
    --------
    >>> measure_words("crew_utilisation.border_police").label
    'crew utilisation, border police, per cent'
    >>> measure_words("area_wait_mean_s").label
    'wait for a bay on average, minutes'
    """
    if measure in _WORDS:
        return _WORDS[measure]
    name = plain(measure.removesuffix("_s")).replace(".", ", ")
    if measure.startswith(_SHARES) or measure.endswith("_share"):
        return MeasureWords(name, "per cent", 100.0)
    return MeasureWords(name, "minutes", MIN_PER_S) if measure.endswith("_s") else MeasureWords(name, "")
