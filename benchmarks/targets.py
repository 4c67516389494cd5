"""What is claimed of the speed, and whether the figures hold it."""

from typing import NamedTuple

TIMES_SIMPY, TIMES_C, TIMES_COUNTING = 200, 1.3, 50_000
GROWS, DAY_MB, REPLICATIONS_MB = 0.20, 500, 1.0
SWEEP_MIN, SHELL_S, SIMULATION_S = 3, 4, 0.5


class Target(NamedTuple):
    """A claim: what is wanted and what was measured, in words; whether it holds; what stands in the way if not."""

    name: str
    wanted: str
    found: str
    met: bool
    in_the_way: str


def targets(figures):
    """Return the claims, held against the figures."""
    groups = (of_engines, of_growth, of_memory, of_precision, of_sweep, of_shell, of_reference)
    return [one for group in groups for one in group(figures)]


def of_engines(figures):
    day_s = figures["engines"]["motorway_early_shift"]["day_s"]
    compiled, simpy = day_s["compiled"], day_s["simpy"]
    ratio = simpy["end to end"] / compiled["end to end"]
    us = {part: f"{one * 1e6:,.0f} µs" for part, one in compiled.items()}
    told = (
        f"a day takes {us['end to end']}: random numbers {us['dice']}, event loop {us['loop']}, "
        f"measures {us['measures']}"
    )
    wanted = f"at least {TIMES_SIMPY} times"
    found = f"{ratio:.0f} times"
    yield Target("motorway, compiled against SimPy, end to end", wanted, found, ratio >= TIMES_SIMPY, told)


def growth_of(sizes, part):
    """Return by how much a vehicle costs more on the largest day than on the smallest."""
    costs = [one[part] for one in sizes.values()]
    return costs[-1] / costs[0] - 1.0


def of_growth(figures):
    sizes = figures["growth"]["vehicles"]
    grown = growth_of(sizes, "all")
    name = f"cost of a vehicle from {int(min(sizes, key=int)):,} to {int(max(sizes, key=int)):,} vehicles a day"
    told = "what is known of the vehicles of a large day does not fit into the processor's caches"
    yield Target(name, f"grows by less than {GROWS:.0%}", f"{grown:+.0%}", grown < GROWS, told)


def of_memory(figures):
    held = figures["growth"]["memory"]
    peak_mb, base_mb, vehicles = held["day"]["peak_mb"], held["day"]["small_peak_mb"], held["day_vehicles"]
    told = (
        f"Python, its libraries and the compiled code take {base_mb:.0f} MB, and a vehicle "
        f"{(peak_mb - base_mb) / vehicles * 1e6:.0f} bytes"
    )
    name = f"memory of a day of {vehicles:,} vehicles"
    yield Target(name, f"under {DAY_MB} MB", f"{peak_mb:.0f} MB", peak_mb < DAY_MB, told)
    (few, before_mb), (many, after_mb) = held["replications"].items()
    name = f"memory from {few} to {int(many):,} replications"
    more_mb = after_mb - before_mb
    told = "something is kept of every replication"
    yield Target(name, "does not grow", f"{more_mb:+.1f} MB", more_mb < REPLICATIONS_MB, told)


def of_precision(figures):
    one = figures["precision"]
    name = "expected detections to ±2 %, against counting them in SimPy"
    wanted, found = f"at least {TIMES_COUNTING:,} times", f"{one['ratio']:,.0f} times"
    told = f"the estimator needs {one['expected']['replications']:,} replications"
    yield Target(name, wanted, found, one["ratio"] >= TIMES_COUNTING, told)


def of_sweep(figures):
    one = figures["sweep"]
    minutes = one["whole_s"] / 60
    each_ms = one["seconds"] * one["jobs"] / (one["points"] * one["replications"]) * 1e3
    name = "sweep of 1,000 points of 200 replications on two cores"
    told = f"a replication takes {each_ms:.2f} ms of a core"
    yield Target(name, f"under {SWEEP_MIN} min", f"{minutes:.1f} min", minutes < SWEEP_MIN, told)


def of_shell(figures):
    one = figures["shell"]
    wall_s, simulation_s = one["wall_s"], one["simulation_s"]
    told = (
        f"{wall_s - simulation_s:.1f} s are not the simulation: starting Python, loading libraries, drawing the "
        "figures, writing the folder"
    )
    yield Target(
        "README's command, from prompt to figures", f"under {SHELL_S} s", f"{wall_s:.1f} s", wall_s < SHELL_S, told
    )
    told = "the replications, the curves over the day, and loading the compiled code from its cache"
    met = simulation_s < SIMULATION_S
    yield Target("of it, the simulation", f"under {SIMULATION_S} s", f"{simulation_s:.2f} s", met, told)


def of_reference(figures):
    one = figures["reference"]
    if "reason" in one:
        return
    ns, ratio = one["ns_per_vehicle"], one["ratio"]
    told = (
        f"{ns['compiled'] - ns['draws']:.0f} ns a vehicle against {ns['c']:.0f}; the engine knows every feature of the "
        "model, and asks at each vehicle which of them the plan has"
    )
    wanted = f"at most {TIMES_C} times as long"
    yield Target("event loop against plain C", wanted, f"{ratio:.2f} times", ratio <= TIMES_C, told)
