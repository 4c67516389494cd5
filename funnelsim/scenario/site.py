"""Place and time: operation windows, approach, lane, and the limits that the operation must keep."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, model_validator

from funnelsim.scenario.key import (
    ClockTime,
    NotNegative,
    Positive,
    Share,
    SpeedKmh,
    Table,
    Whole,
    key,
    seconds_after_midnight,
)
from funnelsim.units import DAY_S, HOUR_S, MINUTE_S


class Times(Table):
    """A further window in which the funnel operates."""

    opens: ClockTime = key(..., "When the funnel opens again, after the previous window has closed.", unit="HH:MM")
    closes: ClockTime = key(..., "When it closes; a time at or before `opens` means the next day.", unit="HH:MM")


@dataclass(frozen=True)
class Window:
    """One time window in which the funnel operates, in seconds after midnight of the first day.

    Attributes
    ----------
    day
        Day of the operation, 1 for the first.
    opens_s, last_selection_s, closes_s
        When it opens and closes, and when the last minutes without new selections begin.
    """

    day: int
    opens_s: float
    last_selection_s: float
    closes_s: float


class Operation(Table):
    """The time windows in which the funnel operates."""

    opens: ClockTime = key(..., "When the funnel opens, local time.", unit="HH:MM")
    closes: ClockTime = key(..., "When it closes; a time at or before `opens` means the next day.", unit="HH:MM")
    also: Annotated[tuple[Times, ...], Field(max_length=12)] = key(
        (),
        "Further windows of the day, in order of time; one that opens before the previous one closed is on the "
        "next day.",
    )
    days: Annotated[Whole, Field(ge=1, le=31)] = key(
        1, "Number of consecutive days with these windows, all with the same traffic and the same shifts."
    )
    stop_selecting_min: NotNegative = key(
        20.0,
        "No vehicle is selected in this time before closing, so that the bays can finish.",
        unit="min",
        source="assumption",
    )
    lead_in_min: Annotated[NotNegative, Field(le=240)] = key(
        15.0, "The simulation of traffic starts this long before opening.", unit="min", source="assumption"
    )
    run_out_min: Annotated[NotNegative, Field(le=600)] = key(
        120.0,
        "The simulation of traffic ends this long after closing, so that the remaining queue dissolves.",
        unit="min",
        source="assumption",
    )

    @property
    def windows(self) -> tuple[Window, ...]:
        """When the funnel operates, in order of time."""
        spans = self._spans_of_a_day()
        stop_s = self.stop_selecting_min * MINUTE_S
        return tuple(
            Window(day + 1, opens_s + day * DAY_S, closes_s + day * DAY_S - stop_s, closes_s + day * DAY_S)
            for day in range(self.days)
            for opens_s, closes_s in spans
        )

    def _spans_of_a_day(self) -> list[tuple[float, float]]:
        spans: list[tuple[float, float]] = []
        for opens, closes in ((self.opens, self.closes), *((times.opens, times.closes) for times in self.also)):
            opens_s, closes_s = seconds_after_midnight(opens), seconds_after_midnight(closes)
            length_s = (closes_s - opens_s) % DAY_S or DAY_S
            while spans and opens_s < spans[-1][1]:
                opens_s += DAY_S
            spans.append((opens_s, opens_s + length_s))
        return spans

    @property
    def opens_s(self) -> float:
        """The first opening, in seconds after midnight of the first day."""
        return self.windows[0].opens_s

    @property
    def closes_s(self) -> float:
        """The last closing, in seconds after midnight of the first day."""
        return self.windows[-1].closes_s

    @property
    def duration_h(self) -> float:
        """How long the funnel operates, in hours, over all windows."""
        return sum(window.closes_s - window.opens_s for window in self.windows) / HOUR_S

    @model_validator(mode="after")
    def _repeats_without_overlap(self) -> "Operation":
        spans = self._spans_of_a_day()
        if self.days > 1 and spans[-1][1] > spans[0][0] + DAY_S:
            lasts_h = (spans[-1][1] - spans[0][0]) / HOUR_S
            message = (
                f"the windows of a day span {lasts_h:g} h and days = {self.days} repeats them every 24 h; "
                "allowed: windows that fit into 24 h, or days = 1"
            )
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _leaves_time_to_select(self) -> "Operation":
        window_min = min(closes_s - opens_s for opens_s, closes_s in self._spans_of_a_day()) / MINUTE_S
        if self.stop_selecting_min >= window_min:
            message = (
                f"stop_selecting_min = {self.stop_selecting_min:g} leaves no time to select: "
                f"the funnel operates for {window_min:g} min; allowed: less than that"
            )
            raise ValueError(message)
        return self


class Exit(Table):
    """The last exit before the funnel, where drivers who see the queue may leave."""

    at_m: Positive = key(..., "Distance of the exit upstream of the taper.", unit="m")
    leave_when_tail_m: Positive = key(
        ..., "Drivers at the exit see the queue and may leave if it is at least this long.", unit="m"
    )
    share: Share = key(
        0.1,
        "Share of ordinary drivers who leave when they see the queue; for targets, see `evade.queue`.",
        source="assumption; exits rise at the first ramp inside a queue (Ullman 1992)",
    )

    @model_validator(mode="after")
    def _sees_a_queue_below_the_exit(self) -> "Exit":
        if self.leave_when_tail_m > self.at_m:
            message = (
                f"leave_when_tail_m = {self.leave_when_tail_m:g} is beyond the exit at {self.at_m:g} m; "
                "allowed: at most at_m, because drivers see only the queue ahead of them"
            )
            raise ValueError(message)
        return self


class Approach(Table):
    """The road upstream of the funnel."""

    lanes: Annotated[Whole, Field(ge=1, le=8)] = key(2, "Lanes of the road upstream of the taper, in this direction.")
    speed_kmh: SpeedKmh = key(
        80.0,
        "Speed of free traffic on the approach: the temporary limit upstream of the taper.",
        unit="km/h",
        source="assumption",
    )
    length_m: Positive = key(3000.0, "Length of the approach shown in figures and measures.", unit="m")
    critical_m: Positive | None = key(
        None,
        "Distance upstream of the taper that a queue must not reach (a junction, a tunnel); a queue beyond it is "
        "spillback.",
        unit="m",
    )
    warning_m: Positive | None = key(
        None,
        "Distance of the first warning sign upstream of the taper; drivers who queue beyond it were not warned.",
        unit="m",
        source="US freeway work zones 1000, 1500 and 2640 ft; UK major works at least 1 mile (MUTCD; Chapter 8)",
    )
    tail_speed_difference_kmh: SpeedKmh = key(
        40.0,
        "A vehicle that reaches the end of the queue this much faster than the queue moves counts as in danger.",
        unit="km/h",
        source="assumption",
    )
    exit: Exit | None = key(None, "The last exit before the funnel, where drivers may leave.")
    wave_speed_kmh: Annotated[Positive, Field(ge=1, le=100)] = key(
        20.0,
        "Speed of the shock wave at which a queue grows and dissolves upstream.",
        unit="km/h",
        source="18 ± 1 km/h (Stipdonk); 20.5 km/h fits the reference microsimulation",
    )
    merge_s: Annotated[NotNegative, Field(le=600)] = key(
        10.0,
        "Time that every vehicle loses by braking and merging into one lane, with or without a queue, compared "
        "with the "
        "road without a funnel.",
        unit="s",
        source="reference microsimulation (docs/validation.md): 9 to 10 s beyond the open road",
    )


class Lane(Table):
    """The single lane of the funnel; its end is the selection point."""

    length_m: Positive = key(150.0, "Length of the lane, from the taper to the selection point.", unit="m")
    speed_kmh: SpeedKmh = key(30.0, "Speed in the lane.", unit="km/h")
    capacity_vph: Annotated[Positive, Field(ge=1)] | None = key(
        None,
        "A counted capacity: headways are scaled so that the scenario's mix of classes passes at this rate (default: "
        "headways follow from spacing and reaction time).",
        unit="veh/h",
    )
    headway_cv: Annotated[NotNegative, Field(le=3)] = key(
        0.3,
        "Variation of headways between vehicles (standard deviation over mean).",
        source="assumption",
    )


class Limits(Table):
    """Limits that the operation must keep, each in most operations; results say in how many it does."""

    p95_delay_min: Positive | None = key(
        None,
        "Limit on the P95 delay: 95 % of the vehicles are delayed less than that.",
        unit="min",
        source="road authorities use 12 to 20 min (FHWA)",
    )
    tail_m: Positive | None = key(
        None,
        "Limit on the longest queue, measured upstream from the taper.",
        unit="m",
        source="Ohio allows 0.75 mi at any time (FHWA)",
    )
    in_share_of_operations: Annotated[Share, Field(ge=0.01)] = key(
        0.9,
        "A limit is kept if it holds in at least this share of operations.",
        source="assumption: one bad day in ten is accepted",
    )
