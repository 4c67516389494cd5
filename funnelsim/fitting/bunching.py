"""Arrivals after Cowan's M3, and independent ones, as the model draws them and as a clock shows them.

A vehicle follows at the least gap Δ, or is free and comes an exponential time later. At a flow of q vehicles a second
the share of free vehicles is exp(-b Δ q). Independent arrivals have Δ = 0.

References
----------
Cowan (1975), Useful headway models, Transportation Research 9. doi:10.1016/0041-1647(75)90008-8
Akçelik and Chung (1994), Calibration of the bunched exponential distribution of arrival headways, Road and Transport
Research 3.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import optimize

from funnelsim.arrays import BoolArray, FloatArray, IndexArray, Vector
from funnelsim.fitting.readings import LEAST_CHANCE, Clock
from funnelsim.units import MINUTE_S

FOLLOWING_S: Final = 3.0
"""Drivers who follow no more than 3 s behind are in a bunch (Highway Capacity Manual 2010, two-lane highways)."""

_LONGEST_S: Final = 60.0  # up to here gaps are compared
STRAY: Final = 0.01
_MOST_FREEDOM_S: Final = 60.0
_LEAST_GAP_S: Final = 0.05  # a gap of nothing would leave the bunching factor without meaning
_STARTS: Final = ((0.05, 0.3), (0.3, 0.5), (0.5, 1.0), (0.8, 2.0))
_DENSEST: Final = 0.95  # the least gap takes at most this share of the mean one


@dataclass(frozen=True)
class Bunched:
    """Gaps after M3 at several flows.

    Attributes
    ----------
    least_s
        The least gap.
    freedom_s
        The product of bunching factor and least gap: the share of free vehicles is exp(-freedom_s * flow).
    flow_vps
        Flows, vehicles a second.
    """

    least_s: float
    freedom_s: float
    flow_vps: FloatArray

    @property
    def free_share(self) -> FloatArray:
        """The share of free vehicles at each flow."""
        share: FloatArray = np.exp(-self.freedom_s * self.flow_vps)
        return share

    @property
    def tail_s(self) -> FloatArray:
        """The mean of what a free vehicle's gap exceeds the least one by."""
        tail: FloatArray = np.maximum(1.0 / self.flow_vps - self.least_s, 1e-6) / self.free_share
        return tail

    def up_to(self, x: FloatArray) -> FloatArray:
        """Return the chance of a gap of at most x."""
        over = np.maximum(x - self.least_s, 0.0)
        return np.where(x < self.least_s, 0.0, 1.0 - self.free_share * np.exp(-over / self.tail_s))

    def beyond(self, x: FloatArray) -> FloatArray:
        """Return the mean of how far a gap exceeds x."""
        over = np.maximum(x - self.least_s, 0.0)
        free = self.free_share * self.tail_s
        return np.where(x < self.least_s, self.least_s - x + free, free * np.exp(-over / self.tail_s))


@dataclass(frozen=True, eq=False)
class Record:
    """Vehicles passing a point, in slices of time with a flow of their own.

    Attributes
    ----------
    times_s
        Readings of the clock, ascending.
    clock
        How they were read.
    edges_s
        Of the slices, shape (slices + 1,).
    counts
        Vehicles in each slice, shape (slices,).
    least_count
        Slices with fewer vehicles tell nothing of bunches and are left out.
    """

    times_s: FloatArray
    clock: Clock
    edges_s: FloatArray
    counts: IndexArray
    least_count: int

    @property
    def length_s(self) -> float:
        """Of a slice."""
        return float(self.edges_s[1] - self.edges_s[0])

    @property
    def used(self) -> BoolArray:
        """Which slices have vehicles enough, shape (slices,)."""
        return self.counts >= self.least_count

    def gaps(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the gaps that begin in the slices used, the flows there, and how often each such pair comes."""
        slice_of = _slice_of(self.times_s[:-1], self.edges_s)
        kept = self.used[slice_of]
        steps = np.round(np.diff(self.times_s)[kept] / self.clock.step_s).astype(np.int64)
        most = int(steps.max(initial=0)) + 1
        pairs, often = np.unique(self.counts[slice_of[kept]] * most + steps, return_counts=True)
        return pairs % most * self.clock.step_s, pairs // most / self.length_s, often.astype(np.float64)

    def dispersion(self) -> float:
        """Return how much the counts of minutes scatter about their slice's mean; 1 for independent arrivals."""
        minutes = max(1, round(self.length_s / MINUTE_S))
        ends = np.linspace(self.edges_s[0], self.edges_s[-1], minutes * len(self.counts) + 1)
        seen = np.bincount(_slice_of(self.times_s, ends), minlength=len(ends) - 1).reshape(-1, minutes)[self.used]
        mean = seen.mean(axis=1, keepdims=True)
        return float(((seen - mean) ** 2 / mean).sum() / ((minutes - 1) * len(seen)))


def record_of(times_s: FloatArray, clock: Clock, edges_s: FloatArray, least_count: int) -> Record:
    """Return a record of vehicles in slices."""
    counts = np.bincount(_slice_of(times_s, edges_s), minlength=len(edges_s) - 1)
    return Record(times_s, clock, edges_s, counts, least_count)


def _slice_of(times_s: FloatArray, edges_s: FloatArray) -> IndexArray:
    place = np.searchsorted(edges_s, times_s, side="right") - 1
    return np.clip(place, 0, len(edges_s) - 2)


def largest_difference(record: Record, least_s: float, freedom_s: float) -> tuple[float, float]:
    """Return by how much the observed and the model's shares of gaps up to any length differ at most.

    First over all lengths, then over those from `FOLLOWING_S` on: how many follow, and the gaps between bunches.
    """
    gaps_s, flow_vps, often = record.gaps()
    at = np.arange(0.0, _LONGEST_S + 0.5 * record.clock.step_s, max(record.clock.step_s, 0.1))
    place = np.searchsorted(at, gaps_s - 1e-9)
    seen = np.cumsum(np.bincount(place, often, minlength=len(at) + 1))[: len(at)] / often.sum()
    flows, kind = np.unique(flow_vps, return_inverse=True)
    shares = np.bincount(kind.ravel(), often) / often.sum()
    of = Bunched(least_s, freedom_s, flows[None, :])
    off = np.abs(seen - record.clock.up_to(of, at[:, None]) @ shares)
    return float(off.max()), float(off[at > FOLLOWING_S - 1e-9].max())


def fit_bunches(record: Record, start: tuple[float, float] | None = None) -> tuple[float, float]:
    """Return the least gap and the freedom (bunching factor times least gap) that fit best.

    The model lets whoever follows do so at exactly the least gap, as nobody does; how close drivers follow within a
    bunch does not matter to a queue, how many do matters. So the likelihood is used twice: of all gaps, for the least
    gap, where 1 gap in 100 may be anything, as one pair side by side or misread would else set it to nothing; then,
    with that least gap, of the number that follow (`FOLLOWING_S`) and of the longer gaps, for the freedom.

    Parameters
    ----------
    record
        Who passed when.
    start
        Where the search begins; left out, in several places.
    """
    gaps_s, flow_vps, often = record.gaps()
    most_s = min(FOLLOWING_S, _DENSEST / float(flow_vps.max()))
    following = gaps_s <= FOLLOWING_S + 1e-9
    flows, kind = np.unique(flow_vps[following], return_inverse=True)
    follow = np.bincount(kind.ravel(), often[following])
    stray = STRAY * record.clock.chance(Bunched(0.0, 0.0, flow_vps), gaps_s)
    limit_s = np.full(len(flows), np.floor(FOLLOWING_S / record.clock.step_s + 1e-9) * record.clock.step_s)

    def of_all(values: Vector) -> float:
        of = Bunched(float(values[0]), float(values[1]), flow_vps)
        chance = (1.0 - STRAY) * record.clock.chance(of, gaps_s) + stray
        return -float(often @ np.log(chance)) / float(often.sum())

    def of_bunches(freedom_s: float) -> float:
        group, alone = (Bunched(least_s, freedom_s, flow) for flow in (flows, flow_vps[~following]))
        chance = np.maximum(record.clock.up_to(group, limit_s), LEAST_CHANCE)
        longer = record.clock.chance(alone, gaps_s[~following])
        return -float(follow @ np.log(chance) + often[~following] @ np.log(longer))

    starts = (
        [start]
        if start is not None
        else [(max(share * most_s, _LEAST_GAP_S), freedom_s) for share, freedom_s in _STARTS]
    )
    bounds = [(_LEAST_GAP_S, most_s), (0.0, _MOST_FREEDOM_S)]
    found = [
        optimize.minimize(
            of_all, np.array(one), method="Nelder-Mead", bounds=bounds, options={"xatol": 1e-3, "fatol": 1e-7}
        )
        for one in starts
    ]
    least_s = float(min(found, key=lambda one: float(one.fun)).x[0])
    freedom = optimize.minimize_scalar(of_bunches, bounds=bounds[1], method="bounded", options={"xatol": 1e-3})
    return least_s, float(freedom.x)


def draw_independent(record: Record, rng: np.random.Generator) -> Record:
    """Return a record with as many vehicles in each slice, each at a moment of its own."""
    begins_s = np.repeat(record.edges_s[:-1], record.counts)
    return _read(record, begins_s + record.length_s * rng.random(len(begins_s)))


def draw_bunched(record: Record, least_s: float, freedom_s: float, rng: np.random.Generator) -> Record:
    """Return a record drawn from M3 at the flows of this one, as the model draws it: anew in each slice."""
    flow_vps = np.maximum(record.counts, 0.5) / record.length_s
    of = Bunched(least_s, freedom_s, flow_vps[:, None])
    most = int(1.5 * record.counts.max() + 10.0 * np.sqrt(record.counts.max()) + 20.0)
    shape = (len(flow_vps), most)
    free_s = rng.exponential(size=shape) * of.tail_s
    gaps_s = least_s + np.where(rng.random(shape) < of.free_share, free_s, 0.0)
    bunched = rng.random(len(flow_vps)) < least_s * flow_vps  # at a moment of no significance, within a least gap
    gaps_s[:, 0] = np.where(bunched, least_s * rng.random(len(flow_vps)), least_s + free_s[:, 0])
    after_s = np.cumsum(gaps_s, axis=1)
    times_s = (record.edges_s[:-1, None] + after_s)[(after_s < record.length_s) & (record.counts[:, None] > 0)]
    return _read(record, times_s)


def _read(record: Record, times_s: FloatArray) -> Record:
    step_s = record.clock.step_s
    shown = np.floor(np.sort(times_s) / step_s) * step_s
    return record_of(shown, record.clock, record.edges_s, record.least_count)


def slices(times_s: FloatArray, length_s: float) -> FloatArray:
    """Return the edges of equal slices of about a length, from the first to the last vehicle."""
    span_s = float(times_s[-1] - times_s[0])
    return np.linspace(times_s[0], times_s[-1], max(1, round(span_s / length_s)) + 1)
