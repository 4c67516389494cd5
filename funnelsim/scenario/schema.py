"""The scenario: what the planner writes, as one frozen object."""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from funnelsim.scenario.area import Area
from funnelsim.scenario.decide import Decide
from funnelsim.scenario.equipment import Equipment
from funnelsim.scenario.key import Headcount, NotNegative, Number, Table, Whole, Yes, key
from funnelsim.scenario.selection import Selection
from funnelsim.scenario.shifts import Shifts
from funnelsim.scenario.site import Approach, Lane, Limits, Operation
from funnelsim.scenario.staffing import Staffing
from funnelsim.scenario.traffic import DEFAULT_CLASSES, Target, Traffic, VehicleClass, rest_of_shares
from funnelsim.scenario.uncertain import Uncertain
from funnelsim.units import PER_10K

SCHEMA_VERSION = 1

Level = Yes | Whole | Number | str
Direction = Annotated[str, Field(min_length=1, max_length=40)]


class Sweep(Table):
    """What `funnelsim sweep` varies; a run ignores it, and options on the command line override it."""

    vary: dict[str, str | tuple[Level, ...]] = key(
        {},
        "Values by key: a list, or text as after `--vary`, such as `0:0.2:0.02`. Keys that change together are "
        "joined by "
        "`+`, and so are their values.",
    )
    design: Literal["grid", "lhs", "sobol"] = key(
        "grid", "`grid`: every combination of values; `lhs`, `sobol`: points spread evenly over the ranges."
    )
    points: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = key(None, "Number of points, for `lhs` and `sobol`.")
    replications: Annotated[Whole, Field(ge=1, le=10_000_000)] | None = key(
        None, "How many operations are simulated at each point (default 50)."
    )


class Funnel(Table):
    """A further funnel, such as in the other direction, that shares officers and area with the first."""

    direction: Direction = key(..., "Name of the direction in tables and figures, such as westbound.")
    traffic: Traffic = key(..., "The traffic on its road.")
    approach: Approach | None = key(None, "The road upstream of it (default: as for the first funnel).")
    lane: Lane | None = key(None, "Its lane (default: as for the first funnel).")
    selection: Selection | None = key(
        None, "Which vehicles the officers select here (default: as for the first funnel)."
    )
    prevalence_factor: NotNegative = key(
        1.0, "Factor on the prevalence of all targets in this direction.", source="assumption"
    )


class Scenario(Table):
    """One operation to be simulated: the whole input of a run besides the seed.

    Made by `funnelsim.load_scenario`, which also checks that the names used in one table exist in the others.
    """

    version: Literal[1] = key(SCHEMA_VERSION, "Version of the scenario format.")
    title: Annotated[str, Field(min_length=1, max_length=200)] = key(..., "What this operation is, in a few words.")
    currency: Annotated[str, Field(min_length=1, max_length=12)] = key(
        "EUR", "Currency of all costs, as it stands beside them in tables."
    )
    operation: Operation = key(..., "When the funnel operates.")
    direction: Direction = key("this direction", "Name of the direction, if there are several funnels.")
    approach: Approach = key(Approach(), "The road upstream of the funnel.")
    lane: Lane = key(Lane(), "The single lane of the funnel.")
    traffic: Traffic = key(..., "The traffic on the road.")
    classes: dict[str, VehicleClass] = key(
        {},
        "Vehicle classes. car, van, camper, coach, lorry and reefer have defaults; a new class needs every key.",
    )
    targets: tuple[Target, ...] = key((), "What the operation looks for.")
    selection: Selection = key(Selection(), "Which vehicles the officers select.")
    area: Area = key(..., "The secondary area.")
    staffing: Staffing = key(Staffing(), "Officers.")
    equipment: dict[str, Headcount] | tuple[Equipment, ...] = key(
        {}, "Equipment: number of pieces by name, or a table for each with its hours."
    )
    funnels: tuple[Funnel, ...] = key(
        (), "Further funnels, such as in the other direction, that share officers and area."
    )
    limits: Limits = key(Limits(), "Limits that the operation must keep.")
    # Not part of what is simulated: left out wherever a scenario is kept, or hashed to name results.
    sweep: Annotated[Sweep | None, Field(exclude=True)] = key(None, "What `funnelsim sweep` varies.")
    decide: Annotated[Decide | None, Field(exclude=True)] = key(None, "What `funnelsim optimise` decides.")
    shifts: Annotated[Shifts | None, Field(exclude=True)] = key(None, "What `funnelsim roster` may plan.")
    uncertain: Annotated[dict[str, Uncertain] | None, Field(exclude=True)] = key(
        None,
        "What nobody knows, for `funnelsim sensitivity`: by dotted key of a circumstance how likely which value is. "
        "Keys that move together are joined by `+`; a key that names a table of numbers takes a factor on all of them "
        "(default: docs/sensitivity.md).",
    )

    @property
    def pieces(self) -> tuple[Equipment, ...]:
        """The equipment with its hours, in the order of the file; what has none is always there."""
        if isinstance(self.equipment, dict):
            return tuple(Equipment(name=name, count=count) for name, count in self.equipment.items())
        return self.equipment

    @property
    def per_funnel(self) -> tuple["Scenario", ...]:
        """Each funnel as a scenario of its own; the first is this scenario without the others."""
        return (self.model_copy(update={"funnels": ()}), *(self._of_funnel(funnel) for funnel in self.funnels))

    @property
    def funnel_prefixes(self) -> tuple[str, ...]:
        """What stands before the keys of each funnel, in the order of `per_funnel`: nothing for the first."""
        return ("", *(f"funnels.{place}." for place in range(len(self.funnels))))

    def _of_funnel(self, funnel: Funnel) -> "Scenario":
        targets = []
        for target in self.targets:
            per_10k = {name: often * funnel.prevalence_factor for name, often in target.per_10k.items()}
            targets.append(target.model_copy(update={"per_10k": per_10k}))
        return self.model_copy(
            update={
                "direction": funnel.direction,
                "traffic": funnel.traffic,
                "approach": funnel.approach or self.approach,
                "lane": funnel.lane or self.lane,
                "selection": funnel.selection or self.selection,
                "targets": tuple(targets),
                "funnels": (),
            }
        )

    @model_validator(mode="before")
    @classmethod
    def _fill_in_class_defaults(cls, data: Any) -> Any:  # noqa: ANN401  (whatever stands in the file)
        given = data.get("classes", {}) if isinstance(data, dict) else None
        if not isinstance(given, dict):
            return data
        classes: dict[str, Any] = {name: dict(default) for name, default in DEFAULT_CLASSES.items()}
        for name in sorted(given, key=str):  # the order in the file must not change the random draws
            table = given[name]
            classes[name] = {**classes.get(name, {}), **table} if isinstance(table, dict) else table
        for name, share in rest_of_shares(given).items():
            if isinstance(classes[name], dict):
                classes[name]["share"] = share
        return {**data, "classes": classes}

    # Rules about one key are checked with that key: a problem elsewhere in the file does not hide them.
    @field_validator("classes")
    @classmethod
    def _shares_sum_to_one(cls, classes: dict[str, VehicleClass]) -> dict[str, VehicleClass]:
        total = sum(entry.share or 0.0 for entry in classes.values())
        if abs(total - 1.0) > 1e-6:  # noqa: PLR2004  (shares are typed with a few digits)
            given = ", ".join(f"{name} {entry.share:g}" for name, entry in classes.items() if entry.share)
            message = f"the shares sum to {total:g} ({given}); allowed: shares that sum to 1"
            raise ValueError(message)
        return classes

    @field_validator("equipment")
    @classmethod
    def _kinds_are_apart(
        cls, equipment: dict[str, int] | tuple[Equipment, ...]
    ) -> dict[str, int] | tuple[Equipment, ...]:
        names = [] if isinstance(equipment, dict) else [entry.name for entry in equipment]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            message = f"{', '.join(twice)} stands more than once; allowed: each name once"
            raise ValueError(message)
        return equipment

    @field_validator("targets")
    @classmethod
    def _target_types_are_apart(cls, targets: tuple[Target, ...]) -> tuple[Target, ...]:
        names = [target.name for target in targets]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice or "ordinary" in names:
            message = (
                f'{", ".join(twice) or "ordinary"} cannot be a name here; allowed: each name once, and not "ordinary"'
            )
            raise ValueError(message)
        for name in dict.fromkeys(name for target in targets for name in target.per_10k):
            if (total := sum(target.per_10k.get(name, 0.0) for target in targets)) > PER_10K:
                message = f"per_10k of {name} sums to {total:g}; allowed: at most 10,000 over all targets"
                raise ValueError(message)
        return targets

    @field_validator("funnels")
    @classmethod
    def _prevalences_stay_shares(cls, funnels: tuple[Funnel, ...], info: ValidationInfo) -> tuple[Funnel, ...]:
        targets: tuple[Target, ...] = info.data.get("targets", ())
        classes = dict.fromkeys(name for target in targets for name in target.per_10k)
        sums = {name: sum(target.per_10k.get(name, 0.0) for target in targets) for name in classes}
        highest = max(sums, key=sums.__getitem__, default="")
        for funnel in funnels:
            if highest and sums[highest] * funnel.prevalence_factor > PER_10K:
                message = (
                    f"{funnel.direction}: prevalence_factor = {funnel.prevalence_factor:g} makes per_10k of {highest} "
                    f"{sums[highest] * funnel.prevalence_factor:g}; allowed: at most {PER_10K / sums[highest]:.4g}"
                )
                raise ValueError(message)
        return funnels
