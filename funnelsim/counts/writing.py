"""A profile as the project's own CSV, which reads back to the same profile."""

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Final

from funnelsim.counts.averaging import Profile
from funnelsim.counts.dates import clock_text
from funnelsim.counts.names import SCENARIO_CLASSES
from funnelsim.errors import CountsError, Problem

_AMBIGUOUS_PLACES: Final = 3
_DAYS_NAMED: Final = 10


def write_profile(profile: Profile, path: Path | str, *, replace: bool = False) -> None:
    """Write a profile as CSV, with comments on where it comes from.

    Parameters
    ----------
    profile
        What `profile` returned.
    path
        The file to write.
    replace
        Whether an existing file may be overwritten.

    Raises
    ------
    CountsError
        When the file exists and may not be replaced, or cannot be written.
    """
    path = Path(path)
    try:
        with path.open("w" if replace else "x", encoding="utf-8", newline="") as file:
            file.write(_text(profile))
    except FileExistsError as error:
        message = "the file exists and is not overwritten; give another name, or allow it to be replaced"
        raise CountsError([Problem(str(path), message)]) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CountsError([Problem(str(path), f"the file cannot be written ({reason})")]) from error


def _text(profile: Profile) -> str:
    """Return the whole file: comments, header, a row an interval."""
    comments = [
        f"source: {profile.source}",
        *(f"stream: {stream}" for stream in profile.streams),
        f"days: {_days(profile)}",
        *(f"note: {note}" for note in profile.notes),
        f"minutes: {profile.table['minutes'][0]}",
    ]
    known = [kind for kind in SCENARIO_CLASSES if kind in profile.table["class"]]
    kinds = known + sorted(set(profile.table["class"]) - set(known))
    counts: dict[int, dict[str, float]] = {}
    for start, kind, vehicles in profile.table.select("start_min", "class", "vehicles").iter_rows():
        counts.setdefault(start, {})[kind] = vehicles
    text = io.StringIO()
    text.writelines(f"# {' '.join(comment.split())}\n" for comment in comments)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["start", *kinds])
    for start, row in sorted(counts.items()):
        writer.writerow([clock_text(start), *(_number(row[kind]) if kind in row else "" for kind in kinds)])
    return text.getvalue()


def _days(profile: Profile) -> str:
    """Name the days, or their number and span where there are many."""
    days = profile.days
    if len(days) > _DAYS_NAMED:
        return f"{len(days)}, from {days[0]} to {days[-1]}"
    return ", ".join(map(str, days)) or "a typical day"


def _number(vehicles: float) -> str:
    """Write a number so that it reads back exactly; never with three decimals, which could be thousands."""
    if vehicles == int(vehicles):
        return str(int(vehicles))
    digits = format(Decimal(repr(vehicles)), "f")
    return digits + "0" if len(digits.partition(".")[2]) == _AMBIGUOUS_PLACES else digits
