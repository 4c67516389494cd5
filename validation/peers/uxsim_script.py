"""The funnel as links of a kinematic-wave model in UXsim. A script: reads jobs as JSON, writes UXsim's answers.

It imports UXsim and nothing of funnelsim. The links are the approach; the single lane of the funnel, whose end lets
through no more than a capacity; and a piece of road beyond, as UXsim limits only what goes from link to link.

References
----------
Seo (2025), UXsim: lightweight mesoscopic traffic flow simulator in pure Python, Journal of Open Source Software 10.
doi:10.21105/joss.07617
"""

import itertools
import json
import sys
from typing import Any, TypeAlias

UXsim: TypeAlias = Any  # the module and whatever comes from it: it has no types
Job: TypeAlias = dict[str, Any]

LINKS = APPROACH, LANE, BEYOND = "approach", "lane", "beyond"


def world_of(uxsim: UXsim, job: Job) -> UXsim:
    """Return the road with its vehicles, one to a platoon."""
    world = uxsim.World(
        deltan=1,
        reaction_time=job["reaction_s"],
        tmax=job["ends_s"],
        hard_deterministic_mode=True,
        print_mode=0,
        save_mode=0,
        show_progress=0,
        cpp=True,
    )
    for number, name in enumerate("abcd"):
        world.addNode(name, number, 0)
    widths = {APPROACH: job["lanes"], LANE: 1, BEYOND: job["lanes"]}
    speeds_ms = {APPROACH: job["road_ms"], LANE: job["lane_ms"], BEYOND: job["road_ms"]}
    limits = {LANE: {"capacity_out": job["capacity_per_s"]}}
    for (start, end), name in zip(itertools.pairwise("abcd"), LINKS, strict=True):
        world.addLink(
            name,
            start,
            end,
            length=job[f"{name}_m"],
            free_flow_speed=speeds_ms[name],
            jam_density_per_lane=1.0 / job["spacing_m"],
            number_of_lanes=widths[name],
            **limits.get(name, {}),
        )
    for departure_s in job["departures_s"]:
        world.addVehicle("a", "d", departure_s)
    return world


def passed_s(vehicle: UXsim) -> float:
    """Return when a vehicle came from the lane to the road beyond."""
    return next(float(time_s) for time_s, link in vehicle.log_t_link if getattr(link, "name", link) == BEYOND)


def met_queue_m(vehicle: UXsim, job: Job, step_s: float) -> float:
    """Return where a vehicle met the queue, in metres upstream of the taper; 0 if it did not.

    That is where it has driven for the last time at more than half its speed from one time step to the next. In a queue
    no vehicle is as fast, and who is slow at the entrance, behind another, is fast again.
    """
    at_m = [
        float(x)
        for x, link, state in zip(vehicle.log_x, vehicle.log_link, vehicle.log_state, strict=True)
        if state == "run" and getattr(link, "name", link) == APPROACH
    ]
    free_m = job["road_ms"] * step_s
    fast = [step for step, (before, after) in enumerate(itertools.pairwise(at_m)) if after - before >= free_m / 2.0]
    last = fast[-1] + 1
    return job["approach_m"] - at_m[last] if last < len(at_m) - 1 else 0.0


def run(uxsim: UXsim, job: Job) -> dict[str, Any]:
    """Return UXsim's time step, and when each vehicle passes and where it met the queue, in the order of departure."""
    world = world_of(uxsim, job)
    world.exec_simulation()
    vehicles = list(world.VEHICLES.values())
    step_s = float(world.DELTAT)
    return {
        "step_s": step_s,
        "passed_s": [passed_s(vehicle) for vehicle in vehicles],
        "tail_m": [met_queue_m(vehicle, job, step_s) for vehicle in vehicles],
    }


def main() -> None:
    """Do every job."""
    import uxsim  # noqa: PLC0415  (an extra; the rest of the script can be read without it)

    json.dump([run(uxsim, job) for job in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
