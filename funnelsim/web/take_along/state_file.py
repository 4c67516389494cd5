"""A small file that restores the desk, also where its scenario is not there: it holds the scenario's text."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Final

import funnelsim
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.web.desk.desk_state import DeskState
from funnelsim.web.folders import Folders
from funnelsim.web.visit import Visit

ENDING: Final = ".json"
NO_STATE: Final = "is no state of this page; allowed: a file that the page made under Take along, or a scenario (.toml)"


def state_text(state: DeskState, folders: Folders, session: str) -> str:
    """Return the content of the file.

    Parameters
    ----------
    state
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
        "draft": state.query(),
        "scenario": folders.text_to_take(folders.file(state.draft.file, session)),
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def restored(content: bytes, name: str, visit: Visit) -> DeskState:
    """Return the state in such a file; its scenario is kept among the visitor's files where there is none like it.

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
        state, scenario = DeskState.from_query(found["draft"]), str(found["scenario"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        state = None
    if state is None:
        raise FunnelsimError([Problem(Path(name).name, NO_STATE)])
    if _there(state.draft.file, visit) == scenario:
        return state
    own = visit.folders.keep_scenario(state.draft.file, scenario.encode(), visit.session).name
    baseline = None if state.baseline is None else replace(state.baseline, file=own)
    return replace(state, draft=replace(state.draft, file=own), baseline=baseline)


def _there(name: str, visit: Visit) -> str | None:
    """Return the text of a scenario as it is here; None where there is none."""
    try:
        return visit.folders.text_to_take(visit.folders.file(name, visit.session))
    except (FunnelsimError, OSError, ValueError):
        return None
