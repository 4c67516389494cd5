"""Why SUMO's delays below saturation differ from funnelsim's, shown by runs that differ in one thing."""

from dataclasses import replace

import numpy as np

from funnelsim.validation.comparison import Claim
from validation.sumo.open_road import delays_s, lost, vehicles_of
from validation.sumo.recorded import DEMANDS_VPH, MODELS, Hour, open_road

SOURCE = "SUMO, run afresh"
SAME_S = 0.5  # the vehicles and the seed are the same; another release of SUMO may differ a little
SHARE_EXPLAINED = 0.5


def claims(recorded: list[Hour], seeds: int) -> list[Claim]:
    """Return what is shown with the recorded vehicles of the lowest demand.

    Parameters
    ----------
    recorded
        The hours of the reference experiment.
    seeds
        How many hours are driven again.
    """
    lowest = [hour for hour in recorded if hour.demand_vph == DEMANDS_VPH[0]][:seeds]
    return [one for model in MODELS for one in (_carried(lowest, model), _one_speed(lowest, model))]


def _carried(lowest: list[Hour], model: str) -> Claim:
    """Drive the vehicles down the road without a funnel, and compare with what is carried along."""
    known = open_road(model)
    carried = [known[hour.demand_vph, hour.seed].mean_s for hour in lowest]
    afresh = [lost(hour, model).mean_s for hour in lowest]
    return Claim(
        case=f"{model}, {DEMANDS_VPH[0]} vehicles/h without a funnel",
        claim=f"{np.mean(carried):.1f} s are lost on the open road, as carried along with the reference experiment",
        measured=f"{np.mean(afresh):.1f} s",
        agrees=bool(np.max(np.abs(np.subtract(carried, afresh))) <= SAME_S),
        source=SOURCE,
    )


def _one_speed(lowest: list[Hour], model: str) -> Claim:
    """Drive the same vehicles with drivers who all want the limit."""
    mixed, alike = [], []
    for hour in lowest:
        vehicles = vehicles_of(hour, model)
        mixed.append(delays_s(vehicles, hour.seed, funnel=True))
        alike.append(delays_s(replace(vehicles, speed_spread=0.0), hour.seed, funnel=True))
    mean_s, p95_s = (
        [float(np.mean([take(delay) for delay in delays])) for delays in (mixed, alike)]
        for take in (np.mean, lambda delay: np.quantile(delay, 0.95))
    )
    return Claim(
        case=f"{model}, {DEMANDS_VPH[0]} vehicles/h with the funnel",
        claim="below saturation, SUMO's delays come from desired speeds that differ, which funnelsim has not",
        measured=(
            f"with desired speeds that differ by 10 % a mean of {mean_s[0]:.0f} s and 95 % below {p95_s[0]:.0f} s, "
            f"with drivers who all want the limit {mean_s[1]:.0f} s and {p95_s[1]:.0f} s"
        ),
        agrees=p95_s[1] < SHARE_EXPLAINED * p95_s[0],
        source=SOURCE,
    )
