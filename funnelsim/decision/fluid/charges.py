"""What a job charges its server, and how long a vehicle keeps a bay: docs/bound.md has the proof.

Times are on a grid, rounded down, and waits for crews are left out: the bound needs times that are too short rather
than too long.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtr

from funnelsim.arrays import BoolArray, FloatArray
from funnelsim.model.plan import Plan
from funnelsim.model.random_numbers import poisson_up_to

STEPS: Final = 1 << 14
STEPS_IN_STAY: Final = 1 << 10  # so rounding four stages down costs 0.2 % of a stay
RARE: Final = 1e-9  # chance of numbers of occupants that are left out
ONE_DAY_S: Final = 86_400.0

ComplexArray = np.ndarray[tuple[int], np.dtype[np.complex128]]


@dataclass(frozen=True)
class Length:
    """How long one thing takes.

    Attributes
    ----------
    mean_s, cv, memoryless
        Mean, scatter of a lognormal time, and whether it is exponential instead.
    """

    mean_s: float
    cv: float
    memoryless: bool


class LengthLaws:
    """Laws of lengths on one grid of time, each calculated once.

    Parameters
    ----------
    step_s
        The step of the grid.
    """

    def __init__(self, step_s: float) -> None:
        self.step_s = step_s
        self._transforms: dict[Length, ComplexArray] = {}

    def transform(self, length: Length) -> ComplexArray:
        """Return the Fourier transform of a law: those of sums are products."""
        if length not in self._transforms:
            self._transforms[length] = np.fft.rfft(chances_of_steps(self.step_s, length))
        return self._transforms[length]

    def charges_s(self, transform: ComplexArray, overruns_s: FloatArray) -> FloatArray:
        """Return what a job with this law charges, for each overrun o: inf over t of E min(S, t) + o P(S > t).

        Parameters
        ----------
        transform
            Of the law of S.
        overruns_s
            Shape (overruns,).
        """
        chances = np.maximum(np.fft.irfft(transform, STEPS), 0.0)
        longer = np.maximum(1.0 - np.cumsum(chances), 0.0)  # P(S > t) for t = 0, 1, 2, ... steps
        shorter_s = self.step_s * np.append(0.0, np.cumsum(longer))  # E min(S, t), one t more
        within = np.min(shorter_s[:-1] + overruns_s[:, None] * longer, axis=1)
        charges: FloatArray = np.minimum(within, shorter_s[-1])  # beyond the grid
        return charges


def chances_of_steps(step_s: float, length: Length) -> FloatArray:
    """Return the chance that a length, rounded down, is 0, 1, 2, ... steps, shape (STEPS,).

    What is missing to 1 is longer than the grid.

    Examples
    --------
    >>> chances_of_steps(10.0, Length(25.0, 0.0, memoryless=False))[:4].tolist()
    [0.0, 0.0, 1.0, 0.0]
    """
    ends_s = step_s * np.arange(1, STEPS + 1)
    if length.mean_s == 0.0 or (length.cv == 0.0 and not length.memoryless):
        up_to = (ends_s > length.mean_s).astype(np.float64)
    elif length.memoryless:
        up_to = -np.expm1(-ends_s / length.mean_s)
    else:
        variance = np.log1p(length.cv**2)
        up_to = ndtr((np.log(ends_s / length.mean_s) + variance / 2.0) / np.sqrt(variance))
    chances: FloatArray = np.diff(up_to, prepend=0.0)
    return chances


def occupants_of(mean: float) -> list[tuple[int, float]]:
    """Return numbers of occupants with their chances: the driver and a Poisson number of passengers."""
    chances = np.diff(poisson_up_to(mean - 1.0), prepend=0.0).tolist()
    return [(1 + passengers, chance) for passengers, chance in enumerate(chances) if chance > RARE]


class Charges:
    """What an inspection charges bays, officers and equipment.

    Parameters
    ----------
    plan
        The plan.
    goes
        Which stages a class goes through, in each step in which equipment is there or not, shape (steps, stages,
        classes): a vehicle charges the least of them.
    overruns_s
        Shape (overruns,).

    Attributes
    ----------
    stay_s
        Of a stay in a bay, shape (classes, target types + 1, overruns).
    officer_stage_s, equipment_stage_s
        Of a stage for each officer and each piece of equipment, shape (stages, classes, overruns): officers pause after
        it, equipment does not.
    """

    def __init__(self, plan: Plan, goes: BoolArray, overruns_s: FloatArray) -> None:
        self._plan, self._overruns_s = plan, overruns_s
        inspection = plan.inspection
        means_s = (inspection.mean_s + inspection.per_occupant_s[:, None] * plan.road.occupants) * inspection.applies
        stays_s = means_s[: inspection.after_detection][~inspection.after_alarm[: inspection.after_detection]].sum(
            axis=0
        )
        self._laws = LengthLaws(float(stays_s[stays_s > 0.0].min(initial=ONE_DAY_S)) / STEPS_IN_STAY)
        together = [occupants_of(mean) for mean in plan.road.occupants.tolist()]
        self._occupants = together if inspection.per_occupant_s.any() else [[(0, 1.0)]] * len(together)
        classes, statuses = range(len(plan.classes)), range(inspection.finds.shape[1])
        each = [[[self._stay(ways, c, k) for k in statuses] for c in classes] for ways in np.unique(goes, axis=0)]
        self.stay_s = np.min(each, axis=0)
        self.officer_stage_s = self._stages(plan.pause_s)
        self.equipment_stage_s = self._stages(0.0) if plan.pause_s else self.officer_stage_s

    def _length(self, stage: int, of_class: int, occupants: int) -> Length:
        inspection = self._plan.inspection
        return Length(
            float(inspection.mean_s[stage, of_class] + inspection.per_occupant_s[stage] * occupants),
            float(inspection.cv[stage]),
            bool(inspection.memoryless[stage]),
        )

    def _stay(self, goes: BoolArray, of_class: int, status: int) -> FloatArray:
        """Return what the stay of a vehicle charges: its stages one after the other, and the changeover."""
        stay = sum(
            chance * self._stages_in_turn(goes, of_class, status, occupants)
            for occupants, chance in self._occupants[of_class]
        )
        changeover = self._laws.transform(Length(self._plan.changeover_s, 0.0, memoryless=False))
        return self._laws.charges_s(stay * changeover, self._overruns_s)

    def _stages_in_turn(self, goes: BoolArray, of_class: int, status: int, occupants: int) -> ComplexArray:
        """Return the transform of the stay, walking the stages once, apart without and with an alarm so far."""
        inspection, after = self._plan.inspection, self._plan.inspection.after_detection
        quiet = np.ones(STEPS // 2 + 1, dtype=np.complex128)
        alarmed, found = np.zeros_like(quiet), np.zeros_like(quiet)
        for stage in np.flatnonzero(goes[:after, of_class]).tolist():
            law = self._laws.transform(self._length(stage, of_class, occupants))
            finds, alarms = float(inspection.finds[stage, status]), float(inspection.alarms[stage, status])
            if inspection.after_alarm[stage]:
                found += finds * alarmed * law
                alarmed *= (1.0 - finds) * law
            else:
                found += finds * (alarmed + quiet) * law
                alarmed = (1.0 - finds) * (alarmed + alarms * quiet) * law
                quiet *= (1.0 - finds) * (1.0 - alarms) * law
        if not self._plan.frees_bay:
            found *= self._laws.transform(self._length(after, of_class, occupants))
        return quiet + alarmed + found

    def _stages(self, pause_s: float) -> FloatArray:
        inspection = self._plan.inspection
        charges = np.zeros((*inspection.applies.shape, len(self._overruns_s)))
        pause = self._laws.transform(Length(pause_s, 0.0, memoryless=False))
        for stage, of_class in np.argwhere(inspection.applies).tolist():
            law = sum(
                chance * self._laws.transform(self._length(stage, of_class, occupants))
                for occupants, chance in self._occupants[of_class]
            )
            charges[stage, of_class] = self._laws.charges_s(law * pause, self._overruns_s)
        return charges
