"""What a replication costs in the search against one in `run`; how long `bound` and `optimise` take on the motorway."""

import statistics
from pathlib import Path
from time import perf_counter, process_time

from timing import in_turn

from funnelsim.decision.fluid.bound import bound
from funnelsim.decision.optimisation.optimise import BEST, optimise
from funnelsim.decision.optimisation.question import FOUND
from funnelsim.decision.simulations import TOGETHER, values_of
from funnelsim.experiments.replication import replicate
from funnelsim.model.planning import plan_of
from funnelsim.scenario import load_scenario

MOTORWAY = Path(__file__).parents[1] / "scenarios" / "motorway_early_shift.toml"
MEASURES = (FOUND, "delay_p95_s", "tail_max_m")
STAGE = 12  # replications of a plan that the search tries
REPLICATIONS, CORES = 60_000, 2
ADAPT = ((0.3, 1.5, 0.7), (0.4, 2, 0.3), (0.5, 2, 0.3), (0.3, 3, 0.1), (0.2, 2, 0.1), (0.5, 1.5, 0.3))
SIX = {
    "selection.rule": "score,index",
    "selection.index.utilisation": "0.4:1.0",
    "selection.adapt": ",".join(f'{{ on = "area", points = [[{x}, {low}], [1.0, {high}]] }}' for x, low, high in ADAPT),
    "area.waiting": "4:20",
    "selection.valve.suspend_at_m": "500:2000",
    "selection.valve.lift_at_m": "900:3600",
}


def replication(rounds):
    """Return the microseconds of a replication in `run` and in the search, alone and with plans that share vehicles."""
    plan = plan_of(load_scenario(MOTORWAY))
    many = TOGETHER * STAGE
    seconds = in_turn(
        {
            "run": lambda _: replicate(plan, 1, range(many)),
            "alone": lambda _: values_of([plan], 1, range(many), MEASURES),
            "together": lambda _: values_of([plan] * TOGETHER, 1, range(STAGE), MEASURES),
        },
        rounds,
    )
    us = {name: one / many * 1e6 for name, one in seconds.items()}
    return {"us": us, "ratio": us["together"] / us["run"], "ratio_alone": us["alone"] / us["run"], "plans": TOGETHER}


def bound_s(rounds):
    """Return the median seconds of the bound, the plan made beforehand as the command does."""
    scenario = load_scenario(MOTORWAY)
    plan = plan_of(scenario)
    return in_turn({"bound": lambda _: bound(scenario, plan)}, rounds)["bound"]


def six_keys():
    """Return how `optimise` fares with six keys of the motorway."""
    scenario = load_scenario(MOTORWAY)
    begun, begun_cpu = perf_counter(), process_time()
    made = optimise(scenario, SIX, replications=REPLICATIONS, jobs=CORES)
    seconds, cpu_s = perf_counter() - begun, process_time() - begun_cpu
    found, most = made.comparison.estimates[BEST][FOUND], made.bounds[BEST].finds
    return {
        "seconds": seconds,
        "processor_s": cpu_s,
        "simulations": made.choice.simulations,
        "plans": len(made.choice.points),
        "impossible": made.impossible,
        "found": found.mean,
        "half_width": found.half_width,
        "bound": most,
        "share": found.mean / most,
        "within": made.choice.selected.within / found.mean,
        "enough": made.choice.selected.enough,
        "feasible": made.feasible,
        "values": {key: str(value) for key, value in made.choice.values.items()},
    }


def measure(rounds):
    """Return the figures of questions 1 and 7."""
    return {"replication": replication(rounds), "bound_s": bound_s(rounds), "six_keys": six_keys()}


if __name__ == "__main__":
    print(replication(5), statistics.fmean([bound_s(5)]))
