"""Who evades the funnel: by word of mouth, by turning away at its sight, by leaving at the exit."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from funnelsim.arrays import FloatArray
from funnelsim.units import HOUR_S

if TYPE_CHECKING:
    from funnelsim.scenario.schema import Scenario


@dataclass(frozen=True, eq=False)
class Evasion:
    """Shares of those who keep away, by status: 0 an ordinary vehicle, k the k-th target type.

    Attributes
    ----------
    alerted, half_life_s
        Share that stays away once the word has gone round, and how fast it does.
    visible
        Share that turns away at the sight of the funnel.
    leaves
        Share that leaves at the exit at the sight of a queue.
    """

    alerted: FloatArray
    half_life_s: FloatArray
    visible: FloatArray
    leaves: FloatArray

    @property
    def anybody(self) -> bool:
        """Whether any driver may turn off."""
        return self.before_the_queue or bool(self.leaves.any())

    @property
    def before_the_queue(self) -> bool:
        """Whether any driver keeps away whatever the queue."""
        return bool(self.alerted.any() or self.visible.any())


def evasion_of(scenario: "Scenario") -> Evasion:
    """Collect the shares of drivers who evade the funnel."""
    evades = [target.evade for target in scenario.targets]
    share = scenario.approach.exit.share if scenario.approach.exit else 0.0
    own = [share if evade.queue is None else evade.queue for evade in evades] if scenario.approach.exit else []
    return Evasion(
        alerted=np.array([0.0, *(evade.alerted for evade in evades)]),
        half_life_s=np.array([np.inf, *(evade.half_life_h * HOUR_S for evade in evades)]),
        visible=np.array([0.0, *(evade.visible for evade in evades)]),
        leaves=np.array([share, *own] if own else [share] * (len(evades) + 1)),
    )
