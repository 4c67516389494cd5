"""Officers: the roster with its breaks, the posts and the chase cars."""

from typing import Annotated

from pydantic import Field

from funnelsim.scenario.area import Duration
from funnelsim.scenario.key import ClockTime, Crew, Headcount, NotNegative, Positive, Share, Table, Whole, Yes, key


class Chase(Table):
    """Cars that pursue vehicles that turn away at the sight of the funnel or at the exit."""

    cars: Headcount = key(1, "Number of cars.")
    crew: Crew = key({}, "Officers in each car, by agency; a car without its crew pursues nobody.")
    pursues: Share = key(
        ...,
        "Share of the vehicles turning away that are pursued, if a car is available and the area has a free place.",
    )
    brings: Share = key(..., "Share of the pursued vehicles that are brought to the area.")
    duration: Duration = key(..., "How long a car is away on a pursuit.")


class Supervision(Table):
    """Supervisors, who take no part in inspections; their number grows with the officers on duty."""

    crew: Crew = key(..., "Supervisors of one group, by agency.")
    span: Headcount = key(
        8,
        "One such crew for each group of up to this many officers on duty; without it, no vehicle is selected.",
        unit="officers",
        source="assumption",
    )


class Breaks(Table):
    """The breaks of a shift: in turn, so that as few officers as possible are away at the same time, or all at once.

    Who is in a stage when the break begins finishes it, and then takes the whole break.
    """

    minutes: Annotated[Positive, Field(ge=1, le=240)] = key(30.0, "Length of a break.", unit="min")
    after_h: Annotated[Positive, Field(ge=0.25, le=12)] = key(
        4.0,
        "A break begins after this time on duty at the latest, or when the stage in hand ends.",
        unit="h",
        source="a break is due after 6 h (Directive 2003/88/EC); 4 h assumed",
    )
    in_turn: Yes = key(
        True,  # noqa: FBT003  (a default)
        "Whether they go in groups, one after another, the last of them `after_h` after the shift began; otherwise all "
        "of them go then.",
    )


class Shift(Table):
    """Officers of one agency who are on duty together."""

    agency: Annotated[str, Field(min_length=1, max_length=60)] = key(..., "Their agency.")
    count: Annotated[Whole, Field(ge=0, le=10_000)] = key(..., "Number of officers.")
    from_: ClockTime = key(..., "Start of duty.", unit="HH:MM", alias="from")
    to: ClockTime = key(..., "End of duty; at or before `from` means the next day.", unit="HH:MM")
    days: tuple[Annotated[Whole, Field(ge=1, le=31)], ...] | None = key(
        None,
        "Days of the operation on which they are on duty, 1 for the first (default: every day with a window during the "
        "shift).",
    )
    breaks: Breaks | None = key(None, "Their breaks (default: none).")
    cost_per_h: NotNegative = key(
        50.0,
        "Cost of an officer-hour.",
        unit="currency/h",
        source="assumption: 40 to 65 EUR west, 15 to 25 east",
    )


class Staffing(Table):
    """Who is on duty when, and which posts are filled before any inspection."""

    posts: dict[str, Crew] = key({}, "Permanent posts and their officers by agency.")
    supervision: Supervision | None = key(None, "Supervisors in proportion to the officers on duty.")
    roster: tuple[Shift, ...] = key((), "The shifts.")
    chase: Chase | None = key(None, "Chase cars, which are staffed after the posts.")
    pause_between_checks_s: Annotated[NotNegative, Field(le=3600)] = key(
        45.0,
        "From the end of a stage until its officers can begin another one: notes, radio, the way to the next vehicle.",
        unit="s",
        source="assumption: they take 0 to 90 s; nobody has published how long",
    )
