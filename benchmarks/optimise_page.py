"""The section of docs/performance.md about `funnelsim optimise`, written from the figures of `optimise.py` alone."""

from funnelsim.decision.optimisation.search import MOST_TRIALS, STAGES

RATIO, BOUND_S, SIX_MIN, SIX_REPLICATIONS = 0.6, 0.5, 3.0, 60_000
OF_BOUND, GOOD_OF_20, SEEDS, CONFIDENCE, EACH, MANY_MIN, WHOLE_MANY = 0.80, 19, 20, 0.95, 15, 5.0, 10_000
NAMES = ("good selection", "equal allocation", "KN")


def section(figures, table):
    """Return the section as Markdown; `table` writes a table."""
    made = figures.get("optimise", {})
    if not made:
        return "## Finding the best plan\n\nNot measured in this run."
    parts = {
        "cost": cost,
        "enumerable": enumerable,
        "synthetic": synthetic,
        "many": many,
        "pyprs": pyprs,
        "kills": kills,
        "teleops": teleops,
        "rosters": rosters,
    }
    rows = [row for part in parts if part in made for row in TARGETS[part](made[part])]
    met = sum(row[3] == "met" for row in rows)
    loads = ", ".join(f"{part} {one['load']:.1f}" for part, one in made.items() if one.get("load") is not None)
    head = f"""## Finding the best plan

Written from the figures of `benchmarks/optimise.py`, which measures what [`funnelsim optimise`](optimise.md) promises.
{met} of {len(rows)} targets are met. Other work ran on the machine's {figures["machine"]["cores"]} cores meanwhile; its
load when each part began: {loads}. Times would be shorter on a quiet machine.

{table(("target", "wanted", "measured", ""), rows)}"""
    return "\n\n".join(
        [head, *(noted(made[part], render(made[part], table)) for part, render in parts.items() if part in made)]
    )


def noted(one, text):
    """Return a part's text with what is to be known of how it was measured, where anything is."""
    return f"{text}\n\n{one['note']}" if "note" in one else text


def within_text(share):
    """Return by how much no other plan is better; nothing is shown where it is as much as the whole."""
    return f"{share:.1%}" if share < 1.0 else "nothing shown"


def verdict(met):
    return "met" if met else "**missed**"


def of_cost(one):
    ratio, six = one["replication"]["ratio"], one["six_keys"]
    yield (
        "a replication in the search against one in `run`",
        f"at most {RATIO}",
        f"{ratio:.2f}",
        verdict(ratio <= RATIO),
    )
    yield "`bound` of the motorway", f"under {BOUND_S} s", f"{one['bound_s']:.2f} s", verdict(one["bound_s"] < BOUND_S)
    minutes = six["seconds"] / 60
    yield "`optimise` of six keys, time", f"at most {SIX_MIN:g} min", f"{minutes:.1f} min", verdict(minutes <= SIX_MIN)
    yield (
        "`optimise` of six keys, replications",
        f"at most {SIX_REPLICATIONS:,}",
        f"{six['simulations']:,}",
        verdict(six["simulations"] <= SIX_REPLICATIONS),
    )
    share = six["share"]
    yield (
        "targets found, of the bound of its plan",
        f"at least {OF_BOUND:.0%}",
        f"{share:.1%}",
        verdict(share >= OF_BOUND),
    )


def of_enumerable(one):
    wanted = f"{GOOD_OF_20} of {SEEDS}"
    found = f"{one['good']} of {one['seeds']}"
    met = verdict(one["good"] >= GOOD_OF_20) if one["seeds"] >= SEEDS else "too few seeds measured"
    yield "plan named is within 1 % of the best of an enumeration", wanted, found, met
    half = one["enumeration"]["half_width"]
    yield "each plan of the enumeration known to", "±0.5 %", f"±{half:.1%}", verdict(half <= 0.005)  # noqa: PLR2004


def of_synthetic(one):
    share, low, high = one["good"]
    yield (
        "probability of good selection",
        f"at least {CONFIDENCE:.0%}",
        f"{share:.1%} ({low:.1%} to {high:.1%})",
        verdict(low >= CONFIDENCE),
    )


def of_many(one):
    selection = one["good selection"]
    each = selection["replications"] / one["plans"]
    size = "" if one["plans"] >= WHOLE_MANY else f" (of {WHOLE_MANY:,}: not measured)"
    name = f"good selection among {one['plans']:,} plans{size}"
    done = selection["named"] is not None and selection["enough"]
    found = f"{each:.1f}" + ("" if done else ", 1 % not reached")
    yield f"{name}, replications a plan", f"at most {EACH}", found, verdict(each <= EACH and done)
    minutes = selection["seconds"] / 60
    met = verdict(minutes < MANY_MIN) if one["plans"] >= WHOLE_MANY else "too few plans measured"
    yield f"{name}, time", f"under {MANY_MIN:g} min", f"{minutes:.1f} min", met


def of_kills(one):
    found = f"{one['same']} of {one['folders']}, {one['kills']} kills"
    yield "folders with the same bytes after kills", "all", found, verdict(one["same"] == one["folders"])


TARGETS = {
    "cost": of_cost,
    "enumerable": of_enumerable,
    "synthetic": of_synthetic,
    "many": of_many,
    "pyprs": lambda _one: (),
    "kills": of_kills,
    "teleops": lambda _one: (),
    "rosters": lambda _one: (),
}


def cost(one, table):
    us, six = one["replication"]["us"], one["six_keys"]
    rows = [
        ("in `run`: all measures, curves over the day", f"{us['run']:,.0f}", "1"),
        ("search, one plan", f"{us['alone']:,.0f}", f"{one['replication']['ratio_alone']:.2f}"),
        (
            f"search, {one['replication']['plans']} plans on the same vehicles",
            f"{us['together']:,.0f}",
            f"{us['together'] / us['run']:.2f}",
        ),
    ]
    keys = ", ".join(f"`{key}` = {value}" for key, value in six["values"].items())
    more = "" if six["enough"] else " (1 % was wanted)"
    return f"""### Cost

{table(("a replication of the motorway", "µs", "ratio"), rows)}

Six keys of the motorway, seed 1: {six["seconds"]:.0f} s, of which processors {six["processor_s"]:.0f} s;
{six["simulations"]:,} replications; {six["plans"]:,} plans compared. The plan finds {six["found"]:.3f} ±
{six["half_width"]:.3f}, {six["share"]:.1%} of its bound {six["bound"]:.3f}; no other is better by more than
{within_text(six["within"])}{more}. Its keys: {keys}."""


def enumerable(one, table):
    enumeration, sharp = one["enumeration"], one["refined"]
    rows = [
        (
            str(number),
            str(row["named"]),
            f"{row['loss']:.2%}" if row["named"] is not None else "",
            f"{row['kept']:.1%}" if row["named"] is not None else "",
            f"{row['replications']:,}",
            within_text(row["within"]),
        )
        for number, row in enumerate(one["rows"], start=1)
    ]
    heads = ("seed", "plan named", "worse than the best", "keeps the limit", "replications", "no other better by")
    return f"""### An enumerated scenario

{one["plans"]:,} plans of benchmarks/optimise_small.toml, {one["keep"]:,} of which keep the limit, enumerated
in {enumeration["replications"]:,} replications with control variates: the means are known to
±{enumeration["half_width"]:.1%} at worst (median ±{enumeration["median_half_width"]:.1%}). The {sharp["plans"]} plans
that may be the best, and those named, were simulated {sharp["replications"]:,} times each on other vehicles: their
differences from the best are known to ±{sharp["half_width_apart"]:.1%}. The selection among all plans was allowed a
tenth of the enumeration's replications; "no other better by" is what it states with 95 % confidence.

{table(heads, rows)}"""


def synthetic(one, table):
    rows = [
        (
            row["kind"],
            str(row["plans"]),
            str(row["macro"]),
            f"{row['named']}",
            f"{row['good']}",
            f"{row['true']}",
            f"{row['replications']:,.0f}",
        )
        for row in one["rows"]
    ]
    heads = ("configuration", "plans", "tried", "a plan named", "good", "statement true", "replications, median")
    share, low, high = one["good"]
    return f"""### Probability of good selection

Synthetic plans with known goals and a limit to be kept in 90 % of operations, correlated by common random numbers.
Good: the plan named keeps the limit, and none that keeps it in 95 % is better by more than the 1 % wanted; true: by
more than the selection itself says. Good were {share:.1%} of all tries (Wilson, 95 %: {low:.1%} to {high:.1%}), those
that name no plan counted as not good; stated is {one["confidence"]:.0%}.

{table(heads, rows)}"""


def many(one, table):
    rows = []
    for name in NAMES:
        row = one[name]
        if row["named"] is None:
            rows.append((name, f"{row['replications']:,}", f"{row['seconds']:.0f}", "no plan named", "", ""))
            continue
        loss = f"{row['loss']:.2%} ± {row['loss_half_width']:.2%}"
        cells = (f"{row['found']:.4f} ± {row['half_width']:.4f}", loss, f"{row['kept']:.1%}")
        rows.append((name, f"{row['replications']:,}", f"{row['seconds']:.0f}", *cells))
    heads = ("procedure", "replications", "s", "found", "worse than the best known", "keeps the limit")
    own = one["good selection"]
    return f"""### Thousands of plans

{one["plans"]:,} plans of the motorway (a Sobol design over rates and valve marks), to keep a P95 delay of at most
12 min in 90 % of operations. The selection ended with this bound on how much better another plan is:
{within_text(own["within"])};
{own["excluded"]:,} plans were shown to break the limit, {own["worse"]:,} to be worse; making all plans took
{own["planning_s"]:.0f} s of its time. Below are the plan it named, and those of equal allocation and of KN (Kim and
Nelson 2001) with about as many replications, on fresh random numbers. These two say nothing of how sure they are; KN
had {one["KN"]["left"]:,} plans left when its replications were used up. The time of KN is that of its comparisons: it
was given the replications of equal allocation.

{table(heads, rows)}"""


def pyprs(one, table):
    def rows(part):
        for row in part["rows"]:
            share, low, high = row["pcs"]
            runs = f"{share:.2f} ({low:.2f} to {high:.2f}), {row['runs']} runs"
            yield row["procedure"], f"{row['samples']:,.0f}", f"{row['seconds']:.1f}", runs

    heads = ("procedure", "samples", "s", "correct selection")
    published = [
        (f"PyPRS {name}, published, 48 cores", f"{samples:,}", "", f"{pcs:.2f}")
        for name, samples, _, pcs in one["published"]
    ]
    least, most = (pick(seconds for _, _, seconds, _ in one["published"]) for pick in (min, max))
    small = "with ours and theirs on this machine" if "reason" not in one else f"ours alone: {one['reason']}"
    return f"""### PyPRS

The demonstration of PyPRS 1.0.0: throughput of a flow line of three stations, no limits, common random numbers, an
indifference zone of 0.1. By its own figures PyPRS takes {least / 60:.0f} to {most / 60:.0f} minutes of processors at
full size ({one["whole"]["plans"]:,} plans) for one run, which was too long here; so a smaller problem of
{one["small"]["plans"]:,} plans stands first, {small}; then ours at full size beside figures that the demonstration
publishes (github.com/simulation-optimization/PyPRS), which were not measured here. Correct: within 0.1 of the best.

{table(heads, list(rows(one["small"])))}

{table(heads, [*rows(one["whole"]), *published])}"""


def kills(one, table):  # noqa: ARG001  (all parts have one signature)
    parts = ", ".join(map(str, one["parts"]))
    return f"""### Kills

`funnelsim optimise` of a small scenario, {one["whole_s"]:.0f} s when nothing disturbs it, killed {one["kills"]} times,
first before anything was finished, then at random moments, and run again each time; parts finished at the kills:
{parts}. Compared are best_plan.toml and plans.csv with those of a command that was never
killed."""


def teleops(one, table):
    def rows():
        for row in one["rows"]:
            low, median, high = row["median"]
            reached = f"{median:.3f}" if low == high else f"{median:.3f} ({low:.3f} to {high:.3f})"
            simulated = f"{row['simulated']:,.0f}"
            yield f"{row['budget']:,}", row["start"], row["search"], reached, f"{row['drivers']:.0f}", simulated

    heads = ("replications", "start", "search", "objective", "drivers", "used")
    return f"""### TELEOPS-1

A problem of the [simulation optimisation competition 2026](https://github.com/simopt-admin/simopt-competition-26) that
has nothing to do with funnels: how many drivers of each of three roles begin a shift at each hour, 72 whole numbers,
with 1,000 replications. The objective is the share of calls answered at once, less 0.00005 times the staff cost of a
day; the best value is not known. The model is our own, after the competition's description. Medians over
{one["seeds"]} seeds with 95 % intervals, each plan simulated afresh in {one["fresh"]:,} replications. The covering plan
is made by the covering program of [`funnelsim roster`](roster.md) from Erlang's delay formula, hour by hour, at five
prices of a driver, of which 60 replications choose one. The competition's example goes to the first better neighbour,
one driver more or less, with ten replications of each. Ours is the search of `funnelsim optimise` as it stands, each
number within one of its start.

{table(heads, list(rows()))}

{_verdict_of_teleops(one)}"""


def _verdict_of_teleops(one):
    found = {(row["budget"], row["start"], row["search"]): row["median"] for row in one["rows"]}
    few, many = sorted({row["budget"] for row in one["rows"]})
    covering, theirs, competition = "covering plan", "the competition's example", "the competition's"
    alone, ours, local = (found[few, covering, name] for name in ("none", "ours", theirs))
    from_start = found[few, competition, theirs]
    worse = "worse than the example" if ours[2] < local[0] else "not to be told from the example"
    than = "better than the example" if ours[0] > local[2] else worse
    later, later_local = found[many, covering, "ours"], found[many, covering, theirs]
    return (
        f"The covering plan is a good start: in {few:,} replications the example reaches {from_start[1]:.3f} from "
        f"the competition's start, and the covering plan is worth {alone[1]:.3f} before any search. From it our search "
        f"reaches {ours[1]:.3f} and the example {local[1]:.3f}; in {many:,} replications they reach {later[1]:.3f} and "
        f"{later_local[1]:.3f}. By the intervals ours is {than} at {few:,}. Half of the plans that "
        "ours tries are neighbours of the best ones, in the others most of the 72 numbers change at once; it never "
        f"tries more than {MOST_TRIALS}, and {few:,} replications are at most {few // STAGES[0]} plans. It is made "
        "for the ten or so keys of a planner. With dozens of them, "
        "begin with a good plan and vary a few keys at a time."
    )


def rosters(one, table):
    def rows():
        for row in one["rows"]:
            today, least, same = row["today"], row["least cost"], row.get("same hours")
            cost = f"{today['staff_cost']:,.0f} → {least['staff_cost']:,.0f}"
            found = f"{today['expected_detections']:.4g}"
            yield (
                row["scenario"].replace("_", " "),
                cost,
                f"{least['staff_cost'] / today['staff_cost'] - 1.0:+.1%}",
                found,
                _difference(least),
                "none found" if same is None else _difference(same),
                f"{row['simulated']}",
            )

    heads = (
        "scenario",
        "cost today → least",
        "change",
        "finds today",
        "least cost: difference",
        "same hours: difference",
        "rosters simulated",
    )
    return f"""### Rosters

What [`funnelsim roster`](roster.md) finds for the scenarios shipped: the cheapest roster that finds what today's does
and keeps the limits as often, and the one that finds most within today's officer-hours. Differences in finds are
paired, in 200 operations by which no roster was chosen.

{table(heads, list(rows()))}"""


def _difference(plan):
    mean, half_width = plan["difference"]
    return "0" if mean == 0.0 else f"{mean:+.4f} ± {half_width:.4f}"
