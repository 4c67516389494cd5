"""The page as plain data: chapters of sentences, tables and figures; how it looks is the template's business."""

from dataclasses import dataclass

from funnelsim.reporting.section import Column, Entry, Grid, Section


@dataclass(frozen=True)
class Drawing:
    """A figure inside the page.

    Attributes
    ----------
    name
        Its short name, unique in the page.
    title
        What is shown; also what a reader hears who does not see.
    caption
        How to read it.
    content
        SVG as text, or a PNG as a data URI.
    is_svg
        Which of the two.
    """

    name: str
    title: str
    caption: str
    content: str
    is_svg: bool


@dataclass(frozen=True)
class Table:
    """A table with a caption; `marked` are the rows to which the text refers."""

    caption: str
    grid: Grid
    marked: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Folded:
    """Something long that opens on a click, and is open on paper."""

    summary: str
    items: tuple["Item", ...]


Item = str | Entry | Grid | Section | Table | Drawing | Folded


@dataclass(frozen=True)
class Chapter:
    """A part of the page.

    Attributes
    ----------
    name
        Its anchor in the page.
    heading
        Its heading.
    items
        What stands in it.
    boxed
        Whether it is set apart, as a method in a box is.
    """

    name: str
    heading: str
    items: tuple[Item, ...]
    boxed: bool = False


@dataclass(frozen=True)
class KeyNumber:
    """A number in large type: yield and burden stand side by side.

    Attributes
    ----------
    label
        What it is.
    value, beside
        The number and its interval.
    unit
        Its unit in words.
    """

    label: str
    value: str
    beside: str
    unit: str


@dataclass(frozen=True)
class Document:
    """Everything the page says.

    Attributes
    ----------
    title
        The scenario's.
    kind
        What it reports, as it stands behind "report of".
    question, answer
        What was asked; what came out, the sentence that matters most first.
    numbers, numbers_are
        Yield beside burden; what they are, where their labels do not say it all.
    chapters
        The rest, in its order.
    made_by
        The line at the foot.
    """

    title: str
    kind: str
    question: tuple[str, ...]
    answer: tuple[str, ...]
    numbers: tuple[KeyNumber, ...]
    chapters: tuple[Chapter, ...]
    made_by: str
    numbers_are: str = ""


def table_of(caption: str, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...], left: int = 1) -> Table:
    """Return a table of words: the first `left` columns are words, the others numbers."""
    columns = tuple(Column(head, "left" if place < left else "right") for place, head in enumerate(heads))
    return Table(caption, Grid(columns, rows))
