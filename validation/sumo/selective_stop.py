"""The chapter on a selective stop in SUMO, run afresh: another lorry share, every 20th singled out, four places."""

from dataclasses import replace

from funnelsim.scenario.traffic import DEFAULT_CLASSES
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.comparison import Claim, Comparison, within
from validation.sumo.calibration import calibrate
from validation.sumo.costs import Costs, costs_of
from validation.sumo.explanations import claims
from validation.sumo.network import PLACES
from validation.sumo.operations import (
    DIVERT_S,
    EVERY,
    LORRY_SHARE,
    MODEL,
    Numbers,
    Operation,
    Predictor,
    simulate,
)
from validation.sumo.recorded import CALIBRATED_VPH, hours, lost_without_funnel, queues
from validation.sumo.reference import explained
from validation.sumo.runs import CELL_M, SumoError, programs
from validation.sumo.twin import twin_of

NAME, TITLE, SOURCE = "sumo_selective_stop", "SUMO: a selective stop", "SUMO, run afresh"
DELAY_SHARE, DELAY_S, QUEUE_SHARE, FLOW_SHARE = 0.10, 8.0, 0.15, 0.05
FULL_SEEDS, QUICK_SEEDS = 3, 1
CAR_S, LORRY_S = (float(DEFAULT_CLASSES[name]["diversion_s"]) for name in ("car", "lorry"))
FREE, STOPPED = Operation(800, 0.0, saturated=False), Operation(800, 300.0, saturated=False)
SATURATED = tuple(Operation(1400, stop_s, saturated=True) for stop_s in (0.0, 120.0, 300.0))
OPERATIONS = (FREE, STOPPED, *SATURATED)

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


def lines_of(operation: Operation, sumo: Numbers, ours: Numbers) -> list[Comparison]:
    """Return the lines of an operation, each with its error in per cent."""
    delay_s = DELAY_SHARE * sumo.added_s if operation.saturated else DELAY_S
    rows = [
        ("mean delay", "s", sumo.added_s, ours.added_s, delay_s),
        ("longest queue", "m", sumo.longest_m, ours.longest_m, QUEUE_SHARE * sumo.longest_m),
    ]
    if operation.saturated:
        rows.insert(0, ("throughput", "vehicles/h", sumo.passed_vph, ours.passed_vph, FLOW_SHARE * sumo.passed_vph))
    if operation.stop_s:
        rows.append(("inspected", "vehicles", sumo.inspected, ours.inspected, 0.0))
    return [
        within(f"{operation.name}: {what} ({100.0 * (have / want - 1.0):+.1f} %)", unit, want, have, allowed, SOURCE)
        for what, unit, want, have, allowed in rows
    ]


def near_capacity(operation: Operation, sumo: Numbers, ours: Numbers) -> str:
    """Say how much of a delay is due to the capacity, if the rest of the difference is within what is allowed."""
    excess = [operation.demand_vph / numbers.passed_vph - 1.0 for numbers in (sumo, ours)]
    share = excess[1] / excess[0]
    if abs(ours.added_s - share * sumo.added_s) > DELAY_SHARE * sumo.added_s:
        return ""
    return (
        f"Demand is only {100.0 * excess[0]:.1f} % above what SUMO's lane passes, and the queue grows with the "
        f"difference: that the throughput is {100.0 * (ours.passed_vph / sumo.passed_vph - 1.0):+.1f} % off makes "
        f"{100.0 * (share - 1.0):+.0f} % of delay."
    )


def cheap_diversions(costs: Costs) -> str:
    """Say why a lane with diversions passes more in SUMO."""
    return (
        "In SUMO a vehicle that turns off hardly slows the lane: the headway behind a car is "
        f"{costs.diverted_car_s:+.1f} s longer, behind a lorry {costs.diverted_lorry_s:+.1f} s. The default of "
        f"{CAR_S:.0f} and {LORRY_S:.0f} s is for one that is waved down and told where to go. With SUMO's own cost "
        "the two agree, see below."
    )


def merging_apart(free: tuple[Numbers, Numbers]) -> str:
    """Say what of a delay below saturation has nothing to do with the stop."""
    sumo, ours = free
    return (
        f"Where nobody stops, funnelsim's delay is already {ours.added_s - sumo.added_s:+.1f} s off: the merge cost "
        f"was calibrated at {CALIBRATED_VPH:,} vehicles/h, and merging costs less where fewer come."
    )


def rolling(sumo: Numbers) -> str:
    """Say what SUMO counts as a queue below saturation."""
    return (
        f"SUMO's queue is {sumo.longest_m:.0f} m where nobody stops: vehicles that roll towards the merge below "
        "40 km/h, counted in cells of 50 m. funnelsim's queue begins where the lane is full."
    )


def costs_text(costs: Costs) -> str:
    """Say what diverting and holding cost in SUMO."""
    return (
        "Measured afterwards in SUMO, where the lane is saturated: the headway behind a diverted car is "
        f"{costs.diverted_car_s:+.1f} s longer than behind one that drives on, behind a lorry "
        f"{costs.diverted_lorry_s:+.1f} s; the way to a place takes {costs.way_s:.1f} s; after a place has become free "
        f"for a vehicle that holds the lane, the next leaves the lane {costs.restart_s:.1f} s later."
    )


def afterwards(operation: Operation, sumo: Numbers, predictor: Predictor, seeds: int, costs: Costs) -> list[Comparison]:
    """Return what funnelsim says once SUMO's own cost of a diversion is known: no prediction."""
    own_s = {"car": max(costs.diverted_car_s, 0.0), "lorry": max(costs.diverted_lorry_s, 0.0)}
    ours = predictor.predict(operation, seeds, own_s)
    lines = lines_of(operation, sumo, ours)[:3]
    return [replace(line, case=f"With SUMO's own cost of a diversion, {line.case}") for line in lines]


def chapter_with_sumo(effort: Effort) -> Chapter:
    """Predict a selective stop, then let SUMO simulate it, where it is installed."""
    try:
        programs()
        text, lines = _told(effort)
    except SumoError as error:
        return Chapter(NAME, TITLE, TEXT, missing=str(error))
    return Chapter(NAME, TITLE, text, tuple(lines))


def _told(effort: Effort) -> tuple[str, list[Comparison | Claim]]:
    recorded = hours()
    runs = [hour for hour in recorded if hour.demand_vph == CALIBRATED_VPH]
    twins = [twin_of(hour.arrives_s, hour.lorry, hour.seed) for hour in runs]
    best = calibrate(runs, twins, queues(MODEL), MODEL, effort.engine).best
    own = best.without(lost_without_funnel(MODEL)[CALIBRATED_VPH].mean_s)
    predictor = Predictor(own, twins[0], effort.engine)
    seeds = QUICK_SEEDS if effort.quick else FULL_SEEDS
    predicted = {one: predictor.predict(one, seeds) for one in OPERATIONS}

    made = {one: simulate(one, seeds) for one in OPERATIONS}  # from here on SUMO runs
    saturated = [(one.vehicles(seed), hour) for one in SATURATED for seed, hour in enumerate(made[one][1], 1)]
    costs = costs_of([vehicles for vehicles, _ in saturated], [hour for _, hour in saturated])
    after = [afterwards(one, made[one][0], predictor, seeds, costs) for one in SATURATED[1:]]
    free, full = ((made[one][0], predicted[one]) for one in (FREE, SATURATED[0]))
    lines = [*without_stops(free, full), *below_saturation(free, (made[STOPPED][0], predicted[STOPPED]))]
    for one, with_costs in zip(SATURATED[1:], after, strict=True):
        lines += held(lines_of(one, made[one][0], predicted[one]), with_costs, costs)
    lines += [line for with_costs in after for line in with_costs]
    return f"{TEXT}\n\n{costs_text(costs)}", [*lines, *claims(recorded, seeds)]


def without_stops(free: tuple[Numbers, Numbers], full: tuple[Numbers, Numbers]) -> list[Comparison]:
    """Return the lines of another lorry share alone."""
    delay, queue = lines_of(FREE, *free)
    why = near_capacity(SATURATED[0], *full)
    return [
        delay,
        explained(queue, rolling(free[0])),
        *(explained(line, why) for line in lines_of(SATURATED[0], *full)),
    ]


def below_saturation(free: tuple[Numbers, Numbers], stopped: tuple[Numbers, Numbers]) -> list[Comparison]:
    """Return the lines of a stop that the lane takes easily; explained as far as the same is seen without it."""
    delay, queue, inspected = lines_of(STOPPED, *stopped)
    off_s, free_s = (ours.added_s - sumo.added_s for sumo, ours in (stopped, free))
    delay = explained(delay, merging_apart(free) if abs(off_s - free_s) <= DELAY_S / 2 else "")
    queue = explained(queue, rolling(free[0]) if stopped[0].longest_m - free[0].longest_m < CELL_M else "")
    return [delay, queue, inspected]


def held(lines: list[Comparison], with_costs: list[Comparison], costs: Costs) -> list[Comparison]:
    """Explain the lines that agree once SUMO's own cost of a diversion is known."""
    reasons = [cheap_diversions(costs) if line.agrees else "" for line in with_costs]
    *told, inspected = lines
    return [*(explained(line, why) for line, why in zip(told, reasons, strict=True)), inspected]
