"""Whether plans can meet the same vehicles."""

from collections.abc import Mapping

import numpy as np

from funnelsim.errors import FunnelsimError
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.schema import Scenario


def refuse_other_traffic(scenarios: Mapping[str, Scenario], demands: Mapping[str, Demand], or_else: str = "") -> None:
    """Check that all plans have the same road, days and targets in the hours that they share.

    Parameters
    ----------
    scenarios, demands
        The plans by name, and their demands.
    or_else
        What else is allowed.

    Raises
    ------
    FunnelsimError
        If one of them cannot meet the vehicles of the first.
    """

    def road(scenario: Scenario) -> str:
        shares = {name: entry.share for name, entry in scenario.classes.items()}
        targets = [(target.name, target.per_10k) for target in scenario.targets]
        # However the counts are given, they come to the demand, which is compared below.
        traffic = scenario.traffic.model_dump(exclude={"counts", "scale", "split"})
        return repr((traffic, shares, targets, scenario.approach.lanes))

    first, *others = scenarios
    other = [
        name
        for name in others
        if road(scenarios[name]) != road(scenarios[first]) or not _agree(demands[name], demands[first])
    ]
    if other:
        message = (
            f"{', '.join(other)}: the traffic is not that of {first} (counts, their variation, arrivals, classes, "
            "lanes or targets differ), so they cannot meet the same vehicles; allowed: the same traffic"
            + (f", or {or_else}" if or_else else "")
        )
        raise FunnelsimError(message)


def _agree(one: Demand, other: Demand) -> bool:
    """Tell whether two demands expect the same vehicles in the intervals that they share."""
    _, mine, theirs = np.intersect1d(one.starts_s, other.starts_s, return_indices=True)
    same = np.array_equal(one.ends_s[mine], other.ends_s[theirs])
    same = same and np.array_equal(one.vehicles[mine], other.vehicles[theirs])
    if one.passages is None or other.passages is None:
        return same
    from_s, to_s = (choose(*ends) for choose, *ends in zip((max, min), one.window_s, other.window_s, strict=True))
    (times, classes), (their_times, their_classes) = one.passages, other.passages
    here, there = ((from_s <= when) & (when < to_s) for when in (times, their_times))
    same = same and np.array_equal(times[here], their_times[there])
    return same and np.array_equal(classes[here], their_classes[there])
