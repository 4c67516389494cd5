"""Counter-based random numbers: each is a pure function of seed, replication, purpose and vehicle.

A draw has no state and no order. Who asks first, what else is drawn, in which engine or process: the number is the
same. So two plans that share traffic meet the very same vehicles with the same draws (common random numbers).

The generator is SplitMix64 [1]_ used as a counter-based hash: a *stream* is its state for one seed, replication and
purpose, and a vehicle's draw is the stream's output at the vehicle's number. Normal quantiles are Wichura's AS 241
(PPND16) [2]_, relative error at most 6e-16.

The functions exist for one vehicle and, with the same bits, for a block of vehicles: short loops over arrays, one after
another, in which the processor takes several vehicles at a time. The exponential function and the logarithm are those
of `elementary`, so the bits are the same on every machine.

References
----------
.. [1] Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators, OOPSLA. doi:10.1145/2660193.2660195
.. [2] Wichura (1988), Algorithm AS 241: The percentage points of the normal distribution, Applied Statistics 37.
   doi:10.2307/2347330
"""

import math
from typing import Final, NamedTuple

import numpy as np

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.model import elementary, grid
from funnelsim.model.compiled import compiled, inner

GOLDEN_GAMMA: Final = np.uint64(0x9E3779B97F4A7C15)
MIX_1: Final = np.uint64(0xBF58476D1CE4E5B9)
MIX_2: Final = np.uint64(0x94D049BB133111EB)
SHIFT_30, SHIFT_27, SHIFT_31, SHIFT_12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
ONE: Final = np.uint64(1)

on_grid = grid.on_grid

CENTRAL: Final = 0.425  # AS 241: how far from a half its first formula reaches
FAR: Final = 1.3887943864964021e-11  # e**-25, where the third one takes over from the second
BLOCK: Final = 1024  # vehicles at a time, so that they stay in the fastest cache

Word = int | np.uint64  # 64 bits, as Python or as machine code passes them


class Scratch(NamedTuple):
    """Temporary arrays for a block of vehicles: two of integers and two of floats."""

    where: IntArray
    counts: IntArray
    u: FloatArray
    quantiles: FloatArray


def scratch_for(vehicles: int) -> Scratch:
    """Return scratch for blocks of so many vehicles."""
    whole, real = np.empty((2, vehicles + 1), dtype=np.int64), np.empty((2, vehicles + 1))
    return Scratch(whole[0], whole[1], real[0], real[1])


@inner
def mix(state: Word) -> np.uint64:
    """Return SplitMix64's output function of a state: every bit depends on every bit."""
    mixed = np.uint64(state)
    mixed = (mixed ^ (mixed >> SHIFT_30)) * MIX_1
    mixed = (mixed ^ (mixed >> SHIFT_27)) * MIX_2
    return mixed ^ (mixed >> SHIFT_31)


@inner
def stream(seed: int, replication: int, purpose: int) -> np.uint64:
    """Return the stream of draws of one purpose in one replication of one seed.

    Streams are for compiled code, which keeps them as unsigned words; from Python use `draw`.
    """
    state = mix(np.uint64(seed) + GOLDEN_GAMMA)
    state = mix((state ^ np.uint64(replication)) + GOLDEN_GAMMA)
    return mix((state ^ np.uint64(purpose)) + GOLDEN_GAMMA)


@inner
def bits(stream: Word, vehicle: int) -> np.uint64:
    """Return 64 random bits: output number `vehicle` of SplitMix64 seeded with `stream`."""
    return mix(np.uint64(stream) + GOLDEN_GAMMA * (np.uint64(vehicle) + ONE))


@inner
def uniform(stream: Word, vehicle: int) -> float:
    """Return a vehicle's draw from (0, 1), both ends excluded, in steps of 2**-52."""
    return float((np.float64(bits(stream, vehicle) >> SHIFT_12) + 0.5) * 2.220446049250313e-16)


@inner
def uniforms(stream: Word, vehicles: IntArray, made: FloatArray) -> None:
    """Write `uniform` for a block of vehicles."""
    for i in range(len(made)):
        made[i] = uniform(stream, vehicles[i])


@inner
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of `u` in (0, 1) by AS 241."""
    if abs(u - 0.5) <= CENTRAL:
        return _central(u)
    return _near_tail(u) if min(u, 1.0 - u) >= FAR else _far_tail(u)


@inner
def normal_quantiles(values: FloatArray, scratch: Scratch) -> None:
    """Replace a block of uniforms by their `normal_quantile`: as if all were central, then the tails again."""
    where, tails, quantiles = scratch.where, scratch.u, scratch.quantiles
    count = 0
    for i in range(len(values)):
        where[count] = i
        tails[count] = values[i]
        count += abs(values[i] - 0.5) > CENTRAL
    for i in range(len(values)):
        values[i] = _central(values[i])
    for k in range(count):
        quantiles[k] = _near_tail(tails[k])
    for k in range(count):
        u = tails[k]
        values[where[k]] = quantiles[k] if min(u, 1.0 - u) >= FAR else _far_tail(u)


@inner
def _central(u: float) -> float:
    q = u - 0.5
    r = 0.180625 - q * q
    top = r * 2.5090809287301226727e3 + 3.3430575583588128105e4
    top = ((top * r + 6.7265770927008700853e4) * r + 4.5921953931549871457e4) * r + 1.3731693765509461125e4
    top = ((top * r + 1.9715909503065514427e3) * r + 1.3314166789178437745e2) * r + 3.3871328727963666080e0
    low = r * 5.2264952788528545610e3 + 2.8729085735721942674e4
    low = ((low * r + 3.9307895800092710610e4) * r + 2.1213794301586595867e4) * r + 5.3941960214247511077e3
    low = ((low * r + 6.8718700749205790830e2) * r + 4.2313330701600911252e1) * r + 1.0
    return float(np.divide(q * top, low))  # unlike a slash it asks for no branch on a division by 0


@inner
def _near_tail(u: float) -> float:
    r = math.sqrt(-elementary.log(min(u, 1.0 - u))) - 1.6
    top = r * 7.74545014278341407640e-4 + 2.27238449892691845833e-2
    top = ((top * r + 2.41780725177450611770e-1) * r + 1.27045825245236838258e0) * r + 3.64784832476320460504e0
    top = ((top * r + 5.76949722146069140550e0) * r + 4.63033784615654529590e0) * r + 1.42343711074968357734e0
    low = r * 1.05075007164441684324e-9 + 5.47593808499534494600e-4
    low = ((low * r + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1
    low = ((low * r + 1.67638483018380384940e0) * r + 2.05319162663775882187e0) * r + 1.0
    return float(np.divide(-top if u < 0.5 else top, low))


@inner
def _far_tail(u: float) -> float:
    r = math.sqrt(-elementary.log(min(u, 1.0 - u))) - 5.0
    top = r * 2.01033439929228813265e-7 + 2.71155556874348757815e-5
    top = ((top * r + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1
    top = ((top * r + 1.78482653991729133580e0) * r + 5.46378491116411436990e0) * r + 6.65790464350110377720e0
    low = r * 2.04426310338993978564e-15 + 1.42151175831644588870e-7
    low = ((low * r + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2
    low = ((low * r + 1.36929880922735805310e-1) * r + 5.99832206555887937690e-1) * r + 1.0
    return float(np.divide(-top if u < 0.5 else top, low))


@inner
def exponential(u: float, mean: float) -> float:
    """Return the exponential variate of mean `mean` that belongs to `u`."""
    return -elementary.log(u) * mean


@inner
def exponentials(values: FloatArray, mean: float) -> None:
    """Replace a block of uniforms by their `exponential`."""
    for i in range(len(values)):
        values[i] = exponential(values[i], mean)


@inner
def lognormal(u: float, mean: float, cv: float) -> float:
    """Return the lognormal variate of mean `mean` and coefficient of variation `cv` that belongs to `u`."""
    if cv == 0.0:
        return mean
    variance = elementary.log(1.0 + cv * cv)
    return _lognormal(normal_quantile(u), mean, math.sqrt(variance), variance)


@inner
def lognormals(values: FloatArray, mean: float, cv: float, scratch: Scratch) -> None:
    """Replace a block of uniforms by their `lognormal`."""
    if cv == 0.0:
        values[:] = mean
        return
    variance = elementary.log(1.0 + cv * cv)
    scatter = math.sqrt(variance)
    normal_quantiles(values, scratch)
    for i in range(len(values)):
        values[i] = _lognormal(values[i], mean, scatter, variance)


@inner
def _lognormal(normal: float, mean: float, scatter: float, variance: float) -> float:
    return mean * elementary.exp(scatter * normal - 0.5 * variance)


@inner
def poisson(u: float, mean: float) -> int:
    """Return the Poisson variate of mean `mean` (at most some hundreds) that belongs to `u`, by summing chances."""
    chance = elementary.exp(-mean)
    up_to = chance
    number = 0
    while u > up_to:
        number += 1
        chance *= mean / number
        if up_to + chance == up_to:  # what is left is lost in rounding
            break
        up_to += chance
    return number


def poisson_up_to(mean: float) -> FloatArray:
    """Return the chances of at most 0, 1, 2, ... as `poisson` sums them: the variate is how many `u` exceeds."""
    sums = [elementary.exp(-mean)]
    chance = sums[0]
    while True:
        chance *= mean / len(sums)
        if sums[-1] + chance == sums[-1]:
            return np.array(sums)
        sums.append(sums[-1] + chance)


@compiled
def draws(seed: int, replication: int, purpose: int, vehicles: IntArray) -> FloatArray:
    """Return `draw` for many vehicles, shape (vehicles,)."""
    made = np.empty(len(vehicles))
    uniforms(stream(seed, replication, purpose), vehicles, made)
    return made


@compiled
def draw(seed: int, replication: int, purpose: int, vehicle: int) -> float:
    """Return u(seed, replication, purpose, vehicle) of law 1 of the model: a uniform in (0, 1)."""
    return uniform(stream(seed, replication, purpose), vehicle)


@compiled
def draw_duration(
    seed: int, replication: int, purpose: int, vehicle: int, mean_s: float, cv: float, memoryless: bool
) -> float:
    """Return a vehicle's duration on the time grid, lognormal or exponential (`memoryless`)."""
    u = uniform(stream(seed, replication, purpose), vehicle)
    return on_grid(exponential(u, mean_s) if memoryless else lognormal(u, mean_s, cv))
