"""The command that reads traffic counts."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from funnelsim.cli.app import Command, app
from funnelsim.cli.console import echo
from funnelsim.cli.options import Replace, check_figure, draw_figure, refuse_existing
from funnelsim.cli.values import one_of, typed_path
from funnelsim.counts.names import FORMATS
from funnelsim.errors import CountsError, Problem

if TYPE_CHECKING:
    from funnelsim.counts import Counts

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
    without_holidays: Annotated[
        str | None, typer.Option(metavar="PLACE", help="Leave out public holidays, such as those of HR or DE-BY.")
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
    mapping: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Read the file by this mapping: a .toml file or a shipped one."),
    ] = None,
    propose: Annotated[
        Path | None,
        typer.Option(parser=typed_path, metavar="FILE", help="Write a draft of a mapping for this count file."),
    ] = None,
    figure: Annotated[
        Path | None,
        typer.Option(parser=typed_path, metavar="FILE", help="Draw the days, gaps and doubts (.png, .svg or .pdf)."),
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

    refuse_existing([path for path in (out, propose) if path is not None], replace=replace)
    chosen_day, chosen_weekdays, chosen_classes = _date(day), _weekdays(weekdays), _classes(classes or [])
    check_figure(figure, replace=replace)
    if propose is not None:
        _propose(file, propose)
        return
    read = read_counts(file, file_format, date_order=date_order, mapping=mapping)
    described = only(read, stream, channel, date=chosen_day, weekdays=chosen_weekdays)
    echo(describe(described))
    if figure is not None:
        _draw(described, figure)
    if all(choice is None for choice in (out, day, weekdays, classes, without_holidays)):
        return
    day_of = profile(
        read,
        stream=stream,
        channel=channel,
        date=chosen_day,
        weekdays=chosen_weekdays,
        classes=chosen_classes,
        without_holidays=without_holidays,
    )
    if out is not None:
        write_profile(day_of, out, replace=replace)
    for note in day_of.notes:
        echo(f"note: {note}")
    for line in day_of.shape.lines():
        echo(line)
    varies = day_of.variation
    if varies is not None:
        few = "" if varies.is_reliable else ": too few days to rely on"
        echo(f"Variation of whole days (traffic.day_cv): {varies}{few}")
    if out is not None:
        advice = f",  day_cv = {varies.cv:.3f}" if varies is not None and varies.is_reliable else ""
        echo(f'Wrote {out}. Use it with  counts = {{ file = "{out.name}" }}{advice}')


def _propose(file: Path, path: Path) -> None:
    from funnelsim.counts.mapping_proposal import proposed_mapping  # noqa: PLC0415
    from funnelsim.experiments.files import written_whole  # noqa: PLC0415

    text = proposed_mapping(file)
    with written_whole(path) as beside:
        beside.write_text(text, encoding="utf-8")
    echo(f"Wrote {path}. Answer the questions in it, then try it:  funnelsim counts {file} --mapping {path}")


def _draw(counts: "Counts", figure: Path) -> None:
    from funnelsim.plots.count_days import count_days  # noqa: PLC0415

    draw_figure(count_days(counts), figure)


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
