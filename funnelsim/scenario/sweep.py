"""What a scenario file may say about sweeping it."""

from typing import Annotated, Literal

from pydantic import Field

from funnelsim.scenario.key import Number, Table, Whole, Yes, key

Level = Yes | Whole | Number | str


class Sweep(Table):
    """What `funnelsim sweep` varies; a run takes no notice of it, and the command line wins."""

    vary: dict[str, str | tuple[Level, ...]] = key(
        {},
        "By key its values: a list, or text as after `--vary`, such as `0:0.2:0.02`; keys that move together are "
        "joined by `+`, and so are their values.",
    )
    design: Literal["grid", "lhs", "sobol"] = key(
        "grid", "`grid`: every combination; `lhs`, `sobol`: points that fill the space between."
    )
    points: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = key(None, "How many points, for `lhs` and `sobol`.")
    replications: Annotated[Whole, Field(ge=1, le=10_000_000)] | None = key(
        None, "How many operations are simulated at each point; left out, 50."
    )
