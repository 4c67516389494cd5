"""The desk: the site, the levers, and the answers while they are moved."""

from dataclasses import replace

from nicegui import ui

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.run import Run
from funnelsim.reporting.run_words import brief_headline
from funnelsim.web.desk.answers import OPERATIONS, STOPS, Answer
from funnelsim.web.desk.charts import crew_options, loss_options
from funnelsim.web.desk.control import Amount, values_of
from funnelsim.web.desk.figures import table_of
from funnelsim.web.desk.levers import Levers
from funnelsim.web.desk.sketch import Sketch
from funnelsim.web.draft_words import draft_text
from funnelsim.web.language import text
from funnelsim.web.numerals import numbers
from funnelsim.web.visit import Visit

FIRST_CHARTS = STOPS[1]
"""Operations after which charts are drawn, and again with the last: they take longer than the figures."""


class Desk:
    """The desk of a visit.

    Parameters
    ----------
    visit
        Whose plan is on it.
    dark
        Tells whether the page is dark.
    """

    def __init__(self, visit: Visit, dark: ui.dark_mode) -> None:
        self._visit, self._dark = visit, dark
        self._sketch = Sketch(self._mark_moved).classes("w-full")
        with ui.row().classes("w-full desk no-wrap items-start gap-4"):
            with ui.column().classes("desk-levers gap-2"):
                self._levers = Levers(visit)
            with ui.column().classes("desk-answers live gap-2"):
                self._answers_column()
        visit.on_open(self._opened)
        visit.on_change(self._changed)
        visit.on_answer(self._answered)
        dark.on_value_change(self._turned)

    def _answers_column(self) -> None:
        with ui.row().classes("w-full items-center gap-2"):
            self._status = ui.label().classes("status grow").props('role="status" aria-live="polite"')
            number = ui.select(
                {one: numbers(f"{one:,}") for one in OPERATIONS}, value=OPERATIONS[0], label=text("operations")
            )
            number.props("dense borderless options-dense").classes("operations")
            number.on_value_change(lambda event: self._visit.simulate(event.value))
            self._pin = ui.button(text("Compare with this plan"), icon="push_pin", on_click=self._visit.pin)
            self._pin.props("flat dense no-caps")
            self._reset = ui.button(text("As in the file"), icon="undo", on_click=self._as_in_file)
            self._reset.props("flat dense no-caps")
        self._problems = ui.label().classes("problems").props('role="alert"')
        self._headline = ui.label().classes("headline")
        self._table = ui.html("", sanitize=False).classes("w-full")
        with ui.row().classes("w-full charts gap-2"):
            with ui.column().classes("chart gap-0"):
                ui.label(text("Where 100 targets are lost")).classes("chart-title")
                self._losses = ui.echart({}).classes("w-full").style("height: 240px")
            with ui.column().classes("chart gap-0"):
                ui.label(text("In use for inspections; thin lines: how many are free for them")).classes("chart-title")
                self._crews = ui.echart({}).classes("w-full").style("height: 240px")

    def _opened(self) -> None:
        self._levers.build()

    def _changed(self) -> None:
        self._levers.show()
        self._reset.set_enabled(bool(self._visit.draft and self._visit.draft.values))
        self._status.set_text(text("Simulating …"))
        self._table.classes(add="stale")

    def _answered(self, answer: Answer) -> None:
        self._say_problems(answer.error)
        if answer.run is None:
            self._status.set_text(text("This is no plan; the figures are those of the plan before."))
            return
        baseline = self._visit.baseline
        compared = baseline.run if baseline is not None and baseline.draft != answer.draft else None
        self._status.set_text(self._holds_for(answer))
        self._headline.set_text(numbers(brief_headline(answer.run)))
        self._table.set_content(table_of(answer.run, answer.bound, compared))
        self._table.classes(remove="stale")
        self._sketch.show(answer.run, self._marks())
        if answer.final:
            ui.navigate.history.replace(f"/?{answer.draft.query()}")
        if answer.final or len(answer.run.replications) == FIRST_CHARTS:
            self._draw(answer.run)

    def _holds_for(self, answer: Answer) -> str:
        """Return for which plan the figures hold, and for how many operations."""
        number = 0 if answer.run is None else len(answer.run.replications)
        said = text("{plan}: {operations} operations, random seed {seed}").format(
            plan=draft_text(answer.draft), operations=number, seed=answer.draft.seed
        )
        return said if answer.final else f"{said} …"

    def _draw(self, run: Run) -> None:
        dark = bool(self._dark.value)
        for chart, options in (
            (self._losses, loss_options(run, dark=dark)),
            (self._crews, crew_options(run, dark=dark)),
        ):
            chart.options.clear()
            chart.options.update(options)
            chart.update()

    def _turned(self) -> None:
        """Draw the charts in the inks of a page that has become light or dark."""
        if self._visit.answer is not None and self._visit.answer.run is not None:
            self._draw(self._visit.answer.run)

    def _say_problems(self, error: FunnelsimError | None) -> None:
        rest = self._levers.say(error)
        self._problems.set_text(numbers("\n".join(rest)))
        self._problems.set_visibility(bool(rest))

    def _marks(self) -> list[tuple[Amount, float]]:
        """Return the controls of the valve's marks with their values."""
        marks = [one for one in self._levers.controls if isinstance(one, Amount) and one.group == "valve"]
        return [(one, self._levers.value(one)) for one in marks]

    def _mark_moved(self, key: str, metres: float) -> None:
        for control, _ in self._marks():
            if control.key == key:
                self._visit.change({key: metres}, values_of(control))

    def _as_in_file(self) -> None:
        if self._visit.draft is not None:
            self._visit.restore(replace(self._visit.draft, values={}))
