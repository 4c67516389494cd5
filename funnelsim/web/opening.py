"""What can be opened: a scenario from the list, or a scenario or counts file that is dropped on the page."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from nicegui import ui
from nicegui.events import UploadEventArguments

from funnelsim.errors import FunnelsimError
from funnelsim.web.counts.counts_opening import CountsOpening
from funnelsim.web.counts.counts_scenario import place_for
from funnelsim.web.desk.desk_state import DeskState
from funnelsim.web.draft import Draft
from funnelsim.web.folders import is_scenario
from funnelsim.web.language import text
from funnelsim.web.numerals import numbers
from funnelsim.web.take_along.state_file import ENDING, restored
from funnelsim.web.visit import Visit

PREFERRED: Final = "motorway_early_shift.toml"
SCENARIO: Final = ".toml"
MOST_BYTES: Final = 49_000_000
"""Of a counts file: a request, which has some words of its own, may have little more."""

MOST_BYTES_OF_SCENARIO: Final = 5_000_000

DRAGGED: Final = "file_dragged"
DROPPING: Final = f"""
const brings = event => event.dataTransfer?.types.includes('Files') && !document.querySelector('.counts-card');
addEventListener('dragenter', event => {{
    if (brings(event) && !document.querySelector('.opening')) emitEvent('{DRAGGED}');
}});
addEventListener('dragover', event => {{ if (brings(event)) event.preventDefault(); }});
addEventListener('drop', event => {{
    if (!brings(event) || event.defaultPrevented) return;
    event.preventDefault();  // or the browser leaves the page for the file
    const box = document.querySelector('.opening input[type=file]');
    if (!box) return;
    box.files = event.dataTransfer.files;
    box.dispatchEvent(new Event('change', {{bubbles: true}}));
}});
"""
"""In the browser: a file that is dragged over the page opens the dialog, and is taken wherever it is dropped."""


class Opening:
    """The dialog in which a visitor opens a scenario.

    Parameters
    ----------
    visit
        Which opens it.
    dark
        Tells whether the page is dark.
    """

    def __init__(self, visit: Visit, dark: ui.dark_mode) -> None:
        self._visit = visit
        self._counts = CountsOpening(visit, dark)
        with ui.dialog() as self._dialog, ui.card().classes("opening"):
            self._dialog.props["aria-label"] = text("Open a scenario")
            ui.label(text("Open a scenario")).classes("card-title").props('role="heading" aria-level="2"')
            self._list = ui.select(
                [], label=text("Scenario"), with_input=True, on_change=lambda event: self._chosen(event.value)
            )
            self._list.classes("w-full")
            self._upload = ui.upload(auto_upload=True, max_file_size=MOST_BYTES)
            self._upload.props("flat bordered").classes("w-full")
            self._place()
            self._upload.on_upload(self._dropped)
            self._upload.on_rejected(lambda: self._say(text("This file is too large; allowed: up to 49 MB")))
            self._problems = ui.label().classes("problems").props('role="alert"')
            ui.button(text("Close"), on_click=self._dialog.close).props("flat no-caps")
        ui.on(DRAGGED, self.show)
        ui.run_javascript(DROPPING)

    def _place(self) -> None:
        """Make the place to drop a file on, with a button for those who do not drop."""
        with self._upload.add_slot("header"), ui.row().classes("w-full items-center no-wrap q-pa-sm"):
            with ui.element("label").classes("grow relative-position"):
                ui.label(text("or drop a scenario (TOML), a counts file or a state of the desk (JSON) here"))
                ui.element("q-uploader-add-trigger")
            choose = ui.button(icon="add_box").props("flat dense color=white")
            choose.props["aria-label"] = text("Choose a file")
            choose.on("click", js_handler=f"() => runMethod({self._upload.id}, 'pickFiles', [])")

    def show(self, error: FunnelsimError | None = None) -> None:
        """Show the dialog, with what is wrong with the file that was to be opened."""
        self._list.set_options(self._names())
        self._say("" if error is None or not isinstance(error, FunnelsimError) else str(error))
        self._dialog.open()

    def first(self) -> DeskState | None:
        """Return what to begin with: the main scenario, or the first there is."""
        names = self._names()
        name = PREFERRED if PREFERRED in names else next(iter(names), None)
        return None if name is None else DeskState(Draft(name))

    def _names(self) -> list[str]:
        own = sorted(file.name for file in self._visit.folder.glob("*.toml"))
        return [*own, *self._visit.folders.scenario_files()]

    async def _chosen(self, name: str | None) -> None:
        if name is not None:
            await self._open(lambda: DeskState(Draft(name)))

    async def _dropped(self, event: UploadEventArguments) -> None:
        self._upload.reset()
        visit, name, small = self._visit, Path(event.file.name).name, event.file.size() <= MOST_BYTES_OF_SCENARIO
        if name.endswith(ENDING) and small:
            content = await event.file.read()
            await self._open(lambda: restored(content, name, visit))
            return
        path = place_for(visit.folder, event.file.name)
        await event.file.save(path)
        if path.suffix.lower() != SCENARIO and not (small and is_scenario(path)):
            self._dialog.close()
            self._counts.show(path)
            return
        content = path.read_bytes() if small else b""
        path.unlink()
        if small:
            wanted = f"{path.stem}{SCENARIO}"
            await self._open(lambda: DeskState(Draft(visit.folders.keep_scenario(wanted, content, visit.session).name)))
        else:
            self._say(text("This file is too large; allowed: scenarios up to 5 MB"))

    async def _open(self, state: Callable[[], DeskState]) -> None:
        """Open a state of the desk; a file that was brought for it is not kept where it cannot be opened."""
        before, wanted = {file.name for file in self._visit.folder.iterdir()}, None
        try:
            wanted = state()
            await self._visit.open_aside(wanted.draft, wanted.baseline, wanted.operations)
        except FunnelsimError as error:
            self._say(str(error))
            if wanted is not None and wanted.draft.file not in before:
                (self._visit.folder / wanted.draft.file).unlink(missing_ok=True)
        else:
            self._dialog.close()

    def _say(self, problems: str) -> None:
        self._problems.set_text(numbers(self._visit.folders.without(problems, self._visit.session)))
        self._problems.set_visibility(bool(problems))
