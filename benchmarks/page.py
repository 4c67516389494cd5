"""The page of the speed claims, written from the figures that `performance.py` has measured, and from nothing else."""

import optimise_page
import serve_page
from targets import growth_of, targets

WORDS = {
    "federal_road_three_days": "federal road, three days",
    "motorway_early_shift": "motorway, early shift",
    "sobriety_checkpoint": "sobriety checkpoint",
    "state_road_evening_shift": "state road, evening shift",
    "weigh_station": "weigh station",
}
PARTS = {"dice": "random numbers", "loop": "event loop", "measures": "measures", "end to end": "end to end"}


def render(figures):
    """Return the page as Markdown.

    Parameters
    ----------
    figures
        What `performance.py` keeps in performance.json.
    """
    sections = (head, claims, engines, growth, memory, threads, precision, whole, reference, peers, optimise, serve)
    return "\n\n".join(section(figures) for section in sections) + "\n"


def head(figures):
    on = figures["machine"]
    quick = "\n\n**Measured with `--quick`: few repeats, some parts left out.**" if figures["quick"] else ""
    return f"""# Performance

Written by `benchmarks/performance.py` from its own figures (benchmarks/performance.json); `make bench` measures again.

Machine: {on["processor"]}, {on["cores"]} cores, {on["system"]}, Python {on["python"]}, Numba {on["numba"]}. Times are
medians of repeats that alternate in one process, so that a disturbance of the machine affects everything that is
compared. Times depend on the machine; ratios much less. Everything is compiled beforehand, as it is from the second run
on.{quick}"""


def claims(figures):
    rows = targets(figures)
    missed = [
        f"- {one.name}: {one.found}, wanted: {one.wanted}. Where the time goes: {one.in_the_way}."
        for one in rows
        if not one.met
    ]
    lines = table(
        ("target", "wanted", "measured", ""),
        [(one.name, one.wanted, one.found, "met" if one.met else "**missed**") for one in rows],
    )
    after = "\n\n" + "\n".join(missed) if missed else ""
    return f"## Targets\n\n{sum(one.met for one in rows)} of {len(rows)} are met.\n\n{lines}{after}"


def engines(figures):
    rows, parts = [], []
    for name, one in figures["engines"].items():
        compiled, simpy = one["day_s"]["compiled"], one["day_s"]["simpy"]
        whole = compiled["end to end"], simpy["end to end"]
        speeds = [f"{one['on_road'] / s:,.0f}" for s in whole] + [f"{1 / s:,.1f}" for s in whole]
        rows.append((WORDS.get(name, name), f"{one['on_road']:,.0f}", *speeds, f"**{whole[1] / whole[0]:.0f}**"))
        for part in ("dice", "loop", "measures"):
            times = [f"{engine[part] * 1e6:,.0f}" for engine in (compiled, simpy)]
            ratio = simpy[part] / compiled[part] if compiled[part] > 0 else float("nan")
            parts.append((WORDS.get(name, name), PARTS[part], *times, f"{ratio:,.0f}"))
    whole = table(
        (
            "scenario",
            "vehicles",
            "compiled, vehicles/s",
            "SimPy, vehicles/s",
            "compiled, days/s",
            "SimPy, days/s",
            "ratio",
        ),
        rows,
    )
    apart = table(("scenario", "part", "compiled, µs per day", "SimPy, µs per day", "ratio"), parts)
    return f"""## Both engines

One core, end to end: random numbers, engine, measures. A day is one operation with the simulated time around it.

{whole}

The parts. Both engines use the same compiled code for random numbers and for measures; with SimPy the vehicles and the
log are new arrays and lists for each day. The compiled engine draws what only inspected vehicles need inside its event
loop, as SimPy does.

{apart}"""


def growth(figures):
    names = {"vehicles": "vehicles a day", "officers": "officers", "bays": "bays", "stages": "stages"}
    blocks = []
    for key, words in names.items():
        rows = [
            (
                f"{int(size):,}",
                f"{one['inspected_share']:.1%}",
                *(f"{one[part]:,.0f}" for part in ("dice", "loop", "measures", "all")),
            )
            for size, one in figures["growth"][key].items()
        ]
        blocks.append(
            table((words, "inspected", "random numbers", "event loop", "measures", "all, ns per vehicle"), rows)
        )
    sizes = figures["growth"]["vehicles"]
    least = min(one["all"] for one in sizes.values())
    return f"""## Growth

The compiled engine, one core. In the first table the traffic grows while the day stays similar: headways, looks and
spacings shrink, the same share is inspected, and area and officers grow in proportion. From the smallest to the largest
day the cost per vehicle changes by {growth_of(sizes, "all"):+.0%}, that of the event loop alone by
{growth_of(sizes, "loop"):+.0%}, while the fixed cost of a day is spread over more vehicles. The most expensive size
costs {max(one["all"] for one in sizes.values()) / least - 1:+.0%} compared with the cheapest.

{blocks[0]}

Then one thing at a time, on a day of 50,000 vehicles, of which a fifth is selected as long as the area has room, with
200 officers, 200 bays and 2 stages. An inspection takes 20 minutes in all, however many stages it has. The cost per
vehicle depends on how many vehicles are inspected.

{blocks[1]}

{blocks[2]}

{blocks[3]}"""


def memory(figures):
    held = figures["growth"]["memory"]
    many = ", ".join(f"{mb:.1f} MB after {int(number):,}" for number, mb in held["replications"].items())
    return f"""## Memory

The peak memory of a separate process. A day of 1,000 vehicles: {held["day"]["small_peak_mb"]:.0f} MB, which is
Python, its libraries and the compiled code. A day of {held["day_vehicles"]:,} vehicles:
{held["day"]["peak_mb"]:.0f} MB. Replications of the motorway reuse the same memory: {many}."""


def threads(figures):
    one = figures["threads"]
    seconds = one["seconds"]
    return f"""## Threads

{one["replications"]:,} replications of the motorway with `funnelsim.run`, tables and estimates included:
{seconds["1"]:.2f} s with one thread, {seconds["2"]:.2f} s with two: {one["ratio"]:.2f} times as fast."""


def precision(figures):
    one = figures["precision"]
    expected, counted = one["expected"], one["counted"]
    rows = [
        (
            "compiled, expected detections",
            f"{expected['replications']:,}",
            f"{expected['seconds'] / expected['replications'] * 1e3:.2f} ms",
            f"{expected['seconds']:.2f} s",
        ),
        (
            "SimPy, counted detections",
            f"{counted['replications']:,.0f}",
            f"{counted['simpy_s'] * 1e3:.0f} ms",
            f"{counted['seconds'] / 3600:,.1f} h",
        ),
    ]
    lines = table(("method", "replications", "each", "all"), rows)
    return f"""## Expected detections to ±2 %

The motorway with {one["per_10k"]} target in 10,000 vehicles of every class, one core: time until the half-width at 95 %
is 2 % of the mean. The compiled engine is run until this is reached ({one["half_width"]:.2%}). Counting in SimPy is not
run to the end: the mean and the variance of counted detections come from {counted["from_replications"]:,} replications
of the compiled engine, whose log is the same ({counted["mean"]:.4f} counted per day, {counted["mean_expected"]:.4f}
expected; variances {counted["variance"]:.2g} and {expected["variance"]:.2g}), and a replication in SimPy is timed.

{lines}

That is {one["ratio"]:,.0f} times less computing: {counted["replications"] / expected["replications"]:,.0f} times fewer
replications, each {counted["simpy_s"] / expected["seconds"] * expected["replications"]:,.0f} times as fast."""


def whole(figures):
    sweep, shell = figures["sweep"], figures["shell"]
    return f"""## A sweep, and the command from the shell

`funnelsim.sweep` of the motorway, officers by selection rate, on {sweep["jobs"]} cores: {sweep["points"]:,} points of
{sweep["replications"]} replications take {sweep["seconds"]:.1f} s, results folder included. That is
{sweep["part"]:.1%} of 1,000 points of 200 replications; all of them would take {sweep["whole_s"]:.0f} s at that pace.

`{shell["command"]}` with everything compiled: {shell["wall_s"]:.2f} s from the shell prompt to the figures, of which
the simulation takes {shell["simulation_s"]:.2f} s (`wall_s` of the manifest)."""


def reference(figures):
    one = figures["reference"]
    if "reason" in one:
        return f"## Against plain C\n\nNot measured: {one['reason']}."
    ns = one["ns_per_vehicle"]
    rows = [("C", ns["c"]), ("compiled engine", ns["compiled"]), ("of it, drawing for the stages", ns["draws"])]
    lines = table(("", "ns per vehicle"), [(name, f"{value:.1f}") for name, value in rows])
    return f"""## Against plain C

benchmarks/reference.c is the lane and the area of the motorway scenario, no seconds between checks, compiled with
{one["compiler"]} (`{one["options"]}`), called in the same process on the same {one["days"]} days. Its log is checked to
be equal to the engine's to the bit. C receives the durations, alarms and finds of all stages; the engine draws them
when they are needed, so the time for the same draws is measured separately and subtracted.

{lines}

On the same work the engine takes {one["ratio"]:.2f} times as long as C; with its draws, {one["ratio_with_draws"]:.2f}
times."""


def peers(figures):
    if not figures["peers"]:
        return "## Other simulators\n\nNot measured in this run."
    own = figures["engines"]["motorway_early_shift"]
    speeds = {name: own["on_road"] / parts["loop"] for name, parts in own["day_s"].items()}
    rows = [
        (f"{one['peer']} {one['version']}", f"{one['vehicles_per_s']:,.0f}", one["leaves_out"])
        if "reason" not in one
        else (one["peer"], "no figure", one["reason"])
        for one in figures["peers"]
    ]
    rows += [
        ("funnelsim, SimPy", f"{speeds['simpy']:,.0f}", "nothing: the event loop of the whole model"),
        ("funnelsim, compiled", f"{speeds['compiled']:,.0f}", "nothing: the event loop of the whole model"),
    ]
    return f"""## Other simulators

The nearest workload that each simulator can express: a day of the motorway, replayed from funnelsim's log, each in its
own environment, without start-up. Their results are compared with funnelsim's before their times count.

{table(("simulator", "vehicles/s", "what it leaves out"), rows)}"""


def optimise(figures):
    return optimise_page.section(figures, table)


def serve(figures):
    return serve_page.section(figures, table)


def table(head, rows):
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
