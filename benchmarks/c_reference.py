"""The compiled engine's loop against the same loop in plain C, on the motorway scenario, in one process.

Without seconds between checks, which the C version does not know.

The C version (`reference.c`) is handed what the dice decide: how long each stage of each vehicle takes, its alarms and
its finds. The engine draws these as they are needed. So the same draws, for the stages that are carried out, are timed
apart, and the loop is compared without them; the ratio with them is given too.
"""

import ctypes
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

import numba
import numpy as np
from engines import MOTORWAY, SEED
from timing import in_turn

from funnelsim.engines import compiled_engine
from funnelsim.engines.compiled.plan_arrays import begins_s
from funnelsim.experiments.replication import ReplicationBuffers
from funnelsim.model import random_numbers
from funnelsim.model.passage import passage_of
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario import load_scenario

SOURCE = Path(__file__).with_name("reference.c")
OPTIONS = ("-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC")  # the engine, too, is for this processor
DAYS = 8
SOON = 4096
PLAN = (
    *("lanes", "bays", "waiting", "stages", "classes", "pools", "duty_steps", "roster_steps", "breaks"),
    *("lane_length_m", "road_speed_ms", "wave_speed_ms", "lane_speed_ms", "headway_factor", "through_s", "divert_s"),
    *("suspend_at_m", "resume_at_m", "lift_at_m", "opens_s", "last_selection_s", "closes_s", "begins_s"),
    *("reaction_s", "spacing_m", "diversion_s", "cutoff", "duty_s", "roster_s"),
    *("break_from_s", "break_to_s", "shift_ends_s"),
    *("staffed", "capacity", "need", "applies", "after_alarm", "break_pool", "break_officers"),
)
TRAFFIC = ("vehicles", "kind", "free_s", "noise", "look_s", "score", "duration_s", "alarms", "finds")
REALS = (
    *("arrival_s", "baseline_s", "passed_s", "joined_s", "tail_m", "threshold"),
    *("area_s", "bay_from_s", "bay_to_s", "left_s", "stage_from_s", "stage_to_s", "valve_s"),
)
WHOLES = ("gate", "fate", "found_at", "stage_vehicle", "stage", "valve")
ROOM = ("funnel_headway_s", "road_headway_s", "spacing_up_to_m", "moment_s", "begun_s")
ROOM_OF_WHOLES = ("moment_rank", "turn", "at_stage", "for_crew", "for_bay", "used", "on_break", "due", "due_of", "soon")
ORDER = (
    *(*PLAN, *TRAFFIC, *REALS, *WHOLES, "accepted", "stages_done", "valve_changes"),
    *(*ROOM, *ROOM_OF_WHOLES, "alarmed"),
)


class Day:
    """One replication for the C version: its struct `Day`, and the arrays that its pointers point to."""

    def __init__(self, values):
        self.values = {name: made(values[name]) for name in ORDER}
        kinds = [(name, ctypes.c_void_p if isinstance(v, np.ndarray) else type(v)) for name, v in self.values.items()]
        struct = type("Struct", (ctypes.Structure,), {"_fields_": kinds})
        self.struct = struct(*(v.ctypes.data if isinstance(v, np.ndarray) else v for v in self.values.values()))

    def differences(self, log):
        """Return which arrays are not equal, to the bit, to those of a log."""
        counts = {"stage": self.struct.stages_done, "valve": self.struct.valve_changes}
        unequal = []
        for name in (*REALS, *WHOLES, "accepted"):
            found = self.values[name][: counts.get(name.split("_")[0], self.struct.vehicles)]
            if not np.array_equal(found.astype(np.float64), getattr(log, name).astype(np.float64)):
                unequal.append(name)
        return unequal


def made(value):
    """Return a value as C takes it."""
    if not isinstance(value, np.ndarray):
        return ctypes.c_double(value) if isinstance(value, float) else ctypes.c_int64(value)
    kind = {"f": np.float64, "i": np.int64}.get(value.dtype.kind, np.uint8)
    return np.ascontiguousarray(value, dtype=kind)


def plan_values(plan):
    """Return the plan in the words of the C version; it refuses what that does not know."""
    funnel, selection, stages = plan.funnel, plan.selection, plan.inspection
    knows = (
        not plan.other_funnels
        and len(funnel.opens_s) == 1
        and np.isinf(funnel.exit_m)
        and selection.rule.name == "score"
        and not (selection.follows or selection.look_stops or selection.looks_differ or selection.listed.any())
        and selection.look_officers == 1
        and len(selection.rate) == 1
        and not (plan.changeover_s or plan.pause_s)
        and not (plan.hold or plan.frees_bay or plan.pursuit or stages.transports or plan.evasion.before_the_queue)
    )
    if not knows:
        raise ValueError("reference.c knows the features of the motorway scenario only")
    whole = {
        "lanes": funnel.lanes,
        "bays": plan.bays,
        "waiting": plan.waiting,
        "stages": len(stages.names),
        "classes": len(plan.classes),
        "pools": len(stages.pools),
        "duty_steps": len(plan.duty.times_s),
        "roster_steps": len(plan.capacity_times_s),
        "breaks": len(plan.breaks.pool),
    }
    names = ("lane_length_m", "road_speed_ms", "wave_speed_ms", "lane_speed_ms", "headway_factor")
    names += ("suspend_at_m", "resume_at_m", "lift_at_m")
    return (
        whole
        | {name: float(getattr(funnel, name)) for name in names}
        | {
            "through_s": float(funnel.merge_s + funnel.slow_lane_s),
            "divert_s": float(plan.divert_s),
            "opens_s": float(funnel.opens_s[0]),
            "last_selection_s": float(funnel.last_selection_s[0]),
            "closes_s": float(funnel.closes_s[0]),
            "begins_s": float(begins_s(plan)),
            "reaction_s": plan.reaction_s,
            "spacing_m": plan.spacing_m,
            "diversion_s": plan.diversion_s,
            "cutoff": selection.cutoff[0],
            "duty_s": plan.duty.times_s,
            "roster_s": plan.capacity_times_s,
            "staffed": plan.duty.staffed.astype(np.int64),
            "capacity": plan.capacity + plan.beyond,
            "break_pool": plan.breaks.pool,
            "break_officers": plan.breaks.officers,
            "break_from_s": plan.breaks.from_s,
            "break_to_s": plan.breaks.to_s,
            "shift_ends_s": plan.breaks.shift_ends_s,
            "need": stages.need,
            "applies": stages.applies.astype(np.int64),
            "after_alarm": stages.after_alarm.astype(np.int64),
        }
    )


def day_of(plan, traffic):
    """Return one replication for the C version, with what the dice say of every stage of every vehicle."""
    count, stages = len(traffic), plan.inspection
    kinds, pools = len(stages.names), len(stages.pools)
    everybody = np.repeat(np.arange(count), kinds), np.tile(np.arange(kinds), count)
    duration_s, alarms, finds = (np.empty(count * kinds, kind) for kind in (np.float64, np.bool_, np.bool_))
    draw_stages(*everybody, *stage_dice(plan, traffic), duration_s, alarms, finds)
    values = plan_values(plan) | {
        "vehicles": count,
        "kind": traffic.vehicle_class,
        "free_s": traffic.free_s,
        "noise": traffic.headway_noise,
        "look_s": traffic.look_s,
        "score": passage_of(traffic, plan).score,
        "duration_s": duration_s,
        "alarms": alarms,
        "finds": finds,
        "accepted": np.empty(count, np.uint8),
        "alarmed": np.empty(count, np.uint8),
        "stages_done": 0,
        "valve_changes": 0,
    }
    room = dict.fromkeys(("stage_vehicle", "stage", "stage_from_s", "stage_to_s"), kinds * count + 1)
    room |= {"soon": SOON, "used": pools, "on_break": pools, "due": pools, "due_of": len(plan.breaks.pool)}
    for names, kind in (((*REALS, *ROOM), np.float64), ((*WHOLES, *ROOM_OF_WHOLES), np.int64)):
        values |= {name: np.empty(room.get(name, count + 1), kind) for name in names}
    return Day(values)


def stage_dice(plan, traffic):
    """Return what the draws of a stage depend on, in the order of `draw_stages`."""
    one = plan.inspection
    return (
        *(traffic.seed, traffic.replication, traffic.number, traffic.vehicle_class, traffic.target, traffic.occupants),
        *(one.mean_s, one.per_occupant_s, one.cv, one.memoryless, one.finds, one.alarms),
        *(one.duration_purpose, one.find_purpose, one.alarm_purpose),
    )


@numba.njit
def draw_stages(  # noqa: PLR0917  (Numba compiles functions of plain numbers and arrays)
    vehicles,
    stages,
    seed,
    replication,
    number,
    kind,
    target,
    occupants,
    mean_s,
    per_occupant_s,
    cv,
    memoryless,
    finds,
    alarms,
    duration_purpose,
    find_purpose,
    alarm_purpose,
    duration_s,
    alarmed,
    found,
):
    """Draw how long stages take, and their alarms and finds, as the engine does."""
    for i in range(len(vehicles)):
        vehicle, stage = vehicles[i], stages[i]
        me, status = number[vehicle], target[vehicle]
        mean = mean_s[stage, kind[vehicle]]
        if per_occupant_s[stage] != 0.0:
            mean += per_occupant_s[stage] * occupants[vehicle]
        purpose = duration_purpose[stage]
        duration_s[i] = random_numbers.draw_duration(seed, replication, purpose, me, mean, cv[stage], memoryless[stage])
        chance = alarms[stage, status]
        alarmed[i] = chance > 0.0 and random_numbers.draw(seed, replication, alarm_purpose[stage], me) < chance
        chance = finds[stage, status]
        found[i] = chance > 0.0 and random_numbers.draw(seed, replication, find_purpose[stage], me) < chance


def compiler():
    """Return the C compiler of this machine, or None."""
    return next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)


def library(folder):
    """Compile the C version and return it."""
    built = Path(folder) / "reference.so"
    subprocess.run([compiler(), *OPTIONS, "-o", built, SOURCE, "-lm"], check=True)  # noqa: S603
    return ctypes.CDLL(str(built))


def measure(rounds):
    """Return what a vehicle costs in the engine's loop and in C, or why there is no figure."""
    if compiler() is None or platform.system() == "Windows":
        return {"reason": "there is no C compiler on this machine"}
    plan = plan_of(load_scenario(MOTORWAY, ["area.changeover_s=0", "staffing.pause_between_checks_s=0"]))
    with tempfile.TemporaryDirectory() as folder:
        c = library(folder)
        days, places, drawn = [], [], []
        for replication in range(DAYS):
            traffic = draw_traffic(plan.road, SEED, replication)
            log = compiled_engine.simulate(traffic, plan)
            day = day_of(plan, traffic)
            c.simulate(ctypes.byref(day.struct))
            unequal = day.differences(log)
            if unequal:
                raise ValueError(f"replication {replication}: the C version does not give the same {unequal}")
            place = ReplicationBuffers([plan])
            place.draw(SEED, replication)
            room = [np.empty(len(log.stage), kind) for kind in (np.float64, np.bool_, np.bool_)]
            days.append(day)
            places.append(place)
            drawn.append((log.stage_vehicle, log.stage, *stage_dice(plan, traffic), *room))

        def loop(_):
            for place in places:
                compiled_engine.run_in(
                    place.engine_buffers, place.traffic.first, place.plan_arrays[0], SEED, place.replication
                )

        def loop_in_c(_):
            for day in days:
                c.simulate(ctypes.byref(day.struct))

        def draws(_):
            for given in drawn:
                draw_stages(*given)

        seconds = in_turn({"compiled": loop, "c": loop_in_c, "draws": draws}, rounds)
        version = subprocess.run([compiler(), "--version"], check=True, capture_output=True, text=True)  # noqa: S603
    vehicles = sum(place.count for place in places)
    ns = {name: one / vehicles * 1e9 for name, one in seconds.items()}
    return {
        "compiler": version.stdout.splitlines()[0],
        "options": " ".join(OPTIONS),
        "days": DAYS,
        "vehicles": vehicles,
        "ns_per_vehicle": ns,
        "ratio": (ns["compiled"] - ns["draws"]) / ns["c"],
        "ratio_with_draws": ns["compiled"] / ns["c"],
    }


if __name__ == "__main__":
    print(measure(21))
