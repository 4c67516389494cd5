"""The command that writes the events of one operation, or its suspensions."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import Replace, planned, refuse_existing
from funnelsim.cli.values import MOST_SEED, typed_path, whole_number
from funnelsim.errors import Problem, ResultsError
from funnelsim.wording import counted

if TYPE_CHECKING:
    from funnelsim.model.plan import Plan

FIRST_SEED = 1


@app.command(cls=Command)
def events(
    source: Annotated[
        Path,
        typer.Argument(
            parser=typed_path, metavar="RESULT|SCENARIO", help="Results folder of a run, or a scenario file."
        ),
    ],
    *,
    out: Annotated[Path, typer.Option(parser=typed_path, metavar="FILE", help="CSV file to write.")],
    suspensions: Annotated[
        bool,
        typer.Option(
            "--suspensions", help="Write the record of suspensions by the valve: when, why, and who passed meanwhile."
        ),
    ] = False,
    replace: Replace = False,
    replication: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number("--replication", 0),
            show_default=False,
            help="Which operation, counted from 0 (default 0).",
        ),
    ] = 0,
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            parser=whole_number("--seed", 0, MOST_SEED),
            help="Random seed (default the seed of the run, or 1 for a scenario file).",
        ),
    ] = None,
) -> None:
    """Write the events of one operation as CSV for animation, or the record of its suspensions for the file."""
    from funnelsim.experiments.event_log import event_log  # noqa: PLC0415
    from funnelsim.experiments.replication import log_of  # noqa: PLC0415
    from funnelsim.experiments.suspension_record import suspension_record  # noqa: PLC0415
    from funnelsim.experiments.tables import write_csv  # noqa: PLC0415

    refuse_existing([out], replace=replace)
    plan, seed_of = _plan_and_seed(source)
    log = log_of(plan, seed_of if seed is None else seed, replication)
    table = suspension_record(log, plan) if suspensions else event_log(log, plan)
    write_csv(table, out)
    if suspensions:
        echo(f"Wrote {out}: {counted(len(table), 'suspension')} by the valve, times by the clock.")
    else:
        echo(f"Wrote {out}: {counted(len(table), 'event')}, times in seconds since the opening.")


def _plan_and_seed(source: Path) -> "tuple[Plan, int]":
    if not source.is_dir():
        return planned(source, None)[1], FIRST_SEED
    from funnelsim.experiments.loading import load_result  # noqa: PLC0415
    from funnelsim.experiments.run import Run  # noqa: PLC0415

    result = load_result(source)
    if not isinstance(result, Run):
        message = "holds several plans; allowed: the results folder of a run, or a scenario file"
        raise ResultsError([Problem(str(source), message)])
    return result.plan, result.seed
