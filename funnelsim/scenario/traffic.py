"""The traffic: counts, arrivals, vehicle classes and targets."""

from collections.abc import Mapping as AnyMapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, ValidationInfo, field_validator, model_validator

from funnelsim.counts.mapping import CountMapping
from funnelsim.counts.names import FORMATS
from funnelsim.scenario.key import ClockTime, NotNegative, Positive, Share, Table, Whole, Yes, key


def _known_format(name: str) -> str:
    if name not in FORMATS:
        message = f"one of {', '.join(FORMATS)}"
        raise ValueError(message)
    return name


FormatName = Annotated[str, AfterValidator(_known_format), Field(json_schema_extra={"enum": [*FORMATS]})]

LONGEST_ORIGIN = 1_000  # characters
Origin = Annotated[str, Field(min_length=1, max_length=LONGEST_ORIGIN)]


class Mapping(Table, CountMapping):
    """How a count file is read that no format fits (see the page on mappings)."""


class CountsFile(Table):
    """Counts from a file (see the page on traffic counts)."""

    file: str = key(..., "The count file, relative to the scenario file.")
    format: FormatName = key("auto", "Format of the file; `auto` recognises it.")
    mapping: str | Mapping | None = key(
        None,
        "How to read a file that no format fits: the name of a mapping that is shipped, a file (`.toml`, relative to "
        "the scenario file), or the table itself.",
    )
    stream: str | tuple[str, ...] | None = key(None, "The stream or site to use, if the file has several.")
    channel: str | tuple[str, ...] | None = key(None, "The direction or channel to use, if the file has several.")
    date: str | None = key(None, "Use this one day.", unit="YYYY-MM-DD")
    weekdays: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] | None = key(
        None, "Use the average of these weekdays."
    )
    date_order: Literal["dmy", "mdy", "ymd"] | None = key(None, "Order of day and month, if the file does not show it.")
    classes: dict[str, str] = key(
        {}, "The scenario class for classes of the file, where the built-in map does not fit."
    )
    source: Origin | None = key(
        None,
        "Where the counts come from, for reports and citations (default: what a comment `# source: ...` in it says).",
    )


class CountsTyped(Table):
    """Counts typed into the scenario file."""

    from_: ClockTime = key(..., "Start of the first interval.", unit="HH:MM", alias="from")
    minutes: Literal[15, 30, 60] = key(60, "Length of an interval.", unit="min")
    vehicles: dict[str, Annotated[tuple[NotNegative, ...], Field(min_length=1, max_length=192)]] = key(
        ...,
        "Vehicles in each interval: `total = [...]`, split by the classes' shares, or a list for each class.",
        unit="vehicles per interval",
    )
    source: Origin | None = key(None, "Where the counts come from, for reports and citations.")

    @model_validator(mode="after")
    def _rows_are_alike(self) -> "CountsTyped":
        if not self.vehicles:
            message = "vehicles is empty; allowed: total = [...], or a list for each class"
            raise ValueError(message)
        if "total" in self.vehicles and len(self.vehicles) > 1:
            message = "vehicles has a total and classes; allowed: either the total or the classes"
            raise ValueError(message)
        lengths = {name: len(row) for name, row in self.vehicles.items()}
        if len(set(lengths.values())) > 1:
            message = f"vehicles has lists of different lengths ({lengths}); allowed: one length for all"
            raise ValueError(message)
        return self


def _counts_kind(value: Any) -> str:  # noqa: ANN401  (whatever stands in the file)
    if isinstance(value, Table):
        return "file" if isinstance(value, CountsFile) else "typed"
    names = value if isinstance(value, dict) else {}
    return "typed" if "file" not in names and names.keys() & {"from", "from_", "minutes", "vehicles"} else "file"


CountsSource = Annotated[
    Annotated[CountsFile, Tag("file")] | Annotated[CountsTyped, Tag("typed")], Discriminator(_counts_kind)
]


DEFAULT_DAY_CV = 0.09
ONE_DAY = ("counted", "trace")  # arrivals that are one day's traffic, the same in every operation


class Traffic(Table):
    """The traffic on the road and how vehicles follow each other."""

    counts: CountsSource = key(..., "Counted vehicles: a file, or numbers in the scenario.")
    arrivals: Literal["poisson", "bunched", "counted", "trace"] = key(
        "poisson",
        "`poisson`: independent arrivals at the counted rate; `bunched`: platoons (Cowan M3); `counted`: "
        "exactly the counted number in each interval; `trace`: single vehicles, replayed as recorded.",
    )
    least_gap_s: Annotated[Positive, Field(le=10)] | None = key(
        None,
        "With `bunched`: gap at which vehicles follow each other (default: 1.5 s on one lane, 0.5 s on more).",
        unit="s",
        source="Akçelik and Chung 1994; `funnelsim fit arrivals` estimates your road's",
    )
    bunching_factor: Annotated[NotNegative, Field(le=100)] | None = key(
        None,
        "With `bunched`: b in exp(-b · least gap · flow), the share of vehicles that do not follow another (default: "
        "0.6 on one lane, 0.5 on more).",
        source="Akçelik and Chung 1994; `funnelsim fit arrivals` estimates your road's",
    )
    scale: Annotated[Positive, Field(le=100)] = key(1.0, "Factor on all counts, for a busier or quieter day.")
    day_cv: Annotated[NotNegative, Field(le=1)] | None = key(
        None,
        "How much the traffic of a whole day varies from operation to operation: coefficient of variation of a factor "
        f"on all counts (default: {DEFAULT_DAY_CV:g}; 0 with `counted` and `trace`, which are one day's traffic).",
        source="NCHRP Report 765: 1.5 / AADT^0.27 over a year, 0.09 at 32,000 vehicles a day; 0.01 to 0.05 on one "
        "weekday within five weeks (I-94); `funnelsim counts` estimates your road's",
    )
    split: dict[str, dict[str, Share]] = key(
        {},
        "Shares of a counted class that belong to another class, which counters cannot tell apart: "
        "`lorry = { reefer = 0.15 }`.",
    )

    @field_validator("least_gap_s", "bunching_factor")
    @classmethod
    def _are_of_bunched_arrivals(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is not None and info.data.get("arrivals", "bunched") != "bunched":
            message = f'given with arrivals = "{info.data["arrivals"]}"; allowed: with arrivals = "bunched"'
            raise ValueError(message)
        return value

    @field_validator("day_cv")
    @classmethod
    def _varies_where_days_do(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value and info.data.get("arrivals") in ONE_DAY:
            message = f'{value:g} given with arrivals = "{info.data["arrivals"]}", one day\'s traffic; allowed: 0'
            raise ValueError(message)
        return value

    @field_validator("split")
    @classmethod
    def _parts_fit_into_the_whole(cls, split: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for name, parts in split.items():
            if sum(parts.values()) > 1.0 or name in parts:
                given = ", ".join(f"{part} = {share:g}" for part, share in parts.items())
                message = f"{name} has {given}; allowed: shares of other classes that sum to at most 1"
                raise ValueError(message)
        return split


class VehicleClass(Table):
    """One class of vehicles."""

    share: Share | None = key(
        None,
        "Share of all vehicles, used if the counts have no classes. Default classes without a share divide the rest as "
        "they do by default; all shares sum to 1.",
    )
    spacing_m: Annotated[Positive, Field(le=100)] = key(
        ..., "Space that a stopped vehicle takes: its length and the gap ahead.", unit="m"
    )
    reaction_s: Annotated[NotNegative, Field(le=60)] = key(
        ..., "Reaction time, the part of the headway that is not spacing.", unit="s"
    )
    diversion_s: Annotated[NotNegative, Field(le=3600)] = key(
        ..., "Time that the lane loses when this vehicle is selected: braking, instructing, turning out.", unit="s"
    )
    occupants: Annotated[Positive, Field(ge=1, le=200)] = key(
        ...,
        "Mean number of persons in the vehicle: the driver and a Poisson-distributed number of passengers.",
        unit="persons",
    )
    delay_cost_per_h: NotNegative = key(..., "Cost of an hour of delay.", unit="currency/h")
    lorry: Yes = key(
        False,  # noqa: FBT003  (the default)
        "Whether it counts as a lorry in measures of the danger at the end of the queue.",
    )


SOURCES = {
    "spacing_m": "SUMO vehicle length + gap",
    "reaction_s": "assumption: with 7.5 m at 30 km/h, 1,500 cars an hour",
    "diversion_s": "assumption",
    "occupants": "1.28 to 1.55 at real controls (A81, L560); others assumed",
    "delay_cost_per_h": "assumption: car 16, truck 36 EUR, after TTI 2018 (28.69 and 36.28 USD of 2017)",
}

_KEYS = ("spacing_m", "reaction_s", "diversion_s", "occupants", "delay_cost_per_h")
DEFAULT_CLASSES: dict[str, dict[str, float | bool]] = {
    name: {**dict(zip(_KEYS, values, strict=True)), "lorry": name in ("lorry", "reefer")}
    for name, values in {
        "car": (7.5, 1.5, 2.0, 1.5, 16.0),
        "van": (9.0, 1.5, 2.5, 1.5, 24.0),
        "camper": (9.5, 1.6, 3.0, 2.2, 16.0),
        "coach": (14.5, 1.8, 4.0, 30.0, 120.0),
        "lorry": (19.0, 1.8, 5.0, 1.1, 36.0),
        "reefer": (19.0, 1.8, 5.0, 1.1, 36.0),
    }.items()
}
NO_REST = 1e-6  # shares are typed with a few digits
DEFAULT_SHARES = {"car": 0.80, "van": 0.08, "camper": 0.005, "coach": 0.005, "lorry": 0.10, "reefer": 0.01}


def rest_of_shares(classes: AnyMapping[str, Any]) -> dict[str, float]:
    """Return the shares of the default classes that a scenario gives none: they divide the rest as they do by default.

    Examples
    --------
    >>> rest = rest_of_shares({"lorry": {"share": 0.19}})
    >>> {name: round(share, 4) for name, share in rest.items()}
    {'car': 0.72, 'van': 0.072, 'camper': 0.0045, 'coach': 0.0045, 'reefer': 0.009}
    """
    shares = {name: table["share"] for name, table in classes.items() if isinstance(table, dict) and "share" in table}
    others = {name: share for name, share in DEFAULT_SHARES.items() if name not in shares}
    given = [share for share in shares.values() if isinstance(share, int | float)]
    rest = max(0.0, 1.0 - sum(given))
    if len(given) < len(shares) or (given and rest < NO_REST):
        return {}
    whole = sum(others.values())
    return {name: share * rest / whole for name, share in others.items()} if given else others


class Evade(Table):
    """How targets avoid the operation."""

    visible: Share = key(
        0.0,
        "Share that turns away at the sight of the funnel, with or without a queue.",
        source="assumption; none by default",
    )
    queue: Share | None = key(
        None, "Share that leaves at the exit at the sight of a queue (default: as ordinary drivers, `exit.share`)."
    )
    alerted: Share = key(
        0.0,
        "Share that avoids the road once they have heard of the funnel.",
        source="assumption; none by default (smugglers reroute and watch controls: ORF 2021, ICIBI 2025)",
    )
    half_life_h: Annotated[Positive, Field(le=1000)] = key(
        1.5,
        "Time after which half of them have heard of it; it starts anew at each opening.",
        unit="h",
        source="assumption: 1 to 2 h on the road",
    )


class Target(Table):
    """One type of vehicle that carries what the operation looks for."""

    name: Annotated[str, Field(min_length=1, max_length=60)] = key(..., "Name of the target type.")
    per_10k: dict[str, Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=10_000)]] = key(
        ...,
        "Prevalence by class: targets among 10,000 vehicles.",
        unit="per 10,000 vehicles",
        source="assumption; published check yields are not prevalences",
    )
    persons: Annotated[Whole, Field(ge=0, le=500)] = key(0, "Persons concealed or facilitated.", unit="persons")
    cue_auc: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0.5, lt=1)] = key(
        0.65,
        "How well an officer can tell these from ordinary vehicles: area under the ROC curve; 0.5 is chance.",
        source="assumption: 0.55 weak, 0.65 base, 0.80 intelligence-led",
    )
    evade: Evade = key(Evade(), "How many avoid the funnel.")
