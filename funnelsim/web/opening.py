"""What can be opened: a scenario from the list, or a file that is dropped on the page."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from nicegui import ui
from nicegui.events import UploadEventArguments

from funnelsim.errors import FunnelsimError
from funnelsim.web.draft import Draft
from funnelsim.web.language import text
from funnelsim.web.state_file import ENDING, restored
from funnelsim.web.visit import Visit

PREFERRED: Final = "motorway_early_shift.toml"
MOST_BYTES: Final = 5_000_000


class Opening:
    """The dialog in which a visitor opens a scenario.

    Parameters
    ----------
    visit
        Which opens it.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        with ui.dialog() as self._dialog, ui.card().classes("opening"):
            ui.label(text("Open a scenario")).classes("card-title")
            self._list = ui.select(
                [], label=text("Scenario"), with_input=True, on_change=lambda event: self._chosen(event.value)
            )
            self._list.classes("w-full")
            upload = ui.upload(
                label=text("or drop a scenario file (TOML) or a state of the desk (JSON) here"),
                auto_upload=True,
                max_file_size=MOST_BYTES,
            )
            upload.props("accept=.toml,.json flat bordered").classes("w-full")
            upload.on_upload(self._dropped)
            upload.on_rejected(
                lambda: self._say(
                    text("This file is too large, or no scenario file; allowed: .toml or .json up to 5 MB")
                )
            )
            self._problems = ui.label().classes("problems").props('role="alert"')
            ui.button(text("Close"), on_click=self._dialog.close).props("flat no-caps")

    def show(self, error: FunnelsimError | None = None) -> None:
        """Show the dialog, with what is wrong with the file that was to be opened."""
        self._list.set_options(self._names())
        self._say("" if error is None or not isinstance(error, FunnelsimError) else str(error))
        self._dialog.open()

    def first(self) -> Draft | None:
        """Return what to begin with: the main scenario, or the first there is."""
        names = self._names()
        name = PREFERRED if PREFERRED in names else next(iter(names), None)
        return None if name is None else Draft(name)

    def _names(self) -> list[str]:
        own = sorted(file.name for file in self._visit.folder.glob("*.toml"))
        return [*own, *self._visit.folders.scenario_files()]

    def _chosen(self, name: str | None) -> None:
        if name is not None:
            self._open(lambda: Draft(name))

    async def _dropped(self, event: UploadEventArguments) -> None:
        name = Path(event.file.name).name
        content = await event.file.read()
        if name.endswith(ENDING):
            self._open(lambda: restored(content, name, self._visit))
        else:
            self._open(lambda: Draft(self._visit.folders.keep_scenario(name, content, self._visit.session).name))

    def _open(self, draft: Callable[[], Draft]) -> None:
        try:
            self._visit.open(draft())
        except FunnelsimError as error:
            self._say(str(error))
        else:
            self._dialog.close()

    def _say(self, problems: str) -> None:
        self._problems.set_text(problems)
        self._problems.set_visibility(bool(problems))
