"""The place and the time: operation window, approach, lane, and the limits the planner may not exceed."""

from typing import Annotated

from pydantic import Field, model_validator

from funnelsim.scenario.key import ClockTime, NotNegative, Positive, Table, Whole, key, seconds_after_midnight

DAY_S = 86_400.0


class Operation(Table):
    """The time window in which the funnel stands."""

    opens: ClockTime = key(..., "When the funnel opens, local time.", unit="HH:MM")
    closes: ClockTime = key(..., "When it closes; a time at or before `opens` means the next day.", unit="HH:MM")
    stop_selecting_min: NotNegative = key(
        20.0,
        "No new diversions in the last minutes, so that the bays can finish.",
        unit="min",
        source="assumption",
    )
    lead_in_min: Annotated[NotNegative, Field(le=240)] = key(
        15.0, "Traffic is simulated from this long before opening.", unit="min", source="assumption"
    )
    run_out_min: Annotated[NotNegative, Field(le=600)] = key(
        120.0,
        "Traffic is simulated until this long after closing, so that the queue left at closing dissolves.",
        unit="min",
        source="assumption",
    )

    @property
    def opens_s(self) -> float:
        """Opening, in seconds after midnight of the first day."""
        return seconds_after_midnight(self.opens)

    @property
    def closes_s(self) -> float:
        """Closing, in seconds after midnight of the first day."""
        closes = seconds_after_midnight(self.closes)
        return closes if closes > self.opens_s else closes + DAY_S

    @property
    def duration_h(self) -> float:
        """How long the funnel stands, in hours."""
        return (self.closes_s - self.opens_s) / 3600.0

    @model_validator(mode="after")
    def _leaves_time_to_select(self) -> "Operation":
        window_min = self.duration_h * 60.0
        if self.stop_selecting_min >= window_min:
            message = (
                f"stop_selecting_min = {self.stop_selecting_min:g} leaves no time to select: "
                f"the funnel stands {window_min:g} min; allowed: less than that"
            )
            raise ValueError(message)
        return self


class Approach(Table):
    """The road upstream of the funnel."""

    lanes: Annotated[Whole, Field(ge=1, le=8)] = key(2, "Lanes of the road upstream of the taper, in this direction.")
    speed_kmh: Annotated[Positive, Field(le=200)] = key(
        80.0,
        "Speed on the approach and on the open road: the temporary limit upstream of the taper.",
        unit="km/h",
        source="assumption",
    )
    length_m: Positive = key(3000.0, "Length of the approach that the planner looks at.", unit="m")
    critical_m: Positive | None = key(
        None,
        "Distance upstream of the taper that a queue must not reach (a junction, a tunnel); beyond it is spillback.",
        unit="m",
    )
    wave_speed_kmh: Annotated[Positive, Field(le=100)] = key(
        20.0,
        "Speed at which a queue grows and dissolves backwards.",
        unit="km/h",
        source="18 ± 1 km/h (Stipdonk); 20.5 km/h fits the reference microsimulation",
    )
    merge_s: Annotated[NotNegative, Field(le=600)] = key(
        20.0,
        "Braking and merging into one lane, for every vehicle, queue or not.",
        unit="s",
        source="calibrated to the reference microsimulation at 1,500 veh/h",
    )


class Lane(Table):
    """The single lane of the funnel; its end is the selection point."""

    length_m: Positive = key(150.0, "Length of the lane, from the taper to the selection point.", unit="m")
    speed_kmh: Annotated[Positive, Field(le=200)] = key(30.0, "Speed in the lane.", unit="km/h")
    capacity_vph: Positive | None = key(
        None,
        "A counted capacity: the headways are scaled so that the scenario's own mix of classes passes at "
        "this rate. Left out, headways follow from spacing and reaction time.",
        unit="veh/h",
    )
    headway_cv: Annotated[NotNegative, Field(le=3)] = key(
        0.3,
        "Scatter of the headways from vehicle to vehicle (standard deviation over mean).",
        source="assumption",
    )


class Limits(Table):
    """What the planner may not exceed: shown in tables and plots with the chance of breaking it."""

    p95_delay_min: Positive | None = key(
        None,
        "Limit on the delay that 95 % of the vehicles stay below.",
        unit="min",
        source="road authorities use 12 to 20 min (FHWA)",
    )
    tail_m: Positive | None = key(
        None,
        "Limit on the longest queue, measured upstream from the taper.",
        unit="m",
        source="Ohio allows 0.75 mi at any time (FHWA)",
    )
