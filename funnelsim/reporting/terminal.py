"""The page: sections as a terminal or a text file shows them."""

import io
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from funnelsim.reporting.section import Entry, Grid, Section, SideBySide
from funnelsim.scenario.toml_text import plain_text as printable

WIDE = 110  # characters from which columns that are good to know are shown
MARGIN = 2
LONGEST_TEXT = 10_000
SHORTEST_LINE = 20
GAP = 2  # between columns
LINES = 2  # of a label beside its numbers; longer ones are hard to read
HELD = "\N{NO-BREAK SPACE}"
_UNIT = re.compile(r"(?<=\d) (?=(?:s|min|m|h|km/h|hours?|%)(?:\W|$))|(?<=±) ")


@dataclass(frozen=True)
class Page:
    """Sections, ready for a rich console, laid out for its width; without colours where there is no terminal.

    Parameters
    ----------
    sections
        What is shown, in this order.
    """

    sections: Sequence[Section | SideBySide]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the parts of the page."""
        for number, section in enumerate(self.sections):
            if number:
                yield Text("")
            if isinstance(section, SideBySide):
                yield from _beside_each_other(section, console, options)
            else:
                yield from _one_below_the_other(section, options.max_width)


def _one_below_the_other(section: Section, width: int) -> Iterator[RenderableType]:
    if section.heading:
        yield _words(section.heading, "bold")
    for item in section.items:
        yield _laid_out(item, MARGIN if section.heading else 0, width)


def _beside_each_other(pair: SideBySide, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
    """Yield two sections beside each other if both have room without a folded line, else one below the other."""
    halves = [Group(*_one_below_the_other(section, LONGEST_TEXT)) for section in (pair.left, pair.right)]
    unlimited = options.update(width=LONGEST_TEXT)
    if sum(Measurement.get(console, unlimited, half).maximum for half in halves) > options.max_width:
        for section in (pair.left, pair.right):
            yield from _one_below_the_other(section, options.max_width)
        return
    table = Table(box=None, padding=0, pad_edge=False, show_header=False)
    table.add_row(*halves)
    yield table


def plain_text(sections: Sequence[Section | SideBySide], width: int = 100) -> str:
    """Return sections as text without colours, lines at most `width` characters long."""
    stream = io.StringIO()
    Console(file=stream, width=width, color_system=None, legacy_windows=False).print(Page(sections))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def _laid_out(item: str | Entry | Grid, inset: int, width: int) -> RenderableType:
    if isinstance(item, Grid) and _needed(item) > width - inset:
        return Text("\n".join(_stacked(item, inset, width)), no_wrap=True, overflow="ignore")
    if isinstance(item, Grid):
        item = _printable(item)
    if isinstance(item, Grid) and _is_cramped(item, width - inset):
        return Text("\n".join(_folded(item, inset, width)), no_wrap=True, overflow="ignore")
    if isinstance(item, Grid):
        return Padding(_table(_hanging(item, width - inset), width), (0, 0, 0, inset), expand=False)
    mark = " " * inset + (f"{item.mark} " if isinstance(item, Entry) else "")
    text = printable(item.text if isinstance(item, Entry) else item, LONGEST_TEXT)
    return Text(wrapped(text, width, mark), no_wrap=True, overflow="ignore")


def wrapped(text: str, width: int, mark: str = "") -> str:
    """Return text in lines of at most `width` cells of a terminal, no number parted from its unit.

    Parameters
    ----------
    text
        One or more sentences.
    width
        Of the page.
    mark
        Stands in front of the first line; the others are set in as far.

    Examples
    --------
    >>> print(wrapped("The limit is at most 12 min.", 24))
    The limit is at most
    12 min.
    """
    room = max(width, SHORTEST_LINE) - cell_len(mark)
    lines: list[str] = []
    for word in _UNIT.sub(HELD, text.replace("\n", " ")).split(" "):
        parts = chop_cells(word, room) if cell_len(word) > room else [word]
        for part in filter(None, parts):
            if lines and cell_len(lines[-1]) + 1 + cell_len(part) <= room:
                lines[-1] += f" {part}"
            else:
                lines.append(part)
    indents = [mark, *[" " * len(mark)] * (len(lines) - 1)]
    return "\n".join(f"{indent}{line}" for indent, line in zip(indents, lines, strict=False)).replace(HELD, " ")


def _needed(grid: Grid) -> int:
    """Return the least width at which a table can be read, 0 for one without heads.

    The first column wraps, but into no more than a few lines.
    """
    shown = [place for place, column in enumerate(grid.columns) if not column.only_wide]
    if not any(grid.columns[place].head for place in shown[1:]):
        return 0
    first = [*grid.columns[shown[0]].head.split("\n"), *(row[shown[0]] for row in grid.rows)]
    label = max((_least_room(text) for text in first), default=0)
    widths = [
        max(map(len, [*grid.columns[place].head.split("\n"), *(row[place] for row in grid.rows)]))
        for place in shown[1:]
    ]
    return label + sum(widths) + GAP * len(widths)


def _least_room(label: str) -> int:
    """Return the least width at which a label goes into a few lines, no word of it cut."""
    longest = max(map(len, label.split()), default=0)
    return next(room for room in range(longest, len(label) + 1) if len(_lines_of_label(label, room)) <= LINES)


def _stacked(grid: Grid, inset: int, width: int) -> Iterator[str]:
    """Yield a table that is too wide for the page as a block of lines for each row."""
    indent = " " * inset
    for row in grid.rows:
        bare = row[0][:1].isdigit() and grid.columns[0].head  # a number alone does not say what it is
        title = f"{bare} {row[0]}".replace("\n", " ") if bare else row[0]
        yield wrapped(printable(title, LONGEST_TEXT), width, indent)
        for column, cell in zip(grid.columns[1:], row[1:], strict=True):
            if cell and (column.head or not column.only_wide):  # a block has room for what a narrow table leaves out
                head = column.head.replace("\n", " ")
                yield wrapped(printable(f"{head}: {cell}", LONGEST_TEXT), width, f"{indent}  ")


def _printable(grid: Grid) -> Grid:
    return Grid(grid.columns, tuple(tuple(printable(cell, LONGEST_TEXT) for cell in row) for row in grid.rows))


def _shown(grid: Grid, width: int) -> list[int]:
    """Return the places of the columns for which a page has room; of those good to know the last go first."""
    shown = [place for place, column in enumerate(grid.columns) if width >= WIDE or not column.only_wide]
    if not any(column.head for column in grid.columns):
        return shown
    while _room_taken(grid, shown) > width and (extra := [place for place in shown if grid.columns[place].only_wide]):
        shown.remove(extra[-1])
    return shown


def _room_taken(grid: Grid, places: Sequence[int]) -> int:
    """Return the width of some columns of a table set in, no cell of which is wrapped or cut."""
    heads = [max(map(len, grid.columns[place].head.split("\n"))) for place in places]
    return sum(map(max, zip(heads, _widths(grid, places), strict=True))) + GAP * (len(heads) + 1)


def _widths(grid: Grid, places: Iterable[int]) -> list[int]:
    return [max((len(row[place]) for row in grid.rows), default=0) for place in places]


def _lines_of_label(label: str, room: int) -> list[str]:
    """Return a label in lines, all set in as it begins; a word that is too long stands out."""
    indent = " " * (len(label) - len(label.lstrip()))
    return textwrap.wrap(
        label.strip(),
        max(room, len(indent) + 1),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _room(grid: Grid, width: int) -> int:
    """Return how much of a page's width is left for the first column."""
    others = _shown(grid, width)[1:]
    return width - sum(_widths(grid, others)) - GAP * len(others)


def _without_heads(grid: Grid) -> bool:
    return not any(column.head for column in grid.columns)


def _is_cramped(grid: Grid, width: int) -> bool:
    """Tell whether labels of a table without heads do not go into two lines beside their numbers."""
    room = _room(grid, width)
    if not _without_heads(grid) or len(_shown(grid, width)) < len(grid.columns[:2]):
        return False
    lines = [_lines_of_label(row[0], room) for row in grid.rows]
    return any(len(label) > LINES or max(map(len, label), default=0) > room for label in lines)


def _hanging(grid: Grid, width: int) -> Grid:
    """Return a table without heads, its labels in lines as long as there is room for, each set in as it begins."""
    if not _without_heads(grid) or width >= WIDE:
        return grid
    room = _room(grid, width)
    return Grid(grid.columns, tuple(("\n".join(_lines_of_label(row[0], room)), *row[1:]) for row in grid.rows))


def _folded(grid: Grid, inset: int, width: int) -> Iterator[str]:
    """Yield a table without heads that is cramped: what stands behind the number is put together, and wraps, too."""
    indent, own = " " * inset, width - inset
    places = _shown(grid, own)
    value = _widths(grid, places[1:2])[0]
    behind = [" ".join(filter(None, (_held(row[place]) for place in places[2:]))) for row in grid.rows]
    free = own - value - 2 * GAP
    label_least, text_least = _longest_word(row[0] for row in grid.rows), _longest_word(behind)
    if free < label_least + text_least:
        yield from _number_by_number(grid, behind, inset, width)
        return

    def lines(room: int) -> list[tuple[list[str], list[str]]]:
        return [
            (_lines_of_label(row[0], room), _lines_of_label(text, free - room))
            for row, text in zip(grid.rows, behind, strict=True)
        ]

    def height(room: int) -> int:
        return sum(max(len(label), len(text)) for label, text in lines(room))

    room = min(range(free - text_least, label_least - 1, -1), key=height)
    for row, (label, text) in zip(grid.rows, lines(room), strict=True):
        for number, (left, right) in enumerate(zip_longest(label, text, fillvalue="")):
            cell = row[places[1]] if number == 0 else ""
            line = f"{indent}{left:<{room}}{' ' * GAP}{cell:>{value}}{' ' * GAP}{right}"
            yield line.rstrip().replace(HELD, " ")


def _held(cell: str) -> str:
    """Return an interval with blanks at which no line ends; anything else as it is."""
    return cell.replace(" ", HELD) if cell.startswith(("±", "(")) else cell


def _longest_word(texts: Iterable[str]) -> int:
    """Return the length of the longest word, with the indent in front of it."""
    indents = [(text, len(text) - len(text.lstrip(" "))) for text in texts]
    return max((indent + len(word) for text, indent in indents for word in text.split(" ") if word), default=0)


def _number_by_number(grid: Grid, behind: Sequence[str], inset: int, width: int) -> Iterator[str]:
    """Yield a table without heads on a page on which not even the numbers have room beside their labels."""
    for row, text in zip(grid.rows, behind, strict=True):
        deeper = " " * (inset + len(row[0]) - len(row[0].lstrip()))
        yield wrapped(row[0].strip(), width, deeper)
        yield wrapped(f"{row[1]} {text}".strip(), width, deeper + " " * GAP)


def _table(grid: Grid, width: int) -> Table:
    shown = _shown(grid, width)
    table = Table(
        box=None,
        padding=(0, GAP, 0, 0),
        pad_edge=False,
        header_style="dim",
        show_header=any(column.head for column in grid.columns),
    )
    # What is good to know gives way first, where the page is too narrow after all; else the first column does.
    gives_way = next((place for place in shown if grid.columns[place].only_wide), 0)
    lines = 1 + max(grid.columns[place].head.count("\n") for place in shown)
    for place in shown:
        column = grid.columns[place]
        heads = [_words(line) for line in column.head.split("\n")]
        table.add_column(
            Text("\n").join([*[Text("")] * (lines - len(heads)), *heads]),
            justify=column.side,
            style="dim" if column.only_wide else "",
            no_wrap=place != gives_way,
        )
    for row in grid.rows:
        cells = [Text("\n").join(map(_words, row[place].split("\n"))) for place in shown]
        for cell, place in zip(cells, shown, strict=True):
            cell.no_wrap = grid.columns[place].only_wide
            cell.overflow = "ellipsis" if grid.columns[place].only_wide else "fold"
        table.add_row(*cells)
    return table


def _words(text: str, style: str = "") -> Text:
    """Return text as it is: brackets are no markup, and nothing a terminal would obey comes through."""
    return Text(printable(text, LONGEST_TEXT), style=style)


def listed(texts: Iterable[str], mark: str = "-") -> Iterator[Entry]:
    """Yield sentences as the entries of a list."""
    for text in texts:
        yield Entry(mark, text)
