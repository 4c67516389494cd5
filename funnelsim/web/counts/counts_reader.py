"""What a visitor asks of a counts file, and what is found: read and averaged as `funnelsim counts` does it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from funnelsim.counts.day_profile import Profile, profile
from funnelsim.counts.description import described
from funnelsim.counts.names import DateOrder
from funnelsim.counts.reading import read_counts
from funnelsim.counts.subset import only
from funnelsim.counts.table import Counts
from funnelsim.errors import CountsError, FunnelsimError, Problem, UnknownFormatError
from funnelsim.web.counts.counts_days import CountedDays, counted_days
from funnelsim.web.counts.mapping_answers import questions_of
from funnelsim.web.desk.answers import FAILED

LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Choice:
    """Which counts of a file are meant, by the keys of `traffic.counts`.

    Attributes
    ----------
    stream, channel
        Names, which are summed; none for all.
    date
        One date, as "2024-05-06".
    weekdays
        Days of the week to average, such as "mon"; none for all days.
    classes
        The scenario's class of classes of the file, where it is not that of the format.
    """

    stream: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    date: str | None = None
    weekdays: tuple[str, ...] | None = None
    classes: Mapping[str, str] = field(default_factory=dict)

    def keys(self) -> dict[str, Any]:
        """Return what `traffic.counts` is to say."""
        given: dict[str, Any] = {
            "stream": _names(self.stream),
            "channel": _names(self.channel),
            "date": self.date,
            "weekdays": None if self.weekdays is None else list(self.weekdays),
            "classes": dict(self.classes) or None,
        }
        return {key: value for key, value in given.items() if value is not None}


def _names(given: tuple[str, ...]) -> str | list[str] | None:
    return None if not given else given[0] if len(given) == 1 else list(given)


@dataclass(frozen=True)
class Asked:
    """A counts file, how it is to be read, and which counts of it are meant.

    Attributes
    ----------
    path
        The file.
    mapping
        The table of a mapping; None if the format is to be recognised.
    date_order
        Order of day, month and year, where the file is ambiguous.
    choice
        Which counts are meant.
    """

    path: Path
    mapping: Mapping[str, Any] | None = None
    date_order: DateOrder | None = None
    choice: Choice = field(default_factory=Choice)


@dataclass(frozen=True)
class Found:
    """What a counts file says.

    Attributes
    ----------
    counts
        All that was read; None if it cannot be.
    said
        What the command line says of them, by what it is about.
    day
        The day that a scenario would use; None if a choice is missing.
    days
        The days that are meant, hour by hour; None where there is one, or none.
    problems
        Why the file cannot be read, or the choice not be used.
    is_unknown
        Whether the file has no known format.
    has_columns
        Whether a visitor can say what its columns are, where it cannot be read.
    """

    counts: Counts | None = None
    said: Mapping[str, Sequence[str]] = field(default_factory=dict)
    day: Profile | None = None
    days: CountedDays | None = None
    problems: tuple[Problem, ...] = ()
    is_unknown: bool = False
    has_columns: bool = False


class CountsReader:
    """Reads counts files for one visitor; the file that was read last is kept for further choices."""

    def __init__(self) -> None:
        self._read: tuple[tuple[Any, ...], Counts] | None = None

    def look(self, asked: Asked) -> Found:
        """Return what is found; it may take seconds, and never raises.

        Parameters
        ----------
        asked
            The file and the choice.
        """
        try:
            counts = self._counts(asked)
        except FunnelsimError as error:
            unknown = isinstance(error, UnknownFormatError)
            return Found(problems=_problems(error), is_unknown=unknown, has_columns=_has_columns(asked.path))
        except Exception:
            LOG.exception("reading %s", asked.path)
            return Found(problems=(Problem(asked.path.name, FAILED),))
        try:
            return _of(counts, asked.choice)
        except Exception:
            LOG.exception("averaging %s", asked.path)
            return Found(counts, problems=(Problem(asked.path.name, FAILED),))

    def _counts(self, asked: Asked) -> Counts:
        key = (asked.path, repr(asked.mapping), asked.date_order)
        if self._read is None or self._read[0] != key:
            self._read = None  # two large files are not held at once
            self._read = (key, read_counts(asked.path, date_order=asked.date_order, mapping=asked.mapping))
        return self._read[1]


def _has_columns(path: Path) -> bool:
    try:
        questions_of(path)
    except FunnelsimError:
        return False
    return True


def _of(counts: Counts, choice: Choice) -> Found:
    stream, channel = choice.stream or None, choice.channel or None
    try:
        shown = only(counts, stream, channel, date=choice.date, weekdays=choice.weekdays)
    except CountsError as error:
        return Found(counts, said=described(counts), problems=_problems(error))
    said = described(shown)
    try:
        day = profile(
            counts,
            stream=stream,
            channel=channel,
            date=choice.date,
            weekdays=choice.weekdays,
            classes=choice.classes,
        )
    except CountsError as error:
        return Found(counts, said=said, problems=_problems(error))
    return Found(counts, said=said, day=day, days=counted_days(shown, counts))


def _problems(error: FunnelsimError) -> tuple[Problem, ...]:
    return error.problems or (Problem("", str(error)),)
