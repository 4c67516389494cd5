"""A decision, opened: its words, its chart, and the plans or levers that can be taken into the draft."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Literal

from nicegui import ui
from nicegui.events import EChartPointClickEventArguments

from funnelsim.errors import FunnelsimError
from funnelsim.web.change_words import changes_said
from funnelsim.web.decide.decide_charts import (
    burdens,
    grouped,
    limit_is_far,
    tornado_height_px,
    tornado_options,
    trade_off_options,
)
from funnelsim.web.decide.point_words import measure_text, numbers_text, point_text
from funnelsim.web.decide.taking import is_for_draft, own_changes, take_plan, take_values
from funnelsim.web.jobs.job import Job
from funnelsim.web.jobs.job_words import plan_said, words_html
from funnelsim.web.language import mark, text
from funnelsim.web.notice import refuse, tell
from funnelsim.web.numerals import numbers
from funnelsim.web.question import answer_to
from funnelsim.web.visit import Visit

OF_ANOTHER: Final = mark(
    "This lever was computed for another plan than that on the desk, where it may do something else. Computed for: "
    "{plan}. On the desk: {desk}."
)
LOSES: Final = mark(
    "The desk has changes that this plan does not have: they would be lost. Found for: {plan}. On the desk: {desk}. In "
    "the plan on the desk, what was found may break limits."
)
HOLLOW: Final = mark(
    "A hollow point breaks a limit: too few of the operations simulated of its plan keep it, wherever its mean lies. "
    "A small point keeps them so far, but too few operations were simulated to be sure. Point at one to see how many."
)

Data = Mapping[str, Any]
How = Literal["with its plan", "alone"]


class DecisionView:
    """Shows the result of a job.

    Parameters
    ----------
    visit
        Whose draft takes what is clicked.
    dark
        Tells whether the page is dark.
    """

    def __init__(self, visit: Visit, dark: ui.dark_mode) -> None:
        self._visit, self._dark = visit, dark
        self._job: Job | None = None
        self._column = ui.column().classes("decision w-full gap-2")
        dark.on_value_change(self._turned)

    def open_if_empty(self, job: Job) -> None:
        """Show a result that has just come, unless another one is being read."""
        if self._job is None:
            self.open(job)

    def open(self, job: Job) -> None:
        """Show the result of a job that is done."""
        self._job = job
        shown = job.shown()
        self._column.clear()
        with self._column:
            if shown is None:
                ui.label(text("The result cannot be read: it was removed, or made by another version.")).classes(
                    "problems"
                )
                return
            ui.label(text("Computed for: {plan}").format(plan=plan_said(job.draft))).classes("status")
            if job.kind == "levers":
                self._levers(job, shown)
            else:
                self._best_plan(job, shown)

    def close(self, job: Job) -> None:
        """Show nothing any longer of a job that was removed."""
        if self._job == job:
            self._job = None
            self._column.clear()

    def _turned(self) -> None:
        """Draw the charts for a page that has become dark, or light."""
        if self._job is not None:
            self.open(self._job)

    def _levers(self, job: Job, shown: Data) -> None:
        words, bars = shown["words"], shown["bars"]
        ui.html(words_html(words[:1]), sanitize=False).classes("words")

        async def take(number: int) -> None:
            bar = bars[number]
            await self._take_lever(job, bar["changes"], f"{bar['choice']}: {bar['to']}")

        if bars:
            names = [numbers(f"{bar['choice']}: {bar['to']} ({numbers_text(bar['found'])})") for bar in bars]
            chart = ui.echart(
                tornado_options(bars, dark=bool(self._dark.value)),
                on_point_click=lambda event: take(event.data_index),
            )
            chart.classes("w-full").style(f"height: {tornado_height_px(bars)}px")
            self._choice(text("Lever to take (or click its bar)"), names, take)
        ui.html(words_html(words[1:]), sanitize=False).classes("words")

    def _best_plan(self, job: Job, shown: Data) -> None:
        words, points = shown["words"], shown["points"]
        ui.html(words_html(words[:1]), sanitize=False).classes("words")

        async def take(number: int) -> None:
            await self._take_found(job, points[number]["values"], [point["values"] for point in points])

        measures = burdens(points)
        chart_place = ui.column().classes("w-full gap-0")

        def draw(against: str) -> None:
            chart_place.clear()
            groups = grouped(points, against)
            order = list(groups.values())

            async def clicked(event: EChartPointClickEventArguments) -> None:
                await take(order[event.series_index // 2][event.data_index])  # every second series draws intervals

            with chart_place:
                options = trade_off_options(shown, against, groups, dark=bool(self._dark.value))
                ui.echart(options, on_point_click=clicked).classes("w-full").style("height: 380px")
                if any("kept_in" in must for point in points for must in point["musts"]):
                    ui.label(text(HOLLOW)).classes("status")
                if limit_is_far(shown, against, groups):
                    ui.label(text("All plans are far within the limit of this measure.")).classes("status")

        against = ui.select(
            {name: measure_text(name) for name in measures},
            value=measures[0],
            label=text("Targets found against"),
            on_change=lambda event: draw(event.value),
        )
        against.classes("w-full")
        draw(measures[0])
        named = [number for number in range(len(points)) if points[number]["estimates"]]
        self._choice(
            text("Plan to take (or click its point)"),
            {number: point_text(points[number], measures[0]) for number in reversed(named)},
            take,
        )
        ui.html(words_html(words[1:]), sanitize=False).classes("words")

    def _choice(
        self, label: str, options: Sequence[str] | Mapping[int, str], take: Callable[[int], Awaitable[None]]
    ) -> None:
        """Make what does by keyboard what a click on a chart does."""
        numbered = dict(enumerate(options)) if not isinstance(options, Mapping) else dict(options)
        with ui.row().classes("w-full items-center no-wrap gap-2"):
            chosen = ui.select(numbered, value=next(iter(numbered)), label=label).classes("grow")
            button = ui.button(text("Take into the plan"), icon="tune", on_click=lambda: take(int(chosen.value)))
            button.props("no-caps outline")

    async def _take_lever(self, job: Job, changes: Data, lever: str) -> None:
        """Take a lever; into another plan than that it was computed for only where the visitor says so."""
        how: How | None = "alone"
        if not is_for_draft(self._visit, job):
            words = text("Take it with its plan"), text("Take it alone into the plan on the desk")
            how = await self._how_to_take(job, changes, lever, text(OF_ANOTHER), words)
        if how == "alone":
            self._take(lambda: take_values(self._visit, changes), lever)
        elif how is not None:
            self._take(lambda: take_plan(self._visit, changes, job), f"{lever}; {plan_said(job.draft)}")

    async def _take_found(self, job: Job, values: Data, plans: Sequence[Data]) -> None:
        """Take a plan that was found; changes of the desk are replaced only where the visitor says so."""
        said = changes_said(values) or text("the plan as it was when this was asked for")
        how: How | None = "with its plan"
        if own_changes(self._visit, job, plans):
            words = text("Take this plan"), text("Take what was found into the plan on the desk")
            how = await self._how_to_take(job, values, said, text(LOSES), words)
        if how == "alone":
            self._take(lambda: take_values(self._visit, values), said)
        elif how is not None:
            self._take(lambda: take_plan(self._visit, values, job), said)

    async def _how_to_take(
        self, job: Job, changes: Data, title: str, question: str, words: tuple[str, str]
    ) -> How | None:
        """Ask how to take what was computed for another plan than that on the desk; None where it is to be left."""
        draft, (with_plan, alone) = self._visit.draft, words
        answers: dict[How, str] = {"with its plan": with_plan}
        if draft is not None and draft.file == job.draft.file and changes:
            answers["alone"] = alone
        asked = question.format(plan=plan_said(job.draft), desk="-" if draft is None else plan_said(draft))
        answer = await answer_to(title, asked, list(answers.values()))
        return None if answer is None else list(answers)[answer]

    def _take(self, take: Callable[[], None], said: str) -> None:
        try:
            take()
        except FunnelsimError as error:
            refuse(error)
        else:
            tell(f"{text('On the desk now')}: {said}")
