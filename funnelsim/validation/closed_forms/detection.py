"""Closed forms of screening: whom a look of given quality selects, and what a second look is worth.

References
----------
.. [1] Metz (1978), Basic principles of ROC analysis, Seminars in Nuclear Medicine 8.
   doi:10.1016/S0001-2998(78)80014-2
"""

from dataclasses import dataclass

from scipy.special import ndtr, ndtri


@dataclass(frozen=True)
class OperatingPoint:
    """One point of a binormal ROC curve, in an operation.

    Attributes
    ----------
    true_positive_rate
        Share of the targets that is selected.
    selected_share
        Share of all vehicles that is selected.
    found_share
        Share of the targets that is selected and found.
    hit_rate
        Share of the selected vehicles in which something is found.
    """

    true_positive_rate: float
    selected_share: float
    found_share: float
    hit_rate: float


def operating_point(
    prevalence: float, false_positive_rate: float, d_prime: float, chance_to_find: float
) -> OperatingPoint:
    """Return whom a threshold selects that a given share of ordinary vehicles exceeds [1]_.

    In words: scores of ordinary vehicles are standard normal and targets' are `d_prime` higher, so the targets'
    quantile is the ordinary ones' plus `d_prime`.

    Examples
    --------
    >>> point = operating_point(0.002, 0.05, 1.0, 0.8)
    >>> round(point.true_positive_rate, 4), round(point.selected_share, 4)
    (0.2595, 0.0504)
    >>> round(point.found_share, 4), round(point.hit_rate, 5)
    (0.2076, 0.00824)
    """
    true_positive_rate = float(ndtr(ndtri(false_positive_rate) + d_prime))
    selected_share = prevalence * true_positive_rate + (1.0 - prevalence) * false_positive_rate
    found_share = true_positive_rate * chance_to_find
    return OperatingPoint(
        true_positive_rate=true_positive_rate,
        selected_share=selected_share,
        found_share=found_share,
        hit_rate=prevalence * found_share / selected_share,
    )


def chance_to_miss(chance_to_find: float, looks: int) -> float:
    """Return the chance that independent looks all miss.

    Examples
    --------
    >>> chance_to_miss(0.5, 2)
    0.25
    """
    return (1.0 - chance_to_find) ** looks
