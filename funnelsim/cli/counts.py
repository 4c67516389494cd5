"""The command that reads traffic counts."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import Replace, refuse_existing
from funnelsim.cli.values import one_of, typed_path
from funnelsim.counts.names import FORMATS
from funnelsim.errors import CountsError, Problem

FEW_DAYS = 5  # fewer leave the variation open by a factor of ten
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@app.command(cls=Command)
def counts(
    file: Annotated[Path, typer.Argument(parser=typed_path, metavar="FILE", help="The traffic-count file.")],
    *,
    file_format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="NAME",
            show_default=False,
            help=f"Format of the file: {', '.join(FORMATS)} (default auto, which recognises it).",
        ),
    ] = "auto",
    stream: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Use this stream or site (repeatable).")
    ] = None,
    channel: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Use this direction or channel (repeatable).")
    ] = None,
    day: Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Use this day.")] = None,
    weekdays: Annotated[
        str | None, typer.Option(metavar="DAYS", help="Average these days of the week, such as tue,wed,thu.")
    ] = None,
    date_order: Annotated[
        Literal["dmy", "mdy", "ymd"] | None,
        typer.Option(
            metavar="ORDER",
            parser=one_of("--date-order", "dmy", "mdy", "ymd"),
            help="Order of day, month and year, where the file is ambiguous: dmy, mdy or ymd.",
        ),
    ] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option(
            "--class",
            metavar="THEIRS=OURS",
            help="Map a class of the file to one of ours; THEIRS=- drops it (repeatable).",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(parser=typed_path, metavar="FILE", help="Write a daily profile for a scenario to this file."),
    ] = None,
    replace: Replace = False,
) -> None:
    """Describe a traffic-count file and write a daily profile for a scenario."""
    from funnelsim.counts import describe, profile, read_counts, write_profile  # noqa: PLC0415
    from funnelsim.counts.subset import only  # noqa: PLC0415

    refuse_existing([] if out is None else [out], replace=replace)
    read = read_counts(file, file_format, date_order=date_order)
    echo(describe(only(read, stream, channel)))
    if out is None and not (day or weekdays or classes):
        return
    day_of = profile(
        read,
        stream=stream,
        channel=channel,
        date=_date(day),
        weekdays=_weekdays(weekdays),
        classes=_classes(classes or []),
    )
    if out is not None:
        write_profile(day_of, out, replace=replace)
    for note in day_of.notes:
        echo(f"note: {note}")
    varies = day_of.variation
    if varies is not None:
        few = ": too few days to rely on" if varies.days < FEW_DAYS else ""
        echo(f"Variation of whole days (traffic.day_cv): {varies}{few}")
    if out is not None:
        advice = "" if varies is None or varies.days < FEW_DAYS else f",  day_cv = {varies.cv:.3f}"
        echo(f'Wrote {out}. Use it with  counts = {{ file = "{out.name}" }}{advice}')


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
        allowed = f"{', '.join(unknown)} given; allowed: {', '.join(WEEKDAYS)}, separated by commas"
        raise CountsError([Problem("--weekdays", allowed)])
    return days


def _classes(texts: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    if wrong := [theirs for theirs, equals, _ in pairs if not equals]:
        raise CountsError([Problem("--class", f"{', '.join(wrong)} given; allowed: THEIRS=OURS, such as pkw=car")])
    return {theirs: ours for theirs, _, ours in pairs}
