"""The errors a user of funnelsim can meet: one small tree.

::

    FunnelsimError
    ├── ScenarioError   a scenario file or a `--set` cannot be used
    │   └── PlanError   its plan cannot do what it says
    ├── CountsError     a file of traffic counts or of observations cannot be understood
    │   └── UnknownFormatError  no format fits a count file: a mapping can say how to read it
    └── ResultsError    a results folder cannot be written or read
        └── NoRoomError the disk is full: nothing is wrong with what the user gave

A message says where the problem is, what was given and what is allowed. An error carries *all* problems that
were found, so that a planner mends a file once and not once per problem.
"""

import errno
from collections.abc import Sequence
from dataclasses import dataclass

NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
"""What the system says where a disk, a quota or the size of a file is used up."""


MOST_LISTED = 20
"""Problems that are shown; whoever has mended these looks again."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with what the user gave.

    Parameters
    ----------
    where
        The place: a file, a line of it, a dotted key.
    message
        What was given and what is allowed, in one sentence.
    """

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def listed(problems: Sequence[Problem]) -> list[str]:
    """Return problems as lines; of very many the first ones and the number of the others."""
    more = len(problems) - MOST_LISTED
    lines = [str(problem) for problem in problems[:MOST_LISTED]]
    return [*lines, f"and {more:,} more"] if more > 0 else lines


class FunnelsimError(Exception):
    """Base of every error that funnelsim raises on purpose.

    Parameters
    ----------
    problems
        All problems found, in the order in which the user will want to mend them. A plain sentence counts as
        one problem without a place.

    Examples
    --------
    >>> error = FunnelsimError([Problem("a.toml: lane.speed_kmh", "-3 given; allowed: above 0")])
    >>> print(error)
    a.toml: lane.speed_kmh: -3 given; allowed: above 0
    """

    def __init__(self, problems: str | Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = () if isinstance(problems, str) else tuple(problems)
        super().__init__(problems if isinstance(problems, str) else "\n".join(listed(problems)))

    def __reduce__(self) -> tuple[type["FunnelsimError"], tuple[str | Sequence[Problem]]]:
        """Carry all problems across process borders."""
        return type(self), (self.problems or str(self),)


class ScenarioError(FunnelsimError):
    """A scenario file, or what `--set` gives, cannot be used."""


class PlanError(ScenarioError):
    """A scenario's plan cannot do what it says: a stage needs more than the roster ever provides."""


class CountsError(FunnelsimError):
    """A file of traffic counts, or of observations for `funnelsim fit`, cannot be understood."""


class UnknownFormatError(CountsError):
    """No format fits a count file: a mapping can say how to read it."""


class ResultsError(FunnelsimError):
    """A results folder cannot be written or read."""


class NoRoomError(ResultsError):
    """The disk is full: the same command goes on where there is room."""
