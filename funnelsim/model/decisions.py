"""Decisions that need a random number, a root or a power: compiled once, called by both engines and by the measures."""

import math

from funnelsim.arrays import FloatArray
from funnelsim.model import random_numbers, rules
from funnelsim.model.compiled import compiled, inner, kernel


@compiled
def happens(seed: int, replication: int, purpose: int, vehicle: int, chance: float) -> bool:
    """Draw whether something of a given chance happens to a vehicle."""
    return chance > 0.0 and random_numbers.draw(seed, replication, purpose, vehicle) < chance


@compiled
def look_quality(
    look_s: float, reference_s: float, since_opening_s: float, rotate_s: float, half_life_s: float
) -> float:
    """Return the factor on a target's cue: the square root of the look over its reference, halved as officers tire.

    Parameters
    ----------
    look_s, reference_s
        The look, and the look for which the cue holds; infinite where all looks tell the same.
    since_opening_s, rotate_s
        How long the funnel has stood, and when a fresh officer takes over, again and again.
    half_life_s
        After what time at the post a look tells half; infinite where nobody tires.

    Examples
    --------
    >>> look_quality(8.0, 2.0, 0.0, math.inf, math.inf), round(look_quality(2.0, 2.0, 5400.0, 1800.0, 3600.0), 12)
    (2.0, 1.0)

    References
    ----------
    Green and Swets (1966), Signal detection theory and psychophysics: d' of independent observations that are summed
    grows with the square root of their number.
    """
    clear = 1.0 if reference_s == math.inf else math.sqrt(look_s / reference_s)
    at_post_s = since_opening_s % rotate_s
    return clear if half_life_s == math.inf else clear * math.exp(-math.log(2.0) * at_post_s / half_life_s)


@compiled
def cutoff_at(rate: float) -> float:
    """Return the score that a share `rate` of ordinary vehicles exceeds.

    Examples
    --------
    >>> cutoff_at(0.5), cutoff_at(0.0), cutoff_at(1.2)
    (0.0, inf, -inf)
    """
    if rate <= 0.0:
        return math.inf
    return -math.inf if rate >= 1.0 else random_numbers.normal_quantile(1.0 - rate)


@kernel
def adapted_cutoff(
    rate: float, follows: int, tail_m: float, taken: int, places: int, at: FloatArray, factor: FloatArray
) -> float:
    """Return the cutoff of a selection rate that follows the area or the queue.

    Parameters
    ----------
    rate
        The rate where its factor is 1.
    follows
        `FOLLOWS_AREA` or `FOLLOWS_TAIL`.
    tail_m, taken, places
        The queue as it is seen, the places of the area that are taken, and all of them.
    at, factor
        Points of the factor, shape (points,).
    """
    return cutoff_at(rate * rules.factor_at(rules.followed(follows, tail_m, taken, places), at, factor))


@inner
def chances_to_evade(
    at_s: float, opens_s: FloatArray, closes_s: FloatArray, alerted: float, half_life_s: float, visible: float
) -> tuple[float, float]:
    """Return the chances that a driver stays away, or turns away at the sight of the funnel.

    Parameters
    ----------
    at_s
        When the driver comes to where he could turn off.
    opens_s, closes_s
        The windows in which the funnel stands, shape (windows,).
    alerted, half_life_s, visible
        What drivers of his status do.
    """
    window = rules.window_at(at_s, opens_s, closes_s)
    stands_s = at_s - opens_s[window] if window >= 0 else -1.0
    stays_away, turns_away, _ = chances_to_turn(alerted, half_life_s, visible, 0.0, stands_s, 0)
    return stays_away, turns_away


@inner
def chances_to_turn(
    alerted: float, half_life_s: float, visible: float, leaves: float, stands_s: float, queue_seen: int
) -> tuple[float, float, float]:
    """Return the chances that a vehicle stays away, turns away, and leaves at the exit; else it comes to the funnel.

    Parameters
    ----------
    alerted, half_life_s, visible, leaves
        Shares of those who keep away, of the vehicle's status (`funnelsim.model.evasion.Evasion`).
    stands_s
        How long the funnel has stood when the vehicle comes to where it could turn off; -1 while there is none.
    queue_seen
        1 if the queue is long enough to leave, else 0.

    Examples
    --------
    >>> chances_to_turn(0.5, 3600.0, 0.2, 0.0, 3600.0, 0)
    (0.25, 0.15000000000000002, 0.0)
    """
    stays_away, turns_away = 0.0, 0.0
    if stands_s >= 0.0:
        if alerted > 0.0:
            stays_away = alerted * (1.0 - math.exp(-math.log(2.0) * stands_s / half_life_s))
        turns_away = (1.0 - stays_away) * visible
    return stays_away, turns_away, (1.0 - stays_away - turns_away) * leaves * queue_seen
