"""What measuring needs of a plan, as few arrays: made once for each plan, the same for all its replications.

Where several funnels share the area, the first axis of what differs between them is the funnel.
"""

from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from funnelsim.analysis.grid import time_edges
from funnelsim.analysis.steps import step_seconds
from funnelsim.arrays import BoolArray, FloatArray, IntArray, Records
from funnelsim.model.expected import chances_to_find
from funnelsim.model.plan import Plan

OPENS_S, LAST_S, CLOSES_S = range(3)
PREVALENCE, CUE, LISTED, FINDS = range(4)
ALERTED, HALF_LIFE_S, VISIBLE, LEAVES = range(4)

FUNNEL: Final = np.dtype(
    [
        *((name, np.float64) for name in ("slow_s", "critical_m", "approach_m", "warning_m", "lanes", "lane_length_m")),
        *((name, np.float64) for name in ("wave_speed_ms", "road_speed_ms", "tail_speed_difference_ms")),
        *((name, np.float64) for name in ("turn_off_before_s", "caught")),
        ("some_turn_off", np.int64),
    ]
)
STAFF: Final = np.dtype(
    [
        *((name, np.int64) for name in ("bays", "spots", "agencies", "pools", "chase", "after_detection")),
        *((name, np.float64) for name in ("length_s", "officer_h", "cost")),
    ]
)


class MeasureInputs(NamedTuple):
    """What the measures of a plan's logs follow from, beside the log.

    Pools are the agencies' officers, the equipment and, last, the chase cars.

    Attributes
    ----------
    windows_s
        Openings, beginnings of the last minutes and closings (`OPENS_S`, `LAST_S`, `CLOSES_S`), shape (3, windows).
    funnels
        Records of `FUNNEL`, shape (funnels,). `slow_s` is what the merge and the slow lane cost, `some_turn_off`
        whether anybody keeps away, `turn_off_before_s` how long before its free passage a vehicle turns off, and
        `caught` the share of those who turn off that is brought back where a chase car is ready; the other names are
        those of `funnelsim.model.funnel.Funnel`.
    spacing_m, lorry
        Of each class, shape (funnels, classes).
    targets
        Chance to be a target, cue at the look, chance to be on the watch list and, in each step of `skip_times_s`,
        chance to be found (`PREVALENCE`, `CUE`, `LISTED`, from `FINDS` on), shape (funnels, classes, target types,
        3 + steps).
    skip_times_s
        From when on those who are selected go through other stages, as other equipment is there, shape (steps,).
    keeps_away
        Shares of those who keep away (`ALERTED`, `HALF_LIFE_S`, `VISIBLE`, `LEAVES`) by status: 0 for ordinary
        vehicles, then the target types, shape (funnels, statuses, 4).
    persons
        Shape (target types,).
    staff
        One record of `STAFF`: places in the area, how many agencies and pools there are without the chase cars,
        whether there are chase cars, the index of the stage after a detection, how long the operation is in all, and
        hours and cost of the roster.
    need
        What a stage takes, shape (stages, pools).
    times_s, opened
        Times from which something else holds, the first minus infinity, and whether the operation is on from then.
    staffed
        Whether a funnel's posts are staffed from then, shape (times, funnels).
    available, at_hand
        What inspections may use, shape (times, pools + 1), and beyond which there is overtime, shape (times, agencies):
        officers on a break are at hand, as they finish what they have begun.
    going_home
        Officers whose shift ends then, shape (times, agencies).
    available_s
        Unit-seconds available in the operation, shape (pools + 1,).
    cost_per_h, delay_cost_per_h
        Cost of an hour by agency, and of an hour of delay by class.
    edges
        Of the grid of time (`funnelsim.analysis.grid`).
    """

    windows_s: FloatArray
    funnels: Records
    spacing_m: FloatArray
    lorry: BoolArray
    targets: FloatArray
    skip_times_s: FloatArray
    keeps_away: FloatArray
    persons: FloatArray
    staff: Records
    need: IntArray
    times_s: FloatArray
    opened: BoolArray
    staffed: BoolArray
    available: IntArray
    at_hand: IntArray
    going_home: IntArray
    available_s: FloatArray
    cost_per_h: FloatArray
    delay_cost_per_h: FloatArray
    edges: FloatArray


_made: WeakKeyDictionary[Plan, MeasureInputs] = WeakKeyDictionary()


def inputs_of(plan: Plan) -> MeasureInputs:
    """Return what measuring needs of a plan; it is made when it is asked for first."""
    made = _made.get(plan)
    if made is None:
        made = _made[plan] = _inputs(plan)
    return made


def _inputs(plan: Plan) -> MeasureInputs:
    duty, inspection, pools = plan.duty, plan.inspection, len(plan.inspection.pools)
    agencies = len(duty.agencies)
    times_s = np.union1d(plan.capacity_times_s, np.array(plan.windows_s).ravel())
    step = np.searchsorted(duty.times_s, times_s, side="right") - 1
    available = np.zeros((len(times_s), pools + 1), dtype=np.int64)
    available[:, :agencies] = duty.free[step]
    then = np.searchsorted(plan.capacity_times_s, times_s, side="right") - 1
    available[:, agencies:pools] = plan.capacity[then, agencies:]
    if plan.pursuit is not None:
        available[:, pools] = plan.pursuit.cars[step]
    return MeasureInputs(
        windows_s=np.array([plan.funnel.opens_s, plan.funnel.last_selection_s, plan.funnel.closes_s]),
        funnels=np.concatenate([_funnel(one) for one in plan.funnels]),
        spacing_m=np.stack([one.spacing_m for one in plan.funnels]),
        lorry=np.stack([one.lorry for one in plan.funnels]),
        targets=_targets(plan),
        skip_times_s=inspection.skip_times_s,
        keeps_away=np.stack(
            [
                np.column_stack([its.alerted, its.half_life_s, its.visible, its.leaves])
                for its in (one.evasion for one in plan.funnels)
            ]
        ),
        persons=plan.persons[1:].astype(np.float64),
        staff=_staff(plan),
        need=inspection.need,
        times_s=times_s,
        opened=np.any([(times_s >= opens_s) & (times_s < closes_s) for opens_s, closes_s in plan.windows_s], axis=0),
        staffed=np.column_stack([one.duty.staffed[step] for one in plan.funnels]),
        available=available,
        at_hand=np.ascontiguousarray((duty.rostered - (duty.on_duty - duty.free))[step]),
        going_home=duty.going_home[step] * np.isin(times_s, duty.times_s)[:, None],
        available_s=np.asarray(step_seconds(times_s, available, *plan.windows_s)),
        cost_per_h=duty.cost_per_h,
        delay_cost_per_h=plan.delay_cost_per_h,
        edges=time_edges(plan),
    )


def _targets(plan: Plan) -> FloatArray:
    steps = len(plan.inspection.skip_times_s)
    targets = np.zeros((len(plan.funnels), len(plan.classes), len(plan.targets), FINDS + steps))
    for of_funnel, one in zip(targets, plan.funnels, strict=True):
        of_funnel[:, :, PREVALENCE] = one.road.prevalence
        of_funnel[:, :, FINDS:] = np.moveaxis(chances_to_find(one.inspection)[:, :, 1:], 0, 2)
        of_funnel[:, :, CUE] = one.selection.cue[1:]
        of_funnel[:, :, LISTED] = one.selection.listed[1:]
    return targets


def _funnel(plan: Plan) -> Records:
    funnel, pursuit, made = plan.funnel, plan.pursuit, np.zeros(1, FUNNEL)
    for name in FUNNEL.names or ():
        if hasattr(funnel, name):
            made[name] = getattr(funnel, name)
    made["slow_s"] = funnel.merge_s + funnel.slow_lane_s
    made["some_turn_off"] = plan.evasion.anybody
    made["caught"] = pursuit.pursues * pursuit.brings if pursuit is not None else 0.0
    return made


def _staff(plan: Plan) -> Records:
    duty, funnel = plan.duty, plan.funnel
    made = np.zeros(1, STAFF)
    made["bays"], made["spots"], made["chase"] = plan.bays, plan.spots, plan.pursuit is not None
    made["agencies"], made["pools"] = len(duty.agencies), len(plan.inspection.pools)
    made["after_detection"] = plan.inspection.after_detection
    made["length_s"] = float((funnel.closes_s - funnel.opens_s).sum())
    made["officer_h"], made["cost"] = float(duty.officer_h.sum()), float(duty.cost.sum())
    return made
