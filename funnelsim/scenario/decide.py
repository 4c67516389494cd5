"""The question that `funnelsim optimise` answers: what may change, what is wanted, and what must be kept."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from funnelsim.scenario.key import NotNegative, Number, Share, Table, Whole, Yes, key

Goal = Literal["most_found", "least_cost", "front"]
FEWEST_REPLICATIONS, MOST_REPLICATIONS = 1_000, 10_000_000
Level = Yes | Whole | Number | str


class Decide(Table):
    """What `funnelsim optimise` may change, and what it looks for; a run ignores it."""

    vary: dict[str, str | tuple[Level, ...]] = key(
        {},
        "What may change: values by key, as in `[sweep]`; a range without a step, such as `0:0.5`, is searched in "
        "between (default: the selection rates and the valve's marks).",
    )
    goal: Goal = key(
        "most_found",
        "`most_found`: most targets found; `least_cost`: least cost of staff for the targets wanted; `front`: the "
        "trade-off between targets found, P95 delay and officer-hours.",
    )
    find_at_least: NotNegative | None = key(
        None, "Targets to be found an operation, on average; for `least_cost`.", unit="targets"
    )
    at_most: dict[str, Number] = key(
        {},
        "Bounds on means: the largest value by measure (docs/measures.md), such as `officer_h`, `staff_cost` or "
        "`ordinary_stops`, in the unit in which files have it.",
    )
    confidence: Annotated[Share, Field(ge=0.5, le=0.999)] = key(
        0.95, "Probability with which the answer must be right: that it is good, and that it keeps the limits."
    )
    within: Annotated[Share, Field(gt=0.0, le=0.5)] = key(
        0.01, "How far the plan may be from the best one, as a share of the best one's targets found (or cost)."
    )
    replications: Annotated[Whole, Field(ge=FEWEST_REPLICATIONS, le=MOST_REPLICATIONS)] = key(
        60_000, "How many operations may be simulated in all to find the plan."
    )

    @model_validator(mode="after")
    def _wanted_for_least_cost(self) -> "Decide":
        if self.goal == "least_cost" and self.find_at_least is None:
            raise ValueError('find_at_least: nothing given; allowed with goal = "least_cost": how many are wanted')
        if self.goal != "least_cost" and self.find_at_least is not None:
            message = f'find_at_least: {self.find_at_least:g} given; allowed with goal = "least_cost" alone'
            raise ValueError(message)
        return self
