"""All measures of one replication under their fixed names: a pure function of its log."""

import numpy as np

from funnelsim.analysis.by_part import by_part
from funnelsim.analysis.delays import S_PER_H, counts_for_delay, delay_s, delays, queue
from funnelsim.analysis.exposure import exposure
from funnelsim.analysis.occupancy import occupancy, overtime_h, suspended_share
from funnelsim.analysis.sides import sides
from funnelsim.analysis.yields import fates, in_operation, yields
from funnelsim.model.log import Fate, Log
from funnelsim.model.plan import Plan


def measure(log: Log, plan: Plan) -> dict[str, float]:
    """Return every measure of one replication.

    Not a number stands where a measure has no meaning in this replication, such as a wait when nobody waited.

    Returns
    -------
    dict
        Names of DESIGN section 5, and the sums from which the ratios are formed across replications; where there are
        several windows or funnels, also the core measures of each (`funnelsim.analysis.by_part`).
    """
    measures = yields(log, plan) | delays(log, plan) | queue(log, plan) | _exposure(log, plan)
    measures |= _selection(log, plan) | occupancy(log, plan) | _burden(log, plan)
    return measures | _efficiency(log, plan, measures) | by_part(log, plan)


def _exposure(log: Log, plan: Plan) -> dict[str, float]:
    """Return the danger at the end of the queue, all funnels together; one without a warning sign adds nothing."""
    each = [exposure(*side) for side in sides(log, plan)]
    return {
        name: float(np.nansum(values)) if np.isfinite(values).any() else np.nan
        for name, values in ((name, [one[name] for one in each]) for name in each[0])
    }


def _selection(log: Log, plan: Plan) -> dict[str, float]:
    count = fates(log)
    return {
        "vehicles": float(in_operation(log, plan).sum()),
        "selected": float(count[Fate.INSPECTED] + count[Fate.AREA_FULL]),
        "inspected": float(count[Fate.INSPECTED] + count[Fate.BROUGHT_BACK]),
        "waved_through": float(count[Fate.AREA_FULL]),
        "suspended_share": suspended_share(log, plan),
        "left_at_exit": float(count[Fate.LEFT_AT_EXIT]),
        "evaded": float(count[Fate.EVADED]),
        "pursuits": float(len(log.pursuit_vehicle)),
        "brought_back": float(count[Fate.BROUGHT_BACK]),
    }


def _burden(log: Log, plan: Plan) -> dict[str, float]:
    """Return what ordinary travellers bear: stops, and hours lost in delay and inspection.

    The time lost of one who is inspected runs until leaving the area; so does that of one who was brought back.
    """
    inspected, occupants = log.inspected, log.traffic.occupants
    ordinary = log.traffic.target == 0
    stopped = ordinary & inspected
    met = ordinary & in_operation(log, plan)
    loses = ordinary & counts_for_delay(log, plan) | stopped
    lost_s = np.where(stopped, log.left_s - log.baseline_s, delay_s(log))[loses]
    measures = {
        "persons_inspected": float(occupants[inspected].sum()),
        "persons_stopped": float(occupants[stopped].sum()),
        "ordinary_stops": float(stopped.sum()),
        "ordinary_h": float(lost_s.sum()) / S_PER_H,
        "ordinary_person_h": float(lost_s @ occupants[loses]) / S_PER_H,
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
        "person_h_per_detection": Ratio("ordinary_person_h", "expected_detections"),
        "detections_per_100_officer_h": Ratio("expected_detections", "officer_h", times=100.0),
        "cost_per_detection": Ratio("staff_cost", "expected_detections"),
    }
    meetings = {"tail_meetings_lorry_share": Ratio("tail_meetings_lorries", "tail_meetings")}
    by_class = {f"stop_rate.{name}": Ratio(f"ordinary_stops.{name}", f"ordinary_vehicles.{name}") for name in classes}
    return per_detection | meetings | by_class
