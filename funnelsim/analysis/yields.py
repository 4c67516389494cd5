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

from funnelsim.model.evasion import turning_of
from funnelsim.model.found import chance_to_find
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

    Those of a vehicle that came to the selection point stand for the vehicles that turned off in its like, too.

    Attributes
    ----------
    offered
        That it is a target of the type, whatever becomes of it.
    found
        That it is one and is found.
    losses
        That it is one and is lost in the way named; with `found` they sum to `offered`.
    """

    offered: FloatArray
    found: FloatArray
    losses: dict[str, FloatArray]


def in_operation(log: Log, plan: Plan) -> NDArray[np.bool_]:
    """Tell which vehicles count towards yield: their unobstructed arrival lies in a window of the operation."""
    inside = np.zeros(len(log.arrival_s), dtype=np.bool_)
    for opens_s, closes_s in plan.windows_s:
        inside |= (log.arrival_s >= opens_s) & (log.arrival_s < closes_s)
    return inside


def chances(log: Log, plan: Plan) -> Chances:
    """Weigh every vehicle of the operation by what it met, funnel by funnel."""
    if not plan.beside:
        return _chances(log, plan)
    parts = [_chances(log.of_funnel(k), funnel) for k, funnel in enumerate(plan.funnels)]
    return Chances(
        offered=np.concatenate([part.offered for part in parts]),
        found=np.concatenate([part.found for part in parts]),
        losses={name: np.concatenate([part.losses[name] for part in parts]) for name in LOSSES},
    )


def _chances(log: Log, plan: Plan) -> Chances:
    """Weigh every vehicle of one funnel.

    Who turns off is weighed where it could: all vehicles know what they saw there. Of those who came, the chance to be
    a target is that of a vehicle that came, given what it saw: so those who came stand for the others.
    """
    met = in_operation(log, plan)
    vehicle_class = log.traffic.vehicle_class[met]
    prevalence = plan.road.prevalence[vehicle_class]
    finds = chance_to_find(plan.inspection)[vehicle_class][:, 1:]
    if not plan.evasion.anybody:
        return _singled_out(log, plan, met, prevalence, finds)
    turning = turning_of(plan.evasion, plan.funnel, log.traffic.free_s[met], log.queue_seen[met])
    ordinary = 1.0 - prevalence.sum(axis=1, keepdims=True)
    came = log.passed[met][:, None]
    stays = turning.stays[:, 1:]
    of_stayers = ordinary * turning.stays[:, :1] + (prevalence * stays).sum(axis=1, keepdims=True)
    posterior = np.divide(prevalence * stays, of_stayers, out=np.zeros_like(prevalence), where=came)
    weighed = _singled_out(log, plan, met, posterior, finds)
    caught: FloatArray = np.zeros((len(prevalence), 1))
    if plan.pursuit is not None:
        caught[log.chase_ready[met]] = plan.pursuit.pursues * plan.pursuit.brings
    turned, left = prevalence * turning.turns_away[:, 1:], prevalence * turning.leaves[:, 1:]
    brought = (turned + left) * caught
    weighed.losses["loss_exit"] = left * (1.0 - caught)
    weighed.losses["loss_evaded"] = prevalence * turning.stays_away[:, 1:] + turned * (1.0 - caught)
    weighed.losses["loss_missed"] += brought * (1.0 - finds)
    turned_off = prevalence * (1.0 - stays)
    return Chances(weighed.offered + turned_off, weighed.found + brought * finds, weighed.losses)


def _singled_out(log: Log, plan: Plan, met: NDArray[np.bool_], is_target: FloatArray, finds: FloatArray) -> Chances:
    """Weigh what becomes of vehicles at the selection point, given the chance that they are targets."""
    gate = log.gate[met][:, None]
    accepted = log.accepted[met][:, None]
    looked_at, unstaffed, suspended = gate == Gate.OPEN, gate == Gate.UNSTAFFED, gate == Gate.SUSPENDED
    cue = plan.choice.cue[None, 1:] * log.quality[met][:, None]
    by_score = (1.0 - ndtr(log.threshold[met][:, None] - cue)) * looked_at
    listed = plan.choice.listed[None, 1:] * (looked_at | suspended)
    selected = is_target * (listed + (1.0 - listed) * by_score)
    inspected = selected * accepted
    nobody = np.zeros_like(is_target)
    return Chances(
        offered=is_target,
        found=inspected * finds,
        losses={
            "loss_exit": nobody,
            "loss_evaded": nobody,
            "loss_not_selected": (is_target - selected) * looked_at,
            "loss_suspended": (is_target - selected) * ~(looked_at | unstaffed),
            "loss_unstaffed": is_target * unstaffed,
            "loss_area_full": selected * ~accepted,
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
    offered = float(weigh.offered.sum())
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
