"""The sentences of a run: the headline, how the limits fare, and how far the numbers carry."""

import math
from collections.abc import Iterable, Iterator, Sequence

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import Estimate, estimate_text
from funnelsim.analysis.limits import LimitCheck
from funnelsim.experiments.precision import met
from funnelsim.experiments.run import Run
from funnelsim.reporting.cost_words import euros_sentence
from funnelsim.scenario.demand import day_cv_of
from funnelsim.scenario.schema import Scenario
from funnelsim.units import MIN_PER_S
from funnelsim.wording import counted, joined, number_text, share_text

PER_CENT = 100.0
WIDE = 0.1  # of the value: a half-width beyond it does not rank plans
WANTED = 0.05
FEW = 30  # replications: fewer show little of how bad a bad day is
SCALES = "Finds scale with the assumed prevalence."
VERDICTS = {
    "kept": "kept",
    "probably kept": "probably kept",
    "probably broken": "probably BROKEN",
    "broken": "BROKEN",
    "no value": "kept, as nobody is delayed",
}


def headline(run: Run) -> str:
    """Return which limits a funnel like this breaks, what it finds, and what it costs everybody else."""
    return " ".join([*_broken(run), _found(run)])


def brief_headline(run: Run) -> str:
    """Return the same where the limits stand below: of broken ones only the names."""
    broken = [check for check in run.limits() if not check.kept]
    named = joined([measure_named(check.measure).label for check in broken])
    said = [f"{_are_broken(broken)}: {named}."] if broken else []
    return " ".join([*said, _found(run)])


def _are_broken(broken: Sequence[LimitCheck]) -> str:
    probably = "Probably broken" if all(check.open for check in broken) else "Broken"
    return f"{probably} limit{'s' if len(broken) > 1 else ''}"


def _broken(run: Run) -> Iterator[str]:
    broken = [check for check in run.limits() if not check.kept]
    if broken:
        often = [round((1.0 - check.kept_in.mean) * check.kept_in.n) for check in broken]
        named = joined([f"{one.rule_text} in {number:,}" for one, number in zip(broken, often, strict=True)])
        allowed = f"{share_text(1.0 - broken[0].wanted)} allowed"
        yield (f"{_are_broken(broken)}: {named} of {counted(broken[0].kept_in.n, 'operation')} ({allowed}).")


def _found(run: Run) -> str:
    """Return what a funnel like this finds, on what that rests, and what it costs everybody else."""
    estimates = run.estimates
    if estimates["vehicles"].mean <= 0.0:
        return "No traffic comes to this funnel: nobody is stopped or delayed, and nothing is found."
    delay = _delay(run)
    offered, found = estimates["targets_offered"].mean, estimates["expected_detections"]
    if offered <= 0.0:
        stopped = number_text(estimates["ordinary_stops"].mean)
        looks_for = "It looks for no targets."
        if run.plan.targets:
            looks_for = f"The counts bring none of the targets that it looks for ({joined(run.plan.targets)})."
        return f"A funnel like this would stop {stopped} vehicles and {delay}. {looks_for}"
    share = share_text(found.mean / offered)
    text = (
        f"A funnel like this would find {estimate_text(found, digits=1)} of {number_text(offered)} targets "
        f"per operation ({share})"
    )
    if found.mean <= 0.0:
        return f"{text}, stop {number_text(estimates['ordinary_stops'].mean)} ordinary vehicles, and {delay}."
    stops = number_text(round(estimates["stops_per_detection"].mean, 1))
    return f"{text}, stop {stops} ordinary vehicles for each, and {delay}. {SCALES}"


def days_sentence(scenario: Scenario, varied: Iterable[str] = ()) -> str:
    """Return what the operations of a scenario stand for: different days, or the same day's traffic.

    In a sweep each point may have its own answer, if `varied` keys decide it.
    """
    if any(key.endswith((".day_cv", "traffic.arrivals")) for key in varied):
        return "How much days vary is itself varied: shares of operations, limits and bands speak of each point's days."
    cv = max(map(day_cv_of, scenario.per_funnel))
    days = scenario.operation.days
    if cv > 0.0 and days > 1:
        return (
            f"Each operation has {days} days of its own, and the traffic of all its days varies together by "
            f"{share_text(cv)} from operation to operation (traffic.day_cv): shares of operations, limits and bands "
            "speak of whole operations."
        )
    if cv > 0.0:
        return (
            f"Each operation is a day of its own, and the traffic of days varies by {share_text(cv)} (traffic.day_cv): "
            "shares of operations, limits and bands speak of days."
        )
    same, within = ("day", "that day") if days == 1 else (f"{days} days", "these days")
    return (
        f"All operations have the traffic of the same {same}, so shares of operations, limits and bands show chance "
        f"within {within}, not how days differ (traffic.day_cv)."
    )


def _delay(run: Run) -> str:
    """Return what a funnel does to those who are not inspected; where there are none, to those who are."""
    mean, p95 = _minutes(run.estimates["delay_mean_s"]), _minutes(run.estimates["delay_p95_s"])
    if mean is not None:
        return f"delay the others by {mean} min on average (P95 {p95} min)"
    lost_h = number_text(run.estimates["ordinary_h"].mean, 2)
    return f"let nobody pass without inspection; ordinary vehicles would lose {lost_h} hours in all"


def _minutes(estimate: Estimate) -> str | None:
    return number_text(estimate.mean * MIN_PER_S, 2) if math.isfinite(estimate.mean) else None


def limits(run: Run) -> Iterator[str]:
    """Yield how each limit of the scenario fares."""
    yield from map(limit_sentence, run.limits())


def limit_sentence(check: LimitCheck) -> str:
    """Return how a limit fares: in how many operations it is kept, how many it must be, and the mean."""
    return (
        f"{VERDICTS[check.verdict]}: {check.rule_text}, {check.kept_text}, {share_text(check.wanted)} wanted; "
        f"on average {check.measured_text}."
    )


def reach(run: Run) -> Iterator[str]:
    """Yield how many operations the numbers rest on, and what they cannot show."""
    n = len(run.replications)
    if n == 1:
        yield from brief_reach(run)
        return
    yield from _stopped(run)
    yield (
        f"{counted(n, 'operation')} were simulated (seed {run.seed}). ± is the half-width of the 95 % "
        "confidence interval of a mean; where its sides differ, and for a chance, brackets hold both ends. Single days "
        "vary much more."
    )
    yield days_sentence(run.scenario)
    if (euros := euros_sentence(run.scenario)) is not None:
        yield euros
    yield from _precision(run)
    found = run.estimates["expected_detections"]
    counted_found = run.estimates["detections"]
    if found.mean > 0 and not counted_found.half_width < WIDE * counted_found.mean:
        yield (
            "Counted finds rest on rare events and vary widely; expected finds have the same mean and are more precise."
        )
    waited = run.estimates["area_wait_mean_s"]
    if 0 < waited.n < n:
        yield f"The wait for a bay rests on the {counted(waited.n, 'operation')} in which somebody was inspected."


def brief_reach(run: Run) -> Iterator[str]:
    """Yield the same for the first screen: the number of operations, and whether they are enough."""
    n = len(run.replications)
    yield from _stopped(run)
    if n == 1:
        yield (
            f"One operation was simulated (seed {run.seed}), so no number has an error bar, and another day may "
            "look quite different; simulate more operations (--replications)."
        )
        return
    yield f"{counted(n, 'operation')}, seed {run.seed}; ± is the half-width of a 95 % confidence interval."
    yield from _precision(run)


def _stopped(run: Run) -> Iterator[str]:
    if not run.complete:
        yield f"The run was stopped after {counted(len(run.replications), 'operation')}."


def _precision(run: Run) -> Iterator[str]:
    """Yield whether the precision wanted is reached, and whether there are enough operations to rank plans."""
    n = len(run.replications)
    for wish in run.wanted:
        kept = "is reached" if met(run.estimates, (wish,)) else "is NOT reached: more operations are needed"
        label = measure_named(wish.measure).label
        yield f"The precision wanted is a half-width of {share_text(wish.share)} of the mean for “{label}”; it {kept}."
    found = run.estimates["expected_detections"]
    if found.mean > 0 and found.half_width > WIDE * found.mean:
        wanted = math.ceil(n * (found.half_width / (WANTED * found.mean)) ** 2)
        width = share_text(found.half_width / found.mean)
        yield (
            f"The half-width of the targets found is {width} of the value, too wide "
            f"to rank plans: about {number_text(wanted, 2)} operations bring it down to {share_text(WANTED)}."
        )
    elif n < FEW:
        yield f"{counted(n, 'operation')} say little about how bad a bad day is; limits and longest values need more."
