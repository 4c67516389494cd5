"""The plan: a scenario as the numbers and arrays that an engine needs."""

from dataclasses import dataclass

from funnelsim.arrays import BoolArray, FloatArray, IntArray
from funnelsim.model.evasion import Evasion
from funnelsim.model.funnel import Funnel
from funnelsim.model.inspection import Inspection
from funnelsim.model.road import Road
from funnelsim.model.selection_plan import SelectionPlan
from funnelsim.scenario.roster import Duty


@dataclass(frozen=True, eq=False)
class Pursuit:
    """What chase cars do.

    Attributes
    ----------
    cars
        Cars with their crews in each step of the roster, shape (steps,).
    pursues, brings
        Share of those turning away that are pursued, and of these that are brought to the area.
    mean_s, cv, memoryless
        How long a pursuit keeps its car away.
    """

    cars: IntArray
    pursues: float
    brings: float
    mean_s: FloatArray
    cv: float
    memoryless: bool


@dataclass(frozen=True, eq=False)
class Breaks:
    """The planned breaks in the order of their beginnings; each array has the shape (breaks,).

    Attributes
    ----------
    pool, officers
        Who goes: how many of which pool.
    from_s, to_s, shift_ends_s
        From when to when, and when their shift ends.
    """

    pool: IntArray
    officers: IntArray
    from_s: FloatArray
    to_s: FloatArray
    shift_ends_s: FloatArray


@dataclass(frozen=True, eq=False)
class Plan:
    """One funnel and the area behind it, ready for an engine.

    Attributes
    ----------
    direction
        Name of the funnel.
    classes, targets
        Names; a vehicle's status 0 is "ordinary", k the k-th of `targets`.
    road, funnel, selection, evasion
        Traffic, lane, selection, and who keeps out of the way.
    reaction_s, spacing_m, diversion_s
        By class, shape (classes,).
    inspection
        The stages.
    bays, waiting, divert_s, hold
        The area.
    changeover_s, pause_s
        How long a bay stays empty between two vehicles at least, and officers between two stages.
    spots, frees_bay
        Processing spots, and whether a detection moves to one.
    pursuit
        The chase cars; None where there are none.
    duty
        The roster.
    capacity_times_s, capacity
        Steps of what inspections may use of each pool, shapes (steps,) and (steps, pools).
    beyond
        What there is of each pool beside `capacity`, shape (steps, pools): officers on a break by the roster, and
        equipment past its hours that stays for those selected before.
    breaks
        The breaks.
    persons, delay_cost_per_h
        Persons by status, shape (target types + 1,), and cost of delay by class, shape (classes,).
    lorry
        Which classes count as lorries, shape (classes,).
    other_funnels
        The plans of further funnels, which share the area with this one; none for most scenarios.
    """

    direction: str
    classes: tuple[str, ...]
    targets: tuple[str, ...]
    road: Road
    funnel: Funnel
    selection: SelectionPlan
    evasion: Evasion
    reaction_s: FloatArray
    spacing_m: FloatArray
    diversion_s: FloatArray
    inspection: Inspection
    bays: int
    waiting: int
    divert_s: float
    hold: bool
    changeover_s: float
    pause_s: float
    spots: int
    frees_bay: bool
    pursuit: Pursuit | None
    duty: Duty
    capacity_times_s: FloatArray
    capacity: IntArray
    beyond: IntArray
    breaks: Breaks
    persons: IntArray
    delay_cost_per_h: FloatArray
    lorry: BoolArray
    other_funnels: tuple["Plan", ...] = ()

    @property
    def funnels(self) -> tuple["Plan", ...]:
        """All funnels at the area: this one and the others."""
        return (self, *self.other_funnels)

    @property
    def windows_s(self) -> tuple[tuple[float, float], ...]:
        """Openings and closings, in seconds after midnight of the first day."""
        return tuple(zip(self.funnel.opens_s.tolist(), self.funnel.closes_s.tolist(), strict=True))

    @property
    def window_s(self) -> tuple[float, float]:
        """First opening and last closing, in seconds after midnight of the first day."""
        return float(self.funnel.opens_s[0]), float(self.funnel.closes_s[-1])
