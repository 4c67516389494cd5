"""Values of options: each is read and checked by a function, whose message says what was given and what is allowed."""

import math
from collections.abc import Callable
from pathlib import Path

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.wording import joined

MOST_SEED = 2**63 - 1


def whole_number(option: str, least: int, most: int | None = None) -> Callable[[str | int], int]:
    """Return what reads the whole number of an option."""
    allowed = f"a whole number, at least {least}" if most is None else f"a whole number from {least} to {most}"

    def read(given: str | int) -> int:
        try:
            number = int(given)
        except ValueError:
            raise _refused(option, given, allowed) from None
        if number < least or (most is not None and number > most):
            raise _refused(option, given, allowed)
        return number

    return read


def number(option: str, least: float, most: float) -> Callable[[str | float], float]:
    """Return what reads the number of an option."""

    def read(given: str | float) -> float:
        try:
            value = float(given)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise _refused(option, given, f"a number from {least:g} to {most:g}")
        return value

    return read


def share(option: str) -> Callable[[str | float], float]:
    """Return what reads the share of an option, written as 0.05 or as 5%."""

    def read(given: str | float) -> float:
        text = str(given).strip()
        try:
            value = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
        except ValueError:
            value = math.nan
        if not 0.0 <= value <= 1.0:
            raise _refused(option, given, "a share from 0 to 1, such as 0.05 or 5%")
        return value

    return read


def point_numbers(given: str | None) -> tuple[int, ...] | None:
    """Return the numbers of points of a sweep that `--points` names, separated by commas; None where it is not given.

    Raises
    ------
    FunnelsimError
        If they are not whole numbers.
    """
    if given is None:
        return None
    try:
        return tuple(int(part) for part in given.split(","))
    except ValueError:
        raise _refused("--points", given, "numbers of points of the sweep, separated by commas, such as 3,7") from None


def one_of(option: str, *words: str) -> Callable[[str], str]:
    """Return what reads an option that takes one of a few words."""

    def read(given: str) -> str:
        if given not in words:
            raise _refused(option, given, joined(words, "or"))
        return given

    return read


def typed_path(given: str | Path) -> Path:
    """Return the path that was typed; `~` at its beginning is the user's home, which not every shell fills in."""
    try:
        return Path(given).expanduser()
    except RuntimeError:  # of a user who is not known
        return Path(given)


def _refused(option: str, given: object, allowed: str) -> FunnelsimError:
    return FunnelsimError([Problem(option, f"{given} given; allowed: {allowed}")])
