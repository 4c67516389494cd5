"""Both engines on the shipped scenarios: end to end, and the dice, the event loop and the measures apart."""

from pathlib import Path

import numpy as np
from timing import in_turn

from funnelsim.analysis.buffers import prepare
from funnelsim.analysis.measures import measure as measure_log
from funnelsim.analysis.measures import measure_names
from funnelsim.engines import compiled_engine, simpy_engine
from funnelsim.experiments.replication import ReplicationBuffers, measures_of
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import draw_traffic
from funnelsim.scenario import load_scenario

SCENARIOS = Path(__file__).parents[1] / "scenarios"
MOTORWAY = SCENARIOS / "motorway_early_shift.toml"
SEED = 1
TOGETHER = 100  # replications of the compiled engine that are timed together
PARTS = ("dice", "loop", "measures")


def measure(rounds):
    """Return, by scenario, what a day and its parts cost in seconds with each engine."""
    return {file.stem: measured(file, rounds) for file in sorted(SCENARIOS.glob("*.toml"))}


def measured(file, rounds):
    plan = plan_of(load_scenario(file))
    compiled, simpy = Compiled(plan), OfRecord(plan)
    actions = {
        ("compiled", "end to end"): lambda turn: measures_of([plan], SEED, days(turn)),
        ("simpy", "end to end"): lambda turn: measures_of([plan], SEED, range(turn, turn + 1), "simpy"),
    }
    actions |= {("compiled", part): getattr(compiled, part) for part in PARTS}
    actions |= {("simpy", part): getattr(simpy, part) for part in PARTS}
    seconds = in_turn(actions, rounds)
    day_s = {"compiled": {}, "simpy": {}}
    for (engine, part), one in seconds.items():
        day_s[engine][part] = one / (TOGETHER if engine == "compiled" else 1)
    vehicles = float(measures_of([plan], SEED, range(TOGETHER))[0]["vehicles"].mean())
    on_road = float(np.mean([len(draw_traffic(plan.road, SEED, number)) for number in range(TOGETHER)]))
    return {"vehicles": vehicles, "on_road": on_road, "day_s": day_s}


def days(turn):
    """Return the replications of a turn."""
    return range(turn * TOGETHER, (turn + 1) * TOGETHER)


class Compiled:
    """The parts of a day with the compiled engine, each for many days."""

    def __init__(self, plan):
        self.place = ReplicationBuffers([plan])
        self.row = np.empty(len(measure_names(plan)))

    def dice(self, turn):
        """Draw the vehicles."""
        for replication in days(turn):
            self.place.draw(SEED, replication)

    def loop(self, turn):
        """Let the vehicles that were drawn last pass, again and again."""
        place = self.place
        for _ in days(turn):
            compiled_engine.run_in(
                place.engine_buffers, place.traffic.first, place.plan_arrays[0], SEED, place.replication
            )

    def measures(self, turn):
        """Take notes and measure, again and again, what the vehicles drawn last have met."""
        place, records = self.place, self.place.simulate(0)
        for _ in days(turn):
            prepare(records, place.inputs[0], place.measure_buffers)
            place.measure(0, records, self.row)


class OfRecord:
    """The parts of one day with the SimPy engine."""

    def __init__(self, plan):
        self.plan = plan

    def dice(self, turn):
        """Draw the vehicles."""
        self.traffic = draw_traffic(self.plan.road, SEED, turn)

    def loop(self, _turn):
        """Let them pass."""
        self.log = simpy_engine.simulate(self.traffic, self.plan)

    def measures(self, _turn):
        """Measure what they met."""
        measure_log(self.log, self.plan)


if __name__ == "__main__":
    for name, one in measure(5).items():
        print(name, one)
