"""The chapter on a selective stop in SUMO: another lorry share, every 20th singled out, four places."""

from dataclasses import replace
from typing import TypeAlias

import numpy as np

from funnelsim.scenario.traffic import DEFAULT_CLASSES
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.comparison import Claim, Comparison, within
from validation.sumo.calibration import calibrate
from validation.sumo.network import PLACES
from validation.sumo.open_road import delays_s, lost, vehicles_of
from validation.sumo.recorded import (
    CALIBRATED_VPH,
    DEMANDS_VPH,
    MODELS,
    Hour,
    hours,
    lost_without_funnel,
    open_road,
    queues,
)
from validation.sumo.reference import explained
from validation.sumo.runs import CELL_M, SumoError, programs
from validation.sumo.stop_experiments import (
    DIVERT_S,
    EVERY,
    LORRY_SHARE,
    MODEL,
    Costs,
    Predictor,
    StopExperiment,
    StopResults,
    costs_of,
    simulate,
)
from validation.sumo.twin import twin_of

Pair: TypeAlias = tuple[StopResults, StopResults]
"""The results of SUMO and of funnelsim."""

NAME, TITLE, SOURCE = "sumo_selective_stop", "SUMO: a selective stop", "SUMO, new run"
DELAY_SHARE, DELAY_S, QUEUE_SHARE, FLOW_SHARE = 0.10, 8.0, 0.15, 0.05
SAME_S = 0.5  # the vehicles and the seed are the same; another release of SUMO may differ a little
SHARE_EXPLAINED = 0.5
FULL_SEEDS, QUICK_SEEDS = 3, 1
CAR_S, LORRY_S = (float(DEFAULT_CLASSES[name]["diversion_s"]) for name in ("car", "lorry"))
FREE, STOPPED = StopExperiment(800, 0.0, saturated=False), StopExperiment(800, 300.0, saturated=False)
SATURATED = tuple(StopExperiment(1400, stop_s, saturated=True) for stop_s in (0.0, 120.0, 300.0))
EXPERIMENTS = (FREE, STOPPED, *SATURATED)

TEXT = f"""\
The reference experiment has no control behind its lane. Here SUMO gets one: behind the lane every {EVERY}th car and
every {EVERY}th lorry turns off and stops on one of {PLACES} places. While all are taken, the next of them waits with
its rear in the lane, and nobody passes. Of all vehicles {100 * LORRY_SHARE:.0f} % are lorries instead of 12 %.

funnelsim predicts this before SUMO is started, with what was calibrated to the reference experiment: the capacity,
converted to the new mix with the same headways by pair, and the merge cost less what is lost on the same road without a
funnel. What a diversion costs the lane is the default of the scenario, {CAR_S:.0f} s for a car and {LORRY_S:.0f} s for
a lorry; the way to a place takes {DIVERT_S:.1f} s, the mean distance at the speed of the lane. Neither is fitted.
Delays are those that the funnel adds to the same road, of vehicles that are not singled out. Allowed are 10 % of a
delay, or 8 s where demand is below capacity, 15 % of a queue and 5 % of a throughput. Each case ends with the error in
per cent."""


def lines_of(experiment: StopExperiment, sumo: StopResults, ours: StopResults) -> list[Comparison]:
    """Return the comparisons of an experiment, each with its error in per cent."""
    delay_s = DELAY_SHARE * sumo.added_s if experiment.saturated else DELAY_S
    rows = [
        ("mean delay", "s", sumo.added_s, ours.added_s, delay_s),
        ("longest queue", "m", sumo.longest_m, ours.longest_m, QUEUE_SHARE * sumo.longest_m),
    ]
    if experiment.saturated:
        rows.insert(0, ("throughput", "vehicles/h", sumo.passed_vph, ours.passed_vph, FLOW_SHARE * sumo.passed_vph))
    if experiment.stop_s:
        rows.append(("inspected", "vehicles", sumo.inspected, ours.inspected, 0.0))
    return [
        within(f"{experiment.name}: {what} ({100.0 * (have / want - 1.0):+.1f} %)", unit, want, have, allowed, SOURCE)
        for what, unit, want, have, allowed in rows
    ]


def near_capacity(experiment: StopExperiment, sumo: StopResults, ours: StopResults) -> str:
    """Explain a delay by the capacity, if the rest of the difference is within what is allowed."""
    excess = [experiment.demand_vph / numbers.passed_vph - 1.0 for numbers in (sumo, ours)]
    share = excess[1] / excess[0]
    if abs(ours.added_s - share * sumo.added_s) > DELAY_SHARE * sumo.added_s:
        return ""
    return (
        f"Demand is only {100.0 * excess[0]:.1f} % above what SUMO's lane passes, and the queue grows with the "
        f"difference: a throughput that is {100.0 * (ours.passed_vph / sumo.passed_vph - 1.0):+.1f} % off gives "
        f"{100.0 * (share - 1.0):+.0f} % of delay."
    )


def cheap_diversions(costs: Costs) -> str:
    """Explain why a lane with diversions passes more in SUMO."""
    return (
        "In SUMO a vehicle that turns off hardly slows the lane: the headway behind a car is "
        f"{costs.diverted_car_s:+.1f} s longer, behind a lorry {costs.diverted_lorry_s:+.1f} s. The default of "
        f"{CAR_S:.0f} and {LORRY_S:.0f} s is for a vehicle that is waved down and directed to its place. With SUMO's "
        "own cost the two agree, see below."
    )


def merging_apart(free: Pair) -> str:
    """Explain the part of a delay below saturation that is independent of the stop."""
    sumo, ours = free
    return (
        f"Where nobody stops, funnelsim's delay is already {ours.added_s - sumo.added_s:+.1f} s off: the merge cost "
        f"was calibrated at {CALIBRATED_VPH:,} vehicles/h, and merging costs less with less traffic."
    )


def rolling(sumo: StopResults) -> str:
    """Explain what SUMO counts as a queue below saturation."""
    return (
        f"SUMO's queue is {sumo.longest_m:.0f} m where nobody stops: vehicles that roll towards the merge below "
        "40 km/h, counted in cells of 50 m. funnelsim's queue begins where the lane is full."
    )


def costs_text(costs: Costs) -> str:
    """Describe what diverting and holding cost in SUMO."""
    return (
        "Measured afterwards in SUMO, where the lane is saturated: the headway behind a diverted car is "
        f"{costs.diverted_car_s:+.1f} s longer than behind one that drives on, behind a lorry "
        f"{costs.diverted_lorry_s:+.1f} s; the way to a place takes {costs.way_s:.1f} s; after a place has become free "
        f"for a vehicle that holds the lane, the next leaves the lane {costs.restart_s:.1f} s later."
    )


def afterwards(
    experiment: StopExperiment, sumo: StopResults, predictor: Predictor, seeds: int, costs: Costs
) -> list[Comparison]:
    """Return the comparisons with SUMO's own cost of a diversion, measured afterwards: not a prediction."""
    own_s = {"car": max(costs.diverted_car_s, 0.0), "lorry": max(costs.diverted_lorry_s, 0.0)}
    ours = predictor.predict(experiment, seeds, own_s)
    lines = lines_of(experiment, sumo, ours)[:3]
    return [replace(line, case=f"With SUMO's own cost of a diversion, {line.case}") for line in lines]


def chapter_with_sumo(effort: Effort) -> Chapter:
    """Predict a selective stop, then let SUMO simulate it, where it is installed."""
    try:
        programs()
        text, lines = _predicted_then_simulated(effort)
    except SumoError as error:
        return Chapter(NAME, TITLE, TEXT, missing=str(error))
    return Chapter(NAME, TITLE, text, tuple(lines))


def _predicted_then_simulated(effort: Effort) -> tuple[str, list[Comparison | Claim]]:
    recorded = hours()
    runs = [hour for hour in recorded if hour.demand_vph == CALIBRATED_VPH]
    twins = [twin_of(hour.arrives_s, hour.lorry, hour.seed) for hour in runs]
    best = calibrate(runs, twins, queues(MODEL), MODEL, effort.engine).best
    own = best.without(lost_without_funnel(MODEL)[CALIBRATED_VPH].mean_s)
    predictor = Predictor(own, twins[0], effort.engine)
    seeds = QUICK_SEEDS if effort.quick else FULL_SEEDS
    predicted = {one: predictor.predict(one, seeds) for one in EXPERIMENTS}

    made = {one: simulate(one, seeds) for one in EXPERIMENTS}  # SUMO runs from here on
    saturated = [(one.vehicles(seed), hour) for one in SATURATED for seed, hour in enumerate(made[one][1], 1)]
    costs = costs_of([vehicles for vehicles, _ in saturated], [hour for _, hour in saturated])
    after = [afterwards(one, made[one][0], predictor, seeds, costs) for one in SATURATED[1:]]
    free, full = ((made[one][0], predicted[one]) for one in (FREE, SATURATED[0]))
    lines = [*without_stops(free, full), *below_saturation(free, (made[STOPPED][0], predicted[STOPPED]))]
    for one, with_costs in zip(SATURATED[1:], after, strict=True):
        lines += held(lines_of(one, made[one][0], predicted[one]), with_costs, costs)
    lines += [line for with_costs in after for line in with_costs]
    return f"{TEXT}\n\n{costs_text(costs)}", [*lines, *claims(recorded, seeds)]


def without_stops(free: Pair, full: Pair) -> list[Comparison]:
    """Return the comparisons with only another lorry share."""
    delay, queue = lines_of(FREE, *free)
    why = near_capacity(SATURATED[0], *full)
    return [
        delay,
        explained(queue, rolling(free[0])),
        *(explained(line, why) for line in lines_of(SATURATED[0], *full)),
    ]


def below_saturation(free: Pair, stopped: Pair) -> list[Comparison]:
    """Return the comparisons of a stop below saturation, explained where the same difference appears without it."""
    delay, queue, inspected = lines_of(STOPPED, *stopped)
    off_s, free_s = (ours.added_s - sumo.added_s for sumo, ours in (stopped, free))
    delay = explained(delay, merging_apart(free) if abs(off_s - free_s) <= DELAY_S / 2 else "")
    queue = explained(queue, rolling(free[0]) if stopped[0].longest_m - free[0].longest_m < CELL_M else "")
    return [delay, queue, inspected]


def held(lines: list[Comparison], with_costs: list[Comparison], costs: Costs) -> list[Comparison]:
    """Explain the comparisons that agree with SUMO's own cost of a diversion."""
    reasons = [cheap_diversions(costs) if line.agrees else "" for line in with_costs]
    *others, inspected = lines
    return [*(explained(line, why) for line, why in zip(others, reasons, strict=True)), inspected]


def claims(recorded: list[Hour], seeds: int) -> list[Claim]:
    """Return why delays below saturation differ: claims from runs that differ in one thing only.

    Parameters
    ----------
    recorded
        The hours of the reference experiment; those of the lowest demand are used.
    seeds
        How many hours SUMO simulates again.
    """
    lowest = [hour for hour in recorded if hour.demand_vph == DEMANDS_VPH[0]][:seeds]
    return [one for model in MODELS for one in (_recorded(lowest, model), _one_speed(lowest, model))]


def _recorded(lowest: list[Hour], model: str) -> Claim:
    """Simulate the road without a funnel again, and compare with the recorded result."""
    known = open_road(model)
    recorded_s = [known[hour.demand_vph, hour.seed].mean_s for hour in lowest]
    again_s = [lost(hour, model).mean_s for hour in lowest]
    return Claim(
        case=f"{model}, {DEMANDS_VPH[0]} vehicles/h without a funnel",
        claim=f"{np.mean(recorded_s):.1f} s are lost on the open road, as recorded with the reference experiment",
        measured=f"{np.mean(again_s):.1f} s",
        agrees=bool(np.max(np.abs(np.subtract(recorded_s, again_s))) <= SAME_S),
        source=SOURCE,
    )


def _one_speed(lowest: list[Hour], model: str) -> Claim:
    """Simulate the same vehicles with drivers who all want to drive at the limit."""
    mixed, alike = [], []
    for hour in lowest:
        vehicles = vehicles_of(hour, model)
        mixed.append(delays_s(vehicles, hour.seed, funnel=True))
        alike.append(delays_s(replace(vehicles, speed_spread=0.0), hour.seed, funnel=True))
    mean_s, p95_s = (
        [float(np.mean([take(delay) for delay in delays])) for delays in (mixed, alike)]
        for take in (np.mean, lambda delay: np.quantile(delay, 0.95))
    )
    return Claim(
        case=f"{model}, {DEMANDS_VPH[0]} vehicles/h with the funnel",
        claim="below saturation, SUMO's delays come from desired speeds that differ, which funnelsim does not have",
        measured=(
            f"with desired speeds that differ by 10 % a mean of {mean_s[0]:.0f} s and 95 % below {p95_s[0]:.0f} s, "
            f"with drivers who all want to drive at the limit {mean_s[1]:.0f} s and {p95_s[1]:.0f} s"
        ),
        agrees=p95_s[1] < SHARE_EXPLAINED * p95_s[0],
        source=SOURCE,
    )
