"""The road and the lane in SUMO's mesoscopic model: two lanes into one, and a side road where the inspected stop.

Run as `python sumo_meso.py FILE` in an environment with SUMO; FILE is what `workload.py` writes. Fast settings: events
instead of car following, no output files, no step log, no validation of input. One run with a file of trips is made for
the check and is not timed; the seconds are SUMO's own, of the simulation without starting it and loading the network.
"""

import contextlib
import json
import math
import re
import statistics
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

REPEATS = 5
# Headways are the same on average, but vehicles enter at whole seconds, and a lorry's spacing counts for itself.
TOLERANCE = 0.05
OUT_M = 500.0
AREA_M = 300.0
MIN_GAP_M = 2.5
LEAVES_OUT = (
    "selection, the valve, the officer's look, what a diversion costs the lane, noise of headways, roster, crews, "
    "stages and random numbers are left out; the lane stands all day; who stops in the area, and for how long, is read "
    "from funnelsim's log, and nobody waits for a bay there, as mesoscopic parking does not count places"
)
SETTINGS = [
    "--mesosim",
    # The headway is then the reaction time and the vehicle's spacing at the speed of the lane, as in funnelsim.
    *("--meso-tauff", "1", "--meso-taufj", "1", "--meso-taujf", "1", "--meso-taujj", "1"),
    *("--time-to-teleport", "-1", "--xml-validation", "never", "--no-step-log", "--no-warnings"),
]


def main():
    load = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        write_network(load)
        write_demand(load)
        found = found_in(load)
        seconds = [timed_s(load) for _ in range(REPEATS)]
    expected = {
        "vehicles": len(load["free_s"]),
        "inspected": sum(load["inspected"]),
        "delay_mean_s": load["funnelsim"]["plain_delay_mean_s"],
    }
    result = {
        "peer": "SUMO meso",
        "version": said("sumo", "--version").split("\n", 1)[0].split()[-1],
        "vehicles": found["vehicles"],
        "seconds": seconds,
        "leaves_out": LEAVES_OUT,
        "found": found,
        "expected": expected,
        "tolerance": TOLERANCE,
    }
    print(json.dumps(result))


def said(*command):
    """Run one of SUMO's programs and return what it says."""
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run([program, *command[1:]], check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout


def ahead_s(load):
    """Return how long a vehicle drives on the free road from where it enters to the selection point."""
    road = load["road"]
    return (road["length_m"] + road["lane_length_m"]) / road["speed_ms"]


def write_network(load):
    """Write the nodes and edges, and let netconvert make a network of them."""
    road = load["road"]
    taper_m, point_m = road["length_m"], road["length_m"] + road["lane_length_m"]
    nodes = {"from": (0, 0), "taper": (taper_m, 0), "point": (point_m, 0), "to": (point_m + OUT_M, 0)}
    nodes |= {"bays": (point_m + AREA_M, -100), "leave": (point_m + 2 * AREA_M, -100)}
    slow, fast = road["lane_speed_ms"], road["speed_ms"]
    edges = {
        "approach": ("from", "taper", road["lanes"], fast),
        "lane": ("taper", "point", 1, slow),
        "out": ("point", "to", road["lanes"], fast),
        "way": ("point", "bays", 1, AREA_M / load["divert_s"]),
        "area": ("bays", "leave", 1, fast),
    }
    write("nodes", [f'<node id="{name}" x="{x}" y="{y}" type="priority"/>' for name, (x, y) in nodes.items()])
    lines = [
        f'<edge id="{name}" from="{start}" to="{end}" numLanes="{lanes}" speed="{speed}"/>'
        for name, (start, end, lanes, speed) in edges.items()
    ]
    write("edges", lines)
    files = ("--node-files", "nodes.xml", "--edge-files", "edges.xml", "--output-file", "net.xml")
    said("netconvert", *files, "--no-internal-links")


def write(root, lines):
    """Write a file of XML."""
    Path(f"{root}.xml").write_text("\n".join([f"<{root}>", *lines, f"</{root}>", ""]), encoding="utf-8")


def write_demand(load):
    """Write the vehicles: each enters the road as early as it must to be at the selection point in time."""
    road = load["road"]
    lines = [
        '<route id="pass" edges="approach lane out"/>',
        '<route id="inspected" edges="approach lane way area"/>',
    ]
    lines += [
        f'<vType id="{one["name"]}" tau="{one["reaction_s"]}" length="{one["spacing_m"] - MIN_GAP_M}" '
        f'minGap="{MIN_GAP_M}" maxSpeed="{road["speed_ms"]}" speedDev="0"/>'
        for one in load["classes"]
    ]
    vehicles = zip(load["vehicle_class"], load["free_s"], load["inspected"], load["inspection_s"], strict=True)
    for i, (kind, free_s, inspected, inspection_s) in enumerate(vehicles):
        stop = f'<stop lane="area_0" parking="true" duration="{inspection_s:.2f}"/>' if inspected else ""
        lines.append(
            f'<vehicle id="{i}" type="{load["classes"][kind]["name"]}" depart="{free_s - ahead_s(load):.2f}" '
            f'departLane="free" departSpeed="max" route="{"inspected" if inspected else "pass"}">{stop}</vehicle>'
        )
    write("routes", lines)


def run(load, *settings):
    """Simulate, and return what SUMO says of it."""
    begin = ("--begin", str(math.floor(load["free_s"][0] - ahead_s(load))))
    return said("sumo", "--net-file", "net.xml", "--route-files", "routes.xml", *begin, *SETTINGS, *settings)


def timed_s(load):
    """Return how long SUMO took, by its own clock, from the first to the last vehicle."""
    words = run(load, "--duration-log.statistics")
    return float(re.search(r"Duration: ([0-9.]+)s", words).group(1))


def found_in(load):
    """Return, from a run that is not timed, how many came through and how late those were who were let pass."""
    run(load, "--tripinfo-output", "trips.xml")
    free_s = ahead_s(load) + OUT_M / load["road"]["speed_ms"]
    trips = list(ET.parse("trips.xml").getroot())  # noqa: S314  (SUMO has just written it)
    passed = [trip for trip in trips if not load["inspected"][int(trip.get("id"))]]
    stopped = [trip for trip in trips if float(trip.get("stopTime")) > 0.0]
    late_s = [float(trip.get("departDelay")) + float(trip.get("duration")) - free_s for trip in passed]
    return {"vehicles": len(trips), "inspected": len(stopped), "delay_mean_s": statistics.fmean(late_s)}


if __name__ == "__main__":
    main()
