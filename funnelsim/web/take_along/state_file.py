"""A small file that restores a draft, also where its scenario is not there: it holds the scenario's text."""

import json
from pathlib import Path
from typing import Final

import funnelsim
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.web.draft import Draft
from funnelsim.web.folders import Folders
from funnelsim.web.visit import Visit

ENDING: Final = ".json"
NO_STATE: Final = "is no state of this page; allowed: a file that the page made under Take along, or a scenario (.toml)"


def state_text(draft: Draft, folders: Folders, session: str) -> str:
    """Return the content of the file.

    Parameters
    ----------
    draft
        To be restored.
    folders, session
        Where its scenario lies.

    Raises
    ------
    FunnelsimError
        If the scenario is no longer there.
    """
    content = {
        "funnelsim": funnelsim.__version__,
        "draft": draft.query(),
        "scenario": folders.text_to_take(folders.file(draft.file, session)),
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def restored(content: bytes, name: str, visit: Visit) -> Draft:
    """Return the draft of such a file; its scenario is kept among the visitor's files where there is none like it.

    Parameters
    ----------
    content, name
        The file.
    visit
        Whose it is.

    Raises
    ------
    FunnelsimError
        If it is no such file.
    """
    try:
        found = json.loads(content)
        draft, scenario = Draft.from_query(found["draft"]), str(found["scenario"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        draft = None
    if draft is None:
        raise FunnelsimError([Problem(Path(name).name, NO_STATE)])
    if _there(draft.file, visit) == scenario:
        return draft
    own = visit.folders.keep_scenario(draft.file, scenario.encode(), visit.session)
    return Draft(own.name, draft.values, draft.seed)


def _there(name: str, visit: Visit) -> str | None:
    """Return the text of a scenario as it is here; None where there is none."""
    try:
        return visit.folders.text_to_take(visit.folders.file(name, visit.session))
    except (FunnelsimError, OSError, ValueError):
        return None
