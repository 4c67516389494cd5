"""The lane and the area in salabim: a process for the lane, a component for each vehicle in the area.

Run as `python salabim_lane.py FILE` in an environment with salabim; FILE is what `workload.py` writes. Fast settings:
generators instead of greenlets, no trace, no monitors on the bays, and one process for the whole lane, as funnelsim's
own SimPy engine has it: a component for each vehicle that queues for a resource is several times slower.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import salabim as sim

REPEATS = 5
TOLERANCE = 1e-9  # the same queue with the same times: equal but for the order in which means are summed
LEAVES_OUT = (
    "the queue in metres, the valve, the officer's look, roster, crews, stages and random numbers are left out: "
    "headways, selection and the time in a bay are read from funnelsim's log; vehicles in the lane "
    "are numbers, not components"
)


class Lane(sim.Component):
    """Let the vehicles pass one by one, and send the selected to the area while it has a place."""

    def setup(self, load):
        """Take what comes, and make the area."""
        self.load = load
        self.bays = sim.Resource(capacity=load["bays"], monitor=False)
        self.places = load["bays"] + load["waiting"]
        self.taken = 0
        self.passed_s = []
        self.waits_s = []

    def process(self):
        """Serve each vehicle for its headway."""
        load, env = self.load, self.env
        vehicles = zip(load["comes_s"], load["headway_s"], load["selected"], load["inspection_s"], strict=True)
        for comes_s, headway_s, selected, inspection_s in vehicles:
            yield self.hold(till=max(comes_s, env.now()) + headway_s)
            self.passed_s.append(env.now())
            if selected and self.taken < self.places:
                self.taken += 1
                Inspection(lane=self, inspection_s=inspection_s)


class Inspection(sim.Component):
    """A vehicle in the area."""

    def setup(self, lane, inspection_s):
        """Take the time in a bay."""
        self.lane = lane
        self.inspection_s = inspection_s

    def process(self):
        """Drive to the area, wait for a bay, be inspected, leave."""
        lane = self.lane
        yield self.hold(lane.load["divert_s"])
        waits_from_s = self.env.now()
        yield self.request(lane.bays)
        lane.waits_s.append(self.env.now() - waits_from_s)
        yield self.hold(self.inspection_s)
        self.release(lane.bays)
        lane.taken -= 1


def main():
    load = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        env = sim.Environment(trace=False, yieldless=False)
        lane = Lane(load=load)
        env.run()
        seconds.append(time.perf_counter() - start)
    result = {
        "peer": "salabim",
        "version": sim.__version__,
        "vehicles": len(lane.passed_s),
        "seconds": seconds,
        "leaves_out": LEAVES_OUT,
        "found": {
            "delay_mean_s": statistics.fmean(a - b for a, b in zip(lane.passed_s, load["baseline_s"], strict=True)),
            "inspected": len(lane.waits_s),
            "area_wait_mean_s": statistics.fmean(lane.waits_s),
        },
        "expected": {name: load["funnelsim"][name] for name in ("delay_mean_s", "inspected", "area_wait_mean_s")},
        "tolerance": TOLERANCE,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
