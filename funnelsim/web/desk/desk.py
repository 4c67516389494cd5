"""The desk: the site, the levers, and the answers while they are moved."""

from dataclasses import replace

from nicegui import ui

from funnelsim.experiments.run import Run
from funnelsim.reporting.run_words import brief_headline
from funnelsim.web.change_list import ChangeList
from funnelsim.web.desk.answers import OPERATIONS, STOPS, Answer
from funnelsim.web.desk.charts import crew_options, loss_options
from funnelsim.web.desk.control import Amount, values_of
from funnelsim.web.desk.figures import Simulated, table_of
from funnelsim.web.desk.levers import Levers
from funnelsim.web.desk.sketch import Sketch
from funnelsim.web.desk.warning_list import WarningList
from funnelsim.web.draft import coming_of
from funnelsim.web.draft_words import changes_in_line, draft_text
from funnelsim.web.language import text
from funnelsim.web.numerals import numbers
from funnelsim.web.visit import Visit

FIRST_CHARTS = STOPS[1]
"""Operations after which charts are drawn, and again with the last: they take longer than the figures."""

UNDER_WAY = " …"


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
        self._shown: Answer | None = None
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
        self._problems = ui.label().classes("problems").props('role="alert"')
        self._more = ui.expansion().props("dense").classes("w-full")
        with self._more:
            self._other_problems = ui.label().classes("problems")
        for one in (self._problems, self._more):
            one.set_visibility(False)
        with ui.row().classes("w-full items-center gap-2"):
            self._status = ui.label().classes("status grow").props('role="status" aria-live="polite"')
            number = ui.select(
                {one: numbers(f"{one:,}") for one in OPERATIONS}, value=OPERATIONS[0], label=text("operations")
            )
            self._number = number.props("dense borderless options-dense").classes("operations")
            number.on_value_change(lambda event: self._visit.simulate(event.value))
            self._pin = ui.button(text("Compare with this plan"), icon="push_pin", on_click=self._visit.pin)
            self._pin.props("flat dense no-caps")
            self._reset = ui.button(text("As in the file"), icon="undo", on_click=self._as_in_file)
            self._reset.props("flat dense no-caps")
        ChangeList(self._visit)
        self._warnings = WarningList()
        self._headline = ui.label().classes("headline")
        self._table = ui.html("", sanitize=False).classes("w-full")
        with ui.row().classes("w-full charts gap-2") as self._charts:
            with ui.column().classes("chart gap-0"):
                ui.label(text("Where 100 targets are lost")).classes("chart-title")
                self._losses = ui.echart({}).classes("w-full").style("height: 240px")
            with ui.column().classes("chart gap-0"):
                ui.label(text("In use for inspections; thin lines: how many are free for them")).classes("chart-title")
                self._crews = ui.echart({}).classes("w-full").style("height: 240px")

    def _opened(self) -> None:
        self._shown = None
        self._number.set_value(self._visit.operations)
        self._levers.build()

    def _changed(self) -> None:
        self._levers.show()
        self._reset.set_enabled(bool(self._visit.draft and self._visit.draft.values))
        self._status.set_text(text("Simulating …"))
        self._warnings.drop()
        for figures in (self._headline, self._table, self._charts):
            figures.classes(add="stale")
        if self._shown is not None and self._shown.run is not None:
            self._sketch.show(self._shown.run, self._marks())  # its marks stand where the levers do

    def _answered(self, answer: Answer) -> None:
        self._levers.say(answer.error, self._moved(answer))
        self._say(self._problems_of(answer))
        self._pin.set_enabled(answer.run is not None)
        if answer.run is None:
            self._refused()
            return
        self._shown = answer
        self._levers.come(coming_of(answer.run.plan.road.demand))
        if answer.warnings is not None:
            self._warnings.show(answer.warnings)
        self._status.set_text(self._holds_for(answer))
        self._headline.set_text(numbers(brief_headline(answer.run)))
        self._tabulate(answer)
        for figures in (self._headline, self._table, self._sketch):
            figures.classes(remove="stale")
        self._sketch.show(answer.run, self._marks())
        if answer.final or len(answer.run.replications) == FIRST_CHARTS:
            self._draw(answer.run)
            self._charts.classes(remove="stale")
            if (state := self._visit.state) is not None:
                ui.navigate.history.replace(f"/?{state.query()}")

    def _moved(self, answer: Answer) -> set[str]:
        """Return the keys whose values are others than in the last plan that was possible."""
        before = {} if self._shown is None else self._shown.draft.values
        now = answer.draft.values
        return {key for key in {*before, *now} if before.get(key) != now.get(key)}

    def _problems_of(self, answer: Answer) -> list[str]:
        if answer.error is None:
            return []
        visit = self._visit
        problems = [str(one) for one in answer.error.problems] or [str(answer.error)]
        return [numbers(visit.folders.without(one, visit.session)) for one in problems]

    def _say(self, problems: list[str]) -> None:
        """Say why a draft is no plan: the first reason, and the others where somebody asks for more."""
        first, *others = problems or [""]
        self._problems.set_text(text("This is no plan: {why}").format(why=first))
        self._problems.set_visibility(bool(problems))
        more = text("{number} more").format(number=len(others))
        self._more.set_text(more)
        self._more.props["toggle-aria-label"] = more
        self._more.set_visibility(bool(others))
        self._other_problems.set_text("\n".join(others))

    def _refused(self) -> None:
        """Say of which plan the figures are that still stand there although the draft is no plan."""
        visit, shown = self._visit, self._shown
        self._warnings.show([])
        if shown is None or shown.run is None or visit.planner is None:
            self._status.set_text("")
            self._headline.set_text("")
            self._table.set_content("")
            return
        changed = changes_in_line(shown.draft, visit.planner.scenario)
        said = text("The figures are those of the last plan that was possible: {plan}").format(
            plan=self._holds_for(shown).removesuffix(UNDER_WAY)
        )
        self._status.set_text(f"{said} ({numbers(changed)})" if changed else said)
        self._tabulate(shown, text("Last possible plan"))
        self._sketch.classes(add="stale")

    def _tabulate(self, answer: Answer, named: str = "") -> None:
        baseline = self._visit.baseline
        compared = None
        if baseline is not None and baseline.run is not None and baseline.draft != answer.draft:
            compared = Simulated(baseline.run, baseline.bound)
        if answer.run is not None:
            self._table.set_content(table_of(Simulated(answer.run, answer.bound), compared, named))

    def _holds_for(self, answer: Answer) -> str:
        """Return for which plan the figures hold, and for how many operations."""
        number = 0 if answer.run is None else len(answer.run.replications)
        said = text("{plan}: {operations} operations, random seed {seed}").format(
            plan=draft_text(answer.draft), operations=number, seed=answer.draft.seed
        )
        baseline = self._visit.baseline
        alone = baseline is None or baseline.draft == answer.draft
        return said if answer.final and (alone or self._visit.baseline_is_whole) else f"{said}{UNDER_WAY}"

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
        if self._shown is not None and self._shown.run is not None:
            self._draw(self._shown.run)

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
