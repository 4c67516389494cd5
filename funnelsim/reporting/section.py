"""A section of a command's output: a heading, sentences and tables of words, as plain data without layout."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Column:
    """One column of a grid.

    Parameters
    ----------
    head
        Its heading; empty for none.
    side
        To which side its cells are aligned: numbers to the right, words to the left.
    only_wide
        Whether it is left out where the page is narrow: what is good to know, but not needed to understand.
    """

    head: str = ""
    side: Literal["left", "right"] = "right"
    only_wide: bool = False


@dataclass(frozen=True)
class Grid:
    """Rows of cells under columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class SideBySide:
    """Two sections of one table each, beside each other, or one below the other where the page is too narrow."""

    left: "Section"
    right: "Section"


@dataclass(frozen=True)
class Entry:
    """A sentence with its mark in front, as in a list: "1." or "-"."""

    mark: str
    text: str


@dataclass(frozen=True)
class Section:
    """A heading and the items under it; a text is one or more sentences, wrapped to the page."""

    heading: str
    items: tuple[str | Entry | Grid, ...]


def sentence(text: str) -> str:
    """Return a text with a capital letter at its beginning.

    Examples
    --------
    >>> sentence("kept on average")
    'Kept on average'
    """
    return text[:1].upper() + text[1:]
