"""The background of the results: the scenario in plain language, assumptions with sources, method, how to repeat it."""

import json
import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from funnelsim.errors import Problem, ResultsError
from funnelsim.experiments.manifest import versions
from funnelsim.model.plan import Plan
from funnelsim.reporting.assumptions import Assumption, assumptions_of, grouped, those_that_matter
from funnelsim.reporting.html.document import Chapter, Drawing, Folded, Table, table_of
from funnelsim.reporting.plain_words import starter_values, what_it_says
from funnelsim.reporting.plan_warning import PlanWarning
from funnelsim.reporting.section import Section
from funnelsim.reporting.terminal import listed
from funnelsim.reporting.warnings.brief import by_grade, in_brief
from funnelsim.scenario.schema import Scenario
from funnelsim.wording import counted

_HEADS = ("Key in the scenario", "Value", "Source", "Meaning")

_METHOD = """\
The operation is simulated vehicle by vehicle: vehicles arrive as counted, queue for the single lane, are looked at, \
and pass or are diverted; a diverted vehicle waits for a bay and goes through the stages of an inspection as officers \
and equipment become free.
The operation is simulated many times, each time with different vehicles. Numbers are means over these operations; \
± is the half-width of the 95 % confidence interval; where its sides differ, round brackets hold both ends. \
Where too few operations differ for an honest interval, none is given.
Targets are rare, so finds are not only counted: for every vehicle the chances to be a target, to be selected, to be \
accepted and to be found are multiplied and summed. This has the same mean and varies far less.
Delay is what a vehicle loses against the same road without a funnel. It counts everybody who is not inspected; the \
hours of those who are inspected count among the hours lost by ordinary vehicles."""

_BOUNDS = """\
There is one bottleneck: nothing else upstream limits the traffic, and nothing downstream reacts.
Vehicles are independent of each other; there are no convoys.
Drivers react to the queue at one place only, the exit, if the scenario has one; those who leave there do not return.
How well a usual look tells targets from others is one number for each type of target.
How often vehicles are targets is the planner's assumption. Yields of real checks do not show it, because the checked \
vehicles had been selected."""

_USE = (
    "The simulation compares plans; it does not predict a day. Selection knows a vehicle's class and an abstract "
    "score: nothing in the model says who people are."
)


THE_PLAN = "The plan"
MADE_FROM_PYTHON = "none: made from Python"


@dataclass(frozen=True)
class Provenance:
    """What a result was made with.

    Attributes
    ----------
    engine, command
        The engine that simulated, and the command as it was typed.
    funnelsim, python
        Their versions.
    libraries
        By library its version.
    """

    engine: str
    command: str
    funnelsim: str
    python: str
    libraries: Mapping[str, str]


def provenance_now(engine: str) -> Provenance:
    """Return the versions that are installed, for a result from Python that this engine simulated."""
    now = versions()
    return Provenance(engine, MADE_FROM_PYTHON, now["funnelsim"], now["python"], now["libraries"])


def provenance_of(folder: Path) -> Provenance:
    """Read from the manifest of a results folder what made it.

    Raises
    ------
    ResultsError
        If the folder has no manifest, or one that is not readable.
    """
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        command = manifest["command"]
        return Provenance(
            manifest["engine"],
            MADE_FROM_PYTHON if command is None else shlex.join(command),
            manifest["funnelsim"],
            manifest["python"],
            dict(manifest["libraries"]),
        )
    except OSError as error:
        reason = error.strerror or str(error)
    except (ValueError, KeyError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}"
    allowed = "allowed: the folder of a finished run or sweep"
    raise ResultsError([Problem(str(path), f"cannot be read ({reason}); {allowed}")])


def plan_chapter(
    scenario: Scenario,
    plan: Plan,
    warnings: Mapping[str, Sequence[PlanWarning]],
    whose: str = "",
    drawings: Sequence[Drawing] = (),
    more: Sequence[Section] = (),
) -> Chapter:
    """Return a plan in plain language: window, warnings, road, roster, rates, and which values are the starter's.

    Parameters
    ----------
    scenario, plan
        The scenario and the plan made from it.
    warnings
        By name of a plan its warnings.
    whose
        Stands behind the heading, where the page reports more than one plan.
    drawings
        Figures of the plan.
    more
        What else is to be said of the plan, as its last sections.
    """
    window, *others = what_it_says(scenario, plan)
    graded = by_grade(warnings) if any(warnings.values()) else []
    items = (*window.items, *graded, *drawings, *others, *starter_values(scenario), *more)
    return Chapter("plan", f"{THE_PLAN}{whose}", items)


def warnings_in_short(plans: Mapping[str, Sequence[PlanWarning]]) -> list[str]:
    """Return what the answer says of the warnings about some plans by name; nothing where there are none."""
    brief = in_brief(plans, f"the chapter {THE_PLAN}")
    if brief is None:
        return []
    number, bad = brief
    return [number, *(f"Grave: {text}" for text in bad)]


def assumptions_chapter(scenario: Scenario, varied: Collection[str] = ()) -> Chapter:
    """Return the assumptions that matter most, and folded away all others."""
    rows = assumptions_of(scenario, varied)
    matter = those_that_matter(rows)
    others = [row for row in rows if not row.matters]
    own, starters = (sum(row.set_by == who for row in rows) for who in ("planner", "starter"))
    said = (
        f"The scenario has {counted(len(rows), 'value')}: {own} are the planner's own, {starters} are starter values "
        "(as funnelsim new writes them), and the others are defaults with their sources. What equals the default is "
        "taken for the default, and what equals the starter's for a starter value. These change the results most:"
    )
    return Chapter(
        "assumptions",
        "Assumptions and their sources",
        (
            said,
            _table("The assumptions that matter most", matter),
            Folded(f"All other values ({len(others)})", tuple(_table(name, few) for name, few in grouped(others))),
        ),
    )


def _table(caption: str, rows: Sequence[Assumption]) -> Table:
    cells = tuple((row.key, row.value, _source(row), row.meaning) for row in rows)
    return table_of(caption, _HEADS, cells, left=len(_HEADS))


def _source(row: Assumption) -> str:
    return f"default: {row.source}" if row.set_by == "default" else row.source


def method_chapter() -> Chapter:
    """Return the method in a box."""
    return Chapter(
        "method",
        "Method",
        (*_METHOD.splitlines(), "The model leaves out on purpose:", *listed(_BOUNDS.splitlines()), _USE),
        boxed=True,
    )


def redo_chapter(said: Sequence[str], seed: int, provenance: Provenance) -> Chapter:
    """Return command, engine, seed and versions, which give the same numbers again.

    Parameters
    ----------
    said
        How to repeat it, in sentences.
    seed
        The random seed.
    provenance
        What made it.
    """
    rows = (
        ("command", provenance.command),
        ("engine", provenance.engine),
        ("seed", str(seed)),
        ("funnelsim", provenance.funnelsim),
        ("Python", provenance.python),
        *sorted(provenance.libraries.items()),
    )
    versions = table_of("Command, engine, seed and versions", ("What", "Which"), rows, left=2)
    return Chapter("redo", "How to repeat this", (*said, versions))
