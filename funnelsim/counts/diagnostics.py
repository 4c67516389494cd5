"""What is found while a count file is read: problems, warnings and notes."""

from collections.abc import Iterable

from funnelsim.counts.csv_file import Row
from funnelsim.errors import CountsError, Problem
from funnelsim.wording import counted, verb


class Diagnostics:
    """Collects the problems, warnings and notes of one file, so that all problems are reported at once.

    Parameters
    ----------
    source
        The file's name.
    notes
        What is known already, such as how the text was decoded.

    Attributes
    ----------
    problems
        What makes the file unusable, each with its line.
    warnings
        What the planner should check.
    notes
        How the file was read.
    """

    def __init__(self, source: str, notes: Iterable[str] = ()) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.warnings: list[str] = []
        self.notes: list[str] = list(notes)

    def problem(self, message: str, line: int | None = None) -> None:
        """Add a problem, at a line of the file or of the file as a whole."""
        where = self.source if line is None else f"{self.source}, line {line}"
        self.problems.append(Problem(where, message))

    def raise_problems(self) -> None:
        """Raise all problems found so far, if any.

        Raises
        ------
        CountsError
            With all problems.
        """
        if self.problems:
            raise CountsError(self.problems)

    def full_rows(self, rows: Iterable[Row], width: int) -> list[Row]:
        """Return the rows that have as many cells as the header; all others of one width are one problem."""
        by_width: dict[int, list[Row]] = {}
        for row in rows:
            by_width.setdefault(len(row.cells), []).append(row)
        full = by_width.pop(width, [])
        for cells, (first, *others) in by_width.items():
            more = f", and so {verb(len(others), 'has', 'have')} {counted(len(others), 'more row')}" if others else ""
            self.problem(f"this row has {counted(cells, 'cell')}, the header has {width}{more}", first.line)
        return full
