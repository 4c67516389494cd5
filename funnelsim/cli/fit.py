"""The command that estimates scenario parameters from a planner's own observations."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import Replace, refuse_existing
from funnelsim.cli.values import MOST_SEED, number, one_of, typed_path, whole_number
from funnelsim.errors import FunnelsimError, Problem

if TYPE_CHECKING:
    from funnelsim.counts.names import DateOrder
    from funnelsim.fitting import FitResult


@app.command(cls=Command)
def fit(
    what: Annotated[
        Literal["arrivals", "headways", "look", "stage"],
        typer.Argument(
            metavar="WHAT",
            parser=one_of("WHAT", "arrivals", "headways", "look", "stage"),
            help="What was observed: arrivals, headways, look or stage.",
        ),
    ],
    file: Annotated[
        Path,
        typer.Argument(
            parser=typed_path, metavar="FILE", help="Observations as CSV; for arrivals also a per-vehicle count file."
        ),
    ],
    *,
    channel: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="For arrivals: use this channel of the count file (repeatable)."),
    ] = None,
    lane_speed_kmh: Annotated[
        float | None,
        typer.Option(
            metavar="KMH",
            parser=number("--lane-speed-kmh", 1.0, 200.0),
            help="For headways by class: speed in the lane, km/h (default 30).",
        ),
    ] = None,
    date_order: Annotated[
        Literal["dmy", "mdy", "ymd"] | None,
        typer.Option(
            metavar="ORDER",
            parser=one_of("--date-order", "dmy", "mdy", "ymd"),
            help="Order of day, month and year, where the file is ambiguous: dmy, mdy or ymd.",
        ),
    ] = None,
    resamples: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number("--resamples", 99),
            show_default=False,
            help="How often the observations are drawn again for each interval and test (default 499).",
        ),
    ] = 499,
    seed: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number("--seed", 0, MOST_SEED),
            show_default=False,
            help="Random seed of these draws: the same seed gives the same intervals (default 1).",
        ),
    ] = 1,
    out: Annotated[
        Path | None, typer.Option(parser=typed_path, metavar="FILE", help="Write the scenario lines to this file.")
    ] = None,
    replace: Replace = False,
) -> None:
    """Estimate scenario parameters from your own observations and print the lines for the scenario file."""
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.experiments.files import written_whole  # noqa: PLC0415  (heavy)
    from funnelsim.reporting.terminal import Page  # noqa: PLC0415

    refuse_existing([] if out is None else [out], replace=replace)
    fitted = _fitted(what, file, resamples, seed, date_order, channel, lane_speed_kmh)
    if out is not None:
        with written_whole(out) as beside:
            beside.write_text(f"{fitted.lines}\n", encoding="utf-8")
    Console().print(Page(fitted.sections))
    echo(f"\nLines for the scenario file:\n\n{fitted.lines}")
    if out is not None:
        echo(f"\nWrote {out}.")


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
