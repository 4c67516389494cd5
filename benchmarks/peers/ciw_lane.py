"""The lane and the area in Ciw: one server for the lane, a node for the way to the area, a node of bays.

Run as `python ciw_lane.py FILE` in an environment with Ciw; FILE is what `workload.py` writes. Fast settings: floating
numbers (not exact arithmetic), no state tracker, no deadlock detector, no progress bar. The records that Ciw always
writes are read after the clock has stopped.
"""

import itertools
import json
import math
import statistics
import sys
import time
from pathlib import Path

import ciw

REPEATS = 5
TOLERANCE = 1e-9  # the same queue with the same times: equal but for the order in which means are summed
LANE, WAY, BAYS = 1, 2, 3
EXIT = -1
LEAVES_OUT = (
    "the queue in metres, the valve, the officer's look, roster, crews, stages and random numbers are left out: "
    "headways, selection and the time in a bay are read from funnelsim's log"
)


class Accepted(ciw.routing.NodeRouting):
    """Send the selected to the area while it has a place, everybody else home."""

    def __init__(self, selected, places):
        self.selected = selected
        self.places = places

    def next_node(self, ind):
        """Return the node after the lane."""
        nodes = self.simulation.nodes
        if not self.selected[ind.id_number - 1]:
            return nodes[EXIT]
        taken = nodes[WAY].number_of_individuals + nodes[BAYS].number_of_individuals
        return nodes[WAY] if taken < self.places else nodes[EXIT]


class Inspection(ciw.dists.Distribution):
    """Each vehicle's own time in a bay."""

    def __init__(self, inspection_s):
        self.inspection_s = inspection_s

    def sample(self, t=None, ind=None):  # noqa: ARG002  (Ciw passes the time)
        """Return the time in a bay of a vehicle."""
        return self.inspection_s[ind.id_number - 1]


def network_of(load):
    """Return the lane, the way to the area, and the area."""
    comes_s = load["comes_s"]
    gaps_s = [comes_s[0], *(after - before for before, after in itertools.pairwise(comes_s)), math.inf]
    routers = [
        Accepted(load["selected"], load["bays"] + load["waiting"]),
        ciw.routing.Direct(to=BAYS),
        ciw.routing.Leave(),
    ]
    return ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential(gaps_s), None, None],
        service_distributions=[
            ciw.dists.Sequential(load["headway_s"]),
            ciw.dists.Deterministic(load["divert_s"]),
            Inspection(load["inspection_s"]),
        ],
        number_of_servers=[1, math.inf, load["bays"]],
        routing=ciw.routing.NetworkRouting(routers=routers),
    )


def main():
    load = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    seconds = []
    for _ in range(REPEATS):
        network = network_of(load)
        start = time.perf_counter()
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(math.inf)
        seconds.append(time.perf_counter() - start)
    records = simulation.get_all_records()
    delays_s = [one.exit_date - load["baseline_s"][one.id_number - 1] for one in records if one.node == LANE]
    waits_s = [one.waiting_time for one in records if one.node == BAYS]
    result = {
        "peer": "Ciw",
        "version": ciw.__version__,
        "vehicles": len(delays_s),
        "seconds": seconds,
        "leaves_out": LEAVES_OUT,
        "found": {
            "delay_mean_s": statistics.fmean(delays_s),
            "inspected": len(waits_s),
            "area_wait_mean_s": statistics.fmean(waits_s),
        },
        "expected": {name: load["funnelsim"][name] for name in ("delay_mean_s", "inspected", "area_wait_mean_s")},
        "tolerance": TOLERANCE,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
