"""The command that estimates scenario parameters from a planner's own observations."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from funnelsim.cli.app import app
from funnelsim.errors import FunnelsimError, Problem

if TYPE_CHECKING:
    from funnelsim.counts.names import DateOrder
    from funnelsim.fitting import FitResult


@app.command()
def fit(
    what: Annotated[
        Literal["arrivals", "headways", "look", "stage"],
        typer.Argument(metavar="WHAT", help="What was observed: arrivals, headways, look or stage."),
    ],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Observations as CSV; for arrivals also a per-vehicle count file.")
    ],
    *,
    channel: Annotated[
        list[str] | None, typer.Option(help="For arrivals: use this channel of the count file (repeatable).")
    ] = None,
    lane_speed_kmh: Annotated[
        float | None,
        typer.Option(min=1.0, max=200.0, help="For headways by class: speed in the lane, km/h (default 30)."),
    ] = None,
    date_order: Annotated[
        Literal["dmy", "mdy", "ymd"] | None,
        typer.Option(help="Order of day, month and year, where the file is ambiguous."),
    ] = None,
    resamples: Annotated[int, typer.Option(min=99, help="Number of resamples for each interval and test.")] = 499,
    seed: Annotated[
        int, typer.Option(min=0, help="Random seed of the resampling: the same seed gives the same intervals.")
    ] = 1,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the scenario lines to this file.")] = None,
) -> None:
    """Estimate scenario parameters from your own observations and print the lines for the scenario file."""
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.experiments.results import written_whole  # noqa: PLC0415  (heavy)
    from funnelsim.report.terminal import Page  # noqa: PLC0415

    fitted = _fitted(what, file, resamples, seed, date_order, channel, lane_speed_kmh)
    Console().print(Page(fitted.sections))
    typer.echo(f"\nLines for the scenario file:\n\n{fitted.lines}")
    if out is not None:
        with written_whole(out) as beside:
            beside.write_text(f"{fitted.lines}\n", encoding="utf-8")
        typer.echo(f"\nWrote {out}.")


def _fitted(
    what: str,
    file: Path,
    resamples: int,
    seed: int,
    date_order: "DateOrder | None",
    channel: list[str] | None,
    lane_speed_kmh: float | None,
) -> "FitResult":
    import numpy as np  # noqa: PLC0415  (heavy)

    from funnelsim.fitting import fit_arrivals, fit_headways, fit_look, fit_stage  # noqa: PLC0415

    for option, given, belongs_to in (
        ("--channel", channel, "arrivals"),
        ("--lane-speed-kmh", lane_speed_kmh, "headways"),
    ):
        if given is not None and what != belongs_to:
            raise FunnelsimError([Problem(option, f"given with {what}; allowed: with {belongs_to}")])
    rng = np.random.default_rng(seed)
    if what == "arrivals":
        return fit_arrivals(file, resamples, rng, date_order, channel)
    if what == "headways":
        return fit_headways(file, resamples, rng, date_order, lane_speed_kmh or 30.0)
    return (fit_look if what == "look" else fit_stage)(file, resamples, rng, date_order)
