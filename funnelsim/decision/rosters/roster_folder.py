"""The folder that keeps rosters: scenario files with them, who works when, and the comparison with today's."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

import funnelsim
from funnelsim.decision.optimisation.decision_folder import WORDS
from funnelsim.decision.rosters.roster import Rosters
from funnelsim.decision.rosters.roster_planner import LEAST, SAME, PlannedRoster, entries_of
from funnelsim.decision.words_file import write_words
from funnelsim.experiments.comparison_folder import save_comparison
from funnelsim.experiments.files import written_whole
from funnelsim.experiments.tables import write_csv
from funnelsim.experiments.vary import Point
from funnelsim.scenario.key import clock_of
from funnelsim.scenario.plan_file import load_plan, plan_text
from funnelsim.scenario.roster import breaks_of
from funnelsim.units import HOUR_S

FILES: Final = {LEAST: "roster.toml", SAME: "same_hours.toml"}
PERSONS: Final = {LEAST: "persons.csv", SAME: "same_hours_persons.csv"}


def save_rosters(
    rosters: Rosters,
    folder: Path,
    file: Path,
    overrides: Point,
    words: Sequence[Mapping[str, Any]],
    command: Sequence[str] | None = None,
) -> Path:
    """Write rosters into an existing folder and return the scenario file with the one of least cost.

    Parameters
    ----------
    rosters
        The rosters.
    folder
        Where to.
    file, overrides
        The scenario file, and what was set on top of it.
    words
        The answer in words, as data.
    command
        The command that was run.

    Raises
    ------
    FunnelsimError
        If a file cannot be written.
    """
    for name, target in FILES.items():
        one = rosters.rosters.get(name)
        if one is None:
            continue
        heading = f"{one.scenario.title}: roster of {name} (funnelsim {funnelsim.__version__})."
        text = plan_text(file, {**overrides, "staffing.roster": entries_of(one.scenario)}, heading, folder)
        with written_whole(folder / target) as beside:
            beside.write_text(text, encoding="utf-8")
        load_plan(folder / target, one.scenario)
        write_csv(persons_table(one), folder / PERSONS[name])
    write_words(words, folder / WORDS)
    save_comparison(rosters.comparison, folder, lambda _comparison, _folder: [], command, also=[WORDS])
    return folder / FILES[LEAST]


def persons_table(roster: PlannedRoster) -> pl.DataFrame:
    """Return who works when: a row for each shift of each person.

    Times in columns `..._s` are seconds after the midnight before the first day.
    """
    rows: list[dict[str, Any]] = []
    for agency in roster.agencies:
        for duty in sorted(agency.duties, key=lambda one: (one.person, one.span_s)):
            from_s, to_s = duty.span_s
            shift = agency.patterns[duty.pattern].shift
            rows.append(
                {
                    "agency": agency.agency,
                    "person": duty.person,
                    "from_s": from_s,
                    "to_s": to_s,
                    "from_clock": clock_of(from_s),
                    "to_clock": clock_of(to_s),
                    "hours": (to_s - from_s) / HOUR_S,
                    "breaks": " ".join(clock_of(goes_s) for goes_s, _, _ in breaks_of(shift, from_s, to_s)),
                }
            )
    return pl.DataFrame(rows)
