"""Output on any console: what its character set lacks is shown as nearly as it can, and nothing fails for it."""

import codecs
import sys
import unicodedata

from funnelsim.scenario.toml_text import printable

HANDLER = "funnelsim"
PLAIN = {
    "±": "+-",
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "…": "...",
    "≤": "<=",
    "≥": ">=",
    "\N{MULTIPLICATION SIGN}": "x",
    "→": "->",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "“": '"',
    "”": '"',
    "ß": "ss",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
}


def print_what_is_possible() -> None:
    """Let both streams replace what they cannot show instead of raising an error."""
    codecs.register_error(HANDLER, _nearest)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # not every stream that stands in for one
            stream.reconfigure(errors=HANDLER)


def echo(text: str) -> None:
    """Print lines as they are: rich would take brackets for markup, and click print UTF-8 on any console."""
    sys.stdout.write(_lines(text))


def say(text: str) -> None:
    """Print lines on the error stream, as they are."""
    sys.stderr.write(_lines(text))


def _lines(text: str) -> str:
    return "".join(f"{printable(line)}\n" for line in text.split("\n"))


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(character: str) -> str:
    """Return a character in ASCII: by the table, or without its accents, or as a question mark."""
    decomposed = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return PLAIN.get(character) or decomposed or "?"
