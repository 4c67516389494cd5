"""All measures of one replication under their fixed names: a pure function of its log."""

import numpy as np

from funnelsim.analysis.delays import S_PER_H, counts_for_delay, delay_s, delays, queue
from funnelsim.analysis.occupancy import occupancy, overtime_h, suspended_share
from funnelsim.analysis.yields import in_operation, yields
from funnelsim.model.log import Fate, Log
from funnelsim.model.plan import Plan


def measure(log: Log, plan: Plan) -> dict[str, float]:
    """Return every measure of one replication.

    Not a number stands where a measure has no meaning in this replication, such as a wait when nobody waited.

    Returns
    -------
    dict
        Names of DESIGN section 5, and the sums from which the ratios are formed across replications.
    """
    measures = yields(log, plan) | delays(log, plan) | queue(log, plan) | _selection(log, plan)
    measures |= occupancy(log, plan) | _burden(log, plan)
    return measures | _efficiency(log, plan, measures)


def _selection(log: Log, plan: Plan) -> dict[str, float]:
    fate = log.fate
    inspected = float((fate == Fate.INSPECTED).sum())
    waved_through = float((fate == Fate.AREA_FULL).sum())
    return {
        "vehicles": float(in_operation(log, plan).sum()),
        "selected": inspected + waved_through,
        "inspected": inspected,
        "waved_through": waved_through,
        "suspended_share": suspended_share(log, plan),
        "left_at_exit": float((fate == Fate.LEFT_AT_EXIT).sum()),
    }


def _burden(log: Log, plan: Plan) -> dict[str, float]:
    """Return what ordinary travellers bear: stops, and hours lost in delay and inspection."""
    ordinary = log.traffic.target == 0
    stopped = ordinary & (log.fate == Fate.INSPECTED)
    met = ordinary & in_operation(log, plan)
    delayed = ordinary & counts_for_delay(log, plan)
    lost_s = np.where(stopped, log.left_s - log.baseline_s, delay_s(log))
    measures = {
        "ordinary_stops": float(stopped.sum()),
        "ordinary_h": float(lost_s[delayed | stopped].sum()) / S_PER_H,
    }
    for k, name in enumerate(plan.classes):
        here = log.traffic.vehicle_class == k
        measures[f"ordinary_vehicles.{name}"] = float((met & here).sum())
        measures[f"ordinary_stops.{name}"] = float((stopped & here).sum())
    return measures


def _efficiency(log: Log, plan: Plan, measures: dict[str, float]) -> dict[str, float]:
    over_h = overtime_h(log, plan)
    officer_h = float(plan.duty.officer_h.sum() + over_h.sum())
    staff_cost = float(plan.duty.cost.sum() + over_h @ plan.duty.cost_per_h)
    made = {"officer_h": officer_h, "staff_cost": staff_cost}
    together = measures | made
    for name, ratio in ratios_of(plan.classes).items():
        below = together[ratio.below]
        made[name] = ratio.times * together[ratio.above] / below if below > 0 else np.nan
    return made


class Ratio:
    """A measure that is a ratio of two others: across replications the ratio of their means.

    Parameters
    ----------
    above, below
        The measures of which it is the ratio.
    times
        A factor.
    """

    def __init__(self, above: str, below: str, times: float = 1.0) -> None:
        self.above, self.below, self.times = above, below, times


def ratios_of(classes: tuple[str, ...]) -> dict[str, Ratio]:
    """Return the measures that are ratios, for a scenario's classes."""
    per_detection = {
        "stops_per_detection": Ratio("ordinary_stops", "expected_detections"),
        "ordinary_h_per_detection": Ratio("ordinary_h", "expected_detections"),
        "detections_per_100_officer_h": Ratio("expected_detections", "officer_h", times=100.0),
        "cost_per_detection": Ratio("staff_cost", "expected_detections"),
    }
    by_class = {f"stop_rate.{name}": Ratio(f"ordinary_stops.{name}", f"ordinary_vehicles.{name}") for name in classes}
    return per_detection | by_class
