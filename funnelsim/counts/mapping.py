"""A mapping: how the columns, rows and dates of a count file are to be read, where no reader knows the file.

The schema and its checks; what a mapping says is carried out in the modules `mapped_*`.
"""

import codecs
import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_TIME_OF_DAY: Final = re.compile(r"%-?[HIkTRrXcs]")
_DATE: Final = re.compile(r"%-?[yYFDcxs]")
_OFFSET: Final = "%z"
_DIRECTIVE: Final = re.compile(r"%[-_0]?[#:]{0,3}(?:\.?[0-9]*f|[A-Za-z%])")


def _known_encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        message = f'"{name}" given; allowed: an encoding such as "utf-8", "latin-1" or "cp1250"'
        raise ValueError(message) from None
    return name


def _time_format(text: str) -> str:
    rest = _DIRECTIVE.sub("", text)
    if "%" in rest or not _DIRECTIVE.search(text):
        message = f'"{text}" given; allowed: a format such as "%d/%m/%Y %H:%M", as of strptime'
        raise ValueError(message)
    return text


Text = Annotated[str, Field(min_length=1, max_length=1_000)]
Texts = Text | Annotated[tuple[Text, ...], Field(min_length=1)]
Encoding = Annotated[Text, AfterValidator(_known_encoding)]
TimeFormat = Annotated[Text, AfterValidator(_time_format)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Quality(BaseModel):
    """A column that says how well an interval was counted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: Text = Field(description="The column.")
    least: Number | None = Field(None, description="A lower value is doubted.")
    most: Number | None = Field(None, description="A higher value is doubted.")


class CountMapping(BaseModel):
    """How a count file is read that no format fits (see the page on mappings)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sep: Annotated[str, Field(min_length=1, max_length=1)] = Field(
        ",", description='The character between cells: `","`, `";"`, `"\\t"`; `" "` stands for any number of blanks.'
    )
    encoding: Encoding | None = Field(None, description="Encoding of the text (default: recognised).")
    comment: Text | None = Field(None, description="Lines that begin with this are left out.")
    skip: Annotated[int, Field(strict=True, ge=0, le=1_000)] = Field(
        0, description="Number of lines above the header, or above the first row where there is no header."
    )
    names: Annotated[tuple[Text, ...], Field(min_length=1)] | None = Field(
        None, description="Names of the columns, if the file has no header."
    )
    widths: Annotated[tuple[Annotated[int, Field(strict=True, ge=1, le=1_000)], ...], Field(min_length=1)] | None = (
        Field(
            None,
            description="Widths of the columns, if the file has no separators; with `names`.",
            json_schema_extra={"unit": "characters"},
        )
    )
    sheet: Text | None = Field(None, description="Sheet of an Excel workbook (default: the first).")
    time: Texts | None = Field(
        None, description="The column with date and time, or several, which are joined with a blank."
    )
    format: TimeFormat | None = Field(
        None,
        description='How date and time are written, as of strptime: `"%d/%m/%Y %H:%M"`; `%z` for an offset from UTC.',
    )
    zone: Text | None = Field(
        None,
        description='Time zone of the road, such as `"Europe/Paris"`, if the offsets in the file are not those of its '
        "clocks.",
    )
    hour: Text | None = Field(None, description="The column with the number of the hour, if `time` has the date only.")
    label: Literal["start", "end", "last minute"] | None = Field(
        None, description="What a time names: the start of its interval, its end, or its last minute."
    )
    minutes: Literal[1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60] | None = Field(
        None, description="Length of an interval in the file.", json_schema_extra={"unit": "min"}
    )
    wide: Text | None = Field(
        None, description='Pattern of the columns that are times of day, such as `"V[0-9][0-9]"` or `"*:00-*"`.'
    )
    stream: Texts | None = Field(None, description="The column that names the site, or several, which are joined.")
    channel: Texts | None = Field(
        None, description="The column that names direction or lane, or several, which are joined."
    )
    counts: dict[str, str] = Field(
        {}, description='The columns with vehicles, and the scenario\'s class of each; `"-"` leaves a column out.'
    )
    total: Text | None = Field(
        None, description="The column with the vehicles of all classes; with `class_column`, those of the row's class."
    )
    class_column: Text | None = Field(None, description="The column that names the class of a row.")
    classes: dict[str, str] = Field(
        {}, description='With `class_column`: the scenario\'s class for each of its values; `"-"` leaves it out.'
    )
    where: dict[str, Texts] = Field({}, description="Rows to keep: by column the value, or several.")
    missing: tuple[str, ...] = Field((), description="What stands for `not counted` beside a blank, such as `-1`.")
    decimal: Literal[".", ","] | None = Field(None, description="Decimal mark of numbers (default: found out).")
    thousands: Literal[".", ",", " ", "'"] | None = Field(
        None, description="Mark between thousands (default: found out)."
    )
    each_row: Literal["interval", "vehicle"] = Field("interval", description="What a row is.")
    unit: Literal["interval", "hour"] = Field(
        "interval", description="Whether numbers are vehicles per interval or per hour."
    )
    quality: Quality | None = Field(None, description="Intervals to doubt.")
    doubts: tuple[Text, ...] = Field((), description="What is to be checked in every file of this kind, in words.")

    @property
    def dated(self) -> bool:
        """Whether the file gives dates, not only times of day."""
        return self.format is not None and _DATE.search(self.format) is not None

    @property
    def timed(self) -> bool:
        """Whether `time` holds the time of day."""
        return self.format is not None and _TIME_OF_DAY.search(self.format) is not None

    @property
    def has_offset(self) -> bool:
        """Whether times are written with their offset from UTC."""
        return self.format is not None and _OFFSET in self.format

    @property
    def per_vehicle(self) -> bool:
        """Whether a row is a vehicle."""
        return self.each_row == "vehicle"

    @property
    def class_map(self) -> dict[str, str]:
        """What each class of the file becomes in a scenario."""
        return self.classes if self.class_column else self.counts

    def named(self) -> dict[str, tuple[str, ...]]:
        """Return the columns that each key names."""
        quality = self.quality.column if self.quality else None
        keys: dict[str, Any] = {key: getattr(self, key) for key in ("time", "hour", "stream", "channel", "total")}
        keys |= {"class_column": self.class_column, "quality": quality}
        keys |= {"counts": tuple(self.counts), "where": tuple(self.where)}
        return {key: (given,) if isinstance(given, str) else tuple(given) for key, given in keys.items() if given}

    @model_validator(mode="after")
    def _says_all_that_is_needed(self) -> "CountMapping":
        wrong = [text for is_wrong, text in self._rules() if is_wrong]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _rules(self) -> tuple[tuple[bool, str], ...]:
        intervals = not self.per_vehicle
        counted = bool(self.counts) + bool(self.total) + bool(self.wide)
        return (
            ((self.time is None) != (self.format is None), "time and format go together; allowed: both or neither"),
            (
                self.widths is not None and len(self.names or ()) != len(self.widths),
                "widths given; allowed: with as many names",
            ),
            (
                len(set(self.names or ())) != len(self.names or ()),
                "names has the same name twice; allowed: another name for each column",
            ),
            (self.hour is not None and self.timed, "hour given, but format has a time of day; allowed: one of the two"),
            (
                self.wide is not None and (self.timed or self.hour is not None),
                "wide given, but format or hour give a time of day, too; allowed: one of them",
            ),
            (
                not (self.timed or self.hour or self.wide),
                'the time of day is missing; allowed: time with a format such as "%d/%m/%Y %H:%M", or hour, or wide',
            ),
            (self.zone is not None and not self.has_offset, "zone given; allowed: with %z in format"),
            (intervals and self.minutes is None, "minutes missing; allowed: the length of an interval"),
            (
                intervals and self.wide is None and self.label is None,
                'label missing; allowed: "start", "end" or "last minute", what a time of the file names',
            ),
            (
                intervals and not counted,
                'what is counted is missing; allowed: counts = { column = "car" }, total, or wide',
            ),
            (self.wide is not None and counted > 1, "wide given with counts or total; allowed: wide alone"),
            (
                self.class_column is not None and bool(self.counts),
                "class_column given with counts; allowed: one of the two",
            ),
            (
                (self.class_column is None) != (not self.classes),
                "class_column and classes go together; allowed: both or neither",
            ),
            (
                self.per_vehicle and bool(counted),
                'each_row = "vehicle" given with counts, total or wide; allowed: with class_column',
            ),
            (
                self.per_vehicle and not (self.dated and self.timed),
                'each_row = "vehicle" given; allowed: with date and time in format',
            ),
            (
                self.decimal is not None and self.decimal == self.thousands,
                "decimal and thousands are the same; allowed: two marks",
            ),
        )
