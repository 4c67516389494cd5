"""Ordinary days that a recursion and other simulators can express too, and one of each simulated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from funnelsim.experiments.replication import Engine, log_of
from funnelsim.model.log import Log
from funnelsim.model.plan import Plan, plan_of
from funnelsim.scenario.schema import Scenario
from funnelsim.units import HOUR_S

SEED = 7

# 15,000 vehicles a day, spread over its hours as the default profile of TNO and MACC of 2011 says.
VEHICLES_BY_HOUR = (
    *(119, 56, 38, 31, 56, 138, 538, 1150, 1163, 881, 775, 750),
    *(825, 900, 906, 994, 1269, 1300, 944, 663, 463, 388, 381, 275),
)

Shift = tuple[int, int, int]
"""Officers who are on duty together: from this hour, to this hour, how many."""


@dataclass(frozen=True)
class Day:
    """A scenario, with what of it a peer is told apart from the dice.

    Attributes
    ----------
    name
        What happens on it, in a few words.
    scenario
        An ordinary scenario.
    bays, waiting, divert_s, hold
        The area.
    look_officers
        How many officers look, each at every n-th vehicle.
    shifts
        Of those who inspect, one officer to a vehicle; none where inspections take no officer.
    """

    name: str
    scenario: Scenario
    bays: int
    waiting: int
    divert_s: float
    hold: bool
    look_officers: int
    shifts: tuple[Shift, ...]

    @property
    def plan(self) -> Plan:
        """The scenario in numbers."""
        return plan_of(self.scenario)


def day(
    name: str,
    *,
    bays: int = 4,
    waiting: int = 2,
    divert_s: float = 20.0,
    hold: bool = False,
    looks: tuple[int, float] = (1, 2.0),
    shifts: tuple[Shift, ...] = (),
    rate: Mapping[str, float] | None = None,
) -> Day:
    """Return a checkpoint from 06:00 to 22:00 on a road of two lanes, with a mix of classes and scattered headways.

    Parameters
    ----------
    looks
        How many officers look, and how long each look takes on average.
    rate
        Selection rates by class; left out, 2 % of the cars and more of the others.
    """
    officers, mean_s = looks
    documents = {"name": "documents", "duration": {"mean_s": 60.0, "per_occupant_s": 30.0, "cv": 0.5}}
    search = {"name": "search", "for": ["van", "camper", "lorry", "reefer"], "duration": {"mean_s": 240.0, "cv": 0.6}}
    check = {"name": "check", "duration": {"mean_s": 240.0, "cv": 0.6}, "crew": {"police": 1}}
    # The post is kept by others, so that vehicles are singled out while nobody inspects.
    post = {"border police": 1} if shifts else {}
    at_the_post = [_shift("border police", 5, 25, 1)] if shifts else []
    tables: dict[str, Any] = {
        "title": name,
        "operation": {"opens": "06:00", "closes": "22:00", "stop_selecting_min": 0, "lead_in_min": 0, "run_out_min": 0},
        "traffic": {"counts": {"from": "00:00", "vehicles": {"total": list(VEHICLES_BY_HOUR)}}},
        "selection": {
            "rate": dict(rate or {"default": 0.02, "van": 0.10, "lorry": 0.08, "reefer": 0.15}),
            "look": {"mean_s": mean_s, "officers": officers},
            "post": post,
        },
        "area": {
            "bays": bays,
            "waiting": waiting,
            "divert_s": divert_s,
            "when_full": "hold" if hold else "wave_through",
            "stages": [check] if shifts else [documents, search],
        },
        "staffing": {"roster": [*at_the_post, *(_shift("police", *shift) for shift in shifts)]},
    }
    return Day(name, Scenario.model_validate(tables), bays, waiting, divert_s, hold, officers, shifts)


def _shift(agency: str, from_h: int, to_h: int, count: int) -> dict[str, Any]:
    """Return officers of the roster; hour 25 is the first after midnight."""
    return {"agency": agency, "count": count, "from": f"{from_h:02d}:00", "to": f"{to_h % 24:02d}:00"}


def simulated(one: Day, engine: Engine) -> Log:
    """Return the log of a day, by the engine wanted."""
    return log_of(one.plan, SEED, 0, engine)


def officers_on_duty(shifts: tuple[Shift, ...]) -> list[tuple[float, int]]:
    """Return from when on how many officers are on duty, in seconds after midnight.

    Examples
    --------
    >>> officers_on_duty(((6, 12, 3), (10, 14, 2)))
    [(21600.0, 3), (36000.0, 5), (43200.0, 2), (50400.0, 0)]
    """
    changes = sorted({hour for start, end, _ in shifts for hour in (start, end)})
    return [(HOUR_S * hour, sum(count for start, end, count in shifts if start <= hour < end)) for hour in changes]
