"""The bad days that a plan may meet: another demand, a slower lane, longer inspections, absences, a late start."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.decision.bad_days.absences import bay_out, officer_missing, piece_out, team_tied_up
from funnelsim.decision.bad_days.bad_day import BadDay
from funnelsim.model.funnel import natural_capacity_vph
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.key import clock_of, seconds_after_midnight
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import path_text
from funnelsim.units import HOUR_S, MINUTE_S, Span
from funnelsim.wording import number_text, share_text

DEMAND_FACTORS: Final = (1.1, 1.2)
CAPACITY_DROP: Final = 0.134
"""Share of its capacity that a work zone loses on average once a queue stands (HCM, 6th edition, chapter 10)."""
INSPECTIONS_FACTOR: Final = 1.3
LORRIES_FACTOR: Final = 1.5
LATE_MIN: Final = 30.0
PEAK_H: Final = 2.0
PEAK_STEP_S: Final = 900.0


def bad_days_of(scenario: Scenario, demand: Demand) -> list[BadDay]:
    """Return the bad days that a plan may meet.

    Parameters
    ----------
    scenario
        The plan.
    demand
        Its demand.
    """
    agencies = dict.fromkeys(shift.agency for shift in scenario.staffing.roster if shift.count)
    peak = peak_s(scenario, demand)
    return [
        *(demand_higher(factor) for factor in DEMAND_FACTORS),
        capacity_lower(CAPACITY_DROP),
        *([more_lorries(LORRIES_FACTOR)] if _lorries_come(demand, scenario) else []),
        *(officer_missing(agency) for agency in agencies),
        *([bay_out()] if scenario.area.bays else []),
        *(piece_out(piece.name, peak) for piece in scenario.pieces),
        inspections_longer(INSPECTIONS_FACTOR),
        *team_tied_up(scenario),
        late_start(LATE_MIN),
        *_word_of_mouth(scenario),
    ]


def peak_s(scenario: Scenario, demand: Demand) -> Span:
    """Return the two hours in a row of a window in which most vehicles come; in a short window, half of it.

    They begin a multiple of 15 minutes after its opening. The vehicles of all funnels count.
    """
    spans = []
    for window in scenario.operation.windows:
        length_s = min(PEAK_H * HOUR_S, (window.closes_s - window.opens_s) / 2.0)
        starts = np.arange(window.opens_s, window.closes_s - length_s + 1.0, PEAK_STEP_S).tolist()
        spans += [(from_s, from_s + length_s) for from_s in starts]

    def come_per_s(span: Span) -> float:
        of_roads = [float(one.expected(*span).sum()) for one in (demand, *demand.other_funnels)]
        return sum(of_roads) / (span[1] - span[0])

    return max(spans, key=come_per_s)


def demand_higher(factor: float) -> BadDay:
    """Return a day with so many times the vehicles in every hour."""

    def changes(scenario: Scenario, _: Demand) -> dict[str, Any]:
        sides = zip(scenario.funnel_prefixes, scenario.per_funnel, strict=True)
        return {f"{place}traffic.scale": factor * side.traffic.scale for place, side in sides}

    how = f"{factor:g} times the vehicles in every hour (traffic.scale)."
    return BadDay(f"demand {share_text(factor - 1.0)} higher", how, changes)


def capacity_lower(share: float) -> BadDay:
    """Return a day on which the lane loses a share of its capacity."""

    def changes(scenario: Scenario, demand: Demand) -> dict[str, Any]:
        changed = {}
        for place, side, its in _sides(scenario, demand):
            capacity_vph = side.lane.capacity_vph or natural_capacity_vph(side, its)
            lane = side.lane.model_dump(mode="json", by_alias=True, exclude_none=True)
            changed[f"{place}lane"] = lane | {"capacity_vph": (1.0 - share) * capacity_vph}
        return changed

    drop = f"{number_text(100.0 * share)} %"
    how = f"The lane passes {drop} fewer vehicles an hour (lane.capacity_vph)."
    return BadDay(f"lane capacity {drop} lower", how, changes)


def more_lorries(factor: float) -> BadDay:
    """Return a day with so many times the lorries, and as many vehicles in all."""

    def changes(scenario: Scenario, demand: Demand) -> dict[str, Any]:
        changed: dict[str, Any] = {}
        for place, side, its in _sides(scenario, demand):
            of_side = _split(side, its, factor) if its.typed_by_class else None
            changed |= _shares(scenario, factor) if of_side is None else {f"{place}traffic.split": of_side}
        return changed

    how = f"{factor:g} times the lorries and as many vehicles in all (classes.NAME.share, or traffic.split)."
    return BadDay(f"{share_text(factor - 1.0)} more lorries", how, changes)


def _shares(scenario: Scenario, factor: float) -> dict[str, float]:
    """Return shares of the classes with so many times the lorries; the other classes lose in proportion."""
    shares = {name: entry.share for name, entry in scenario.classes.items() if entry.share is not None}
    lorries = sum(share for name, share in shares.items() if scenario.classes[name].lorry)
    others = (1.0 - factor * lorries) / (1.0 - lorries) if lorries < 1.0 else 1.0
    return {
        path_text(("classes", name, "share")): share * (factor if scenario.classes[name].lorry else others)
        for name, share in shares.items()
    }


def _split(side: Scenario, its: Demand, factor: float) -> dict[str, dict[str, float]]:
    """Return a split of counted classes in which a part of the most frequent other class becomes lorries."""
    come = its.vehicles.sum(axis=0)
    lorries = come * _is_lorry(its, side)
    most = int(np.argmax(come - lorries))
    split = {name: dict(parts) for name, parts in side.traffic.split.items()}
    parts = split.setdefault(its.classes[most], {})
    as_counted = float(come[most]) / (1.0 - sum(parts.values()))
    for name, number in zip(its.classes, lorries.tolist(), strict=True):
        if number > 0.0:
            parts[name] = parts.get(name, 0.0) + (factor - 1.0) * number / as_counted
    return split


def inspections_longer(factor: float) -> BadDay:
    """Return a day on which every stage takes so many times as long."""

    def changes(scenario: Scenario, _: Demand) -> dict[str, Any]:
        changed: dict[str, Any] = {}
        for place, stage in enumerate(scenario.area.stages):
            mean_s = stage.duration.mean_s
            longer = {name: factor * s for name, s in mean_s.items()} if isinstance(mean_s, dict) else factor * mean_s
            key = f"area.stages.{place}.duration"
            changed |= {f"{key}.mean_s": longer, f"{key}.per_occupant_s": factor * stage.duration.per_occupant_s}
        return changed

    how = f"Every stage takes {factor:g} times as long (area.stages.NAME.duration); what follows a detection does not."
    return BadDay(f"inspections {share_text(factor - 1.0)} longer", how, changes)


def late_start(minutes: float) -> BadDay:
    """Return a day on which the funnel opens so much later."""

    def changes(scenario: Scenario, _: Demand) -> dict[str, Any]:
        return {"operation.opens": clock_of(seconds_after_midnight(scenario.operation.opens) + minutes * MINUTE_S)}

    how = (
        "The first window opens later and closes as planned; officers come, and are paid, as planned (operation.opens)."
    )
    return BadDay(f"start {minutes:g} min late", how, changes)


def _word_of_mouth(scenario: Scenario) -> Iterator[BadDay]:
    """Yield a day on which word spreads twice as fast, if any target hears of the funnel."""

    def changes(plan: Scenario, _: Demand) -> dict[str, Any]:
        return {
            f"targets.{place}.evade.half_life_h": target.evade.half_life_h / 2.0
            for place, target in enumerate(plan.targets)
            if target.evade.alerted
        }

    if any(target.evade.alerted for target in scenario.targets):
        yield BadDay("word of mouth twice as fast", "Half the half-life (targets.NAME.evade.half_life_h).", changes)


def _lorries_come(demand: Demand, scenario: Scenario) -> bool:
    """Tell whether lorries and other vehicles come on every road."""
    come = [(one.vehicles.sum(axis=0), _is_lorry(one, scenario)) for one in (demand, *demand.other_funnels)]
    return all((vehicles * lorry).any() and (vehicles * (1.0 - lorry)).any() for vehicles, lorry in come)


def _is_lorry(demand: Demand, scenario: Scenario) -> FloatArray:
    return np.array([scenario.classes[name].lorry for name in demand.classes], dtype=np.float64)


def _sides(scenario: Scenario, demand: Demand) -> Iterator[tuple[str, Scenario, Demand]]:
    """Yield what stands before the keys of each funnel, its scenario and its demand."""
    demands = (demand, *demand.other_funnels)
    yield from zip(scenario.funnel_prefixes, scenario.per_funnel, demands, strict=True)
