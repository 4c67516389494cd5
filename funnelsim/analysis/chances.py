"""The chances of each vehicle to be a target, to be found and to be lost, given what it met.

The expected detections are exact given what each vehicle met. Whether a vehicle would be accepted is known at the
selection point and does not depend on what the vehicle itself is; so for every vehicle, target or not, the chances
that it is a target, is selected, is accepted and is found multiply. Their sum has the mean of the counted detections
and a small fraction of their variance, because no rare event has to happen.
"""

import math
from typing import NamedTuple

import numpy as np

from funnelsim.analysis.inputs import (
    ALERTED,
    CLOSES_S,
    CUE,
    FINDS,
    HALF_LIFE_S,
    LEAVES,
    LISTED,
    OPENS_S,
    PREVALENCE,
    VISIBLE,
    MeasureInputs,
)
from funnelsim.analysis.log_arrays import LogArrays
from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.engines.compiled.buffers import (
    ACCEPTED,
    CHASE_READY,
    FREE_S,
    GATE,
    PASSED_S,
    QUALITY,
    QUEUE_SEEN,
    THRESHOLD,
    VEHICLE_CLASS,
)
from funnelsim.model.compiled import inner
from funnelsim.model.decisions import chances_to_turn
from funnelsim.model.rules import step_at
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
    finds, finds_caught
        Columns of the chance to be found, if it is selected and if it is brought back: they differ as equipment comes
        and leaves.
    """

    gate: int
    threshold: float
    quality: float
    accepted: int
    came: int
    queue_seen: int
    out_s: float
    caught: float
    finds: int
    finds_caught: int


class ChanceBuffers(NamedTuple):
    """What weighing vehicles writes.

    Attributes
    ----------
    amounts
        Sums over all vehicles, shape (amounts, target types).
    apart
        The chances of as many vehicles as it has room for, shape (vehicles, amounts, target types).
    alike, each
        Room for what vehicles that are alike met, and for their chances: shapes (5, kinds of vehicles that may be
        alike) and (kinds, amounts, target types).
    turns
        Room for chances to turn off, shape (statuses, 3).
    """

    amounts: FloatArray
    apart: FloatArray
    alike: FloatArray
    each: FloatArray
    turns: FloatArray


def chance_buffers(classes: int, types: int, apart: int) -> ChanceBuffers:
    """Return empty buffers for so many classes and target types, with room for some vehicles' own chances."""
    alike = classes * _GATES * 2
    return ChanceBuffers(
        amounts=np.zeros((AMOUNTS, types)),
        apart=np.zeros((apart, AMOUNTS, types)),
        alike=np.zeros((5, alike)),
        each=np.zeros((alike, AMOUNTS, types)),
        turns=np.zeros((1 + types, 3)),
    )


@inner
def weigh(
    found: FloatArray, in_operation: BoolArray, log: LogArrays, inputs: MeasureInputs, buffers: ChanceBuffers
) -> float:
    """Weigh every vehicle of the operation by what it met; return the chance that nothing is found at all.

    Nearly all vehicles meet what another one of their class has just met: they are counted and weighed together.

    Parameters
    ----------
    found
        Written: the chance of each vehicle to be a target and to be found, shape (vehicles,).
    in_operation
        Who counts.
    log, inputs
        The log and what else it takes.
    buffers
        Written.
    """
    amounts, apart, alike, each, turns = buffers
    vehicle_class, gates, accepted = log.ints[VEHICLE_CLASS], log.ints[GATE], log.bools[ACCEPTED]
    thresholds, qualities, passages_s = log.floats[THRESHOLD], log.floats[QUALITY], log.floats[PASSED_S]
    free_s, queue_seen, chase_ready = log.floats[FREE_S], log.bools[QUEUE_SEEN], log.bools[CHASE_READY]
    opens_s, closes_s = inputs.windows_s[OPENS_S], inputs.windows_s[CLOSES_S]
    value, number, threshold, quality, column = alike[0], alike[1], alike[2], alike[3], alike[4]
    amounts[:] = 0.0
    alike[:] = 0.0
    each[:] = 0.0
    turns[:] = 0.0
    chance_of_none = 1.0
    for funnel in range(len(log.first) - 1):
        threshold[:] = np.nan
        targets, keeps_away = inputs.targets[funnel], inputs.keeps_away[funnel]
        some_turn_off = inputs.funnels[funnel]["some_turn_off"] != 0
        before_s, caught = inputs.funnels[funnel]["turn_off_before_s"], inputs.funnels[funnel]["caught"]
        for i in range(log.first[funnel], log.first[funnel + 1]):
            if not in_operation[i]:
                found[i] = 0.0
                continue
            like = (vehicle_class[i] * _GATES + gates[i]) * 2 + accepted[i]
            finds = FINDS + step_at(passages_s[i], inputs.skip_times_s)
            same = threshold[like] == thresholds[i] and quality[like] == qualities[i] and column[like] == finds
            if some_turn_off or not same:
                _add(amounts, each, like, number[like])
                number[like], threshold[like], quality[like], column[like] = 0.0, thresholds[i], qualities[i], finds
                sight = Sight(
                    gates[i],
                    thresholds[i],
                    qualities[i],
                    int(accepted[i]),
                    int(passages_s[i] < np.inf or not some_turn_off),
                    int(queue_seen[i]),
                    _out_s(free_s[i] - before_s, opens_s, closes_s),
                    caught if chase_ready[i] else 0.0,
                    finds,
                    FINDS + step_at(free_s[i] - before_s, inputs.skip_times_s),
                )
                stayers = _turn(turns, keeps_away, targets, vehicle_class[i], sight) if some_turn_off else 1.0
                value[like] = _weigh_vehicle(each, like, turns, targets, vehicle_class[i], stayers, sight)
            number[like] += 1.0
            found[i] = value[like]
            chance_of_none *= 1.0 - value[like]
            if i < len(apart):
                for amount in range(AMOUNTS):
                    for k in range(amounts.shape[1]):
                        apart[i, amount, k] = each[like, amount, k]
        for like in range(len(number)):
            _add(amounts, each, like, number[like])
            number[like] = 0.0
    return chance_of_none


@inner
def _add(amounts: FloatArray, each: FloatArray, like: int, number: float) -> None:
    if number > 0.0:
        for amount in range(AMOUNTS):
            for k in range(amounts.shape[1]):
                amounts[amount, k] += number * each[like, amount, k]


@inner
def _out_s(at_s: float, opens_s: FloatArray, closes_s: FloatArray) -> float:
    """Return how long the funnel has stood at a moment; -1 while there is none."""
    for window in range(len(opens_s)):
        if opens_s[window] <= at_s < closes_s[window]:
            return float(at_s - opens_s[window])
    return -1.0


@inner
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


@inner
def _weigh_vehicle(
    each: FloatArray, like: int, turns: FloatArray, targets: FloatArray, of_class: int, stayers: float, sight: Sight
) -> float:
    """Write the chances of one vehicle; return that of being found, of all types.

    Who turns off is weighed where it could: all vehicles know what they saw there. Of those who came, the chance to be
    a target is that of a vehicle that came, given what it saw: so those who came stand for the others.

    Parameters
    ----------
    each, like
        Written at position `like`.
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
        prevalence = targets[of_class, k, PREVALENCE]
        finds, finds_caught = targets[of_class, k, sight.finds], targets[of_class, k, sight.finds_caught]
        away, turned, leaves = turns[k + 1, 0], turns[k + 1, 1], turns[k + 1, 2]
        stays = 1.0 - away - turned - leaves
        is_target = prevalence * stays / stayers if sight.came and stayers > 0.0 else 0.0
        selected = is_target * _selected(targets[of_class, k, CUE], targets[of_class, k, LISTED], sight)
        inspected = selected * sight.accepted
        brought = prevalence * (turned + leaves) * sight.caught
        each[like, OFFERED, k] = is_target + prevalence * (1.0 - stays)
        each[like, FOUND, k] = inspected * finds + brought * finds_caught
        each[like, EXIT, k] = prevalence * leaves * (1.0 - sight.caught)
        each[like, EVADED, k] = prevalence * (away + turned * (1.0 - sight.caught))
        each[like, NOT_SELECTED, k] = is_target - selected if looked_at else 0.0
        each[like, SUSPENDED, k] = 0.0 if looked_at or unstaffed else is_target - selected
        each[like, UNSTAFFED, k] = is_target if unstaffed else 0.0
        each[like, AREA_FULL, k] = selected - inspected
        each[like, MISSED, k] = inspected * (1.0 - finds) + brought * (1.0 - finds_caught)
        found += inspected * finds + brought * finds_caught
    return found


@inner
def _selected(cue: float, listed: float, sight: Sight) -> float:
    """Return the chance that a target is selected, by its score or from the watch list."""
    if sight.gate == _GATE_OPEN:
        by_score = 0.5 * math.erfc((sight.threshold - cue * sight.quality) / _SQRT_2)
        return listed + (1.0 - listed) * by_score
    return listed if sight.gate == _GATE_SUSPENDED else 0.0
