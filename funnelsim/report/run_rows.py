"""The rows of a run's tables: measures under words that a planner uses, in units that a planner thinks in."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from funnelsim.experiments.run import Run
from funnelsim.units import MIN_PER_S

PER_CENT = 100.0

LOSS_LABELS = {
    "loss_exit": "left at the exit",
    "loss_evaded": "evaded",
    "loss_not_selected": "looked at, not selected",
    "loss_suspended": "while selection was suspended",
    "loss_unstaffed": "while a post was unstaffed",
    "loss_area_full": "selected, but the area was full",
    "loss_missed": "inspected, but missed",
}


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Parameters
    ----------
    label
        The measure in words.
    measure
        Its name in the results folder.
    unit
        In which it is shown.
    times
        The factor from the measure's own unit to that one.
    chance
        Whether the measure is 0 or 1 in each operation: its interval is shown instead of a half-width, which would not
        be honest near 0 and 1.
    """

    label: str
    measure: str
    unit: str = ""
    times: float = 1.0
    chance: bool = False


def _share(label: str, measure: str) -> Row:
    return Row(label, measure, "%", PER_CENT)


def _minutes(label: str, measure: str) -> Row:
    return Row(label, measure, "min", MIN_PER_S)


# What is told of each window and of each direction, where there are several: the label is the head of a column.
PART_ROWS = (
    Row("Found,\nexpected", "expected_detections"),
    Row("Ordinary\nstopped", "ordinary_stops"),
    _minutes("Mean delay,\nmin", "delay_mean_s"),
    _minutes("P95 delay,\nmin", "delay_p95_s"),
    Row("Longest\nqueue, m", "tail_max_m"),
    _share("Time without\nselection, %", "suspended_share"),
)


def yield_rows(run: Run) -> Iterator[Row]:
    """Yield what comes, what is found and where the rest is lost; losses that never happen are left out."""
    yield Row("Targets on the road", "targets_offered", "per operation")
    yield Row("Targets found, expected", "expected_detections", "per operation")
    if len(run.plan.targets) > 1:
        for name in run.plan.targets:
            yield Row(f"  {name}", f"expected_detections.{name}")
    yield Row("Targets found, counted", "detections", "per operation")
    yield _share("Chance to find any", "chance_of_any")
    if run.plan.persons.any():
        yield Row("Persons found", "persons_found", "per operation")
    yield Row("Stopped for each target found", "stops_per_detection", "ordinary vehicles")
    yield _share("Of all targets: found", "share_found")
    for measure, label in LOSS_LABELS.items():
        if run.estimates[measure].mean > 0:
            yield _share(f"  {label}", measure)


def delay_rows() -> Iterator[Row]:
    """Yield the delay of those who are not inspected."""
    yield _minutes("Mean", "delay_mean_s")
    yield _minutes("  of which in the queue", "delay_queue_mean_s")
    yield _minutes("Half of them lose less than", "delay_p50_s")
    yield _minutes("95 % of them lose less than", "delay_p95_s")
    yield _minutes("Longest", "delay_max_s")
    yield Row("All of them together", "delay_vehicle_h", "vehicle-hours")


def queue_rows(run: Run) -> Iterator[Row]:
    """Yield the length of the queue, and whether it is spillback."""
    yield Row("Longest", "tail_max_m", "m")
    yield Row("Mean over the operation", "tail_mean_m", "m")
    critical_m = {funnel.funnel.critical_m for funnel in run.plan.funnels if np.isfinite(funnel.funnel.critical_m)}
    if critical_m:
        beyond = f"Beyond {min(critical_m):,.0f} m" if len(critical_m) == 1 else "Beyond a critical point"
        yield Row(f"{beyond}, of the time", "tail_over_critical_share", "%", PER_CENT)
        yield Row(f"{beyond} at any time", "spillback", "% of operations", PER_CENT, chance=True)
    yield _minutes("Dissolved after closing", "cleared_after_s")
    if any(np.isfinite(funnel.funnel.warning_m) for funnel in run.plan.funnels):
        yield _minutes("Beyond the warning sign", "warning_exceeded_s")
        yield Row("  standing there, all together", "beyond_warning_vehicle_min", "vehicle-minutes")
        yield Row("Come upon its end far too fast", "tail_meetings", "vehicles per operation")
        yield _share("  of them lorries", "tail_meetings_lorry_share")


def area_rows(run: Run) -> Iterator[Row]:
    """Yield how many are selected and inspected, and how busy bays, crews and equipment are."""
    yield Row("Vehicles that come", "vehicles", "per operation")
    yield from _turning_off_rows(run)
    yield Row("Selected", "selected", "per operation")
    yield Row("Inspected", "inspected", "per operation")
    if run.estimates["waved_through"].mean > 0:
        yield Row("Let pass, as the area was full", "waved_through", "per operation")
    yield _share("Time without selection", "suspended_share")
    yield _minutes("Wait for a bay, mean", "area_wait_mean_s")
    yield _share("Bays in use", "bay_utilisation")
    if run.plan.spots:
        yield _share("Processing spots in use", "spot_utilisation")
    agencies = len(run.plan.duty.agencies)
    for pool, name in enumerate(run.plan.inspection.pools):
        kind = "crew" if pool < agencies else "equipment"
        used = "at inspections" if pool < agencies else "in use"
        yield _share(f"{name} {used}", f"{kind}_utilisation.{name}")
    if run.plan.pursuit is not None:
        yield _share("Chase cars in use", "chase_utilisation")
    yield Row("Overtime", "overtime_officer_h", "officer-hours")


def _turning_off_rows(run: Run) -> Iterator[Row]:
    """Yield how many never come to the selection point, where the scenario lets anybody turn off."""
    if any(np.isfinite(funnel.funnel.exit_m) for funnel in run.plan.funnels):
        yield Row("  left at the exit", "left_at_exit", "per operation")
    if any(funnel.evasion.before_the_queue for funnel in run.plan.funnels):
        yield Row("  kept away or turned away", "evaded", "per operation")
    if run.plan.pursuit is not None:
        yield Row("  pursued by a chase car", "pursuits", "per operation")
        yield Row("  brought to the area by one", "brought_back", "per operation")


def burden_rows(run: Run) -> Iterator[Row]:
    """Yield what ordinary travellers bear, and what it costs."""
    yield Row("Ordinary vehicles stopped", "ordinary_stops", "per operation")
    for name in run.plan.classes:
        if run.estimates[f"ordinary_vehicles.{name}"].mean > 0:
            yield Row(f"  {name}", f"stop_rate.{name}", "% of all of them", PER_CENT)
    yield Row("Hours lost by ordinary vehicles", "ordinary_h", "vehicle-hours")
    per_detection = run.estimates["expected_detections"].mean > 0
    if per_detection:
        yield Row("  for each target found", "ordinary_h_per_detection", "vehicle-hours")
    yield Row("Hours lost by ordinary travellers", "ordinary_person_h", "person-hours")
    yield Row("Cost of the delay", "delay_cost", "currency")
    yield Row("Officer-hours, overtime included", "officer_h", "officer-hours")
    if per_detection:
        yield Row("Found in 100 officer-hours", "detections_per_100_officer_h", "targets")
        yield Row("Staff cost for each target found", "cost_per_detection", "currency")
