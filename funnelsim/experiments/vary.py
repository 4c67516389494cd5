"""What a sweep varies: keys of the scenario, their values, and the design points made of them."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from funnelsim.errors import FunnelsimError, Problem, ScenarioError
from funnelsim.scenario.overrides import parse_override

Design = Literal["grid", "lhs", "sobol"]
Point = dict[str, Any]
"""A design point: by varied key its value."""

TOGETHER = "+"
MOST_POINTS = 1_000_000
_RANGE = re.compile(r"([^:,]+):([^:,]+)(?::([^:,]+))?")


@dataclass(frozen=True)
class Factor:
    """One or more keys that move together.

    Attributes
    ----------
    keys
        Dotted keys.
    levels
        Their values in turn: a value for each key at each level. Empty where only a span is given.
    span
        Lowest and highest value, for designs that fill the space between; else None.
    """

    keys: tuple[str, ...]
    levels: tuple[tuple[Any, ...], ...]
    span: tuple[float, float] | None = None


def parse_factor(text: str) -> Factor:
    """Read ``KEY=VALUES``.

    Values are a list ``0.01,0.02,0.05``, words for enumerations ``score,random``, or a range
    ``lowest:highest:step`` with both ends; a range without a step, ``0:0.2``, is for designs that fill a space. Keys
    that move together are joined by ``+``, and so are their values: ``area.bays+area.waiting=4+4,6+2``.

    Raises
    ------
    ScenarioError
        If there is no key, no value, or a range that leads nowhere.

    Examples
    --------
    >>> parse_factor("selection.rate.van=0.1:0.2:0.05").levels
    ((0.1,), (0.15,), (0.2,))
    >>> parse_factor("area.bays+area.waiting=4+4,6+2")
    Factor(keys=('area.bays', 'area.waiting'), levels=((4, 4), (6, 2)), span=None)
    """
    written, equals, values = text.partition("=")
    keys = tuple(key.strip() for key in written.split(TOGETHER))
    if not equals or not values.strip() or not all(keys):
        raise _error(text, "no key and values; allowed: KEY=VALUES, such as selection.rate.van=0.05,0.1")
    if len(keys) == 1 and (found := _RANGE.fullmatch(values.strip())):
        return _range(keys[0], text, *found.groups())
    levels = [level.strip() for level in values.split(",")]
    rows = [[part.strip() for part in level.split(TOGETHER)] if len(keys) > 1 else [level] for level in levels]
    if any(len(row) != len(keys) or not all(row) for row in rows):
        raise _error(
            text, f"allowed: at each level {len(keys)} values joined by +, such as {'+'.join('12345'[: len(keys)])}"
        )
    read = tuple(tuple(parse_override(f"{key}={part}")[1] for key, part in zip(keys, row, strict=True)) for row in rows)
    if len(set(map(str, read))) < len(read):
        raise _error(text, "a value stands twice; allowed: each value once")
    return Factor(keys, read)


def _range(key: str, text: str, low_text: str, high_text: str, step_text: str | None) -> Factor:
    low, high = (_number(part, text) for part in (low_text, high_text))
    if not low < high:
        raise _error(text, f"{low_text}:{high_text} leads nowhere; allowed: a lower value, then a higher one")
    if step_text is None:
        return Factor((key,), (), (low, high))
    step = _number(step_text, text)
    if step <= 0 or (high - low) / step > MOST_POINTS:
        raise _error(text, f"{step_text} given as step; allowed: above 0, at most {MOST_POINTS:,} steps")
    whole = all(isinstance(value, int) for value in (low, high, step))
    count = int(np.floor((high - low) / step + 1e-9)) + 1
    digits = 12 - int(np.floor(np.log10(max(abs(low), abs(high)))))  # 0.1 + 2 * 0.1 is 0.3 to a planner
    values = [low + k * step if whole else round(low + k * step, digits) for k in range(count)]
    return Factor((key,), tuple((value,) for value in values), (low, high))


def _number(written: str, text: str) -> float:
    try:
        return int(written)
    except ValueError:
        pass
    try:
        value = float(written)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise _error(text, f"{written} given in a range; allowed: numbers")
    return value


def _error(text: str, message: str) -> ScenarioError:
    return ScenarioError([Problem(f"--vary {text}", message)])


def design_points(factors: Sequence[Factor], design: Design, points: int | None, seed: int) -> list[Point]:
    """Return the design points, in a fixed order.

    Parameters
    ----------
    factors
        What is varied.
    design
        "grid": every combination of levels, the last factor fastest. "lhs": a Latin hypercube; "sobol": scrambled
        Sobol points. The latter two fill the span of a range (whole numbers where both ends are) and the levels of a
        list evenly.
    points
        How many points, for "lhs" and "sobol".
    seed
        Names the random shifts of these designs.

    Raises
    ------
    FunnelsimError
        If a grid has a range without a step, a design no number of points, or a key is varied twice.

    References
    ----------
    McKay, Beckman and Conover (1979), A comparison of three methods for selecting values of input variables,
    Technometrics 21. doi:10.2307/1268522. Owen (1998), Scrambling Sobol' and Niederreiter-Xing points, Journal of
    Complexity 14. doi:10.1006/jcom.1998.0487
    """
    keys = [key for factor in factors for key in factor.keys]
    if not factors or len(set(keys)) < len(keys):
        raise FunnelsimError(f"varied: {', '.join(keys) or 'nothing'}; allowed: one key or more, each once")
    if design == "grid":
        open_ranges = [factor.keys[0] for factor in factors if not factor.levels]
        if open_ranges:
            raise FunnelsimError(f"{', '.join(open_ranges)}: a range without a step; allowed in a grid: low:high:step")
        number = int(np.prod([len(factor.levels) for factor in factors]))
        if number > MOST_POINTS:
            raise FunnelsimError(f"the grid has {number:,} points; allowed: at most {MOST_POINTS:,}")
        rows = itertools.product(*(factor.levels for factor in factors))
        return [dict(zip(keys, itertools.chain(*row), strict=True)) for row in rows]
    if points is None or not 1 <= points <= MOST_POINTS:
        raise FunnelsimError(f"points = {points} given; allowed for {design}: 1 to {MOST_POINTS:,} (--points)")
    return [
        {key: value for factor, u in zip(factors, row, strict=True) for key, value in _placed(factor, float(u))}
        for row in _unit_points(design, len(factors), points, seed)
    ]


def _unit_points(design: Design, factors: int, points: int, seed: int) -> Any:  # noqa: ANN401  (an array)
    from scipy.stats import qmc  # noqa: PLC0415  (heavy, and a grid needs none)

    generator = np.random.default_rng(seed)
    if design == "lhs":
        return qmc.LatinHypercube(factors, rng=generator).random(points)
    # A power of two is balanced; the first points of the next power are as even as others can be.
    power = int(np.ceil(np.log2(points)))
    return qmc.Sobol(factors, rng=generator).random_base2(power)[:points]


def _placed(factor: Factor, u: float) -> list[tuple[str, Any]]:
    if factor.span is not None:
        low, high = factor.span
        if isinstance(low, int) and isinstance(high, int):
            return [(factor.keys[0], low + int(u * (high - low + 1)))]
        return [(factor.keys[0], low + u * (high - low))]
    return list(zip(factor.keys, factor.levels[int(u * len(factor.levels))], strict=True))
