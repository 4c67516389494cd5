"""How many targets can be among the selected: the ROC curve of a look, from above, by tangents."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from funnelsim.arrays import FloatArray


@dataclass(frozen=True, eq=False)
class Looks:
    """How much the looks of one funnel tell.

    Attributes
    ----------
    quality, weight
        Factors on the cue, and how often they occur, each of shape (qualities,).
    """

    quality: FloatArray
    weight: FloatArray

    def tangent(self, cue: FloatArray, slope: FloatArray) -> FloatArray:
        """Return where a tangent of the ROC curve begins: max over selections of P(target) - slope P(ordinary).

        For each quality q the best selection is of all scores above the one at which the likelihood ratio is the slope.
        An officer who knew q could do no better, so the tangent lies above what any selection reaches.

        Parameters
        ----------
        cue, slope
            Mean of a target's score, and the slope; of one shape.

        Examples
        --------
        >>> looks = Looks(np.array([1.0]), np.array([1.0]))
        >>> float(looks.tangent(np.array(0.0), np.array(0.5)))  # a blind look: select everybody
        0.5
        >>> round(float(looks.tangent(np.array(2.0), np.array(1.0))), 6)  # 2 Phi(1) - 1
        0.682689
        """
        means = np.abs(cue)[..., None] * self.quality
        with np.errstate(divide="ignore", invalid="ignore"):
            cutoff = np.log(slope)[..., None] / means + means / 2.0
        reached = ndtr(means - cutoff) - slope[..., None] * ndtr(-cutoff)
        blind = np.maximum(1.0 - slope[..., None], 0.0)
        intercept: FloatArray = np.where(means > 0.0, reached, blind) @ self.weight
        return intercept

    def slope(self, cue: FloatArray, cutoff: FloatArray) -> FloatArray:
        """Return the likelihood ratio at a cutoff of the score, for a look of mean quality."""
        mean = np.abs(cue) * float(self.quality @ self.weight)
        ratio: FloatArray = np.exp(np.clip(mean * cutoff - mean * mean / 2.0, -500.0, 500.0))
        return ratio
