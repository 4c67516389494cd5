"""Which vehicles the officer at the selection point selects: the look, the rule and its rates, the valve."""

from collections.abc import Iterable
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from funnelsim.scenario.key import (
    ClockTime,
    Crew,
    NotNegative,
    Positive,
    Share,
    Table,
    Whole,
    key,
    length_s_between,
    seconds_after_midnight,
)
from funnelsim.selection_rules import BY_NAME, RULES, SelectionRule
from funnelsim.units import DAY_S

if TYPE_CHECKING:
    RuleName = str
else:
    RuleName = Literal[tuple(BY_NAME)]


def _names(rules: Iterable[SelectionRule]) -> str:
    *names, last = (f"`{rule.name}`" for rule in rules)
    return f"{', '.join(names)} and {last}" if names else last


_PRICED, _ADAPTING = _names(rule for rule in RULES if rule.priced), _names(rule for rule in RULES if rule.adapts)
_RATED = _names(rule for rule in RULES if not rule.priced)
_COUNTING = _names(rule for rule in RULES if rule.uses_every)


class Look(Table):
    """The observation of one vehicle at the selection point."""

    mode: Literal["rolling", "stop"] = key(
        "rolling",
        "`rolling`: vehicles roll past the officer, and a look delays the lane only if it lasts longer than the "
        "headway; "
        "`stop`: every vehicle stops, and the lane loses the time of the look and of the restart.",
    )
    mean_s: Annotated[NotNegative, Field(le=3600)] = key(
        2.0,
        "Mean time an officer needs for one vehicle.",
        unit="s",
        source="3 to 4.5 s for a look at the vehicle with time to note it (SDDCTEA); 2 s assumed when rolling",
    )
    cv: Annotated[NotNegative, Field(le=3)] = key(
        0.3, "Variation of this time (standard deviation over mean).", source="assumption"
    )
    officers: Annotated[Whole, Field(ge=1, le=20)] = key(
        1,
        "Number of officers who look, each at every n-th vehicle, which they walk to. Two officers at fixed posts let "
        "fewer vehicles through (docs/validation.md, tandem): model these as one officer with a shorter look.",
    )
    reference_s: Annotated[Positive, Field(le=3600)] | None = key(
        None,
        "The duration of the look for which `cue_auc` holds: a look four times as long tells targets apart twice "
        "as well "
        "(d' grows with the square root of its duration). By default the duration makes no difference.",
        unit="s",
    )
    tires_half_life_h: Annotated[Positive, Field(le=1000)] | None = key(
        None,
        "Time at the post after which an officer tells targets apart half as well (d' halves); by default nobody "
        "tires.",
        unit="h",
    )
    rotate_min: Annotated[Positive, Field(le=1440)] | None = key(
        None,
        "A fresh officer takes over after each such time (default: only at each opening of the funnel).",
        unit="min",
        source="selectors rotate every 30 to 60 min (assumption)",
    )


class Valve(Table):
    """The safety valve: it suspends selection, or lifts the funnel, while the queue is too long."""

    suspend_at_m: Positive | None = key(None, "Selection is suspended when the queue reaches this length.", unit="m")
    resume_at_m: NotNegative = key(0.0, "Selection resumes when the queue has shrunk to this length.", unit="m")
    lift_at_m: Positive | None = key(
        None,
        "The funnel is lifted when the queue reaches this length: all lanes are open until the queue has shrunk to "
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


class Watchlist(Table):
    """A list of vehicles to stop, such as that of a plate reader: a vehicle on it is selected whatever its score."""

    target_share: Share = key(..., "Share of the targets that are on the list.")
    false_hits_per_10k: Annotated[NotNegative, Field(le=10_000)] = key(
        ...,
        "Ordinary vehicles that are stopped by mistake.",
        unit="per 10,000 vehicles",
        source="plate readers are 97.5 % accurate (ACPO standard)",
    )


class Adapt(Table):
    """A selection rate that depends on how full the area is, or how long the queue is."""

    on: Literal["area", "tail_m"] = key(
        ...,
        "What the rate follows: `area`: the share of bays and waiting spaces that are taken, 0 to 1; `tail_m`: the "
        "queue length in metres.",
    )
    points: Annotated[tuple[tuple[NotNegative, NotNegative], ...], Field(min_length=2, max_length=20)] = key(
        ..., "Pairs of a value and the factor on the rate there: linear in between, constant beyond the ends."
    )

    @field_validator("points")
    @classmethod
    def _points_ascend(cls, points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        if any(later <= earlier for (earlier, _), (later, _) in pairwise(points)):
            message = (
                f"{[list(point) for point in points]} given; allowed: pairs in ascending order of their first numbers"
            )
            raise ValueError(message)
        return points


class Index(Table):
    """The price of the rule `index`: what an officer-minute must promise before it is spent."""

    price: Positive | None = key(
        None,
        "Expected detections for each officer-minute of inspection from which a vehicle is selected.",
        unit="detections per officer-minute",
    )
    rate: Share | None = key(None, "Instead: find the price at which this share of all vehicles is selected.")
    utilisation: Share | None = key(
        None, "Instead: find the price at which inspections take this share of the officers' available time."
    )

    @model_validator(mode="after")
    def _names_one_price(self) -> "Index":
        given = [name for name in ("price", "rate", "utilisation") if getattr(self, name) is not None]
        if len(given) != 1 or 0.0 in (self.rate, self.utilisation):
            message = f"{' and '.join(given) or 'nothing'} given; allowed: one of price, rate, utilisation, above 0"
            raise ValueError(message)
        return self


class RateSpan(Table):
    """Selection rates of some hours of every day; outside all such hours `selection.rate` holds. A vehicle's rate is
    that of the moment at which the officer decides about it.
    """  # noqa: D205  (the reference page shows both sentences)

    from_: ClockTime = key(..., "From when its rates hold.", unit="HH:MM", alias="from")
    to: ClockTime = key(..., "Until when; at or before `from` means the next day.", unit="HH:MM")
    rate: dict[str, Share] = key(
        ...,
        "Selection rate by class in these hours. A class that is not named keeps that of `selection.rate`, unless "
        "there is a `default`: that holds for all classes not named here.",
    )

    @property
    def hours(self) -> str:
        """From when to when, in words."""
        return f"{self.from_} to {self.to}"

    @property
    def length_s(self) -> float:
        """How long it lasts."""
        return length_s_between(self.from_, self.to)

    def overlaps(self, other: "RateSpan") -> bool:
        """Tell whether some time of the day belongs to both."""
        later_s = (seconds_after_midnight(other.from_) - seconds_after_midnight(self.from_)) % DAY_S
        return later_s < self.length_s or later_s + other.length_s > DAY_S


class Selection(Table):
    """Whom the officer at the selection point diverts."""

    rule: RuleName = key(
        "score",
        f"{'; '.join(f'`{rule.name}`: {rule.meaning}' for rule in RULES)}. A class with rate 0 is never selected under "
        "any rule.",
    )
    index: Index = key(Index(utilisation=0.8), f"For {_PRICED}: the price, or how to find it.")
    rate: dict[str, Share] = key({"default": 0.05}, "Selection rate by class; `default` holds for all other classes.")
    rate_by_time: tuple[RateSpan, ...] = key(
        (),
        f"Other rates in some hours of every day, which must not overlap; for {_RATED}. A class is not selected in "
        "hours in which its rate is 0, under any rule. In dotted keys the entries go by number, from 0: "
        "`selection.rate_by_time.0.rate.van`.",
    )
    every: dict[str, Annotated[Whole, Field(ge=1, le=1_000_000)]] = key(
        {"default": 20}, f"For {_COUNTING}: the n by class; `default` holds for all other classes."
    )
    look: Look = key(Look(), "How an officer looks at a vehicle.")
    post: Crew = key({}, "Officers at the selection point, by agency; without them no vehicle is selected.")
    valve: Valve = key(Valve(), "When selection is suspended or the funnel is lifted.")
    watchlist: Watchlist | None = key(None, "A list of vehicles to stop.")
    adapt: Adapt | None = key(None, f"A rate that depends on the area or the queue; for {_ADAPTING}.")

    @field_validator("rate_by_time")
    @classmethod
    def _has_rates_to_change(cls, spans: tuple[RateSpan, ...], info: ValidationInfo) -> tuple[RateSpan, ...]:
        rule = BY_NAME.get(info.data.get("rule", ""))
        if spans and rule is not None and rule.priced:
            allowed = ", ".join(other.name for other in RULES if not other.priced)
            message = f'rule = "{rule.name}" has no rate to change by time; allowed: {allowed}'
            raise ValueError(message)
        for one, other in combinations(spans, 2):
            if one.overlaps(other):
                message = f"{one.hours} and {other.hours} overlap; allowed: hours that do not overlap"
                raise ValueError(message)
        return spans

    @field_validator("adapt")
    @classmethod
    def _has_a_rate_to_adapt(cls, adapt: Adapt | None, info: ValidationInfo) -> Adapt | None:
        rule = BY_NAME.get(info.data.get("rule", ""))
        if adapt is not None and rule is not None and not rule.adapts:
            allowed = ", ".join(other.name for other in RULES if other.adapts)
            message = f'rule = "{rule.name}" has no rate to adapt; allowed: {allowed}'
            raise ValueError(message)
        return adapt
