"""Varied keys that change nothing, and design points with the same results, in words."""

from collections.abc import Iterable

from funnelsim.experiments.no_effect import NoEffect
from funnelsim.experiments.sweep import Sweep
from funnelsim.scenario.toml_text import value_text
from funnelsim.wording import counted, joined

MOST_SETS = 5


def no_effect_sentence(found: NoEffect) -> str:
    """Return which varied key changes nothing, and where.

    Examples
    --------
    >>> no_effect_sentence(NoEffect(("area.spots",), {"area.bays": (0,)}, ((0, 1),), True, False))
    'area.spots changes nothing where area.bays = 0: all its values give the same plan.'
    >>> no_effect_sentence(NoEffect(("area.bays",), {}, ((2, 3), (6, 7)), False, False))
    'area.bays changes nothing among some points, which are the same plan: 2 and 3; 6 and 7.'
    """
    change = "changes" if len(found.keys) == 1 else "change"
    what = f"{change} nothing{' but the hours and the cost of officers' if found.but_hours else ''}"
    said = f"{joined(found.keys)} {what}"
    if found.whole:
        where = "".join(f" where {key} = {_or(map(value_text, values))}" for key, values in found.where.items())
        return f"{said}{where}: all {'its' if len(found.keys) == 1 else 'their'} values give the same plan."
    sets = [joined([str(point) for point in points]) for points in found.points[:MOST_SETS]]
    more = f"; and {len(found.points) - MOST_SETS} more" if len(found.points) > MOST_SETS else ""
    return f"{said} among some points, which are the same plan: {'; '.join(sets)}{more}."


def _or(values: Iterable[str]) -> str:
    return " or ".join(values)


def same_results_sentence(sweep: Sweep) -> str | None:
    """Return how many points have the results of another; None where none has."""
    number = sweep.same_as.len() - sweep.same_as.null_count()
    if not number:
        return None
    has = "has" if number == 1 else "have"
    return (
        f"{counted(number, 'point')} {has} the same results as another in every measure (marked =): what is varied "
        "changes nothing there, so only the other is ranked."
    )
