"""Numbers as people write them in count files: with dots or commas for thousands or for decimals.

``1.234`` is a thousand vehicles in Ljubljana and little more than one in Boston. One cell cannot tell which, the file
as a whole often can; where it cannot, the number is refused.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_PLAIN: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,40})?")
_COULD_BE_EITHER: Final = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_GROUPED: Final = {
    ".": re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?"),
    ",": re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?"),
}


@dataclass(frozen=True)
class NumberFormat:
    """How the numbers of one file are written.

    Parameters
    ----------
    decimal, thousands
        The marks that the file proves to separate decimals and thousands.

    Examples
    --------
    >>> NumberFormat.of(["1.234,5", "1.234"]).read("1.234")
    1234.0
    >>> NumberFormat.of(["1289.0", "1.234"]).read("1.234")
    1.234
    >>> NumberFormat.of(["1.234", "56"]).read("1.234")
    Traceback (most recent call last):
    ValueError: '1.234' can mean 1234 or 1.2340; write one of these
    """

    decimal: frozenset[str] = frozenset()
    thousands: frozenset[str] = frozenset()

    @classmethod
    def of(cls, texts: Iterable[str]) -> "NumberFormat":
        """Find the marks in all number cells of a file.

        A mark that is followed by anything but three digits is a decimal mark; one that is repeated, or
        stands before another mark, separates thousands. Where one mark is known, the other has the other meaning.
        """
        decimal: set[str] = set()
        thousands: set[str] = set()
        for text in {text for text in texts if "." in text or "," in text}:
            marks = [letter for letter in text if letter in ".,"]
            if len(set(marks)) > 1:
                thousands.add(marks[0])
                decimal.add(marks[-1])
            elif len(marks) > 1:
                thousands.add(marks[0])
            elif not _COULD_BE_EITHER.fullmatch(text):
                decimal.add(marks[0])
        for mark, other in ((".", ","), (",", ".")):
            if mark in decimal and other not in decimal:
                thousands.add(other)
            elif mark in thousands and other not in thousands:
                decimal.add(other)
        return cls(frozenset(decimal), frozenset(thousands))

    def read(self, text: str) -> float:
        """Return the number of vehicles written in a cell.

        Raises
        ------
        ValueError
            If the cell is no count or can mean two numbers.
        """
        mark = next((mark for mark in ".," if mark in text), None)
        if mark is not None and mark in self.decimal and mark in self.thousands:
            raise ValueError(f"{text!r} given, but the file uses {mark!r} both for thousands and for decimals")
        if _COULD_BE_EITHER.fullmatch(text) and mark not in self.decimal | self.thousands:
            digits = text.replace(",", "").replace(".", "")
            either = text.replace(",", ".") + "0"
            raise ValueError(f"{text!r} can mean {digits} or {either}; write one of these")
        plain = text
        for grouping in self.thousands:
            if grouping in text:
                if not _GROUPED[grouping].fullmatch(text):
                    raise ValueError(f"{text!r} given; allowed: a number of vehicles, 0 or more")
                plain = plain.replace(grouping, "")
        plain = plain.replace(",", ".")
        if re.fullmatch(r"-[0-9.]+", plain):
            raise ValueError(f"{text} given; a count is 0 or more")
        if not _PLAIN.fullmatch(plain):
            raise ValueError(f"{text[:40]!r} given; allowed: a number of vehicles, 0 or more")
        return float(plain)

    def note(self, texts: Iterable[str]) -> str | None:
        """Return a note on how numbers were read, with an example, where they have more than a decimal point."""
        for text in texts:
            if any(mark in text for mark in self.thousands) or "," in text:
                vehicles = self.read(text)
                shown = f"{vehicles:,.0f}" if vehicles.is_integer() else f"{vehicles:,}"
                return f"numbers are read as in this example: {text} = {shown} vehicles"
        return None
