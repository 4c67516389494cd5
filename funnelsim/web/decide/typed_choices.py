"""What may change, as it is typed on the page: read as `--vary` is, but a comma may also be a decimal mark."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from funnelsim.errors import FunnelsimError, Problem, ScenarioError
from funnelsim.experiments.vary import TOGETHER, Factor, parse_factor
from funnelsim.scenario.key import CLOCK
from funnelsim.scenario.toml_text import plain_text
from funnelsim.web.change_words import key_said, value_said
from funnelsim.web.language import text
from funnelsim.web.numerals import read, two_ways

BETWEEN: Final = ";"
MOST_SAID: Final = 6
"""Values of a key that are named."""

_OF_FILE: Final = re.compile(r"[\"'\[{]")
_OPTIONS: Final = re.compile(r"^(--vary|--set|decide\.vary) ")


def choices_typed(lines: str) -> list[str]:
    r"""Return what was typed, one choice a line, as `--vary` takes it.

    Values stand between semicolons, with a comma or a point as their decimal mark; or between commas where that can be
    read in one way only.

    Raises
    ------
    FunnelsimError
        With all lines that cannot be read.

    Examples
    --------
    >>> choices_typed("area.bays=4; 5; 6\n selection.rate.van = 0,1 : 0,3\n\nselection.rate.car=0,2;0.3")
    ['area.bays=4,5,6', 'selection.rate.van=0.1:0.3', 'selection.rate.car=0.2,0.3']
    >>> choices_typed("area.bays=4,5,6\narea.bays+area.waiting=4+4,6+2\noperation.closes=13:00,13:30")
    ['area.bays=4,5,6', 'area.bays+area.waiting=4+4,6+2', 'operation.closes=13:00,13:30']
    """
    typed, problems = [], []
    for line in filter(None, map(str.strip, lines.splitlines())):
        try:
            typed.append(_choice(line))
            parse_factor(typed[-1])
        except FunnelsimError as error:
            problems += [Problem(line, one.message) for one in error.problems]
    if problems:
        raise FunnelsimError(problems)
    return typed


def _choice(line: str) -> str:
    key, _, values = (part.strip() for part in line.partition("="))
    if not values or _OF_FILE.search(line):  # as the file has it
        return line
    if BETWEEN in values:
        return f"{key}={','.join(_level(level) for level in values.split(BETWEEN))}"
    parts = [part.strip() for part in values.split(",")]
    decimals = _decimals(values)
    if all(map(str.isdecimal, parts)) and any("." in one for one in decimals):
        raise _ambiguous(values, decimals, parts)
    ends = [part.strip() for part in values.split(":")]
    if len(ends) > 1 and not all(map(CLOCK.match, parts)):
        return f"{key}={':'.join(map(_number, ends))}"
    return f"{key}={values}"


def _decimals(values: str) -> list[str]:
    """Return whole numbers and commas read as decimal numbers: with a space between them, or two by two."""
    if re.search(r",\s", values):
        return [one.replace(",", ".") for one in re.split(r",\s+", values)]
    parts = values.split(",")
    return [] if len(parts) % 2 else list(map(".".join, zip(parts[::2], parts[1::2], strict=True)))


def _level(typed: str) -> str:
    return TOGETHER.join(_number(part.strip()) for part in typed.split(TOGETHER))


def _number(typed: str) -> str:
    """Return a number with a point as its decimal mark, and anything else as it is."""
    if (ways := two_ways(typed)) is not None:
        raise _ambiguous(typed, [ways[1].replace(",", ".")], [ways[0]])
    number = read(typed)
    return typed if number is None or "," not in typed else f"{number:f}"


def _ambiguous(typed: str, one: Sequence[str], other: Sequence[str]) -> FunnelsimError:
    ways = [
        f'"{f"{BETWEEN} ".join(values)}"' for values in (one, other)
    ]  # in quotes, they stay as they have to be typed
    said = text("{given} given, which can mean {one} or {other}: write it like that")
    return FunnelsimError([Problem("", said.format(given=f'"{typed}"', one=ways[0], other=ways[1]))])


def refusal(error: FunnelsimError) -> str:
    """Return why what was typed cannot be asked, without the options of the command line."""
    if not error.problems:
        return str(error)
    return "\n".join(f"{_OPTIONS.sub('', one.where)}: {one.message}" for one in error.problems)


def choices_said(vary: Sequence[str]) -> str:
    """Return what may change in words.

    Examples
    --------
    >>> choices_said(["area.bays=4,5,6", "selection.rate.van=0.1:0.3"])
    'bays: 4, 5, 6; van selection rate: 10 % … 30 %'
    """
    return f"{BETWEEN} ".join(_said(vary))


def _said(vary: Sequence[str]) -> Iterator[str]:
    for one in vary:
        try:
            factor = parse_factor(one)
        except ScenarioError:  # of a job that was kept by another version
            yield plain_text(one)
        else:
            yield f"{f' {TOGETHER} '.join(map(key_said, factor.keys))}: {_values_said(factor)}"


def _values_said(factor: Factor) -> str:
    levels = [
        f" {TOGETHER} ".join(value_said(key, value) for key, value in zip(factor.keys, level, strict=True))
        for level in factor.levels
    ]
    if not levels:
        return " … ".join(value_said(factor.keys[0], end) for end in factor.span or ())
    return ", ".join(levels if len(levels) <= MOST_SAID else [*levels[: MOST_SAID - 2], "…", levels[-1]])
