"""The view Take along: the plan as a file, a link or a state that restores it, and its results as documents."""

from pathlib import Path
from typing import Final

from nicegui import ui

import funnelsim
from funnelsim.errors import FunnelsimError
from funnelsim.scenario.plan_file import plan_text
from funnelsim.web.change_list import ChangeList
from funnelsim.web.desk.answers import Answer
from funnelsim.web.draft import Draft, Planner
from funnelsim.web.draft_words import draft_text
from funnelsim.web.jobs.downloads import address_of
from funnelsim.web.jobs.job import Job
from funnelsim.web.jobs.job_list import JobList
from funnelsim.web.jobs.job_works import ALL, FIGURES, REPORT, TABLES, WORKBOOK
from funnelsim.web.jobs.jobs import Jobs
from funnelsim.web.language import mark, text
from funnelsim.web.notice import tell
from funnelsim.web.numerals import numbers
from funnelsim.web.take_along.state_file import ENDING, state_text
from funnelsim.web.visit import Visit

REPLICATIONS: Final = 100
"""Operations, as `funnelsim run` has it by default."""

OF_FILE: Final = mark(
    "The file with the changes of the desk, its comments kept. Open it on this page, or put it into the folder of the "
    "scenarios for funnelsim run: its counts are found from there."
)
OF_STATE: Final = mark(
    "A small file with the plan, the baseline, the number of operations and the seed: drop it on this page, under "
    "Open, to go on from here."
)
DOCUMENTS: Final = {
    WORKBOOK: mark("Workbook (XLSX)"),
    TABLES: mark("Tables (CSV)"),
    FIGURES: mark("Figures"),
    ALL: mark("Everything"),
}


class TakeAlong:
    """The view of a visit in which a plan and its results are taken along.

    Parameters
    ----------
    visit
        Whose plan it is.
    jobs
        What is under way.
    address
        Of the page, without a query.
    """

    def __init__(self, visit: Visit, jobs: Jobs, address: str) -> None:
        self._visit, self._jobs, self._address = visit, jobs, address
        self._of_possible: list[ui.element] = []
        with ui.row().classes("w-full desk no-wrap items-start gap-4"):
            with ui.column().classes("desk-levers gap-2"):
                self._of_plan()
            with ui.column().classes("desk-answers gap-2"):
                self._of_results()
        visit.on_open(self._changed)
        visit.on_change(self._changed)
        visit.on_answer(self._answered)

    def _of_plan(self) -> None:
        with ui.column().classes("w-full gap-2") as named:
            ui.label(text("This plan")).classes("card-title").props('role="heading" aria-level="2"')
            self._plan = ui.label().classes("status")
        self._problems = ui.label().classes("problems").props('role="alert"')
        ChangeList(self._visit)
        with ui.column().classes("w-full gap-2") as offers:
            ui.button(text("Scenario file (TOML)"), icon="download", on_click=self._scenario).props("no-caps outline")
            ui.label(text(OF_FILE)).classes("status")
            ui.button(text("State of the desk"), icon="download", on_click=self._state).props("no-caps outline")
            ui.label(text(OF_STATE)).classes("status")
            self._link = ui.input(text("Link that restores this plan")).props("readonly").classes("w-full")
            ui.button(text("Copy the link"), icon="content_copy", on_click=self._copy).props("no-caps outline")
        self._of_possible += [named, offers]

    def _of_results(self) -> None:
        ui.label(text("Results of this plan")).classes("card-title").props('role="heading" aria-level="2"')
        said = text(
            "Simulates {number} operations of the plan on the desk and writes a report, a workbook, tables and figures."
        )
        ui.label(said.format(number=REPLICATIONS)).classes("status")
        make = ui.button(text("Make the documents"), icon="description", on_click=self._make).props("no-caps outline")
        self._of_possible.append(make)
        self._made = JobList(self._visit, self._jobs, ("plan",), _documents)

    def _changed(self) -> None:
        if (draft := self._visit.draft) is not None:
            self._plan.set_text(draft_text(draft))
            self._link_to_desk()
            self._say("")

    def _link_to_desk(self) -> None:
        if (state := self._visit.state) is not None:
            self._link.set_value(f"{self._address}?{state.query()}")

    def _answered(self, answer: Answer) -> None:
        """Offer the plan, or say why what is on the desk is none."""
        for element in self._of_possible:
            element.set_visibility(answer.run is not None)
        self._link_to_desk()
        if answer.run is None:
            self._say(text("What is on the desk is no plan: {why}").format(why=answer.error))

    def _scenario(self) -> None:
        draft, planner = self._visit.draft, self._visit.planner
        if draft is None or planner is None:
            return
        try:
            content = self._text(draft, planner)
        except FunnelsimError as error:
            self._say(str(error))
        else:
            ui.download.content(content, _name_of(draft), "application/toml")

    def _text(self, draft: Draft, planner: Planner) -> str:
        """Return the text of the scenario file that is taken along."""
        planner.plan(draft.values)
        heading = f"{planner.scenario.title}: a plan made on the page (funnelsim {funnelsim.__version__})."
        return plan_text(planner.path, draft.values, heading, self._visit.folders.scenarios)

    def _state(self) -> None:
        state, visit = self._visit.state, self._visit
        if state is None:
            return
        try:
            content = state_text(state, visit.folders, visit.session)
        except FunnelsimError as error:
            self._say(str(error))
        else:
            ui.download.content(content, f"{Path(state.draft.file).stem}_desk{ENDING}", "application/json")

    def _copy(self) -> None:
        ui.clipboard.write(self._link.value)
        tell(text("Copied"))

    def _make(self) -> None:
        draft, planner = self._visit.draft, self._visit.planner
        if draft is None or planner is None:
            return
        try:
            scenario = {"name": _name_of(draft), "text": self._text(draft, planner)}
            options = {"replications": REPLICATIONS, "scenario": scenario}
            job = self._jobs.start(self._visit.session, "plan", draft, options)
        except FunnelsimError as error:
            self._say(str(error))
        else:
            self._made.point_to(job)

    def _say(self, problems: str) -> None:
        self._problems.set_text(numbers(self._visit.folders.without(problems, self._visit.session)))
        self._problems.set_visibility(bool(problems))


def _name_of(draft: Draft) -> str:
    """Return the name of the file that is taken along: a plan of its own does not replace the file it was made of."""
    file = Path(draft.file)
    return f"{file.stem}_plan{file.suffix}" if draft.values else file.name


def _documents(job: Job) -> None:
    """Make the links to what a job has written."""
    ui.link(text("Report"), address_of(job, REPORT), new_tab=True)
    for file, words in DOCUMENTS.items():
        ui.link(text(words), address_of(job, file))
