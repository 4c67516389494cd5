"""Which field of the page a problem belongs to: by the key that its sentence names."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from funnelsim.errors import Problem

_BETWEEN: Final = re.compile(r"; (?=[a-z_]+(?: = \S+)? (?:missing|given|and|are)\b|the time of day|what is counted)")
"""Between the sentences of a problem that names several keys at once."""

_TELLS: Final = (
    (re.compile(r"^the time of day is missing"), "time"),
    (re.compile(r"^what is counted is missing"), "total"),
    (re.compile(r"is not a time in the format|^the format '"), "format"),
    (re.compile(r"set date_order"), "date_order"),
    (re.compile(r"set zone"), "zone"),
    (re.compile(r"choose the stream"), "stream"),
    (re.compile(r"choose the channel"), "channel"),
    (re.compile(r"as stream or channel|with stream or channel"), "stream"),
    (re.compile(r"which classes does not name|no scenario class for"), "classes"),
    (re.compile(r"\bsep (is|=) "), "sep"),
    (re.compile(r"no column fits wide"), "wide"),
    (re.compile(r"has no sheet"), "sheet"),
    (re.compile(r"but minutes = "), "minutes"),
    (re.compile(r"^weekdays? "), "weekdays"),
    (re.compile(r"^no complete interval was counted"), "days"),
    (re.compile(r"^date "), "date"),
)

WRITE: Final = "; write one of these"
ANSWER: Final = "; choose above how a thousand is written"
ASK: Final = "; say what its columns are, and how a thousand is written"
"""What a visitor does instead of writing a number otherwise: a field is there for it, or the page is to ask for it."""


def by_field(problems: Iterable[Problem], fields: Collection[str]) -> dict[str, list[str]]:
    """Return the sentences of problems by the field that they name; under "" those that name none.

    Parameters
    ----------
    problems
        What is wrong.
    fields
        The fields that there are.

    Examples
    --------
    >>> by_field([Problem("mapping", "label missing; allowed: start; minutes missing; allowed: 60")], ["label"])
    {'label': ['label missing; allowed: start'], '': ['mapping: minutes missing; allowed: 60']}
    """
    found: dict[str, list[str]] = {}
    on_page = ANSWER if "thousands" in fields else ASK
    for problem in problems:
        for sentence in _BETWEEN.split(problem.message):
            field = _field_of(problem.where, sentence, fields)
            whole = sentence if field or not problem.where else f"{problem.where}: {sentence}"
            line = re.search(r", (line \d+)$", problem.where)
            said = f"{line[1]}: {sentence}" if field and line else whole
            found.setdefault(field, []).append(said.replace(WRITE, on_page))
    return found


def _field_of(where: str, sentence: str, fields: Collection[str]) -> str:
    steps = re.split(r"[:.] ?", where)
    if WRITE in sentence and "thousands" in fields:  # it names the column, too
        return "thousands"
    candidates = [*reversed(steps[1:]), *re.findall(r"^[a-z_]+", sentence)]
    candidates += [field for pattern, field in _TELLS if pattern.search(sentence)]
    return next((field for field in candidates if field in fields), "")
