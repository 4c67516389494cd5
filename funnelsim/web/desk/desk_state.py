"""The state of the desk: all that has to be kept to restore it."""

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.web.desk.answers import OPERATIONS
from funnelsim.web.draft import Draft, values_of_sets

BASELINE, NUMBER = "baseline", "operations"
AS_IN_FILE: Final = ""
"""What an address says of a baseline that changes nothing."""


@dataclass(frozen=True)
class DeskState:
    """What is on the desk of a visit.

    Attributes
    ----------
    draft
        The plan.
    baseline
        What it is compared with, a draft of the same file and seed; None where that is the plan itself.
    operations
        How many are simulated of each plan; None for as many as before.
    """

    draft: Draft
    baseline: Draft | None = None
    operations: int | None = None

    def query(self) -> str:
        """Return the state as the query of an address, which restores it."""
        more = []
        if self.baseline is not None and self.baseline != self.draft:
            more = [(BASELINE, one) for one in self.baseline.overrides() or [AS_IN_FILE]]
        if self.operations is not None:
            more.append((NUMBER, str(self.operations)))
        return "&".join(filter(None, (self.draft.query(), urlencode(more))))

    @classmethod
    def from_query(cls, query: str) -> "DeskState | None":
        """Return the state that an address names; None if it names no file.

        Raises
        ------
        FunnelsimError
            If a value cannot be read.
        """
        draft = Draft.from_query(query)
        if draft is None:
            return None
        given = parse_qsl(query, keep_blank_values=True)
        sets = [value for name, value in given if name == BASELINE]
        values = values_of_sets([one for one in sets if one != AS_IN_FILE])
        return cls(draft, replace(draft, values=values) if sets else None, _operations(dict(given).get(NUMBER)))


def _operations(given: str | None) -> int | None:
    if given is None:
        return None
    allowed = {str(number): number for number in OPERATIONS}
    if given not in allowed:
        raise FunnelsimError([Problem(NUMBER, f"{given} given; allowed: {', '.join(allowed)}")])
    return allowed[given]
