"""The demand: expected vehicles by class in each counted interval, or the recorded vehicles themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from funnelsim.arrays import FloatArray, IntArray
from funnelsim.errors import Problem, ScenarioError
from funnelsim.scenario.key import clock_of, seconds_after_midnight
from funnelsim.scenario.traffic import DEFAULT_DAY_CV, LONGEST_ORIGIN, ONE_DAY, CountsFile, CountsTyped
from funnelsim.units import DAY_S, HOUR_S, MINUTE_S
from funnelsim.wording import counted

if TYPE_CHECKING:
    from funnelsim.scenario.schema import Scenario

TOTAL = "total"


@dataclass(frozen=True, eq=False)
class Demand:
    """The traffic on the road from the lead-in to the run-out.

    Attributes
    ----------
    classes
        The scenario's classes, in its order; columns of `vehicles`.
    starts_s, ends_s
        Counted intervals, seconds after midnight of the first day, shape (intervals,).
    vehicles
        Expected number in each interval by class, shape (intervals, classes).
    typed_by_class
        Whether the classes were counted, or a total was split by shares.
    spans_s
        The time spans in which traffic is simulated: one for each window of the operation; spans that touch are
        joined.
    passages
        For a trace: time in seconds and class index of each recorded vehicle, each of shape (vehicles,); else None.
    notes
        Assumptions about missing counts, in words.
    source
        Where the counts come from; empty where nobody says so.
    other_funnels
        The demands on the roads of further funnels; none for most scenarios.
    """

    classes: tuple[str, ...]
    starts_s: FloatArray
    ends_s: FloatArray
    vehicles: FloatArray
    typed_by_class: bool
    spans_s: tuple[tuple[float, float], ...]
    passages: tuple[FloatArray, IntArray] | None = None
    notes: tuple[str, ...] = ()
    source: str = ""
    other_funnels: tuple["Demand", ...] = ()

    @property
    def window_s(self) -> tuple[float, float]:
        """The time from the first to the last simulated moment."""
        return self.spans_s[0][0], self.spans_s[-1][1]

    @property
    def rates_vph(self) -> FloatArray:
        """Expected vehicles per hour in each interval, all classes, shape (intervals,)."""
        rates: FloatArray = self.vehicles.sum(axis=1) * HOUR_S / (self.ends_s - self.starts_s)
        return rates

    def expected(self, from_s: float, to_s: float) -> FloatArray:
        """Return the vehicles expected in a time span by class, shape (classes,)."""
        overlap = np.clip(np.minimum(self.ends_s, to_s) - np.maximum(self.starts_s, from_s), 0.0, None)
        vehicles: FloatArray = (overlap / (self.ends_s - self.starts_s)) @ self.vehicles
        return vehicles

    def mix(self, spans_s: Iterable[tuple[float, float]]) -> FloatArray:
        """Return the shares of the classes among the vehicles expected in some time spans, shape (classes,)."""
        expected: FloatArray = np.sum([self.expected(*span) for span in spans_s], axis=0)
        total = expected.sum()
        even: FloatArray = np.full(len(self.classes), 1.0 / len(self.classes))
        return expected / total if total > 0 else even


@dataclass(frozen=True, eq=False)
class Day:
    """Counts of one day or two: by start minute, the vehicles by class or in total."""

    minutes: int
    rows: dict[int, dict[str, float]]
    notes: tuple[str, ...] = ()
    source: str = ""


def demand_of(scenario: "Scenario", days: dict[str, Day] | None = None) -> Demand:
    """Turn the counts of a scenario and of its other funnels into expected vehicles by interval and class.

    Counts of one typical day repeat every 24 hours. The operation window must be counted; in the lead-in and the
    run-out, an uncounted interval takes the counts of the nearest counted one, and a note says so.

    Parameters
    ----------
    scenario
        The scenario.
    days
        Counts that were read before, and where those that are read now are put: scenarios that share a count file
        read it once.

    Raises
    ------
    ScenarioError
        If the counts lack hours of the operation, have unknown classes, or are too high for bunched arrivals.
    """
    first, *others = (_demand_of(funnel, {} if days is None else days) for funnel in scenario.per_funnel)
    return replace(first, other_funnels=tuple(others)) if others else first


def _demand_of(scenario: "Scenario", days: dict[str, Day]) -> Demand:
    """Turn the counts of one funnel into its demand."""
    spans_s = _spans(scenario)
    classes = tuple(scenario.classes)
    counts = scenario.traffic.counts
    passages, notes = None, []
    if scenario.traffic.arrivals == "trace":
        passages, day = _recorded(scenario, counts, classes, (spans_s[0][0], spans_s[-1][1]))
    else:
        day = _typed(counts) if isinstance(counts, CountsTyped) else _read_once(counts, days)
    windows = [(window.opens_s, window.closes_s) for window in scenario.operation.windows]
    starts_min, rows, filled = _rows_within(day, spans_s, windows)
    notes = [*day.notes, *filled]
    typed_by_class = all(TOTAL not in row for row in rows)
    vehicles = np.array([_by_class(row, scenario, classes) for row in rows]) * scenario.traffic.scale
    demand = Demand(
        classes=classes,
        starts_s=np.array(starts_min, dtype=np.float64) * MINUTE_S,
        ends_s=(np.array(starts_min, dtype=np.float64) + day.minutes) * MINUTE_S,
        vehicles=vehicles,
        typed_by_class=typed_by_class,
        spans_s=spans_s,
        passages=passages,
        notes=tuple(notes),
        source=counts.source or day.source[:LONGEST_ORIGIN],
    )
    _refuse_the_impossible(demand, scenario)
    return demand


def _spans(scenario: "Scenario") -> tuple[tuple[float, float], ...]:
    """Return when traffic is simulated: each window with its lead-in and run-out; spans that touch are joined."""
    operation = scenario.operation
    spans: list[tuple[float, float]] = []
    for window in operation.windows:
        from_s = window.opens_s - operation.lead_in_min * MINUTE_S
        to_s = window.closes_s + operation.run_out_min * MINUTE_S
        if spans and from_s <= spans[-1][1]:
            from_s = spans.pop()[0]
        spans.append((from_s, to_s))
    return tuple(spans)


def _typed(counts: CountsTyped) -> Day:
    first = round(seconds_after_midnight(counts.from_) / MINUTE_S)
    length = len(next(iter(counts.vehicles.values())))
    return Day(
        counts.minutes,
        {first + k * counts.minutes: {name: row[k] for name, row in counts.vehicles.items()} for k in range(length)},
    )


def _read_once(counts: CountsFile, days: dict[str, Day]) -> Day:
    key = repr(counts)
    if key not in days:
        days[key] = _counted(counts)
    return days[key]


def _counted(counts: CountsFile) -> Day:
    from funnelsim.counts import profile, read_counts  # noqa: PLC0415  (polars is heavy)

    read = read_counts(counts.file, counts.format, date_order=counts.date_order, mapping=counts.mapping)
    day = profile(
        read,
        stream=counts.stream,
        channel=counts.channel,
        date=counts.date,
        weekdays=counts.weekdays,
        classes=counts.classes,
    )
    rows: dict[int, dict[str, float]] = {}
    for start_min, name, vehicles in day.table.select("start_min", "class", "vehicles").iter_rows():
        rows.setdefault(start_min, {})[name] = vehicles
    return Day(int(day.table["minutes"][0]), rows, tuple(day.notes), read.origin)


def _recorded(
    scenario: "Scenario",
    counts: CountsFile | CountsTyped,
    classes: tuple[str, ...],
    window_s: tuple[float, float],
) -> tuple[tuple[FloatArray, IntArray], Day]:
    where = "traffic.arrivals"
    if isinstance(counts, CountsTyped):
        raise ScenarioError([Problem(where, '"trace" replays recorded vehicles; allowed: with a per-vehicle file')])
    if scenario.traffic.scale != 1.0 or scenario.traffic.split:
        raise ScenarioError(
            [
                Problem(
                    where,
                    '"trace" replays what was recorded; allowed: without traffic.scale and traffic.split',
                )
            ]
        )
    from funnelsim.counts import passages, read_counts  # noqa: PLC0415  (polars is heavy)

    read = read_counts(counts.file, counts.format, date_order=counts.date_order, mapping=counts.mapping)
    table = passages(read, channel=counts.channel, date=counts.date, classes=counts.classes)
    times = table["time_s"].to_numpy().astype(np.float64)
    names = table["class"].to_list()
    unknown = sorted(set(names) - set(classes))
    if unknown:
        raise ScenarioError([_unknown_classes(unknown, classes)])
    index = np.array([classes.index(name) for name in names], dtype=np.int64)
    inside = (times >= window_s[0]) & (times < window_s[1])
    quarter = (times[inside] // 900.0).astype(np.int64)
    rows: dict[int, dict[str, float]] = {}
    for start in range(int(window_s[0] // 900), int(-(-window_s[1] // 900))):
        here = index[inside][quarter == start]
        rows[start * 15] = {name: float((here == k).sum()) for k, name in enumerate(classes)}
    return (times, index), Day(15, rows, source=read.origin)


def _rows_within(
    day: Day, spans_s: Sequence[tuple[float, float]], windows_s: Sequence[tuple[float, float]]
) -> tuple[list[int], list[dict[str, float]], list[str]]:
    """Return the counts of each interval in the time spans; a single counted day repeats every 24 hours."""
    starts = _starts_within(day, spans_s)
    found = {start: _row_at(day, start) for start in starts}
    missing = [start for start, row in found.items() if row is None]
    in_windows = set(_starts_within(day, windows_s))
    needed = [start for start in missing if start in in_windows]
    if needed:
        hours = ", ".join(dict.fromkeys(clock_of(start * MINUTE_S) for start in needed))
        operation = ", ".join(f"{clock_of(opens_s)} to {clock_of(closes_s)}" for opens_s, closes_s in windows_s)
        message = f"no counts for the intervals from {hours}; allowed: counts for the whole operation, {operation}"
        raise ScenarioError([Problem("traffic.counts", message)])
    known = [start for start, row in found.items() if row is not None]
    rows = []
    for start in starts:
        nearest = start if found[start] is not None else min(known, key=lambda c: abs(c - start))
        rows.append(found[nearest] or {})
    notes = []
    if missing:
        spans = f"{clock_of(min(missing) * MINUTE_S)} to {clock_of((max(missing) + day.minutes) * MINUTE_S)}"
        notes.append(
            f"No counts for part of the lead-in or run-out ({counted(len(missing), 'interval')}, {spans}): "
            "they take the counts of the nearest counted interval."
        )
    return starts, rows, notes


def _starts_within(day: Day, spans_s: Sequence[tuple[float, float]]) -> list[int]:
    """Return the starts of the intervals that overlap the time spans, in minutes."""
    phase = min(day.rows) % day.minutes
    starts: set[int] = set()
    for from_s, to_s in spans_s:
        first = int((from_s / MINUTE_S - phase) // day.minutes) * day.minutes + phase
        starts.update(range(first, int(np.ceil(to_s / MINUTE_S)), day.minutes))
    return sorted(starts)


def _row_at(day: Day, start_min: int) -> dict[str, float] | None:
    """Return the counts of the interval at a minute, or else those at the same time of the counted day."""
    day_min = round(DAY_S / MINUTE_S)
    time_of_day = start_min % day_min
    return next((day.rows[at] for at in (start_min, time_of_day, time_of_day + day_min) if at in day.rows), None)


def _by_class(row: dict[str, float], scenario: "Scenario", classes: tuple[str, ...]) -> FloatArray:
    """Return the vehicles of one interval by scenario class."""
    if TOTAL in row:
        return np.array([row[TOTAL] * (scenario.classes[name].share or 0.0) for name in classes])
    unknown = sorted(set(row) - set(classes))
    if unknown:
        raise ScenarioError([_unknown_classes(unknown, classes)])
    vehicles = {name: row.get(name, 0.0) for name in classes}
    by_class = dict(vehicles)
    for name, parts in scenario.traffic.split.items():
        for part, share in parts.items():
            by_class[part] += vehicles[name] * share
            by_class[name] -= vehicles[name] * share
    return np.array([max(0.0, by_class[name]) for name in classes])


def _unknown_classes(unknown: list[str], classes: tuple[str, ...]) -> Problem:
    return Problem(
        "traffic.counts",
        f"the counts have the classes {', '.join(unknown)}; allowed: {', '.join(classes)} (map others with "
        "traffic.counts.classes)",
    )


def day_cv_of(scenario: "Scenario") -> float:
    """Return the coefficient of variation of a day's demand: the one given, or the default of its arrivals."""
    traffic = scenario.traffic
    if traffic.day_cv is not None:
        return traffic.day_cv
    return 0.0 if traffic.arrivals in ONE_DAY else DEFAULT_DAY_CV


def bunching_of(scenario: "Scenario") -> tuple[float, float]:
    """Return the least gap in seconds and the bunching factor of a road: those given, or those for its lanes."""
    traffic = scenario.traffic
    least_gap_s, factor = bunching(scenario.approach.lanes)
    return (
        least_gap_s if traffic.least_gap_s is None else traffic.least_gap_s,
        factor if traffic.bunching_factor is None else traffic.bunching_factor,
    )


def bunching(lanes: int) -> tuple[float, float]:
    """Return the least gap Δ in seconds and the bunching factor b of Cowan's M3 for a number of lanes.

    References
    ----------
    Akçelik and Chung (1994), Calibration of the bunched exponential distribution of arrival headways, Road and
    Transport Research 3: Δ = 1.5 s, b = 0.6 on one lane; Δ = 0.5 s, b = 0.5 on two.
    """
    return (1.5, 0.6) if lanes == 1 else (0.5, 0.5)


def _refuse_the_impossible(demand: Demand, scenario: "Scenario") -> None:
    highest = float(demand.rates_vph.max(initial=0.0))
    most = 20_000.0 * scenario.approach.lanes
    if scenario.traffic.arrivals == "bunched":
        most = 0.9 * HOUR_S / bunching_of(scenario)[0]
    if highest > most:
        message = (
            f"{highest:,.0f} veh/h in the busiest interval; allowed with arrivals = {scenario.traffic.arrivals!r} on "
            f"{scenario.approach.lanes} lanes: at most {most:,.0f}"
        )
        raise ScenarioError([Problem("traffic.counts", message)])
