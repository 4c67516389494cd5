"""The secondary area: places, stages of an inspection, and what follows a detection."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from funnelsim.scenario.key import Crew, NotNegative, Positive, Share, Table, Whole, Yes, key


class Duration(Table):
    """A duration that varies from vehicle to vehicle."""

    mean_s: Positive | dict[str, Positive] = key(
        ..., "Mean; or a table by class, in which `default` holds for all other classes.", unit="s"
    )
    per_occupant_s: NotNegative = key(0.0, "Added to the mean for each occupant.", unit="s")
    cv: Annotated[NotNegative, Field(le=5)] = key(0.6, "Standard deviation over mean.", source="assumption")
    distribution: Literal["lognormal", "exponential"] = key(
        "lognormal", "Shape of the distribution; `exponential` has no `cv` of its own."
    )


class Stage(Table):
    """One step of an inspection."""

    name: Annotated[str, Field(min_length=1, max_length=60)] = key(..., "Name of the stage.")
    classes: tuple[str, ...] | None = key(None, "Classes that go through this stage (default: all).", alias="for")
    only_after_alarm: Yes = key(False, "Whether only vehicles with an alarm from an earlier stage go through it.")  # noqa: FBT003  (the default)
    duration: Duration = key(..., "How long it takes.")
    crew: Crew = key({}, "Officers it needs, by agency; it starts when all are free.")
    equipment: Crew = key({}, "Equipment it needs, by name.")
    finds: dict[str, Share] = key({}, "Probability of finding a target, by target type.")
    alarms: dict[str, Share] = key({}, "Probability of an alarm, by target type; `ordinary` is that of a false alarm.")


class Transport(Table):
    """A van takes persons away after a detection; it and its crew are away for some time."""

    duration: Duration = key(..., "How long the van and its crew are away.")
    crew: Crew = key({}, "Officers it needs, by agency.")
    equipment: Crew = key({}, "Equipment it needs, by name: the van.")


class AfterDetection(Table):
    """What follows a detection: papers, interviews, custody, transport."""

    duration: Duration = key(
        Duration(mean_s=5460.0, cv=0.4),
        "How long it takes.",
        source="an arrest takes 91 min on average, n = 505 (DOT HS-805-569)",
    )
    crew: Crew = key({}, "Officers it needs, by agency.")
    place: Literal["bay", "spot"] = key(
        "bay", "`bay`: the vehicle keeps its bay; `spot`: it frees the bay as soon as a processing spot is free."
    )
    transport: Transport | None = key(
        None, "The van that takes persons away at the end; the place is free once they leave."
    )


class Area(Table):
    """The secondary area: waiting spaces and bays."""

    bays: Annotated[Whole, Field(ge=0, le=10_000)] = key(4, "Places where one vehicle is inspected.")
    waiting: Annotated[Whole, Field(ge=0, le=100_000)] = key(4, "Waiting spaces in front of the bays.")
    divert_s: NotNegative = key(
        20.0, "Travel time from the selection point to the area.", unit="s", source="assumption"
    )
    changeover_s: Annotated[NotNegative, Field(le=3600)] = key(
        30.0,
        "From when a vehicle leaves a bay until the next one can stand in it.",
        unit="s",
        source="assumption: driving out and driving in take 0 to 60 s; nobody has published how long",
    )
    when_full: Annotated[Literal["wave_through", "hold"], Field(validate_default=True)] = key(
        "wave_through",
        "`wave_through`: selected vehicles pass if no place is free; `hold`: the lane waits until one is.",
    )
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)] = key(..., "The stages of an inspection, in order.")
    spots: Annotated[Whole, Field(ge=0, le=10_000)] = key(0, "Processing spots, besides the bays.")
    after_detection: AfterDetection = key(AfterDetection(), "What follows a detection.")

    # Rules about one key are checked with that key: a problem elsewhere in the table does not hide them.
    @field_validator("stages")
    @classmethod
    def _stages_are_apart(cls, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
        names = [stage.name for stage in stages]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            message = f"{', '.join(twice)} used twice; allowed: each name once"
            raise ValueError(message)
        return stages

    @field_validator("after_detection")
    @classmethod
    def _has_spots(cls, after: AfterDetection, info: ValidationInfo) -> AfterDetection:
        if after.place == "spot" and info.data.get("spots") == 0:
            message = 'place = "spot" with spots = 0; allowed: at least one spot, or place = "bay"'
            raise ValueError(message)
        return after

    @field_validator("when_full")
    @classmethod
    def _bays_let_vehicles_leave(cls, when_full: str, info: ValidationInfo) -> str:
        bays, waiting = info.data.get("bays"), info.data.get("waiting")
        if bays == 0 and waiting is not None and (waiting > 0 or when_full == "hold"):
            message = (
                f'bays = 0 with waiting = {waiting} and when_full = "{when_full}": no vehicle could ever leave; '
                'allowed without bays: waiting = 0 and when_full = "wave_through"'
            )
            raise ValueError(message)
        return when_full
