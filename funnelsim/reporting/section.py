"""A section of a command's output: a heading, sentences and tables of words, as plain data without layout."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal


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


def as_data(sections: Sequence[Section]) -> list[dict[str, Any]]:
    """Return sections as data for a file of JSON.

    Examples
    --------
    >>> sections = [Section("Limits", ("Kept.", Grid((Column("limit", "left"),), (("delay",),))))]
    >>> from_data(as_data(sections)) == sections
    True
    """
    return [
        {"heading": one.heading, "items": [item if isinstance(item, str) else asdict(item) for item in one.items]}
        for one in sections
    ]


def from_data(data: Sequence[Mapping[str, Any]]) -> list[Section]:
    """Return the sections that `as_data` made."""
    return [Section(one["heading"], tuple(map(_item, one["items"]))) for one in data]


def _item(data: str | Mapping[str, Any]) -> str | Entry | Grid:
    if isinstance(data, str):
        return data
    if "mark" in data:
        return Entry(data["mark"], data["text"])
    return Grid(tuple(Column(**column) for column in data["columns"]), tuple(map(tuple, data["rows"])))
