"""The folders of the page: nothing outside of them is read or written."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.scenario.plan_file import moved_text

PAGE: Final = "page"
SECRET: Final = "secret"  # noqa: S105  (the name of a file)
MOST_LISTED: Final = 500


@dataclass(frozen=True)
class Folders:
    """Where scenarios are read, and where what visitors make is kept.

    Attributes
    ----------
    scenarios
        Scenario files, in it and below it, with the counts that they name.
    results
        Results folders; what visitors make is below its folder `page`.
    """

    scenarios: Path
    results: Path

    def scenario_files(self) -> list[str]:
        """Return the scenario files by their path in their folder."""
        found = sorted(self.scenarios.rglob("*.toml"))
        names = [file.relative_to(self.scenarios) for file in found if is_scenario(file)]
        return [name.as_posix() for name in names if not any(part.startswith(".") for part in name.parts)][:MOST_LISTED]

    def of_session(self, session: str) -> Path:
        """Return the folder of a visitor, which is made if need be.

        Raises
        ------
        FunnelsimError
            If the name of the session could lead elsewhere.
        """
        if not session.replace("-", "").isalnum() or not session.isascii():
            raise FunnelsimError([Problem("session", "unknown name")])
        folder = self.results / PAGE / session
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def file(self, name: str, session: str) -> Path:
        """Return a file that a visitor names: a scenario, or one of the visitor's own files.

        Raises
        ------
        FunnelsimError
            If it lies elsewhere or does not exist.
        """
        for root in (self.scenarios, self.of_session(session)):
            try:
                found = (root / name).resolve()
                if found.is_relative_to(root.resolve()) and found.is_file():
                    return found
            except (OSError, ValueError):  # no file can have this name
                continue
        raise FunnelsimError([Problem(name, "no such file here; allowed: the files in the list, or one of your own")])

    def new_file(self, name: str, session: str) -> Path:
        """Return a file for a visitor to write that `file` finds by its name: no scenario has the same one.

        Parameters
        ----------
        name
            Wanted; of a path, only the last part counts.
        session
            The visitor.
        """
        own = self.of_session(session)
        taken = [self.scenarios, own]
        return own / unique_name(Path(name).name, *taken)

    def keep_scenario(self, name: str, content: bytes, session: str) -> Path:
        """Keep a scenario file that a visitor brings along; counts that lie among the scenarios are found from there.

        Parameters
        ----------
        name, session
            As in `new_file`.
        content
            Of the file; what is wrong with it is found when it is opened.
        """
        file = self.new_file(name, session)
        try:
            text = content.decode("utf-8-sig")
            file.write_text(moved_text(text, self.scenarios, file.parent), encoding="utf-8")
        except (UnicodeDecodeError, FunnelsimError):
            file.write_bytes(content)
        return file

    def text_to_take(self, file: Path) -> str:
        """Return the text of a scenario file as `keep_scenario` understands it, wherever the file lies."""
        return moved_text(file.read_text(encoding="utf-8-sig"), file.parent, self.scenarios)

    def without(self, said: str, session: str) -> str:
        """Return a sentence without the folders in which files lie: visitors know them by their names alone.

        Parameters
        ----------
        said
            The sentence.
        session
            Whose visit it is.
        """
        for root in (self.of_session(session), self.scenarios):
            said = said.replace(f"{root}{os.sep}", "")
        return said

    def secret(self) -> str:
        """Return the secret that signs cookies; it is kept, so that visitors are known again after a restart."""
        file = self.results / PAGE / SECRET
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(32), encoding="utf-8")
        return file.read_text(encoding="utf-8")


def is_scenario(file: Path) -> bool:
    """Return whether a file is written as a scenario, whatever its name."""
    try:
        return "[operation]" in file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return False


def unique_name(name: str, *folders: Path) -> str:
    """Return a name that no file of some folders has: that wanted, or with a number.

    Examples
    --------
    >>> unique_name("plan.toml", Path("/nowhere"))
    'plan.toml'
    """
    return next(one for one in _names(name) if not any((folder / one).exists() for folder in folders))


def _names(name: str) -> Iterator[str]:
    yield name
    path = Path(name)
    number = 2
    while True:
        yield f"{path.stem}_{number}{path.suffix}"
        number += 1
