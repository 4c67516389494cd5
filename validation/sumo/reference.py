"""The chapter on SUMO's reference experiment: calibrated at one demand, compared at three others."""

import itertools
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.figure import Figure

from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.comparison import Comparison, within
from funnelsim.wording import joined
from validation.sumo.calibration import CalibrationResult, calibrate
from validation.sumo.delay_curves import Curve, delay_curves
from validation.sumo.recorded import (
    CALIBRATED_VPH,
    DEMAND_LASTS_S,
    DEMANDS_VPH,
    FREE_FLOW_S,
    MODELS,
    SATURATED_VPH,
    SOURCE,
    Hour,
    OpenRoad,
    Queue,
    hours,
    lost_without_funnel,
    queues,
)
from validation.sumo.replayed import Replayed, replay
from validation.sumo.twin import Twin, twin_of

NAME, TITLE = "sumo_reference", "SUMO: two lanes into one"
DELAY_SHARE, DELAY_S, QUEUE_SHARE, HEADWAY_SHARE = 0.10, 8.0, 0.15, 0.10
FROM_S = 600.0  # at 1,800 vehicles/h the lane is saturated from then on, as long as demand lasts
LANES = 2
ROLLING_SHARE = 0.75  # of the density of a standing queue

TEXT = """\
SUMO moves every vehicle in steps of a second: it accelerates, brakes, changes lanes and merges. funnelsim knows one
lane with a capacity, and a merge cost. Here both get the same vehicles: 3 km of two lanes at 80 km/h, 200 m of one lane
at 30 km/h, an hour of demand with 12 % lorries, three hours of each demand, and two of SUMO's car-following models. A
planner sees how far the simple lane can be trusted: the delay, the queue, and when it is gone.

funnelsim gets what SUMO's own input says (lengths, speeds, spacings, a reaction time of 1 s for all; nobody looks at
the vehicles). Capacity and merge cost are fitted to the delays at 1,500 vehicles/h, the wave speed to the longest queue
there, and nothing else is fitted; those rows are marked *calibrated*. All other rows are predictions. Each case ends
with the error in per cent."""

MEANING = """\
*Mean delay*, *P95 delay* and *time to clear* are counted as the experiment counts them: against a lone vehicle of the
class in the same lane. *Mean delay that the funnel adds* is what a planner asks for, and what funnelsim calls delay:
against the same vehicles on the same road without a funnel, not counting the slow lane itself; the default of `merge_s`
is the funnel's own part of the merge cost, rounded. Allowed are 10 % where demand exceeds capacity and 8 s below that,
15 % for the queue and 10 % for headways."""


@dataclass(frozen=True, eq=False)
class Experiment:
    """One car-following model of SUMO and its twin in funnelsim.

    Attributes
    ----------
    model
        Its name.
    hours
        SUMO's runs.
    queues, lost
        By demand SUMO's longest queue, and what its vehicles lose without a funnel.
    calibrated
        The calibration to SUMO.
    replayed
        funnelsim with the calibration, for each run.
    added
        The same with the merge cost reduced by what the vehicles lose without a funnel.
    """

    model: str
    hours: list[Hour]
    queues: dict[int, Queue]
    lost: dict[int, OpenRoad]
    calibrated: CalibrationResult
    replayed: list[Replayed]
    added: list[Replayed]

    def of(self, demand_vph: int) -> list[tuple[Hour, Replayed, Replayed]]:
        """Return the runs of a demand."""
        runs = zip(self.hours, self.replayed, self.added, strict=True)
        return [run for run in runs if run[0].demand_vph == demand_vph]


def experiment(model: str, recorded: list[Hour], twins: list[Twin], effort: Effort) -> Experiment:
    """Calibrate to a car-following model and simulate all demands."""
    longest, lost = queues(model), lost_without_funnel(model)
    calibrated = calibrate(recorded, twins, longest, model, effort.engine)
    own = calibrated.best.without(lost[CALIBRATED_VPH].mean_s)
    replayed, added = ([replay(twin, one, effort.engine) for twin in twins] for one in (calibrated.best, own))
    return Experiment(model, recorded, longest, lost, calibrated, replayed, added)


def allowed_s(demand_vph: int, expected_s: float) -> float:
    """Return the largest difference allowed of a delay."""
    return DELAY_SHARE * expected_s if demand_vph >= SATURATED_VPH else DELAY_S


def delays_of(of: Experiment, demand_vph: int) -> dict[str, tuple[float, float]]:
    """Return the delays of a demand by name, in SUMO and in funnelsim, as means over the hours."""
    runs, lone_s = of.of(demand_vph), FREE_FLOW_S[of.model][0]
    sumo = [hour.delay_s(of.model) for hour, _, _ in runs]
    ours = [replayed.delays_s for _, replayed, _ in runs]
    sumo_s = _mean([delay.mean() for delay in sumo])
    last_s = [hour.exit_s[of.model].max() - lone_s for hour, _, _ in runs]
    our_last_s = [replayed.exits_s.max(axis=1).mean() - replayed.free_flow_s for _, replayed, _ in runs]
    return {
        "mean delay": (sumo_s, _mean([delay.mean() for delay in ours])),
        "P95 delay": (
            _mean([np.quantile(delay, 0.95) for delay in sumo]),
            _mean([np.quantile(delay, 0.95, axis=1).mean() for delay in ours]),
        ),
        "time to clear": (_mean(last_s) - DEMAND_LASTS_S, _mean(our_last_s) - DEMAND_LASTS_S),
        "mean delay that the funnel adds": (
            sumo_s - of.lost[demand_vph].mean_s,
            _mean([added.added_s.mean() for _, _, added in runs]),
        ),
    }


def demand_lines(of: Experiment, demand_vph: int) -> list[Comparison]:
    """Return the comparisons of one demand."""
    mean, p95, clear, added = (
        line_of(of, demand_vph, what, "s", pair, allowed_s(demand_vph, pair[0]))
        for what, pair in delays_of(of, demand_vph).items()
    )
    pair = of.queues[demand_vph].longest_m, _mean([replayed.longest_m for _, replayed, _ in of.of(demand_vph)])
    queue = line_of(of, demand_vph, "longest queue", "m", pair, QUEUE_SHARE * pair[0])
    if demand_vph < SATURATED_VPH:
        mean = explained(mean, merging_reason(of, demand_vph, added))
        p95 = explained(replace(p95, note=spread_note(mean, p95)), tail_reason(of, demand_vph, p95))
        queue = explained(queue, queue_reason(of, demand_vph))
    return [mean, p95, clear, added, queue]


def explained(line: Comparison, reason: str) -> Comparison:
    """Add the explanation to a comparison that differs."""
    return line if line.agrees else replace(line, explanation=reason)


def line_of(
    of: Experiment, demand_vph: int, what: str, unit: str, pair: tuple[float, float], allowed: float
) -> Comparison:
    """Return a comparison with its error in per cent."""
    kind = "calibrated" if demand_vph == CALIBRATED_VPH else "predicted"
    case = f"{of.model}, {demand_vph:,} vehicles/h, {kind}: {what} ({_error(pair)})"
    return within(case, unit, *pair, allowed, SOURCE)


def merging_reason(of: Experiment, demand_vph: int, added: Comparison) -> str:
    """Explain the mean delay, if the delay that the funnel adds agrees."""
    here, there = of.lost[demand_vph], of.lost[CALIBRATED_VPH]
    if not added.agrees:
        return ""
    return (
        f"On the same road without a funnel SUMO's vehicles already lose {here.mean_s:.1f} s, and {there.mean_s:.1f} s "
        f"at {CALIBRATED_VPH:,} vehicles/h, because desired speeds differ. One merge cost for all demands includes "
        "what was lost where it was calibrated. A saturated lane also separates it poorly from capacity: the three "
        f"hours alone would give {joined([f'{each:.0f}' for each in of.calibrated.merge_each_s])} s. The delay that "
        "the funnel adds agrees."
    )


def spread_note(mean: Comparison, p95: Comparison) -> str:
    """Describe how far the P95 delay is above the mean."""
    return (
        f"SUMO's P95 delay is {p95.expected - mean.expected:.0f} s above its mean, funnelsim's "
        f"{p95.simulated - mean.simulated:.0f} s. The excess merge cost stands in for slow drivers, of whom "
        "funnelsim has none."
    )


def tail_reason(of: Experiment, demand_vph: int, p95: Comparison) -> str:
    """Explain why the P95 delay is too low, if it is."""
    if p95.simulated > p95.expected:
        return ""
    return (
        f"On the same road without a funnel 5 % of SUMO's vehicles already lose {of.lost[demand_vph].p95_s:.0f} s or "
        "more: desired speeds differ by 10 % there. funnelsim's drivers all want to drive at the limit."
    )


def queue_reason(of: Experiment, demand_vph: int) -> str:
    """Explain the longest queue, if SUMO's is not a standing queue."""
    queue, standing = (of.queues[demand].density(LANES) for demand in (demand_vph, CALIBRATED_VPH))
    if queue > ROLLING_SHARE * standing:
        return ""
    return (
        "In SUMO this is not a standing queue but vehicles that roll towards the merge below 40 km/h, "
        f"{queue:.0f} per km and lane where a queue has {standing:.0f}, counted in cells of 50 m. funnelsim's queue "
        "begins where the lane is full."
    )


def headway_lines(of: Experiment) -> list[Comparison]:
    """Return the headways at the lane's end at the highest demand, by leader and follower."""
    runs = of.of(DEMANDS_VPH[-1])
    sumo = _headways([(hour.exit_s[of.model], hour.lorry) for hour, _, _ in runs])
    ours = _headways([(exit_s, hour.lorry) for hour, replayed, _ in runs for exit_s in replayed.exits_s])
    made = []
    for pair, expected_s in sumo.items():
        case = f"{of.model}, saturated, predicted: headway, {pair} ({_error((expected_s, ours[pair]))})"
        made.append(within(case, "s", expected_s, ours[pair], HEADWAY_SHARE * expected_s, SOURCE))
    return made


def _headways(runs: list[tuple[FloatArray, BoolArray]]) -> dict[str, float]:
    """Return the mean time between a leader and its follower by their classes, while the lane is saturated."""
    found: dict[str, list[FloatArray]] = {}
    for exit_s, lorry in runs:
        order = np.argsort(exit_s, kind="stable")
        times_s, heavy = exit_s[order], lorry[order]
        saturated = (times_s[:-1] >= FROM_S) & (times_s[1:] <= DEMAND_LASTS_S)
        for leads in (False, True):
            for follows in (False, True):
                here = saturated & (heavy[:-1] == leads) & (heavy[1:] == follows)
                found.setdefault(f"{_name(follows)} behind {_name(leads)}", []).append(np.diff(times_s)[here])
    return {pair: float(np.concatenate(parts).mean()) for pair, parts in found.items()}


def _name(lorry: bool) -> str:  # noqa: FBT001  (one of two)
    return "lorry" if lorry else "car"


def _mean(values: list[float]) -> float:
    return float(np.mean(values))


def _error(pair: tuple[float, float]) -> str:
    return f"{100.0 * (pair[1] / pair[0] - 1.0):+.1f} %"


def calibration_text(of: Experiment) -> str:
    """Describe the result of the calibration."""
    best, lost = of.calibrated.best, of.lost[CALIBRATED_VPH]
    return (
        f"{of.model}: capacity {best.capacity_vph:,.0f} vehicles/h, merge cost {best.merge_s:.1f} s (the three hours "
        f"alone: {joined([f'{each:.0f}' for each in of.calibrated.merge_each_s])} s), wave speed "
        f"{best.wave_speed_kmh:.1f} km/h. Of the merge cost, {lost.mean_s:.1f} s are lost on the same road without a "
        f"funnel, where vehicles follow slower ones; {best.merge_s - lost.mean_s:.1f} s are the funnel's own."
    )


def figure_of(made: list[Experiment]) -> Figure:
    """Draw the delays of all demands."""
    curves, off = {}, []
    for demand_vph, one in itertools.product(DEMANDS_VPH, made):
        runs = one.of(demand_vph)
        curves[demand_vph, one.model] = Curve(
            np.concatenate([hour.arrives_s for hour, _, _ in runs]),
            np.concatenate([hour.delay_s(one.model) for hour, _, _ in runs]),
            np.concatenate([replayed.delays_s.mean(axis=0) for _, replayed, _ in runs]),
        )
        if demand_vph == DEMANDS_VPH[0]:
            sumo_s, ours_s = delays_of(one, demand_vph)["mean delay"]
            off.append(f"{ours_s - sumo_s:+.0f} s ({one.model})")
    said = (
        "Dots are SUMO, lines are funnelsim with the same vehicles, fitted to the delays at "
        f"{CALIBRATED_VPH:,} vehicles/h only. At {DEMANDS_VPH[0]} vehicles/h it is {joined(off)} off: the merge cost "
        f"includes what vehicles lose behind slow ones at {CALIBRATED_VPH:,}."
    )
    return delay_curves(curves, CALIBRATED_VPH, said)


def chapter(effort: Effort) -> Chapter:
    """Compare the lane with SUMO's reference experiment, without SUMO itself."""
    recorded = hours()
    twins = [twin_of(hour.arrives_s, hour.lorry, hour.seed) for hour in recorded]
    made = [experiment(model, recorded, twins, effort) for model in MODELS]
    lines: list[Comparison] = []
    for one in made:
        for demand_vph in DEMANDS_VPH:
            lines += demand_lines(one, demand_vph)
        lines += headway_lines(one)
    text = "\n\n".join([TEXT, *map(calibration_text, made), MEANING])
    words = "delay against time of arrival at four demands, in SUMO and in funnelsim"
    return Chapter(NAME, TITLE, text, tuple(lines), {"sumo_delay": (figure_of(made), words)})
