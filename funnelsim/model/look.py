"""How much a look tells: longer looks tell more, tired officers less."""

import math

from funnelsim.model.compiled import compiled


@compiled
def quality(look_s: float, reference_s: float, at_post_s: float, half_life_s: float) -> float:
    """Return the factor on a target's cue: the square root of the look over its reference, halved as officers tire.

    Parameters
    ----------
    look_s, reference_s
        The look, and the look for which the cue holds; infinite where all looks tell the same.
    at_post_s, half_life_s
        How long the officer has stood at the post, and after what time a look tells half; infinite where nobody tires.

    Examples
    --------
    >>> quality(8.0, 2.0, 0.0, math.inf), round(quality(2.0, 2.0, 3600.0, 3600.0), 12)
    (2.0, 0.5)

    References
    ----------
    Green and Swets (1966), Signal detection theory and psychophysics: d' of independent observations that are summed
    grows with the square root of their number.
    """
    clear = 1.0 if reference_s == math.inf else math.sqrt(look_s / reference_s)
    return clear if half_life_s == math.inf else clear * math.exp(-math.log(2.0) * at_post_s / half_life_s)
