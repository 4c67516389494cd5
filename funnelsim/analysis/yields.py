"""Yield and losses of one replication: what was found, what would be found on average, and where the rest goes.

The expected detections are exact given what each vehicle met. Whether a vehicle would be accepted is known at the
selection point and does not depend on what the vehicle itself is; so for every vehicle, target or not, the chances
that it is a target, is selected, is accepted and is found multiply. Their sum has the mean of the counted detections
and a small fraction of their variance, because no rare event has to happen.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from funnelsim.analysis.found import chance_to_find
from funnelsim.model.log import NOT_FOUND, Fate, Gate, Log
from funnelsim.model.plan import Plan

FloatArray = NDArray[np.float64]

LOSSES = (
    "loss_exit",
    "loss_evaded",
    "loss_not_selected",
    "loss_suspended",
    "loss_unstaffed",
    "loss_area_full",
    "loss_missed",
)


@dataclass(frozen=True)
class Chances:
    """Chances of each vehicle of the operation by target type, each of shape (vehicles, target types).

    Attributes
    ----------
    is_target
        That it is a target of the type.
    found
        That it is one and is found.
    losses
        That it is one and is lost in the way named.
    """

    is_target: FloatArray
    found: FloatArray
    losses: dict[str, FloatArray]


def in_operation(log: Log, plan: Plan) -> NDArray[np.bool_]:
    """Tell which vehicles count towards yield: their unobstructed arrival lies in the operation."""
    inside: NDArray[np.bool_] = (log.arrival_s >= plan.funnel.opens_s) & (log.arrival_s < plan.funnel.closes_s)
    return inside


def chances(log: Log, plan: Plan) -> Chances:
    """Weigh every vehicle of the operation by what it met."""
    met = in_operation(log, plan)
    vehicle_class = log.traffic.vehicle_class[met]
    is_target = plan.road.prevalence[vehicle_class]
    selects = 1.0 - ndtr(log.threshold[met][:, None] - plan.cue[None, 1:])
    finds = chance_to_find(plan.inspection)[vehicle_class][:, 1:]
    accepted = log.accepted[met][:, None]
    gate = log.gate[met][:, None]
    looked_at = gate == Gate.OPEN
    unstaffed = gate == Gate.UNSTAFFED
    inspected = is_target * selects * (looked_at & accepted)
    nobody = np.zeros_like(is_target)
    return Chances(
        is_target=is_target,
        found=inspected * finds,
        losses={
            "loss_exit": nobody,
            "loss_evaded": nobody,
            "loss_not_selected": is_target * (1.0 - selects) * looked_at,
            "loss_suspended": is_target * ~(looked_at | unstaffed),
            "loss_unstaffed": is_target * unstaffed,
            "loss_area_full": is_target * selects * (looked_at & ~accepted),
            "loss_missed": inspected * (1.0 - finds),
        },
    )


def yields(log: Log, plan: Plan) -> dict[str, float]:
    """Return the measures of yield and loss of one replication.

    Returns
    -------
    dict
        `detections` are counted; everything else is expected, given what the vehicles met. The losses and
        `share_found` are shares of `targets_offered` and sum to 1; not a number where no target is offered.
    """
    weigh = chances(log, plan)
    offered = float(weigh.is_target.sum())
    expected = float(weigh.found.sum())
    counted = in_operation(log, plan) & (log.found_at != NOT_FOUND)
    share = 1.0 / offered if offered > 0 else np.nan
    measures = {
        "detections": float(counted.sum()),
        "expected_detections": expected,
        "chance_of_any": float(1.0 - np.prod(1.0 - weigh.found.sum(axis=1))),
        "persons_found": float(weigh.found.sum(axis=0) @ plan.persons[1:]),
        "targets_offered": offered,
        "share_found": expected * share,
    }
    measures |= {name: float(weigh.losses[name].sum()) * share for name in LOSSES}
    for k, name in enumerate(plan.targets):
        measures[f"detections.{name}"] = float((counted & (log.traffic.target == k + 1)).sum())
        measures[f"expected_detections.{name}"] = float(weigh.found[:, k].sum())
    return measures


def fates(log: Log) -> dict[Fate, int]:
    """Count the vehicles by fate."""
    count = np.bincount(log.fate, minlength=len(Fate))
    return {fate: int(count[fate]) for fate in Fate}
