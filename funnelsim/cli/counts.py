"""The command that reads traffic counts."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from funnelsim.cli.app import app
from funnelsim.counts.names import FORMATS
from funnelsim.errors import CountsError, Problem

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@app.command()
def counts(
    file: Annotated[Path, typer.Argument(help="The count file.")],
    *,
    file_format: Annotated[str, typer.Option("--format", help=f"Its format: {', '.join(FORMATS)}.")] = "auto",
    stream: Annotated[list[str] | None, typer.Option(help="Use this stream or site (may be repeated).")] = None,
    channel: Annotated[list[str] | None, typer.Option(help="Use this direction or channel (may be repeated).")] = None,
    day: Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Use this one day.")] = None,
    weekdays: Annotated[
        str | None, typer.Option(metavar="DAYS", help="Use the average of these days, such as tue,wed,thu.")
    ] = None,
    date_order: Annotated[
        Literal["dmy", "mdy", "ymd"] | None,
        typer.Option(help="Order of day and month, where the file leaves it open."),
    ] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="THEIRS=OURS", help="What a class of the file becomes; - leaves it out."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the profile of a day for a scenario.")] = None,
) -> None:
    """Say what a count file holds, and write the profile of a day for a scenario."""
    from funnelsim.counts import describe, profile, read_counts, write_profile  # noqa: PLC0415

    read = read_counts(file, file_format, date_order=date_order)
    typer.echo(describe(read))
    if out is None:
        return
    day_of = profile(
        read,
        stream=stream,
        channel=channel,
        date=_date(day),
        weekdays=_weekdays(weekdays),
        classes=_classes(classes or []),
    )
    write_profile(day_of, out)
    for note in day_of.notes:
        typer.echo(f"note: {note}")
    typer.echo(f'{out} is written: use it with  counts = {{ file = "{out.name}" }}')


def _date(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise CountsError([Problem("--date", f"{text} given; allowed: a day as YYYY-MM-DD")]) from None


def _weekdays(text: str | None) -> list[str] | None:
    if text is None:
        return None
    days = [day.strip().lower() for day in text.split(",")]
    if unknown := [day for day in days if day not in WEEKDAYS]:
        allowed = f"{', '.join(unknown)} given; allowed: {', '.join(WEEKDAYS)}, parted by commas"
        raise CountsError([Problem("--weekdays", allowed)])
    return days


def _classes(texts: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    if wrong := [theirs for theirs, equals, _ in pairs if not equals]:
        raise CountsError([Problem("--class", f"{', '.join(wrong)} given; allowed: THEIRS=OURS, such as pkw=car")])
    return {theirs: ours for theirs, _, ours in pairs}
