"""A job: long work that a visitor asked for, as a folder with the question, how far it is, and what came of it."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.files import read_json, write_json
from funnelsim.web.draft import Draft

Kind = Literal["optimise", "levers", "plan"]
How = Literal["done", "failed", "cancelled"]

JOBS: Final = "jobs"
ASKED, PROGRESS, ENDED, SHOWN, LOG = "asked.json", "progress.json", "ended.json", "shown.json", "log.txt"
RESULT: Final = "result"


@dataclass(frozen=True)
class Progress:
    """How far a job is.

    Attributes
    ----------
    doing
        In a word.
    done, total
        Of what is counted; the total may be an upper limit, or 0 where nothing is counted.
    left_s
        Seconds until the end, as far as they can be known; else not a number.
    """

    doing: str
    done: int
    total: int
    left_s: float


@dataclass(frozen=True)
class Ended:
    """How a job ended, and why, in words; without words where it is done."""

    how: How
    why: str = ""


@dataclass(frozen=True)
class Job:
    """Long work that a visitor asked for.

    Attributes
    ----------
    folder
        Holds all of it.
    kind
        What is done.
    draft
        The plan that it begins with.
    options
        What else was asked for.
    asked_s
        When, in seconds since 1970.
    """

    folder: Path
    kind: Kind
    draft: Draft
    options: Mapping[str, Any]
    asked_s: float

    @classmethod
    def begun(cls, of_visitor: Path, kind: Kind, draft: Draft, options: Mapping[str, Any]) -> "Job":
        """Return a new job in a visitor's folder."""
        parent = of_visitor / JOBS
        parent.mkdir(parents=True, exist_ok=True)
        numbers = [int(one.name.rpartition("_")[2]) for one in parent.glob(f"{kind}_*")]
        folder = parent / f"{kind}_{max(numbers, default=0) + 1}"
        folder.mkdir()
        job = cls(folder, kind, draft, dict(options), time.time())
        asked = {"kind": kind, "draft": draft.query(), "options": job.options, "asked_s": job.asked_s}
        write_json(asked, folder / ASKED)
        return job

    @classmethod
    def found(cls, folder: Path) -> "Job":
        """Return the job that a folder holds.

        Raises
        ------
        FunnelsimError
            If it holds none.
        """
        try:
            asked = read_json(folder / ASKED) or {}
            draft = Draft.from_query(asked["draft"])
            if draft is not None:
                return cls(folder, asked["kind"], draft, asked["options"], float(asked["asked_s"]))
        except (KeyError, TypeError, ValueError):
            pass
        raise FunnelsimError([Problem(folder.name, "holds no work; allowed: a folder that this page made")])

    @property
    def name(self) -> str:
        """Its name among the visitor's jobs."""
        return self.folder.name

    @property
    def result(self) -> Path:
        """The results folder."""
        return self.folder / RESULT

    def tell(self, doing: str, done: int, total: int, since_s: float, before: int) -> None:
        """Keep how far it is: so much is done now, and so much was when it began to be counted."""
        progress = {"doing": doing, "done": done, "total": total, "since_s": since_s, "before": before}
        write_json({**progress, "at_s": time.time()}, self.folder / PROGRESS)

    def progress(self) -> Progress | None:
        """Return how far it is; None where nothing is known yet."""
        try:
            told = read_json(self.folder / PROGRESS)
            if told is None:
                return None
            fresh, took_s = told["done"] - told["before"], told["at_s"] - told["since_s"]
            left = max(0, told["total"] - told["done"])  # what is looked at again after the search is not counted
            left_s = left * took_s / fresh if fresh > 0 else math.nan
            return Progress(str(told["doing"]), min(told["done"], told["total"]), int(told["total"]), left_s)
        except (FunnelsimError, KeyError, TypeError):
            return None

    def end(self, how: How, why: str = "") -> None:
        """Keep how it ended."""
        write_json({"how": how, "why": why}, self.folder / ENDED)

    def ended(self) -> Ended | None:
        """Return how it ended; None where it has not, or it was ended with the server or from outside."""
        try:
            told = read_json(self.folder / ENDED)
            return None if told is None else Ended(told["how"], told["why"])
        except (FunnelsimError, KeyError, TypeError):
            return None

    def go_on(self) -> None:
        """Forget how it ended, since it is to be continued."""
        for name in (ENDED, PROGRESS):
            (self.folder / name).unlink(missing_ok=True)

    def shown(self) -> dict[str, Any] | None:
        """Return what the page shows of the result; None where there is none."""
        try:
            return read_json(self.folder / SHOWN)
        except FunnelsimError:
            return None


def jobs_in(of_visitor: Path) -> list[Job]:
    """Return the jobs of a visitor, the newest first; what is no job is left out."""
    found = []
    for folder in (of_visitor / JOBS).glob("*"):
        try:
            found.append(Job.found(folder))
        except FunnelsimError:
            continue
    return sorted(found, key=lambda job: -job.asked_s)
