"""The chapter that says how sure a result is: whether it holds if assumptions are wrong, and on bad days."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from funnelsim.decision.bad_days import stress_folder
from funnelsim.decision.bad_days.stress import Stress
from funnelsim.decision.uncertainty import sensitivity_folder
from funnelsim.decision.uncertainty.sensitivity import Sensitivity
from funnelsim.errors import FunnelsimError, Problem, ResultsError
from funnelsim.experiments.manifest import read_manifest
from funnelsim.reporting.html.decision_page import SIGNATURES
from funnelsim.reporting.html.document import Chapter, Document
from funnelsim.reporting.html.kept_words import kept_words
from funnelsim.reporting.optimise_words import HOW_SURE
from funnelsim.reporting.section import Section
from funnelsim.reporting.sensitivity_words import sensitivity_sections
from funnelsim.reporting.stress_words import stress_sections

HEADING: Final = "How sure are we?"
OTHER_PLANS: Final = "Careful: {folder} is about none of the plans of this page, but about another scenario."
UNSEEN: Final = ("title", "uncertain", "decide", "shifts")
"""Parts of a scenario that change nothing in a simulation."""

FILES: Final = (sensitivity_folder.WORDS, stress_folder.WORDS)


def how_sure_in(folders: Sequence[Path], result: Path) -> list[Section]:
    """Return what folders of `funnelsim sensitivity --out` and `funnelsim stress --out` say.

    In front of what is about none of the plans of the result stands that it is not.

    Parameters
    ----------
    folders
        The folders.
    result
        The folder of the result whose page it is.

    Raises
    ------
    ResultsError
        If a folder holds neither, or cannot be read.
    """
    found = {folder: [one for name in FILES for one in kept_words(folder / name)] for folder in folders}
    if missing := [Problem(str(folder), _nothing_in(folder)) for folder, sections in found.items() if not sections]:
        raise ResultsError(missing)
    for folder, careful in about_others(folders, result).items():
        found[folder].insert(0, Section("", (careful,)))
    return [one for sections in found.values() for one in sections]


def _nothing_in(folder: Path) -> str:
    missing = "holds no sensitivity analysis and no bad days" if folder.is_dir() else "no such folder"
    return f"{missing}; allowed: what sensitivity --out or stress --out has written"


def about_others(folders: Sequence[Path], result: Path) -> dict[Path, str]:
    """Return the folders that are about none of the plans of the result, with a sentence that says so."""
    plans = _plans_in(result) if folders else []
    others = [one for one in folders if not any(plan in plans for plan in _plans_in(one))]
    return {folder: OTHER_PLANS.format(folder=folder) for folder in others}


def _plans_in(folder: Path) -> list[dict[str, Any]]:
    """Return the scenarios of a folder as plain data, without what no simulation sees."""
    manifest = read_manifest(folder) or {}
    alone = [manifest[name] for name in ("scenario", "base") if isinstance(manifest.get(name), dict)]
    together = manifest.get("scenarios")
    plans = [*alone, *(together.values() if isinstance(together, dict) else ())]
    return [{name: value for name, value in one.items() if name not in UNSEEN} for one in plans]


def how_sure_of(results: Sequence[Sensitivity | Stress]) -> list[Section]:
    """Return what sensitivity analyses and bad days say.

    Raises
    ------
    FunnelsimError
        If one of them is neither.
    """
    sections: list[Section] = []
    for one in results:
        match one:
            case Sensitivity():
                sections += sensitivity_sections(one)
            case Stress():
                sections += stress_sections(one)
            case _:
                raise _neither(one)
    return sections


def _neither(given: object) -> FunnelsimError:
    message = f"{type(given).__name__} given; allowed: what funnelsim.sensitivity and funnelsim.stress return"
    return FunnelsimError([Problem("how_sure", message)])


def with_how_sure(document: Document, sections: Sequence[Section]) -> Document:
    """Return a page with the chapter in front of the signatures, or at its end where there are none.

    It begins with how sure the selection of the best plan is, if the page has it.
    """
    own = [
        Section(one.heading, tuple(item for item in one.items if isinstance(item, str)))
        for one in document.chapters
        if one.heading == HOW_SURE
    ]
    others = [one for one in document.chapters if one.heading != HOW_SURE]
    chapter = Chapter("how-sure", HEADING, (*own, *sections))
    names = [one.name for one in others]
    place = names.index(SIGNATURES) if SIGNATURES in names else len(names)
    return replace(document, chapters=(*others[:place], chapter, *others[place:]))
