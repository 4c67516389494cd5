"""The view Decide: the fluid plan, what would help most, the best plan, and the work that finds them."""

from nicegui import ui

from funnelsim.web.decide.decision_forms import FluidForm, LeversForm, OptimiseForm
from funnelsim.web.decide.decision_view import DecisionView
from funnelsim.web.jobs.downloads import address_of
from funnelsim.web.jobs.job import Job
from funnelsim.web.jobs.job_list import JobList
from funnelsim.web.jobs.job_works import REPORT
from funnelsim.web.jobs.jobs import Jobs
from funnelsim.web.language import text
from funnelsim.web.visit import Visit


class Decide:
    """The view of a visit in which a plan is chosen.

    Parameters
    ----------
    visit
        Whose plan is improved.
    jobs
        What is under way.
    dark
        Tells whether the page is dark.
    """

    def __init__(self, visit: Visit, jobs: Jobs, dark: ui.dark_mode) -> None:
        with ui.row().classes("w-full desk no-wrap items-start gap-4"):
            with ui.column().classes("desk-levers gap-2"):
                forms = (FluidForm(visit), LeversForm(visit, jobs), OptimiseForm(visit, jobs))
            with ui.column().classes("desk-answers gap-2"):
                ui.label(text("Work")).classes("card-title").props('role="heading" aria-level="2"')
                place = ui.column().classes("w-full")
                self._view = DecisionView(visit, dark)
            with place:
                asked = JobList(
                    visit, jobs, ("levers", "optimise"), self._offer, self._view.open_if_empty, self._view.close
                )
        for form in forms:
            form.on_start(asked.point_to)
            visit.on_open(form.build)

    def _offer(self, job: Job) -> None:
        """Make what can be done with a job that is done."""
        button = ui.button(text("Open"), icon="visibility", on_click=lambda: self._view.open(job))
        button.props("flat dense no-caps")
        button.props["aria-label"] = f"{text('Open')}: {job.name}"
        if job.kind == "optimise":
            ui.link(text("Report"), address_of(job, REPORT), new_tab=True)
        else:
            ui.link(text("Table (CSV)"), address_of(job, "levers.csv"))
