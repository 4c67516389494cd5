"""The published operations: what is known of each, what was left open, and what was reported."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from funnelsim.scenario.overrides import with_override
from funnelsim.units import HOUR_S

SCENARIOS = Path(__file__).with_name("scenarios")
BASE = SCENARIOS / "base.toml"

Kind: TypeAlias = Literal["vehicles", "persons", "persons a vehicle", "queue", "offenders", "smuggling runs"]


@dataclass(frozen=True)
class Outcome:
    """A figure that was reported; never an input.

    Attributes
    ----------
    kind
        What was counted or measured.
    reported
        The figure.
    at_s
        For a queue: when it was this long, seconds after midnight; None for the longest.
    note
        What the reader should know of it.
    why
        What may explain a difference, where there is one.
    """

    kind: Kind
    reported: float
    at_s: float | None = None
    note: str = ""
    why: str = ""


@dataclass(frozen=True)
class Operation:
    """One published operation.

    Attributes
    ----------
    name
        Of its file: what was published of it, as changes to the base file.
    place
        Where and when, for tables and figures.
    source
        Of its figures.
    unknown
        Which of the bands that only some operations need apply to it, as nothing was published.
    outcomes
        What was reported.
    """

    name: str
    place: str
    source: str
    unknown: frozenset[str]
    outcomes: tuple[Outcome, ...]

    def text(self) -> str:
        """Return its file."""
        return (SCENARIOS / f"{self.name}.toml").read_text(encoding="utf-8")

    def data(self) -> dict[str, Any]:
        """Return its whole scenario as tables: the base file with the changes of its own file."""
        tables = tomllib.loads(BASE.read_text(encoding="utf-8"))
        for path, value in _changes(tomllib.loads(self.text())):
            tables = with_override(tables, path, value)
        return tables


def _changes(tables: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield each key with its value; entries of lists are named as in overrides, such as staffing.roster.officers."""
    for key, value in tables.items():
        path = (*above, key)
        if isinstance(value, dict):
            yield from _changes(value, path)
        else:
            yield path, value


_FROM_ITSELF = "The bounds of the default for occupants were taken from this figure and one other: no independent test."
_NEWS = "A queue is reported because it is long, so such figures are no fair sample."

OPERATIONS = (
    Operation(
        "a81_evening",
        "A81 Engen",
        "Südkurier",
        frozenset({"officers"}),
        (
            Outcome("vehicles", 158),
            Outcome("persons", 245, note=_FROM_ITSELF),
            Outcome("persons a vehicle", 245 / 158, note=_FROM_ITSELF),
        ),
    ),
    Operation(
        "a1_damlos",
        "A1 Damlos",
        "joint press release, 27 September 2019",
        frozenset({"speed"}),
        (Outcome("vehicles", 350, note="Reported as over 350."),),
    ),
    Operation(
        "a4_austria",
        "A4 Austria",
        "Kurier",
        frozenset({"speed", "any time", "hours"}),
        (Outcome("vehicles", 300, note="Reported as about 300."), Outcome("smuggling runs", 0)),
    ),
    Operation(
        "l560",
        "L560 Stutensee",
        "Badische Neueste Nachrichten",
        frozenset({"speed", "evening", "hours", "officers"}),
        (
            Outcome("vehicles", 265),
            Outcome("persons", 340, note=_FROM_ITSELF),
            Outcome(
                "persons a vehicle",
                340 / 265,
                note=_FROM_ITSELF,
                why="An evening of commuters; and one coach in 200 vehicles, as simulated, is much for a state road: "
                "their passengers alone raise the mean by more than 0.1.",
            ),
        ),
    ),
    Operation(
        "a6_customs",
        "A6 Stocker Holz",
        "onetz.de",
        frozenset({"speed", "evening", "hours"}),
        (Outcome("queue", 10.0, note=f"Reported as jam and delays over about ten kilometres. {_NEWS}"),),
    ),
    Operation(
        "a7_aalbek",
        "A7 Aalbek",
        "Polizeidirektion Neumünster, 250115-1",
        frozenset({"speed"}),
        (
            Outcome("vehicles", 512),
            Outcome(
                "offenders",
                124,
                note="Vehicles with anything to object to.",
                why="Those who were checked had been picked by eye, the simulated ones come as they come; and a "
                "first-aid kit out of date was an objection, too.",
            ),
        ),
    ),
    Operation(
        "a7_jalm",
        "A7 Jalm",
        "shz.de, 29 April 2018",
        frozenset({"speed", "hours"}),
        (
            Outcome("queue", 8.0, at_s=19 * HOUR_S, note=f"Reported by the radio for about 19 h. {_NEWS}"),
            Outcome("queue", 12.0, note=f"Reported as up to twelve kilometres. {_NEWS}"),
        ),
    ),
    Operation(
        "a7_kempten",
        "A7 Rottachtal",
        "Verkehrspolizeiinspektion Kempten, 12 November 2023",
        frozenset({"speed", "officers"}),
        (
            Outcome("vehicles", 209, note="Reported by class: 134 cars, 64 vans, 11 lorries."),
            Outcome("persons", 293),
            Outcome("persons a vehicle", 293 / 209),
        ),
    ),
    Operation(
        "a1_sandrup",
        "A1 Sandrup, night",
        "Polizei Münster",
        frozenset({"speed", "officers"}),
        (
            Outcome("vehicles", 103),
            Outcome("persons", 261, note="One coach among the vehicles."),
            Outcome(
                "persons a vehicle",
                261 / 103,
                why="One full coach makes half a person a vehicle here. Beyond that, full cars were picked, or are "
                "more frequent at night.",
            ),
        ),
    ),
    Operation(
        "b318_holzkirchen",
        "B318 Holzkirchen",
        "Münchner Merkur",
        frozenset({"evening"}),
        (
            Outcome("vehicles", 60, note="Reported as about 60."),
            Outcome("persons", 108, note="A minibus with nine among the vehicles."),
            Outcome("persons a vehicle", 108 / 60),
        ),
    ),
)
