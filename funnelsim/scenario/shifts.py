"""Which shifts `funnelsim roster` may plan, and how many officers are wanted when."""

from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from funnelsim.scenario.key import CLOCK, Headcount, NotNegative, Positive, Table, Whole, key
from funnelsim.scenario.working_time import BREAK_DUE_H, DIRECTIVE

Hours = Annotated[Positive, Field(ge=0.25, le=24)]
Around = Annotated[NotNegative, Field(le=240)]
ShiftHours = Annotated[Positive, Field(ge=1, le=13)]


def _by_clock(numbers: dict[str, int]) -> dict[str, int]:
    for name in numbers:
        if not CLOCK.fullmatch(name):
            raise ValueError(f'"{name}" given; allowed: a time of day as "HH:MM", from "00:00" to "23:59"')
    return numbers


Wanted = Annotated[dict[str, Annotated[Whole, Field(ge=0, le=10_000)]], Field(min_length=1), AfterValidator(_by_clock)]


class Shifts(Table):
    """What `funnelsim roster` may plan; a run ignores it."""

    starts_every_h: Hours = key(
        0.5,
        "Shifts begin at these steps, counted from midnight, or when one of today's roster does.",
        unit="h",
        source="assumption",
    )
    lengths_h: Annotated[tuple[ShiftHours, ...], Field(min_length=1)] | None = key(
        None,
        "How long a shift may be (default: 6, 7, 8, 9 or 10 h, or as long as a shift of today's roster).",
        unit="h",
        source="at most 13, so that 11 h of rest are left in a day (Directive 2003/88/EC, Article 3)",
    )
    break_min: Annotated[Positive, Field(ge=5, le=120)] = key(
        30.0, "Length of a break; shifts of more than 6 hours have one.", unit="min", source="assumption"
    )
    break_from_h: Hours = key(
        3.0,
        "Nobody goes on a break sooner after the start; in a long shift the first is later, so that it needs no other.",
        unit="h",
        source="assumption",
    )
    break_by_h: Hours = key(
        5.0,
        "Everybody is on a break at the latest so long after the start; again so long after the break before.",
        unit="h",
        source="assumption; 6 h at most (Directive 2003/88/EC, Article 4)",
    )
    before_min: Around | None = key(
        None, "The officers of the opening come so long before it (default: as today's first shift does).", unit="min"
    )
    after_min: Around | None = key(
        None, "The officers of the closing stay so long after it (default: as today's last shift does).", unit="min"
    )
    officers: dict[str, Headcount] = key(
        {}, "How many persons there are of an agency (default: as many as are needed)."
    )
    wanted: dict[str, Wanted] = key(
        {},
        "Officers wanted on duty, posts included, by agency: numbers by the time of day from which they hold (default: "
        "as many as find what today's plan finds).",
    )

    @field_validator("break_by_h")
    @classmethod
    def _a_break_is_in_time(cls, by_h: float, info: ValidationInfo) -> float:
        from_h = info.data.get("break_from_h", 0.0)
        if not from_h <= by_h <= BREAK_DUE_H:
            message = f"{by_h:g} given; allowed: from break_from_h = {from_h:g} to {BREAK_DUE_H:g} ({DIRECTIVE})"
            raise ValueError(message)
        return by_h
