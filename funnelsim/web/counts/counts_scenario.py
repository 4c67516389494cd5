"""A scenario of a counts file: a new one, or the one that is open with other counts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from funnelsim.counts.dates import clock_text
from funnelsim.counts.day_profile import Profile
from funnelsim.experiments.files import portable_name, written_whole
from funnelsim.scenario.plan_file import plan_text
from funnelsim.scenario.starter import starter_with_counts
from funnelsim.units import DAY_MIN
from funnelsim.web.counts.counts_reader import Asked
from funnelsim.web.counts.mapping_answers import mapping_text
from funnelsim.web.folders import unique_name

COUNTS: Final = "counts"
"""The folder of a visitor's counts files."""

WINDOW_MIN: Final = (6 * 60, 14 * 60)
LONGEST_MIN: Final = 8 * 60
LONGEST_NAME: Final = 80


@dataclass(frozen=True)
class Wanted:
    """What a new scenario is to be.

    Attributes
    ----------
    title
        Its title.
    opens, closes
        When the operation opens and closes, as "06:00".
    day_cv
        How much whole days vary; None for the default.
    """

    title: str
    opens: str
    closes: str
    day_cv: float | None = None


def place_for(folder: Path, name: str) -> Path:
    """Return where a counts file that a visitor brings is kept; its name is one that every system can hold.

    Parameters
    ----------
    folder
        The visitor's folder.
    name
        The file's name, as the browser says it.
    """
    kept = folder / COUNTS
    kept.mkdir(exist_ok=True)
    plain = portable_name(Path(re.sub(r"[\\/\x00-\x1f]+", "/", name)).name or "counts").lstrip(".") or "counts"
    stem, suffix = Path(plain).stem, Path(plain).suffix
    return kept / unique_name(f"{_shortened(stem)}{suffix[:12]}", kept)


def _shortened(stem: str) -> str:
    """Return a name of a file without its ending that is short enough, in letters of any alphabet."""
    return stem.encode()[:LONGEST_NAME].decode(errors="ignore") or COUNTS


def title_of(path: Path) -> str:
    """Return a title for a scenario: the name of its counts file in words.

    Examples
    --------
    >>> title_of(Path("a3_eastbound-2024.csv"))
    'A3 eastbound 2024'
    """
    words = re.sub(r"[_-]+", " ", path.name.partition(".")[0]).strip() or COUNTS
    return words[:1].upper() + words[1:]


def window_of(day: Profile) -> tuple[str, str]:
    """Return when an operation could open and close: 06:00 to 14:00, or else the first hours that were counted.

    Parameters
    ----------
    day
        What was counted.
    """
    minutes = int(day.table["minutes"][0])
    starts = {int(start) % DAY_MIN for start in day.table["start_min"].to_list()}
    if all(start in starts for start in range(*WINDOW_MIN, minutes)):
        return tuple(clock_text(at) for at in WINDOW_MIN)  # type: ignore[return-value]  # two of them
    first = last = min(starts)
    while last in starts and last - first < LONGEST_MIN:
        last += minutes
    return clock_text(first), clock_text(last % DAY_MIN)


def counts_keys(asked: Asked, folder: Path) -> dict[str, Any]:
    """Return what `traffic.counts` is to say; a mapping is written beside the counts file.

    Parameters
    ----------
    asked
        The file, and which counts of it are meant.
    folder
        Where the scenario will lie.
    """
    keys: dict[str, Any] = {"file": asked.path.relative_to(folder).as_posix()}
    if asked.mapping is not None:
        mapping = asked.path.with_name(f"{asked.path.name}.toml")  # of this file alone, so that it is written once
        _write(mapping, mapping_text(asked.mapping, asked.path.name))
        keys["mapping"] = mapping.relative_to(folder).as_posix()
    if asked.date_order is not None:
        keys["date_order"] = asked.date_order
    return keys | asked.choice.keys()


def new_scenario(folder: Path, keys: Mapping[str, Any], wanted: Wanted, scenarios: Path) -> str:
    """Write a new scenario: the starter with these counts; return the name of its file.

    Parameters
    ----------
    folder
        The visitor's folder.
    keys
        What `traffic.counts` is to say.
    wanted
        Its title and hours.
    scenarios
        Another folder with scenarios: none of them has its name.

    Raises
    ------
    ResultsError
        If it cannot be written.
    """
    stem = re.sub(r"[^\w.-]+", "_", wanted.title.lower()).strip("._") or "scenario"
    name = unique_name(portable_name(f"{_shortened(stem)}.toml"), folder, scenarios)
    _write(folder / name, starter_with_counts(wanted.title, keys, wanted.opens, wanted.closes, wanted.day_cv))
    return name


def with_other_counts(
    folder: Path, keys: Mapping[str, Any], scenario: Path, scenarios: Path, day_cv: float | None = None
) -> str:
    """Write a scenario again with other counts; return the name of the new file.

    Parameters
    ----------
    folder, keys
        As in `new_scenario`.
    scenario, scenarios
        Its file; and as in `new_scenario`.
    day_cv
        How much whole days vary; None to leave it as it is.

    Raises
    ------
    ResultsError
        If it cannot be written.
    ScenarioError
        If the scenario has no traffic.
    """
    counted = Path(str(keys["file"])).stem
    name = unique_name(portable_name(f"{_shortened(f'{scenario.stem}_{counted}')}.toml"), folder, scenarios)
    heading = f"{scenario.name} with the counts of {keys['file']}."
    values = {"traffic.counts": dict(keys)} | ({} if day_cv is None else {"traffic.day_cv": round(day_cv, 3)})
    _write(folder / name, plan_text(scenario, values, heading, folder))
    return name


def _write(path: Path, text: str) -> None:
    with written_whole(path) as beside:
        beside.write_text(text, encoding="utf-8")
