"""The sentences of a run: the headline, how the limits fare, and how far the numbers carry."""

import math
from collections.abc import Iterator

from funnelsim.analysis.estimates import Estimate, chance_estimate
from funnelsim.arrays import BoolArray
from funnelsim.experiments.precision import met
from funnelsim.experiments.run import LimitKept, Run
from funnelsim.report.words import EXACT, counted, estimate_text, number_text, share_text
from funnelsim.units import MIN_PER_S

PER_CENT = 100.0
WIDE = 0.1  # of the value: a half-width beyond it does not rank plans
WANTED = 0.05
FEW = 30  # replications: fewer show little of how bad a bad day is


def headline(run: Run) -> str:
    """Return what a funnel like this finds, and what it costs everybody else, in one sentence."""
    estimates = run.estimates
    mean = _minutes(estimates["delay_mean_s"])
    p95 = _minutes(estimates["delay_p95_s"])
    delay = "nobody is delayed" if mean is None else f"delay the others by {mean} min on average (P95 {p95} min)"
    offered, found = estimates["targets_offered"].mean, estimates["expected_detections"]
    if offered <= 0.0:
        stopped = number_text(estimates["ordinary_stops"].mean)
        return f"A funnel like this would stop {stopped} vehicles and {delay}. It looks for no targets."
    share = share_text(found.mean / offered)
    text = (
        f"A funnel like this would find {estimate_text(found, digits=1)} of {number_text(offered)} targets "
        f"per operation ({share})"
    )
    if found.mean <= 0.0:
        return f"{text}, stop {number_text(estimates['ordinary_stops'].mean)} ordinary vehicles, and {delay}."
    stops = number_text(round(estimates["stops_per_detection"].mean, 1))
    return f"{text}, stop {stops} ordinary vehicles for each, and {delay}."


def _minutes(estimate: Estimate) -> str | None:
    return number_text(estimate.mean * MIN_PER_S, 2) if math.isfinite(estimate.mean) else None


def limits(run: Run) -> Iterator[str]:
    """Yield how each limit of the scenario fares."""
    for held in run.limits():
        yield _limit(held, run)


def _limit(held: LimitKept, run: Run) -> str:
    label, unit, times = {
        "p95_delay_min": ("P95 delay", "min", MIN_PER_S),
        "tail_m": ("longest queue", "m", 1.0),
    }[held.limit]
    broken = run.replications[held.measure].to_numpy() > held.value
    share, interval = chance_texts(broken)
    return (
        f"{_verdict(held)}: {label} {estimate_text(held.estimate, times)} {unit}, "
        f"limit {held.value * times:,g} {unit}; broken in {share} % of {counted(len(broken), 'operation')} {interval}."
    )


def chance_texts(happened: BoolArray) -> tuple[str, str]:
    """Return how often something happened and its 95 % interval, both in per cent: "3" and "(0.5-8)".

    Examples
    --------
    >>> chance_texts(np.array([False] * 20))
    ('0', '(0-16)')
    """
    chance = chance_estimate(happened)
    least = max(0.0, chance.mean - chance.half_width)
    most = min(1.0, chance.mean + chance.half_width)
    bounds = [number_text(PER_CENT * bound if bound > EXACT else 0.0, 2) for bound in (least, most)]
    return number_text(PER_CENT * float(happened.mean())), f"({'-'.join(bounds)})"


def _verdict(held: LimitKept) -> str:
    """Say whether a limit is kept on average; on the limit where the error bar reaches across it."""
    mean, half = held.estimate.mean, held.estimate.half_width
    if not math.isfinite(mean):
        return "no value"
    if math.isfinite(half) and abs(mean - held.value) < half:
        return "on the limit"
    return "kept on average" if mean <= held.value else "BROKEN on average"


def reach(run: Run) -> Iterator[str]:
    """Yield how many operations the numbers rest on, and what they cannot say."""
    n = len(run.replications)
    if not run.complete:
        yield f"The run was stopped after {counted(n, 'operation')}."
    if n == 1:
        yield (
            f"One operation was simulated (seed {run.seed}), so no number has an error bar, and another day may "
            "look quite different: simulate more (--replications)."
        )
        return
    yield (
        f"{counted(n, 'operation')} were simulated (seed {run.seed}). Behind ± stands the half-width of the 95 % "
        "confidence interval of a mean; single days scatter much more."
    )
    for wish in run.wanted:
        kept = "is reached" if met(run.estimates, (wish,)) else "is NOT reached: more replications are needed"
        yield f"The wanted half-width of {share_text(wish.share)} of {wish.measure} {kept}."
    found = run.estimates["expected_detections"]
    if found.mean > 0 and found.half_width > WIDE * found.mean:
        wanted = math.ceil(n * (found.half_width / (WANTED * found.mean)) ** 2)
        width = share_text(found.half_width / found.mean)
        yield (
            f"The half-width of the targets found is {width} of the value, too wide "
            f"to rank plans: about {number_text(wanted, 2)} operations bring it down to {share_text(WANTED)}."
        )
    elif n < FEW:
        yield f"{counted(n, 'operation')} show little of how bad a bad day is: limits and longest values need more."
    counted_found = run.estimates["detections"]
    if found.mean > 0 and counted_found.half_width >= WIDE * counted_found.mean:
        yield ("The counted finds rest on rare events and scatter; the expected ones have the same mean and say more.")
    waited = run.estimates["area_wait_mean_s"]
    if 0 < waited.n < n:
        yield f"The wait for a bay rests on the {counted(waited.n, 'operation')} in which somebody was inspected."
