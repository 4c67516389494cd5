"""What a sweep varies: keys of the scenario, their values, and the design points made of them."""

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from funnelsim.errors import FunnelsimError, Problem, ScenarioError
from funnelsim.experiments.arguments import not_whole
from funnelsim.scenario.json_schema import Node, branches, child, root
from funnelsim.scenario.key import CLOCK
from funnelsim.scenario.overrides import parse_value, split_path
from funnelsim.scenario.toml_text import path_text, plain_text, short_text

Design = Literal["grid", "lhs", "sobol"]
DESIGNS = ("grid", "lhs", "sobol")
Point = dict[str, Any]
"""A design point: by varied key its value."""

TOGETHER = "+"
MOST_POINTS = 1_000_000
SIGNIFICANT = 12  # digits of a step's multiple: 0.1 + 2 * 0.1 is 0.3 to a planner
_RANGE = re.compile(r"([^:,\s]+)\s*:\s*([^:,\s]+)(?:\s*:\s*([^:,\s]+))?")
_OPENING, _CLOSING = "[{", "]}"


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
        Lowest and highest value of a range without a step, for designs that fill the space between; else None.
    whole
        Whether a span is filled with whole numbers alone.
    """

    keys: tuple[str, ...]
    levels: tuple[tuple[Any, ...], ...]
    span: tuple[float, float] | None = None
    whole: bool = False


def parse_factor(text: str) -> Factor:
    """Read ``KEY=VALUES``.

    Values are a list ``0.01,0.02,0.05``, words for enumerations ``score,random``, or a range
    ``lowest:highest:step`` with both ends; a range without a step, ``0:0.2``, is for designs that fill a space. Keys
    that move together are joined by ``+``, and so are their values: ``area.bays+area.waiting=4+4,6+2``. Each value is
    read as an override reads it; what stands in quotes or brackets is not split.

    Raises
    ------
    ScenarioError
        If there is no key, no value, or a range that leads nowhere.

    Examples
    --------
    >>> parse_factor("selection.rate.van=0.1:0.2:0.05").levels
    ((0.1,), (0.15,), (0.2,))
    >>> parse_factor("area.bays+area.waiting=4+4,6+2").levels
    ((4, 4), (6, 2))
    """
    written, *rest = _split(text, "=")
    values = text[len(written) + 1 :].strip()
    if not rest or not values:
        raise _error(text, "no key and values; allowed: KEY=VALUES, such as selection.rate.van=0.05,0.1")
    keys = _keys(written, text)
    if len(keys) == 1 and (found := _RANGE.fullmatch(values)) and not (CLOCK.match(values) and _is_clock(keys[0])):
        return _range(keys[0], text, *found.groups())
    return _listed(keys, _split(values, ","), text)


def factors_of(vary: Mapping[str, str | Sequence[Any]] | Sequence[str], table: str | None = None) -> list[Factor]:
    """Read all that is varied: texts as on the command line, or a table as in the scenario file.

    Parameters
    ----------
    vary
        What is varied.
    table
        The table of the scenario file in which it stands, such as `sweep.vary`, where it stands in one.

    Raises
    ------
    ScenarioError
        With all that is wrong.
    """
    problems = list(_not_varied(vary))
    if problems:
        raise ScenarioError(problems)
    entries = vary.items() if isinstance(vary, Mapping) else vary
    factors: list[Factor] = []
    for entry in entries:
        try:
            factors.append(parse_factor(entry) if isinstance(entry, str) else _from_table(*entry))
        except ScenarioError as error:
            found = error.problems
            problems += found if table is None else [Problem(f"{table} {entry[0]}", one.message) for one in found]
    if problems:
        raise ScenarioError(problems)
    return factors


def _not_varied(vary: Any) -> Iterator[Problem]:  # noqa: ANN401  (whatever was given from Python)
    """Yield what has not the form of something to vary, before anything is read."""
    if isinstance(vary, str | bytes) or not isinstance(vary, Mapping | Sequence):
        allowed = 'allowed: a list such as ["area.bays=4,6"], or a table such as {"area.bays": [4, 6]}'
        yield Problem("vary", f"{short_text(vary)} given ({type(vary).__name__}); {allowed}")
        return
    for entry in vary:
        if not isinstance(entry, str):
            allowed = "allowed: a key" if isinstance(vary, Mapping) else 'allowed: a text such as "area.bays=4,6"'
            yield Problem("vary", f"{short_text(entry)} given ({type(entry).__name__}); {allowed}")
    for written, values in vary.items() if isinstance(vary, Mapping) else ():
        if isinstance(values, bytes) or not isinstance(values, Sequence):
            allowed = 'allowed: a list of values, or a text such as "4:8"'
            yield Problem(f"vary {short_text(written)}", f"{short_text(values)} given; {allowed}")


def _from_table(written: str, values: str | Sequence[Any]) -> Factor:
    """Read one key of the table: a text as on the command line, or a list of values, whose texts are read so."""
    if isinstance(values, str):
        return parse_factor(f"{written}={values}")
    text = f"{written}={','.join(map(str, values))}"
    if not values:
        raise _error(text, "no values; allowed: a list of values, or a range such as 0:0.2:0.02")
    return _listed(_keys(written, text), values, text)


def _keys(written: str, text: str) -> tuple[str, ...]:
    try:
        return tuple(path_text(split_path(key.strip())) for key in _split(written, TOGETHER))
    except ScenarioError as error:
        raise _error(text, error.problems[0].message) from None


def _listed(keys: tuple[str, ...], levels: Sequence[Any], text: str) -> Factor:
    """Return the factor of some levels: texts, which are split and read, or values as they are."""
    rows = [
        [part.strip() for part in (_split(level, TOGETHER) if len(keys) > 1 else [level])]
        if isinstance(level, str)
        else [level]
        for level in levels
    ]
    if any(len(row) != len(keys) or "" in row for row in rows):
        each = "a value" if len(keys) == 1 else f"{len(keys)} values joined by +, such as {'+'.join('1' * len(keys))},"
        raise _error(text, f"allowed: {each} at each level, none left out")
    try:
        read = [tuple(parse_value(part) if isinstance(part, str) else part for part in row) for row in rows]
    except ScenarioError as error:
        raise _error(text, error.problems[0].message) from None
    if len(set(map(_identity, read))) < len(read):
        raise _error(text, "a value stands twice; allowed: each value once")
    return Factor(keys, tuple(read))


def _identity(values: Sequence[Any]) -> str:
    """Return a text that is the same for equal values: 1 is 1.0, but not true."""
    return repr([float(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in values])


def _split(text: str, mark: str) -> list[str]:
    """Split at a mark, but not within quotes or brackets, nor at the + of a number such as 1e+3."""
    parts, depth, quote = [""], 0, ""
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote and text[place - 1] != "\\" else quote
        elif character in "\"'":
            quote = character
        depth += (character in _OPENING) - (character in _CLOSING) if not quote else 0
        of_number = character == "+" and re.search(r"(?:^|[,+])\s*[\d.]+[eE]$", text[:place])
        if character == mark and not quote and depth <= 0 and not of_number:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _node(key: str) -> Iterator[Node]:
    """Yield the forms that a key may take according to the schema; none where it is not known."""
    node: Node | None = root()
    for part in split_path(key):
        node = child(node, part) if node is not None else None
    if node is not None:
        yield from branches(node)


def _is_clock(key: str) -> bool:
    return any(form.get("pattern") == CLOCK.pattern for form in _node(key))


def _is_whole(key: str) -> bool:
    return any(form.get("type") == "integer" for form in _node(key))


def _range(key: str, text: str, low_text: str, high_text: str, step_text: str | None) -> Factor:
    low, high = (_number(part, text) for part in (low_text, high_text))
    if not low < high:
        raise _error(text, f"{low_text}:{high_text} leads nowhere; allowed: a lower value, then a higher one")
    if step_text is None:
        whole = _is_whole(key)
        if whole and not (isinstance(low, int) and isinstance(high, int)):
            raise _error(text, f"{low_text}:{high_text} given; allowed: whole numbers")
        return Factor((key,), (), (low, high), whole)
    step = _number(step_text, text)
    if step <= 0 or (high - low) / step > MOST_POINTS:
        raise _error(text, f"{step_text} given as step; allowed: above 0, at most {MOST_POINTS:,} steps")
    whole = all(isinstance(value, int) for value in (low, high, step))
    count = math.floor((high - low) / step + 1e-9) + 1
    digits = SIGNIFICANT - math.floor(math.log10(max(abs(low), abs(high))))
    values = [low + k * step if whole else round(low + k * step, digits) for k in range(count)]
    return Factor((key,), tuple((value,) for value in values))


def _number(written: str, text: str) -> float:
    try:
        return int(written)
    except ValueError:
        pass
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _error(text, f"{written} given in a range; allowed: numbers")
    return value


def _error(text: str, message: str) -> ScenarioError:
    return ScenarioError([Problem(f"--vary {plain_text(text)}", message)])


def design_points(
    factors: Sequence[Factor], design: Design = "grid", points: int | None = None, seed: int = 1
) -> list[Point]:
    """Return the design points, in a fixed order.

    Parameters
    ----------
    factors
        What is varied.
    design
        "grid": every combination of levels, the last factor fastest. "lhs": a Latin hypercube; "sobol": scrambled
        Sobol points. The latter two fill a range without a step (with whole numbers where the key takes no others)
        and use the levels of a list or a stepped range evenly.
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
    problems = list(_design_problems(factors, design, points))
    if problems:
        raise FunnelsimError(problems)
    if design == "grid":
        keys = [key for factor in factors for key in factor.keys]
        rows = itertools.product(*(factor.levels for factor in factors))
        return [dict(zip(keys, itertools.chain(*row), strict=True)) for row in rows]
    return [
        {key: value for factor, u in zip(factors, row, strict=True) for key, value in _placed(factor, float(u))}
        for row in _unit_points(design, len(factors), int(points or 0), seed)
    ]


def _design_problems(factors: Sequence[Factor], design: Design, points: int | None) -> Iterable[Problem]:
    keys = [key for factor in factors for key in factor.keys]
    if not keys:
        yield Problem("--vary", "nothing is varied; allowed: KEY=VALUES, such as selection.rate.van=0.05,0.1")
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        yield Problem("--vary", f"{', '.join(twice)} varied twice; allowed: each key once")
    if design not in DESIGNS:
        yield Problem("--design", f"{short_text(design)} given; allowed: {', '.join(DESIGNS)}")
        return
    if design != "grid":
        if points is None or not_whole("", points, 1, MOST_POINTS) is not None:
            given = "not" if points is None else short_text(points)
            yield Problem("--points", f"{given} given; allowed for {design}: 1 to {MOST_POINTS:,}")
        return
    if open_ranges := [factor.keys[0] for factor in factors if not factor.levels]:
        yield Problem("--vary", f"{', '.join(open_ranges)}: a range without a step; allowed in a grid: low:high:step")
    elif (number := math.prod(len(factor.levels) for factor in factors)) > MOST_POINTS:
        yield Problem("--vary", f"the grid has {number:,} points; allowed: at most {MOST_POINTS:,}")
    if points is not None:
        yield Problem("--points", f"{short_text(points)} given for a grid; allowed: with --design lhs or sobol")


def _unit_points(design: Design, factors: int, points: int, seed: int) -> Any:  # noqa: ANN401  (an array)
    from scipy.stats import qmc  # noqa: PLC0415  (heavy, and a grid needs none)

    generator = np.random.default_rng(seed)
    if design == "lhs":
        return qmc.LatinHypercube(factors, rng=generator).random(points)
    # A power of two is balanced; the first points of the next power are as even as others can be.
    return qmc.Sobol(factors, rng=generator).random_base2(math.ceil(math.log2(points)))[:points]


def _placed(factor: Factor, u: float) -> list[tuple[str, Any]]:
    if factor.span is None:
        return list(zip(factor.keys, factor.levels[int(u * len(factor.levels))], strict=True))
    low, high = factor.span
    return [(factor.keys[0], int(low) + int(u * (high - low + 1)) if factor.whole else low + u * (high - low))]
