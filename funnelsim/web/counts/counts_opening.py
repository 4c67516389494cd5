"""The dialog of a counts file: what it holds, which counts of it are meant, and the scenario made of them."""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from nicegui import background_tasks, ui

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.web.counts.counts_choices import CountsChoices
from funnelsim.web.counts.counts_preview import CountsPreview
from funnelsim.web.counts.counts_reader import Asked, CountsReader, Found
from funnelsim.web.counts.counts_use import CountsUse
from funnelsim.web.counts.fields import Fields
from funnelsim.web.counts.mapping_answers import questions_of
from funnelsim.web.counts.mapping_questions import MappingQuestions
from funnelsim.web.desk.answers import FAILED
from funnelsim.web.language import mark, text
from funnelsim.web.numerals import numbers
from funnelsim.web.visit import Visit

LOG: Final = logging.getLogger(__name__)
ORDERS: Final = {
    "dmy": mark("day, month, year"),
    "mdy": mark("month, day, year"),
    "ymd": mark("year, month, day"),
}
AT_ONCE: Final = 2
"""Files that are read at the same time, of all visitors."""


class CountsOpening:
    """The dialog in which a visitor opens a counts file.

    Parameters
    ----------
    visit
        Which opens it.
    dark
        Tells whether the page is dark.
    """

    turns: asyncio.Semaphore | None = None

    def __init__(self, visit: Visit, dark: ui.dark_mode) -> None:
        self._visit, self._client = visit, ui.context.client
        self._path: Path | None = None
        self._reader = CountsReader()
        self._found = Found()
        self._questions: MappingQuestions | None = None
        self._newest = 0
        self._fields, self._columns = Fields(), Fields()
        with ui.dialog().props("no-backdrop-dismiss") as self._dialog, ui.card().classes("counts-card"):
            with ui.row().classes("w-full items-center no-wrap"):
                self._title = ui.label().classes("card-title grow").props('role="heading" aria-level="2"')
                ui.button(text("Close"), icon="close", on_click=self._dialog.close).props("flat dense no-caps")
            self._status = ui.label().classes("status").props('role="status" aria-live="polite"')
            self._problems = ui.label().classes("problems").props('role="alert"')
            with ui.row().classes("w-full items-start gap-4 counts-columns"):
                with ui.column().classes("counts-asked gap-2"):
                    self._asked_column()
                with ui.column().classes("counts-shown gap-2"):
                    self._preview = CountsPreview(dark)
        self._dialog.on_value_change(lambda event: None if event.value else self._closed())

    def _asked_column(self) -> None:
        orders = {key: text(label) for key, label in ORDERS.items()}
        self._order = ui.select(orders, label=text("Order of dates"), clearable=True)
        self._order.props("dense outlined").classes("w-full").on_value_change(self._ask)
        self._fields.error_below("date_order")
        self._map = ui.button(
            text("Say what its columns are"), icon="view_column", on_click=lambda: self._lay_out(None)
        )
        self._map.props("flat dense no-caps")
        self._mapping = ui.column().classes("w-full gap-1")
        self._choices = CountsChoices(self._fields, self._ask)
        with ui.column().classes("w-full gap-1") as self._made_of_them:
            self._use = CountsUse(self._visit, self._fields, self._used)

    def show(self, path: Path) -> None:
        """Show a counts file, which lies in the visitor's folder.

        Parameters
        ----------
        path
            The file.
        """
        self._path, self._questions, self._columns = path, None, Fields()
        self._title.set_text(text("Counts of {file}").format(file=path.name))
        self._mapping.clear()
        self._order.set_value(None)
        self._order.set_visibility(False)
        self._preview.rows(None)
        self._use.begin(path)
        self._dialog.open()
        self._show(Found())
        self._ask()

    def _closed(self) -> None:
        """Forget the file, and remove it where no scenario names it."""
        path = self._path
        self._forget()
        if path is not None:
            path.unlink(missing_ok=True)

    def _forget(self) -> None:
        self._newest += 1
        self._path = None
        self._reader = CountsReader()  # a large file is not held any longer
        self._dialog.close()

    def _asked(self, path: Path) -> Asked:
        mapping = None if self._questions is None else self._questions.table()
        return Asked(path, mapping, None if mapping is not None else self._order.value, self._choices.choice())

    def _ask(self) -> None:
        """Read the file again as is now asked; of several that wait the newest counts."""
        self._newest += 1
        self._say_status(text("Reading the file …"))
        background_tasks.create(self._answer(self._newest))

    async def _answer(self, number: int) -> None:
        if CountsOpening.turns is None:
            CountsOpening.turns = asyncio.Semaphore(AT_ONCE)
        async with CountsOpening.turns:
            if number != self._newest or self._path is None:
                return
            found = await asyncio.to_thread(self._reader.look, self._asked(self._path))
        if number == self._newest:
            with self._client:
                self._heard(found)

    def _heard(self, found: Found) -> None:
        if found.is_unknown and self._questions is None:
            self._lay_out(None)
            return
        self._say_status("")
        self._show(found)

    def _show(self, found: Found) -> None:
        self._found = found
        self._choices.build(found.counts, ask_classes=self._questions is None)
        of_columns = self._questions is not None and found.counts is None
        rest = self._fields.say(() if of_columns else found.problems)
        rest += self._columns.say(found.problems if of_columns else ())
        if any("set date_order" in problem.message for problem in found.problems):
            self._order.set_visibility(True)
        self._say(rest)
        self._map.set_visibility(bool(rest) and found.has_columns and self._questions is None)
        self._preview.show(found)
        self._use.show(found.day)
        self._made_of_them.set_visibility(found.counts is not None or self._questions is not None)

    def _say_status(self, status: str) -> None:
        self._status.set_text(status)
        self._status.set_visibility(bool(status))

    def _say(self, sentences: list[str]) -> None:
        said = "\n".join(sentences)
        self._problems.set_text(numbers(self._visit.folders.without(said, self._visit.session)))
        self._problems.set_visibility(bool(sentences))

    def _lay_out(self, keys: Mapping[str, Any] | None) -> None:
        """Ask what the columns are, with cells found as some keys say."""
        if self._path is not None:
            self._newest += 1
            self._say_status(text("Reading the file …"))
            background_tasks.create(self._questions_about(self._path, keys, self._newest))

    async def _questions_about(self, path: Path, keys: Mapping[str, Any] | None, number: int) -> None:
        try:
            known = await asyncio.to_thread(questions_of, path, keys)
        except FunnelsimError as error:
            known, problems = None, error.problems
        except Exception:
            LOG.exception("laying out %s", path)
            known, problems = None, (Problem(path.name, FAILED),)
        if number != self._newest:
            return
        with self._client:
            if known is None:
                self._say_status("")
                self._say(self._fields.say(problems) + self._columns.say(()))
                self._map.set_visibility(False)
                return
            self._preview.rows(known)
            self._mapping.clear()
            self._columns = Fields()
            with self._mapping:
                ui.label(text("No known format fits this file. Say what its columns are.")).classes("field-title")
                self._questions = MappingQuestions(known, self._columns, self._ask, self._lay_out)
            self._ask()

    async def _used(self) -> None:
        """Write the scenario, and open it; what cannot be opened is not kept."""
        if self._path is None or self._found.day is None:
            return
        draft = None
        self._say_status(text("Reading the file …"))
        try:
            draft = self._use.write(self._asked(self._path), self._found.day)
            await self._visit.open_aside(draft)
        except FunnelsimError as error:
            if draft is not None:
                (self._visit.folder / draft.file).unlink(missing_ok=True)
            self._say(self._fields.say(error.problems) if error.problems else [str(error)])
            self._fields.into_view()
        else:
            self._forget()
        finally:
            self._say_status("")
