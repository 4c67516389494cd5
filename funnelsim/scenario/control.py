"""The control itself: selection, valve, area with its stages, staffing."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from funnelsim.scenario.key import (
    ClockTime,
    Headcount,
    NotNegative,
    Positive,
    Share,
    Table,
    Whole,
    Yes,
    key,
)

Crew = dict[str, Headcount]


class Look(Table):
    """The observation of one vehicle at the selection point."""

    mode: Literal["rolling"] = key("rolling", "`rolling`: vehicles roll past the officer.")
    mean_s: Annotated[NotNegative, Field(le=3600)] = key(
        2.0,
        "Mean time an officer needs for one vehicle.",
        unit="s",
        source="3 to 4.5 s for a look at the vehicle with time to note it (SDDCTEA); 2 s assumed when rolling",
    )
    cv: Annotated[NotNegative, Field(le=3)] = key(
        0.3, "Scatter of the look (standard deviation over mean).", source="assumption"
    )
    officers: Annotated[Whole, Field(ge=1, le=20)] = key(1, "Officers who look, each at every n-th vehicle.")


class Valve(Table):
    """The safety valve: selection is suspended, or the funnel lifted, while the queue is too long."""

    suspend_at_m: Positive | None = key(None, "Selection is suspended from this queue length on.", unit="m")
    resume_at_m: NotNegative = key(0.0, "Selection resumes when the queue is down to this length.", unit="m")
    lift_at_m: Positive | None = key(
        None,
        "The funnel itself is lifted from this queue length on: all lanes run until the queue is down to "
        "`resume_at_m`.",
        unit="m",
    )

    @model_validator(mode="after")
    def _has_hysteresis(self) -> "Valve":
        upper = [limit for limit in (self.suspend_at_m, self.lift_at_m) if limit is not None]
        if upper and self.resume_at_m >= min(upper):
            message = (
                f"resume_at_m = {self.resume_at_m:g} is not below {min(upper):g}; "
                "allowed: less than suspend_at_m and lift_at_m"
            )
            raise ValueError(message)
        if len(upper) == 2 and upper[1] < upper[0]:  # noqa: PLR2004  (both are given)
            message = f"lift_at_m = {upper[1]:g} is below suspend_at_m = {upper[0]:g}; allowed: at least that"
            raise ValueError(message)
        return self


class Selection(Table):
    """Whom the officer at the selection point diverts."""

    rule: Literal["score", "random", "every_nth", "free_bay"] = key(
        "score",
        "`score`: the most suspicious; `random`: by lot; `every_nth`: every n-th vehicle of its class; "
        "`free_bay`: whoever comes while a bay is free. A class with rate 0 is never selected under any "
        "rule.",
    )
    rate: dict[str, Share] = key({"default": 0.05}, "Selection rate by class; `default` for the classes not named.")
    every: dict[str, Annotated[Whole, Field(ge=1, le=1_000_000)]] = key(
        {"default": 20}, "For `every_nth`: the n by class; `default` for the classes not named."
    )
    look: Look = key(Look(), "The observation of one vehicle.")
    post: Crew = key({}, "Officers at the selection point, by agency; unstaffed, nobody is selected.")
    valve: Valve = key(Valve(), "When selection is suspended or the funnel lifted.")


class Duration(Table):
    """A duration that varies from vehicle to vehicle."""

    mean_s: Positive | dict[str, Positive] = key(
        ..., "Mean; or a table by class, with `default` for the classes not named.", unit="s"
    )
    per_occupant_s: NotNegative = key(0.0, "Added to the mean for each occupant.", unit="s")
    cv: Annotated[NotNegative, Field(le=5)] = key(0.6, "Standard deviation over mean.", source="assumption")
    distribution: Literal["lognormal", "exponential"] = key(
        "lognormal", "Shape of the distribution; `exponential` has no `cv` of its own."
    )


class Stage(Table):
    """One step of an inspection."""

    name: Annotated[str, Field(min_length=1, max_length=60)] = key(..., "Name of the stage.")
    classes: tuple[str, ...] | None = key(None, "Classes that go through this stage; left out, all do.", alias="for")
    only_after_alarm: Yes = key(False, "Only when an earlier stage gave an alarm.")  # noqa: FBT003  (the default)
    duration: Duration = key(..., "How long it takes.")
    crew: Crew = key({}, "Officers it takes, by agency; they start together.")
    equipment: Crew = key({}, "Equipment it takes, by name.")
    finds: dict[str, Share] = key({}, "Chance to find a target, by target type.")
    alarms: dict[str, Share] = key(
        {}, "Chance of an alarm, by target type; `ordinary` is the false alarm for all others."
    )


class AfterDetection(Table):
    """What follows a detection: papers, interviews, custody, transport."""

    duration: Duration = key(
        Duration(mean_s=5460.0, cv=0.4),
        "How long it takes.",
        source="an arrest takes 91 min on average, n = 505 (DOT HS-805-569)",
    )
    crew: Crew = key({}, "Officers it takes, by agency.")


class Area(Table):
    """The secondary area: waiting spaces and bays."""

    bays: Annotated[Whole, Field(ge=0, le=10_000)] = key(4, "Places where one vehicle is inspected.")
    waiting: Annotated[Whole, Field(ge=0, le=100_000)] = key(4, "Waiting spaces in front of the bays.")
    divert_s: NotNegative = key(20.0, "Time from the selection point to the area.", unit="s", source="assumption")
    when_full: Annotated[Literal["wave_through", "hold"], Field(validate_default=True)] = key(
        "wave_through",
        "`wave_through`: selected vehicles pass when no place is free; `hold`: the lane stands until one is.",
    )
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)] = key(..., "The stages of an inspection, in order.")
    after_detection: AfterDetection = key(AfterDetection(), "What follows a detection.")

    # Rules about one key are checked with that key: a problem elsewhere in the table does not hide them.
    @field_validator("stages")
    @classmethod
    def _stages_are_apart(cls, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
        names = [stage.name for stage in stages]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            message = f"{', '.join(twice)} named twice; allowed: each name once"
            raise ValueError(message)
        return stages

    @field_validator("when_full")
    @classmethod
    def _bays_let_vehicles_leave(cls, when_full: str, info: ValidationInfo) -> str:
        bays, waiting = info.data.get("bays"), info.data.get("waiting")
        if bays == 0 and waiting is not None and (waiting > 0 or when_full == "hold"):
            message = (
                f'bays = 0 with waiting = {waiting} and when_full = "{when_full}": nobody would ever leave; '
                'allowed without bays: waiting = 0 and when_full = "wave_through"'
            )
            raise ValueError(message)
        return when_full


class Breaks(Table):
    """The breaks of a shift, staggered so that as few officers as possible are away at once."""

    minutes: Annotated[Positive, Field(ge=1, le=240)] = key(30.0, "Length of a break.", unit="min")
    after_h: Annotated[Positive, Field(ge=0.25, le=12)] = key(
        4.0,
        "A break begins at the latest after this time on duty.",
        unit="h",
        source="a break is due after 6 h (Directive 2003/88/EC); 4 h assumed",
    )


class Shift(Table):
    """Officers of one agency who are on duty together."""

    agency: Annotated[str, Field(min_length=1, max_length=60)] = key(..., "Their agency.")
    count: Annotated[Whole, Field(ge=0, le=10_000)] = key(..., "How many officers.")
    from_: ClockTime = key(..., "Start of duty.", unit="HH:MM", alias="from")
    to: ClockTime = key(..., "End of duty; at or before `from` means the next day.", unit="HH:MM")
    breaks: Breaks | None = key(None, "Their breaks; left out, none.")
    cost_per_h: NotNegative = key(
        50.0,
        "Cost of an officer-hour.",
        unit="currency/h",
        source="assumption: 40 to 65 EUR west, 15 to 25 east",
    )


class Staffing(Table):
    """Who is on duty when, and the posts they hold before any inspection."""

    posts: dict[str, Crew] = key({}, "Permanent duties and their officers by agency.")
    roster: tuple[Shift, ...] = key((), "The shifts.")
