"""The draws of each vehicle: whether it is a target, its impression, headway, look and occupants, a block at a time."""

from typing import Final

import numpy as np

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.model import random_numbers
from funnelsim.model.compiled import inner
from funnelsim.model.random_numbers import Scratch
from funnelsim.model.random_streams import HEADWAY, IMPRESSION, LOOK, OCCUPANTS, TARGET

FEW: Final = 4


@inner
def draw_targets(
    seed: int,
    replication: int,
    number: IntArray,
    vehicle_class: IntArray,
    prevalence_up_to: FloatArray,
    target_of: IntArray,
    target: IntArray,
    scratch: Scratch,
) -> None:
    """Write which vehicles are targets, and of which type. Most are not, as one comparison shows."""
    u = scratch.u[: len(number)]
    random_numbers.uniforms(random_numbers.stream(seed, replication, TARGET), number, u)
    highest = 0.0
    for of_class in prevalence_up_to:
        for up_to in of_class:
            highest = max(highest, up_to)
    target[:] = 0
    for i in range(len(number)):
        if u[i] < highest:
            for k in range(prevalence_up_to.shape[1]):
                if u[i] < prevalence_up_to[vehicle_class[i], k]:
                    target[i] = target_of[k]
                    break


@inner
def draw_impressions(seed: int, replication: int, number: IntArray, impression: FloatArray, scratch: Scratch) -> None:
    """Write the impressions of the looks at the vehicles, before a target's cue is added."""
    random_numbers.uniforms(random_numbers.stream(seed, replication, IMPRESSION), number, impression)
    random_numbers.normal_quantiles(impression, scratch)


@inner
def draw_headway_noise(
    seed: int, replication: int, number: IntArray, of_funnel: np.void, headway_noise: FloatArray, scratch: Scratch
) -> None:
    """Write the factors on the headways of the vehicles."""
    random_numbers.uniforms(random_numbers.stream(seed, replication, HEADWAY), number, headway_noise)
    random_numbers.lognormals(headway_noise, 1.0, of_funnel["headway_cv"], scratch)


@inner
def draw_looks(
    seed: int, replication: int, number: IntArray, of_funnel: np.void, look_s: FloatArray, scratch: Scratch
) -> None:
    """Write how long officers need to look at the vehicles, on the time grid."""
    random_numbers.uniforms(random_numbers.stream(seed, replication, LOOK), number, look_s)
    random_numbers.lognormals(look_s, of_funnel["look_mean_s"], of_funnel["look_cv"], scratch)
    for i in range(len(look_s)):
        look_s[i] = random_numbers.on_grid(look_s[i])


@inner
def draw_occupants(
    seed: int,
    replication: int,
    number: IntArray,
    vehicle_class: IntArray,
    passengers_up_to: FloatArray,
    occupants: IntArray,
    scratch: Scratch,
) -> None:
    """Write how many persons are in the vehicles: the driver and as many passengers as the draw exceeds sums.

    Most vehicles carry few, so the first sums are compared without a branch, which would often be guessed wrong.
    """
    u = scratch.u[: len(number)]
    random_numbers.uniforms(random_numbers.stream(seed, replication, OCCUPANTS), number, u)
    most = passengers_up_to.shape[1]
    for i in range(len(number)):
        passengers = 0
        for k in range(FEW):
            passengers += u[i] > passengers_up_to[vehicle_class[i], k]
        occupants[i] = 1 + passengers
    for i in range(len(number)):
        if occupants[i] > FEW:
            passengers = FEW
            while passengers < most and u[i] > passengers_up_to[vehicle_class[i], passengers]:
                passengers += 1
            occupants[i] = 1 + passengers
