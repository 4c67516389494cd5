"""The chances of each vehicle to be a target, to be found and to be lost, given what it met.

The expected detections are exact given what each vehicle met. Whether a vehicle would be accepted is known at the
selection point and does not depend on what the vehicle itself is; so for every vehicle, target or not, the chances
that it is a target, is selected, is accepted and is found multiply. Their sum has the mean of the counted detections
and a small fraction of their variance, because no rare event has to happen.
"""

import math
from typing import NamedTuple

import numpy as np

from funnelsim.analysis.records import Records
from funnelsim.analysis.yardstick import (
    ALERTED,
    CUE,
    FINDS,
    HALF_LIFE_S,
    LEAVES,
    LISTED,
    PREVALENCE,
    VISIBLE,
    Yardstick,
)
from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.model.compiled import compiled
from funnelsim.model.decisions import chances_to_turn
from funnelsim.model.states import Gate

LOSSES = (
    "loss_exit",
    "loss_evaded",
    "loss_not_selected",
    "loss_suspended",
    "loss_unstaffed",
    "loss_area_full",
    "loss_missed",
)
AMOUNTS = 2 + len(LOSSES)
OFFERED, FOUND, EXIT, EVADED, NOT_SELECTED, SUSPENDED, UNSTAFFED, AREA_FULL, MISSED = range(AMOUNTS)

_GATES = len(Gate)
_GATE_OPEN, _GATE_UNSTAFFED, _GATE_SUSPENDED = int(Gate.OPEN), int(Gate.UNSTAFFED), int(Gate.SUSPENDED)
_SQRT_2 = math.sqrt(2.0)


class Sight(NamedTuple):
    """What a vehicle met and saw, as far as its chances depend on it.

    Attributes
    ----------
    gate, threshold, quality, accepted
        What it met at the selection point (`funnelsim.model.log.Log`).
    came
        Whether it came there.
    queue_seen
        Whether the queue was long enough to leave.
    out_s
        How long the funnel had stood when it could turn off; -1 while there was none.
    caught
        Share of those like it that is brought back if they turn off.
    """

    gate: int
    threshold: float
    quality: float
    accepted: int
    came: int
    queue_seen: int
    out_s: float
    caught: float


@compiled
def weigh(
    amounts: FloatArray, found: FloatArray, apart: FloatArray, met: BoolArray, records: Records, yardstick: Yardstick
) -> float:
    """Weigh every vehicle of the operation by what it met; return the chance that nothing is found at all.

    Parameters
    ----------
    amounts
        Written: sums over all vehicles, shape (amounts, target types).
    found
        Written: the chance of each vehicle to be a target and to be found, shape (vehicles,).
    apart
        Written: the chances of as many vehicles as it has room for, shape (vehicles, amounts, target types).
    met
        Who counts.
    records, yardstick
        The log and the plan.
    """
    weights, vehicle_class, gates, accepted = yardstick.weights, records.vehicle_class, records.gate, records.accepted
    thresholds, qualities, passages_s, free_s = records.threshold, records.quality, records.passed_s, records.free_s
    opens_s, closes_s = yardstick.windows.opens_s, yardstick.windows.closes_s
    # Nearly all vehicles meet what another one of their class has just met: they are counted and weighed together.
    alike = weights.targets.shape[1] * _GATES * 2
    each = np.zeros((alike, AMOUNTS, weights.targets.shape[2]))
    turns = np.zeros((weights.keeps_away.shape[1], 3))
    value, number = np.zeros(alike), np.zeros(alike)
    threshold, quality = np.empty(alike), np.empty(alike)
    amounts[:] = 0.0
    chance_of_none = 1.0
    for funnel in range(len(records.first) - 1):
        threshold[:] = np.nan
        targets, keeps_away, anybody = weights.targets[funnel], weights.keeps_away[funnel], weights.anybody[funnel]
        before_s, caught = weights.turn_off_before_s[funnel], weights.caught[funnel]
        for i in range(records.first[funnel], records.first[funnel + 1]):
            if not met[i]:
                found[i] = 0.0
                continue
            like = (vehicle_class[i] * _GATES + gates[i]) * 2 + accepted[i]
            same = threshold[like] == thresholds[i] and quality[like] == qualities[i]
            if anybody or not same:
                _add(amounts, each, like, number[like])
                number[like], threshold[like], quality[like] = 0.0, thresholds[i], qualities[i]
                sight = Sight(
                    gates[i],
                    thresholds[i],
                    qualities[i],
                    int(accepted[i]),
                    int(passages_s[i] < np.inf or not anybody),
                    int(records.queue_seen[i]),
                    _out_s(free_s[i] - before_s, opens_s, closes_s),
                    caught if records.chase_ready[i] else 0.0,
                )
                stayers = _turn(turns, keeps_away, targets, vehicle_class[i], sight) if anybody else 1.0
                value[like] = _weigh_vehicle(each, like, turns, targets, vehicle_class[i], stayers, sight)
            number[like] += 1.0
            found[i] = value[like]
            chance_of_none *= 1.0 - value[like]
            if i < len(apart):
                apart[i] = each[like]
        for like in range(alike):
            _add(amounts, each, like, number[like])
            number[like] = 0.0
    return chance_of_none


@compiled
def _add(amounts: FloatArray, each: FloatArray, like: int, number: float) -> None:
    if number > 0.0:
        for amount in range(AMOUNTS):
            for k in range(amounts.shape[1]):
                amounts[amount, k] += number * each[like, amount, k]


@compiled
def _out_s(at_s: float, opens_s: FloatArray, closes_s: FloatArray) -> float:
    """Return how long the funnel has stood at a moment; -1 while there is none."""
    for window in range(len(opens_s)):
        if opens_s[window] <= at_s < closes_s[window]:
            return float(at_s - opens_s[window])
    return -1.0


@compiled
def _turn(turns: FloatArray, keeps_away: FloatArray, targets: FloatArray, of_class: int, sight: Sight) -> float:
    """Write the chances to turn off by status; return the share of all vehicles like this one that come."""
    ordinary, stayers = 1.0, 0.0
    for status in range(len(turns) - 1, -1, -1):
        away, turned, leaves = chances_to_turn(
            keeps_away[status, ALERTED],
            keeps_away[status, HALF_LIFE_S],
            keeps_away[status, VISIBLE],
            keeps_away[status, LEAVES],
            sight.out_s,
            sight.queue_seen,
        )
        turns[status, 0], turns[status, 1], turns[status, 2] = away, turned, leaves
        share = targets[of_class, status - 1, PREVALENCE] if status > 0 else ordinary
        ordinary -= share
        stayers += share * (1.0 - away - turned - leaves)
    return stayers


@compiled
def _weigh_vehicle(
    each: FloatArray, like: int, turns: FloatArray, targets: FloatArray, of_class: int, stayers: float, sight: Sight
) -> float:
    """Write the chances of one vehicle; return that of being found, of all types.

    Who turns off is weighed where it could: all vehicles know what they saw there. Of those who came, the chance to be
    a target is that of a vehicle that came, given what it saw: so those who came stand for the others.

    Parameters
    ----------
    each, like
        Written at the place `like`.
    turns
        Chances to stay away, to turn away and to leave by status.
    targets, of_class
        What the vehicle would be as a target, by class and type.
    stayers
        Share of all vehicles like this one that come.
    sight
        What it met and saw.
    """
    looked_at, unstaffed = sight.gate == _GATE_OPEN, sight.gate == _GATE_UNSTAFFED
    found = 0.0
    for k in range(each.shape[2]):
        prevalence, finds = targets[of_class, k, PREVALENCE], targets[of_class, k, FINDS]
        away, turned, leaves = turns[k + 1, 0], turns[k + 1, 1], turns[k + 1, 2]
        stays = 1.0 - away - turned - leaves
        is_target = prevalence * stays / stayers if sight.came and stayers > 0.0 else 0.0
        selected = is_target * _selected(targets[of_class, k, CUE], targets[of_class, k, LISTED], sight)
        inspected = selected * sight.accepted
        brought = prevalence * (turned + leaves) * sight.caught
        each[like, OFFERED, k] = is_target + prevalence * (1.0 - stays)
        each[like, FOUND, k] = (inspected + brought) * finds
        each[like, EXIT, k] = prevalence * leaves * (1.0 - sight.caught)
        each[like, EVADED, k] = prevalence * (away + turned * (1.0 - sight.caught))
        each[like, NOT_SELECTED, k] = is_target - selected if looked_at else 0.0
        each[like, SUSPENDED, k] = 0.0 if looked_at or unstaffed else is_target - selected
        each[like, UNSTAFFED, k] = is_target if unstaffed else 0.0
        each[like, AREA_FULL, k] = selected - inspected
        each[like, MISSED, k] = (inspected + brought) * (1.0 - finds)
        found += (inspected + brought) * finds
    return found


@compiled
def _selected(cue: float, listed: float, sight: Sight) -> float:
    """Return the chance that a target is selected, by its score or from the watch list."""
    if sight.gate == _GATE_OPEN:
        by_score = 0.5 * math.erfc((sight.threshold - cue * sight.quality) / _SQRT_2)
        return listed + (1.0 - listed) * by_score
    return listed if sight.gate == _GATE_SUSPENDED else 0.0
