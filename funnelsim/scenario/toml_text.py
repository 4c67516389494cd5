"""Values, keys and dotted paths as text in a TOML file."""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_NAME = re.compile(r"[^\W](?:[^.=\"'\[\]\\]*[^\W])?")
# Python refuses to write out whole numbers of more than 4,300 digits in decimal; TOML knows hexadecimal, too.
_DECIMAL_BITS = 10_000
_DIGITS = 12  # that a planner may write; a float has a few more


def value_text(value: Any) -> str:  # noqa: ANN401, PLR0911  (whatever a TOML file can hold, a case each)
    """Return a value as TOML text, on one line.

    What TOML cannot express is given as in Python, because this text is also used in error messages.

    Examples
    --------
    >>> print(value_text({"default": 0.05, "full search": [1, True, "a b"]}))
    { default = 0.05, "full search" = [1, true, "a b"] }
    """
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value) if value.bit_length() < _DECIMAL_BITS else hex(value)
        case float():
            return repr(value)
        case str():
            return _quoted(value)
        case dt.date() | dt.time():
            return value.isoformat()
        case Mapping():
            items = ", ".join(f"{key_text(name)} = {value_text(item)}" for name, item in value.items())
            return f"{{ {items} }}" if items else "{}"
        case list() | tuple():
            return f"[{', '.join(map(value_text, value))}]"
        case _:
            return printable(repr(value))


def plain_number(value: float) -> float:
    """Return a number without the digits that binary arithmetic adds, as a planner would write it.

    Examples
    --------
    >>> 0.65 + 0.05, plain_number(0.65 + 0.05)
    (0.7000000000000001, 0.7)
    """
    return float(f"{value:.{_DIGITS}g}")


def key_text(key: object) -> str:
    """Return a key as TOML text: bare where TOML allows that, else in quotes."""
    text = key if isinstance(key, str) else repr(key)
    return text if BARE_KEY.fullmatch(text) else _quoted(text)


def path_text(path: Sequence[object]) -> str:
    """Return a dotted path; names with spaces are not quoted, names with other characters are.

    Examples
    --------
    >>> print(path_text(("area", "stages", "full search", "finds", "a.b")))
    area.stages.full search.finds."a.b"
    """
    parts = (part if isinstance(part, str) else repr(part) for part in path)
    return ".".join(part if _PLAIN_NAME.fullmatch(part) and part.isprintable() else _quoted(part) for part in parts)


def short_text(value: Any, limit: int = 60) -> str:  # noqa: ANN401  (whatever a TOML file can hold)
    """Return a value as TOML text, shortened for messages.

    Examples
    --------
    >>> short_text("x" * 100, limit=12)
    '"xxxxxxxx...'
    """
    return plain_text(value_text(value), limit)


def plain_text(text: str, limit: int = 80) -> str:
    r"""Return user input as a message can show it: shortened, and without control characters.

    Examples
    --------
    >>> print(plain_text("a" + chr(9) + "b"))
    a\u0009b
    """
    text = printable(text)
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def _quoted(text: str) -> str:
    return printable(json.dumps(text, ensure_ascii=False))


def printable(text: str) -> str:
    """Escape control and invisible characters, in a form that TOML can read.

    What a terminal would obey, such as a change of colour in the name of a site, is shown instead.
    """
    return "".join(
        character
        if character.isprintable()
        else f"\\u{ord(character):04x}"
        if ord(character) <= 0xFFFF  # noqa: PLR2004  (the last character that \u can name)
        else f"\\U{ord(character):08x}"
        for character in text
    )
