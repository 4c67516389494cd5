"""The tables of a run: yield beside what it costs, each number with its interval."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from funnelsim.analysis.by_part import window_labels
from funnelsim.analysis.catalogue import CATALOGUE, CURRENCY, Measure, measure_named
from funnelsim.analysis.estimates import Estimate, estimate_text, estimate_texts
from funnelsim.analysis.forecast import chances_between, selection_chances
from funnelsim.experiments.run import Run
from funnelsim.reporting import run_words
from funnelsim.reporting.section import Column, Grid, Section, sentence
from funnelsim.selection_rules import Amount
from funnelsim.units import DAY_S
from funnelsim.wording import NOTHING, share_text

COLUMNS = (
    Column("", "left"),
    Column(""),
    Column("", "left"),
    Column("", "left"),
    Column("", "left", only_wide=True),
)

# Shown of each window and of each direction, where there are several.
PART_MEASURES = (
    "expected_detections",
    "ordinary_stops",
    "delay_mean_s",
    "delay_p95_s",
    "tail_max_m",
    "selecting_share",
)
GOOD_TO_KNOW = ("delay_mean_s", "selecting_share")  # of windows and directions, where there is room


@dataclass(frozen=True)
class Row:
    """One line of a table: a measure as the catalogue has it.

    Parameters
    ----------
    name
        The measure.
    own_label
        A label for where the table says already what the catalogue's would repeat.
    own_unit
        A unit in words that says more than the catalogue's.
    indent
        Whether it is a part of the line above.
    """

    name: str
    own_label: str = ""
    own_unit: str = ""
    indent: bool = False

    @property
    def measure(self) -> Measure:
        """What the catalogue says of it."""
        return measure_named(self.name)

    @property
    def label(self) -> str:
        """The measure in words."""
        if self.indent:
            return f"  {self.own_label or self.measure.label}"
        return self.own_label or sentence(self.measure.label)

    @property
    def unit(self) -> str:
        """The unit in which it is shown."""
        return self.own_unit or self.measure.unit.symbol

    @property
    def label_with_unit(self) -> str:
        """The measure in words with its unit, which is left out where the words have it."""
        return self.label if self.unit in self.label.lower() else f"{self.label}, {self.unit}"

    def texts(self, estimate: Estimate) -> tuple[str, str]:
        """Return an estimate of the measure and its interval in the unit shown."""
        return estimate_texts(estimate, self.measure.unit.factor)

    def text(self, estimate: Estimate, digits: int = 2) -> str:
        """Return an estimate of the measure with its interval in the unit shown."""
        return estimate_text(estimate, self.measure.unit.factor, digits)


def run_sections(run: Run) -> list[Section]:
    """Return the results of a run in plain words and tables.

    Parameters
    ----------
    run
        The replications and their estimates.

    Returns
    -------
    list of Section
        The headline, yield and losses, delay, queue, area and crews, burden and cost, windows and directions where
        there are several, limits, and how far these numbers carry.
    """
    sections = [Section(run.scenario.title, (run_words.headline(run),)), _yield(run)]
    tables = {
        "Delay of those who are not inspected": delay_rows(),
        "Queue, upstream from the taper": queue_rows(run),
        "Selection, area and crews": area_rows(run),
        "Burden on ordinary travellers, and cost": burden_rows(run),
    }
    sections += [Section(heading, (_grid(rows, run),)) for heading, rows in tables.items()]
    if len(run.plan.windows_s) > 1:
        sections.append(
            Section("Window by window", (_by_part("Window", window_labels(run.plan), run, window_names(run)),))
        )
    if run.plan.other_funnels:
        directions = [funnel.direction for funnel in run.plan.funnels]
        sections.append(Section("Direction by direction", (_by_part("Direction", directions, run),)))
    if limits := tuple(run_words.limits(run)):
        sections.append(Section("Limits", limits))
    return [*sections, Section("How far these numbers carry", tuple(run_words.reach(run)))]


def _yield(run: Run) -> Section:
    if not run.plan.targets:
        return Section("Yield", ("No targets are named, so nothing can be found.",))
    return Section("Yield, and where the losses go", (_grid(yield_rows(run), run),))


def _grid(rows: Iterable[Row], run: Run) -> Grid:
    return Grid(COLUMNS, tuple(_cells(row, run) for row in rows))


def window_names(run: Run) -> list[str]:
    """Return the names of the windows as measures have them; those of a day that open after midnight say so."""
    operation = run.scenario.operation
    several = operation.days > 1
    return [
        f"{label} (next day)" if several and window.opens_s >= window.day * DAY_S else label
        for label, window in zip(window_labels(run.plan), operation.windows, strict=True)
    ]


def _by_part(head: str, parts: Sequence[str], run: Run, names: Sequence[str] | None = None) -> Grid:
    """Return a table with a line for each window or direction, by its name; by default that in measures."""
    shown = [Row(name) for name in PART_MEASURES if run.plan.targets or name != "expected_detections"]
    rows = [
        (name, *(row.text(run.estimates[f"{row.name}.{part}"], digits=1) for row in shown))
        for part, name in zip(parts, names or parts, strict=True)
    ]
    columns = [Column(row.measure.column_head, only_wide=row.name in GOOD_TO_KNOW) for row in shown]
    return Grid((Column(head, "left"), *columns), tuple(rows))


def _cells(row: Row, run: Run) -> tuple[str, ...]:
    value, beside = row.texts(run.estimates[row.name])
    unit = row.unit.replace(CURRENCY, run.scenario.currency)
    return row.label, value, beside, unit if value != NOTHING else "", row.name


def yield_rows(run: Run) -> Iterator[Row]:
    """Yield what comes, what is found and where the rest is lost; losses that never happen are left out."""
    yield Row("targets_offered")
    yield Row("expected_detections")
    if len(run.plan.targets) > 1:
        for name in run.plan.targets:
            yield Row(f"expected_detections.{name}", name, indent=True)
    yield Row("detections")
    yield Row("chance_of_any")
    if run.plan.persons.any():
        yield Row("persons_found")
    yield Row("stops_per_detection")
    yield Row("share_found", "Of all targets: found")
    for measure in CATALOGUE:
        if measure.group == "losses" and run.estimates[measure.name].mean > 0:
            yield Row(measure.name, indent=True)


def delay_rows() -> Iterator[Row]:
    """Yield the delay of those who are not inspected."""
    yield Row("delay_mean_s", "Mean")
    yield Row("delay_queue_mean_s", "of which in the queue", indent=True)
    yield Row("delay_p50_s", "Half of them lose less than")
    yield Row("delay_p95_s", "95 % of them lose less than")
    yield Row("delay_max_s", "Longest")
    yield Row("delay_vehicle_h", "All of them together")


def queue_rows(run: Run) -> Iterator[Row]:
    """Yield the length of the queue, and whether it is spillback."""
    yield Row("tail_max_m", "Longest")
    yield Row("tail_mean_m", "Mean over the operation")
    critical_m = {funnel.funnel.critical_m for funnel in run.plan.funnels if np.isfinite(funnel.funnel.critical_m)}
    if critical_m:
        beyond = f"Beyond {min(critical_m):,.0f} m" if len(critical_m) == 1 else "Beyond a critical point"
        yield Row("tail_over_critical_share", f"{beyond}, of the time")
        yield Row("spillback", f"{beyond} at any time")
    if run.estimates["beyond_approach"].mean > 0:
        yield Row("beyond_approach", "Longer than the approach at any time")
        yield Row("beyond_approach_s", "for so long", indent=True)
        yield Row("beyond_approach_after_s", "first after the opening", indent=True)
    yield Row("cleared_after_s")
    if any(np.isfinite(funnel.funnel.warning_m) for funnel in run.plan.funnels):
        yield Row("warning_exceeded_s", "Beyond the warning sign")
        yield Row("beyond_warning_vehicle_min", "vehicles waiting there, all together", indent=True)
        yield Row("tail_meetings", "Vehicles that meet its end far too fast")
        yield Row("tail_meetings_lorry_share", "of them lorries", indent=True)


def _account_rows(run: Run) -> Iterator[Row]:
    """Yield what the minutes of the windows go into."""
    yield Row("selecting_share")
    for name in ("suspended_share", "lifted_share", "unstaffed_share", "last_minutes_share"):
        if run.estimates[name].mean > 0:
            yield Row(name, indent=True)
    if run.estimates["suspensions"].mean > 0:
        yield Row("suspensions")
        yield Row("suspensions_s", "all together", indent=True)
    if run.estimates["lifted"].mean > 0:
        yield Row("lifted")
        yield Row("liftings", indent=True)


def area_rows(run: Run) -> Iterator[Row]:
    """Yield how many are selected and inspected, and how busy bays, crews and equipment are."""
    yield Row("vehicles")
    if any(np.isfinite(funnel.funnel.exit_m) for funnel in run.plan.funnels):
        yield Row("left_at_exit", indent=True)
    if any(funnel.evasion.before_the_queue for funnel in run.plan.funnels):
        yield Row("evaded", indent=True)
    if run.plan.pursuit is not None:
        yield Row("pursuits", indent=True)
        yield Row("brought_back", indent=True)
    yield Row("selected")
    yield Row("inspected")
    if run.estimates["waved_through"].mean > 0:
        yield Row("waved_through")
    yield from _account_rows(run)
    yield Row("area_wait_mean_s")
    yield Row("crew_wait_mean_s")
    yield Row("crew_wait_p95_s")
    yield Row("bay_utilisation")
    if run.plan.spots:
        yield Row("spot_utilisation")
    agencies = len(run.plan.duty.agencies)
    for pool, name in enumerate(run.plan.inspection.pools):
        if pool < agencies:
            yield Row(f"crew_utilisation.{name}", f"{name} at inspections")
        else:
            yield Row(f"equipment_utilisation.{name}", f"{name} in use")
    if run.plan.pursuit is not None:
        yield Row("chase_utilisation")
    yield Row("overtime_officer_h")
    if run.estimates["relief_wait_officer_h"].mean > 0:
        yield Row("relief_wait_officer_h")


def _shares_meant(run: Run) -> dict[str, str]:
    """Return by class the share that is meant to be selected, for a rule under which others come out."""
    if len(run.plan.funnels) > 1 or run.plan.selection.rule.amount is not Amount.AREA:
        return {}
    shares = chances_between(run.plan, *run.plan.window_s, selection_chances(run.plan))[:, 0].tolist()
    return {name: f", {share_text(share)} meant" for name, share in zip(run.plan.classes, shares, strict=True)}


def burden_rows(run: Run) -> Iterator[Row]:
    """Yield what ordinary travellers bear, and what it costs."""
    yield Row("ordinary_stops")
    meant = _shares_meant(run)
    for name in run.plan.classes:
        if run.estimates[f"ordinary_vehicles.{name}"].mean > 0:
            yield Row(f"stop_rate.{name}", f"{name}{meant.get(name, '')}", indent=True)
    yield Row("ordinary_h")
    per_detection = run.estimates["expected_detections"].mean > 0
    if per_detection:
        yield Row("ordinary_h_per_detection", "for each target found", indent=True)
    yield Row("ordinary_person_h")
    yield Row("delay_cost")
    yield Row("officer_h", "Officer-hours, overtime included")
    if per_detection:
        yield Row("detections_per_100_officer_h")
        yield Row("cost_per_detection")
