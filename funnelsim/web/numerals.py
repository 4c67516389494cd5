"""Numbers as the visitor's language writes them, shown and typed.

English writes 2,300.5, German and Croatian 2 300,5 with a narrow space as in ISO 80000-1: a comma or a point between
thousands would be read as a decimal mark by the one or the other. The functions of the commands write English; what
they say is rewritten where the page shows it.
"""

import re
from decimal import Decimal
from typing import Final

from funnelsim.scenario.toml_text import plain_number
from funnelsim.web.language import language

NARROW_SPACE: Final = "\N{NARROW NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"

_CODE: Final = r"\{[^}]*\}|\[[^]]*\]|\"[^\"]*\"|`[^`]*`|= \S+"
_WRITTEN: Final = re.compile(rf"{_CODE}|(?<![\w.,=:])(\d{{1,3}}(?:,\d{{3}})+|\d+)(\.\d+)?(?!\d|[.,]\d)")
"""A number; or what is quoted of a file, in which it stays as TOML has it."""

_TYPED: Final = re.compile(rf"([-+{MINUS}]?)(\d+|\d{{1,3}}(?:[ \xa0{NARROW_SPACE}]\d{{3}})+|(?=[.,]\d))(?:[.,](\d*))?")
_TWO_WAYS: Final = re.compile(rf"([-+{MINUS}]?[1-9]\d{{0,2}})[.,](\d{{3}})")


def rewritten(said: str, language: str) -> str:
    r"""Return English words with their numbers as another language writes them.

    Parameters
    ----------
    said
        In which numbers are written as English writes them.
    language
        One of `LANGUAGES`.

    Examples
    --------
    >>> rewritten("1,234.5 m of 12,000 (lane.length_m = 1.5, [0.5, 1])", "de")
    '1\u202f234,5 m of 12\u202f000 (lane.length_m = 1.5, [0.5, 1])'
    >>> rewritten("1,234.5 m", "en")
    '1,234.5 m'
    """
    if language == "en":
        return said

    def number(found: re.Match[str]) -> str:
        whole, fraction = found.groups()
        return found[0] if whole is None else whole.replace(",", NARROW_SPACE) + (fraction or "").replace(".", ",")

    return _WRITTEN.sub(number, said)


def numbers(said: str) -> str:
    """Return what is said with its numbers as the language of the visitor writes them."""
    return rewritten(said, language())


def number_locale() -> str:
    """Return the locale with which a browser writes numbers as `numbers` does.

    That is French for those who do not read English: it has the narrow space and the comma of ISO 80000-1.
    """
    return "en" if language() == "en" else "fr"


def in_field(number: float) -> str:
    """Return a number as it stands in a field: without a mark between thousands, and readable in one way only."""
    return _in_field(f"{Decimal(repr(plain_number(number))):f}")


def _in_field(written: str) -> str:
    plain = written.rstrip("0").rstrip(".") if "." in written else written
    one_way = f"{plain}0" if "." in plain and _TWO_WAYS.fullmatch(plain) else plain
    return one_way if language() == "en" else one_way.replace(".", ",")


def read(typed: str) -> Decimal | None:
    """Return the number that was typed, with a comma or a point as the decimal mark; None if it is none.

    Examples
    --------
    >>> read("8,5"), read("8.5"), read("2 300"), read("-.5")
    (Decimal('8.5'), Decimal('8.5'), Decimal('2300.0'), Decimal('-0.5'))
    >>> [read(one) for one in ("2,000", "1.500,5", "1e3", "")]  # the first can be read in two ways
    [None, None, None, None]
    """
    found = _TYPED.fullmatch(typed.strip())
    if found is None or _TWO_WAYS.fullmatch(typed.strip()):
        return None
    sign, whole, fraction = found.groups()
    whole = "".join(digit for digit in whole if digit.isdecimal())
    return Decimal(f"{sign.replace(MINUS, '-')}{whole or 0}.{fraction or 0}")


def two_ways(typed: str) -> tuple[str, str] | None:
    """Return what a number such as 2,000 can mean, each as it would have to be typed; None if it means one thing."""
    found = _TWO_WAYS.fullmatch(typed.strip())
    return None if found is None else (found[1] + found[2], _in_field(f"{found[1]}.{found[2]}"))
