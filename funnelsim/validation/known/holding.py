"""Known answer 4: the capacity of a lane that stops while the area is full."""

from dataclasses import replace

import numpy as np

from funnelsim.model.log import Log
from funnelsim.model.plan import Plan
from funnelsim.model.traffic import Traffic
from funnelsim.scenario.schema import Scenario
from funnelsim.units import HOUR_S
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.closed_forms.queueing import hold_capacity
from funnelsim.validation.known.checkpoint import Case, Counted, checkpoint, compared, exponential, hourly, stage

WARM_UP_S = 2 * HOUR_S
HEADWAY_S = 5.0
DEMAND_VPH = 1500.0  # more than the capacity of the lane
AVI_ITZHAK_YADIN = "Avi-Itzhak and Yadin 1965, doi:10.1287/mnsc.11.5.553"

TEXT = """\
A lane that always has a vehicle in it and that stops whenever a selected vehicle finds the area full. A planner must
know its capacity before choosing `hold`: a few long inspections can cost more capacity than the slow lane itself.

Theory has an answer for exponential headways. The headways of a scenario vary less, so here the vehicles bring their
own; everything else is an ordinary scenario. Passages are counted from the third hour to the end of the day."""


def passages(log: Log, plan: Plan) -> Counted:
    """Return how many passed the selection point after the warm-up, and in how many hours."""
    opens_s, closes_s = plan.window_s
    counted = (log.passed_s > opens_s + WARM_UP_S) & (log.passed_s <= closes_s)
    return float(counted.sum()), (closes_s - opens_s - WARM_UP_S) / HOUR_S


def with_exponential_headways(traffic: Traffic) -> Traffic:
    """Return the same vehicles with exponential headways."""
    noise = np.random.default_rng((traffic.seed, traffic.replication)).exponential(size=len(traffic))
    return replace(traffic, headway_noise=noise)


def lane(share: float, bays: int, waiting: int, inspection_s: float) -> Scenario:
    """Return a saturated lane from which a share is diverted."""
    return checkpoint(
        hourly(DEMAND_VPH),
        {
            "classes": {"box": {"reaction_s": HEADWAY_S}},
            "selection": {"rate": {"default": share}},
            "area": {
                "bays": bays,
                "waiting": waiting,
                "when_full": "hold",
                "stages": [stage(duration=exponential(inspection_s))],
            },
        },
    )


def cases() -> list[Case]:
    """Return the known answers of this chapter."""
    made = []
    for share, bays, waiting, inspection_s in (
        (0.05, 4, 0, 300.0),
        (0.05, 4, 2, 300.0),
        (0.05, 4, 5, 300.0),
        (1.0, 1, 0, HEADWAY_S),
        (1.0, 1, 2, HEADWAY_S),
        (1.0, 1, 5, HEADWAY_S),
    ):
        answer = hold_capacity(HOUR_S / HEADWAY_S, share, bays, HOUR_S / inspection_s, waiting)
        inspected = "everybody" if share == 1.0 else f"{100 * share:g} %"
        places = f"{bays} bay{'s' if bays > 1 else ''} and {waiting} waiting space{'s' if waiting != 1 else ''}"
        of = f"A lane of 720 vehicles/h that is held, {inspected} inspected for {inspection_s:g} s, {places}: capacity"
        scenario = lane(share, bays, waiting, inspection_s)
        made.append(
            Case(
                of,
                "vehicles/h",
                answer,
                AVI_ITZHAK_YADIN,
                scenario,
                passages,
                1_600,
                change_traffic=with_exponential_headways,
            )
        )
    return made


def chapter(effort: Effort) -> Chapter:
    """Compare the capacity of a lane that is held with theory."""
    return Chapter("holding", "A lane that is held", TEXT, tuple(compared(case, effort) for case in cases()))
