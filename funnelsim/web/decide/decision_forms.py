"""What can be asked for in the view Decide, with the defaults of the commands of the same name."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from nicegui import ui

from funnelsim.decision.fluid.bound import Bound
from funnelsim.decision.fluid.retuning import retuned_values
from funnelsim.decision.levers.levers import FEWEST_REPLICATIONS as FEWEST_OF_LEVERS
from funnelsim.decision.optimisation.question import TYPED, question_of, settable, values_today
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.vary import TOGETHER
from funnelsim.reporting.bound_words import bound_sections
from funnelsim.scenario.decide import FEWEST_REPLICATIONS, MOST_REPLICATIONS, Decide
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import value_text
from funnelsim.web.allowed import Allowed, allowed_for
from funnelsim.web.change_words import change_said, key_said, value_said
from funnelsim.web.decide.taking import take_values
from funnelsim.web.decide.typed_choices import choices_typed, refusal
from funnelsim.web.draft import Draft, Planner, values_of_sets
from funnelsim.web.jobs.job import Job, Kind
from funnelsim.web.jobs.job_words import GOALS
from funnelsim.web.jobs.jobs import Jobs
from funnelsim.web.language import mark, text
from funnelsim.web.number_field import NumberField
from funnelsim.web.numerals import numbers
from funnelsim.web.visit import Visit

REPLICATIONS: Final = 100
"""Operations for each change, as `funnelsim levers` has it by default."""

EXAMPLE: Final = "area.bays=4; 5; 6\nselection.rate.van=0.1:0.3"
HOW_TO_VARY: Final = mark(
    "One choice a line: what it is called in the scenario file, an equals sign, and the values to try, either with "
    "semicolons between them or as the lowest and the highest with a colon. In the example 4, 5 or 6 bays are tried, "
    "and van selection rates from 10 % to 30 %."
)


class Form:
    """A card with what can be asked for, and a button.

    Parameters
    ----------
    visit
        Whose draft it is about.
    title, about
        What it is, and what it does.
    """

    def __init__(self, visit: Visit, title: str, about: str) -> None:
        self._visit = visit
        self._started: Callable[[Job], None] = lambda _: None
        with ui.column().classes("form w-full gap-1"):
            ui.label(title).classes("card-title").props('role="heading" aria-level="2"')
            ui.label(about).classes("status")
            self._fields = ui.column().classes("w-full gap-1")
            self._problems = ui.label().classes("problems").props('role="alert"')
        self._problems.set_visibility(False)

    def on_start(self, tell: Callable[[Job], None]) -> None:
        """Call something with work that was asked for."""
        self._started = tell

    def build(self) -> None:
        """Make the fields anew, for another scenario."""
        self._say("")
        self._fields.clear()

    def _say(self, problems: str) -> None:
        self._problems.set_text(self._as_shown(problems))
        self._problems.set_visibility(bool(problems))

    def _as_shown(self, problems: str) -> str:
        return numbers(self._visit.folders.without(problems, self._visit.session))


class WorkForm(Form):
    """A form that begins a job.

    Parameters
    ----------
    visit, title, about
        As in `Form`.
    jobs
        Which it joins.
    """

    def __init__(self, visit: Visit, jobs: Jobs, title: str, about: str) -> None:
        super().__init__(visit, title, about)
        self._jobs = jobs

    def _start(self, kind: Kind, options: Mapping[str, Any]) -> None:
        if self._visit.draft is None or self._visit.planner is None:
            return
        try:
            self._visit.planner.plan(self._visit.draft.values)
            job = self._jobs.start(self._visit.session, kind, self._visit.draft, options)
        except FunnelsimError as error:
            self._say(str(error))
        else:
            self._say("")
            self._started(job)


class FluidForm(Form):
    """The fluid plan: the selection rates of the bound."""

    def __init__(self, visit: Visit) -> None:
        about = text("The selection rates that would find most if nobody waited for anything: a good start.")
        super().__init__(visit, text("Fluid plan"), about)
        self._taken: Draft | None = None
        visit.on_change(self._forget)

    def build(self) -> None:
        """Make the fields anew, for another scenario."""
        super().build()
        with self._fields:
            self._button = ui.button(text("Take the rates of the fluid plan"), icon="water_drop", on_click=self._take)
            self._button.props("no-caps outline")
            self._changed = ui.column().classes("w-full gap-1")

    async def _take(self) -> None:
        visit = self._visit
        if visit.draft is None or visit.planner is None:
            return
        before, planner = visit.draft, visit.planner
        self._taken = None
        self._button.disable()
        try:
            scenario, bound = await asyncio.to_thread(_bound_of, planner, before)
        except FunnelsimError as error:
            self._say(str(error))
            return
        finally:
            self._button.enable()
        if visit.draft != before:  # it was changed meanwhile
            self._say(text("The plan was changed meanwhile: take them again."))
            return
        values = {
            key: settable(key, value) if isinstance(value, float) else value
            for key, value in retuned_values(scenario, bound).items()
        }
        today = values_today(scenario, list(values))
        changes = {key: value for key, value in values.items() if value != today[key]}
        take_values(visit, changes)
        self._taken = visit.draft
        self._say("")
        self._show(before, bound, scenario, {key: (today[key], new) for key, new in changes.items()})

    def _forget(self) -> None:
        """Say no more what was changed, once the plan is another one: undoing it would undo that, too."""
        if self._taken is not None and self._visit.draft != self._taken:
            self._taken = None
            self._changed.clear()

    def _show(
        self, before: Draft, bound: Bound, scenario: Scenario, values: Mapping[str, tuple[object, object]]
    ) -> None:
        """Show what was changed, and offer to undo it."""
        self._changed.clear()
        with self._changed:
            for told in bound_sections(bound, scenario)[0].items:
                ui.label(numbers(str(told)))
            if not values:
                ui.label(text("The plan has these rates already."))
                return
            with ui.element("ul").classes("changes"):
                for key, (old, new) in values.items():
                    with ui.element("li"):
                        ui.label(numbers(_change_text(key, old, new)))

            undo = ui.button(text("Undo"), icon="undo", on_click=lambda: self._visit.restore(before))
            undo.props("flat dense no-caps")


class LeversForm(WorkForm):
    """What would help most: one choice changed at a time."""

    def __init__(self, visit: Visit, jobs: Jobs) -> None:
        about = text("Changes one choice at a time, and says what finds more and what it costs.")
        super().__init__(visit, jobs, text("Levers"), about)

    def build(self) -> None:
        """Make the fields anew, for another scenario."""
        super().build()
        with self._fields:
            self._replications = _whole(text("Operations for each change"), REPLICATIONS, FEWEST_OF_LEVERS, 100_000)
            self._retune = ui.checkbox(text("Set the rates of each plan to those of its bound"))
            ui.button(text("Find what helps most"), icon="compare_arrows", on_click=self._begin).props(
                "no-caps outline"
            )

    def _begin(self) -> None:
        if self._replications.validate() and (replications := self._replications.number) is not None:
            self._start("levers", {"retune": self._retune.value, "replications": int(replications)})


class OptimiseForm(WorkForm):
    """The best plan: what is wanted, and what may change."""

    def __init__(self, visit: Visit, jobs: Jobs) -> None:
        about = text("Searches for the plan that keeps the limits and is best, and says how sure that is.")
        super().__init__(visit, jobs, text("Best plan"), about)

    def build(self) -> None:
        """Make the fields anew, for another scenario."""
        super().build()
        if self._visit.planner is None:
            return
        self._decide = self._visit.planner.scenario.decide or Decide()
        with self._fields:
            goals = {goal: text(words) for goal, words in GOALS.items()}
            self._goal = ui.select(goals, value=self._decide.goal, label=text("Goal")).classes("w-full")
            wanted = allowed_for("decide.find_at_least")
            self._least = NumberField(text("Targets to be found an operation"), wanted, self._decide.find_at_least)
            self._least.classes("w-full")
            self._least.bind_visibility_from(self._goal, "value", value="least_cost")
            self._vary = ui.textarea(text("What may change"), placeholder=EXAMPLE)
            self._vary.props("autogrow stack-label hide-bottom-space").classes("w-full")
            ui.label(text(HOW_TO_VARY)).classes("field-hint")
            ui.label(text("If nothing is written: {choices}.").format(choices=self._as_decided())).classes("field-hint")
            self._replications = _whole(
                text("Operations to simulate at most"),
                self._decide.replications,
                FEWEST_REPLICATIONS,
                MOST_REPLICATIONS,
            )
            self._find = ui.button(text("Find the best plan"), icon="emoji_events", on_click=self._begin)
            self._find.props("no-caps outline")

    def _as_decided(self) -> str:
        """Return what may change where nothing is typed."""
        keys = [key for together in self._decide.vary for key in together.split(TOGETHER)]
        return ", ".join(map(key_said, keys)) or text("the selection rates and the valve's marks")

    async def _begin(self) -> None:
        goal, replications = self._goal.value, self._replications.number
        asked = [self._replications, *([self._least] if goal == "least_cost" else [])]
        valid = [field.validate() for field in asked]  # each says what is wrong with it
        try:
            vary = choices_typed(self._vary.value or "")
        except FunnelsimError as error:
            self._vary.error = self._as_shown(refusal(error))
            return
        if not all(valid) or replications is None:
            return
        least = float(self._least.number) if goal == "least_cost" and self._least.number is not None else None
        sets = decide_sets(self._decide, goal, least)
        if await self._can_be_asked(sets, vary, int(replications)):
            options = {
                "set": sets,
                "vary": vary,
                "replications": None if replications == self._decide.replications else int(replications),
                "goal": goal,  # this and what follows is for the list of work
                "find_at_least": least,
                "operations": int(replications),
            }
            self._start("optimise", options)

    async def _can_be_asked(self, sets: Sequence[str], vary: Sequence[str], replications: int) -> bool:
        """Tell whether the question can be asked of the plan on the desk; if not, say why at once and where."""
        draft, planner = self._visit.draft, self._visit.planner
        if draft is None or planner is None:
            return False
        self._find.disable()
        try:
            await asyncio.to_thread(_check_question, planner, draft, sets, vary, replications)
        except FunnelsimError as error:
            if any(one.where.startswith(TYPED) for one in error.problems):
                self._vary.error = self._as_shown(refusal(error))
            else:
                self._say(refusal(error))
            return False
        finally:
            self._find.enable()
        return True


def decide_sets(decide: Decide, goal: str, find_at_least: float | None) -> list[str]:
    """Return what another goal than that of the scenario sets, as `--set` takes it.

    Parameters
    ----------
    decide
        The table of the scenario.
    goal, find_at_least
        What is wanted; targets to be found an operation, where that is the goal.
    """
    if (goal, find_at_least) == (decide.goal, decide.find_at_least):
        return []
    if decide.find_at_least is not None and find_at_least is None:  # no key can be taken away, but a table replaced
        given = decide.model_dump(mode="json", exclude_unset=True, exclude={"find_at_least"})
        return [f"decide={value_text(given | {'goal': goal})}"]
    return [f"decide.goal={goal}", *([] if find_at_least is None else [f"decide.find_at_least={find_at_least:g}"])]


def _whole(label: str, value: int, least: int, most: int) -> NumberField:
    """Make a field of a whole number, with what is wrong with it below."""
    field = NumberField(label, Allowed(least, most, whole=True), value)
    field.classes("w-full")
    return field


def _check_question(
    planner: Planner, draft: Draft, sets: Sequence[str], vary: Sequence[str], replications: int
) -> None:
    """Refuse a question that the job would refuse when its turn comes."""
    scenario, plan = planner.plan({**draft.values, **values_of_sets(sets)})
    question_of(scenario, plan, planner.bound(scenario, plan), vary or None, replications)


def _bound_of(planner: Planner, draft: Draft) -> tuple[Scenario, Bound]:
    scenario, plan = planner.plan(draft.values)
    return scenario, planner.bound(scenario, plan)


def _change_text(key: str, old: object, new: object) -> str:
    if isinstance(new, Mapping) or old is None:
        return change_said(key, new)
    return text("{new} instead of {old}").format(new=change_said(key, new), old=value_said(key, old))
