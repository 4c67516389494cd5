"""What jobs do: each calls the functions that the command of the same name calls, and writes the same files."""

import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol
from zipfile import ZIP_DEFLATED, ZipFile

from funnelsim.decision.levers.levers import levers_from, plans_of_levers, tried_levers
from funnelsim.decision.levers.levers_folder import save_levers
from funnelsim.decision.optimisation.decision_folder import begun, save_decision
from funnelsim.decision.optimisation.optimise import answered, asked
from funnelsim.experiments.files import results_folder, write_json
from funnelsim.experiments.loading import load_result
from funnelsim.experiments.results import save_run
from funnelsim.experiments.run import run as simulated
from funnelsim.model.planning import plan_of
from funnelsim.plots import FigureOptions, drawn_of, save_figure, save_figures, save_tables, tornado
from funnelsim.reporting.html import html_report, provenance_of, write_page
from funnelsim.reporting.html.decision_page import decision_in
from funnelsim.reporting.levers_words import levers_sections
from funnelsim.reporting.optimise_words import optimum_sections
from funnelsim.reporting.section import as_data
from funnelsim.reporting.workbook import to_xlsx
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.load import load_scenario
from funnelsim.scenario.overrides import parse_override
from funnelsim.scenario.toml_text import path_text
from funnelsim.web.decide.shown import shown_of_levers, shown_of_optimum
from funnelsim.web.draft import Draft
from funnelsim.web.jobs.job import SHOWN, Job, Kind
from funnelsim.web.language import mark

ENGINE: Final = "compiled"
READING: Final = mark("Reading the scenario")
SIMULATING: Final = mark("Simulating: {done} of {total} operations")
AT_MOST: Final = mark("Simulating: {done} of at most {total} operations")
PLANNING: Final = mark("Planning: {done} of {total} changes")
DRAWING: Final = mark("Drawing figures")
REPORTING: Final = mark("Writing the report")

REPORT, WORKBOOK, FIGURES, TABLES, ALL = "report.html", "result.xlsx", "figures.zip", "tables.zip", "all.zip"
PICTURES: Final = (".png", ".svg", ".pdf")


class Tell(Protocol):
    """Begins to tell about something that is counted; returns what takes the number done so far."""

    def __call__(self, doing: str, total: int) -> Callable[[int], None]:
        """Begin."""
        ...


def optimise(job: Job, file: Path, tell: Tell) -> None:
    """Find the best plan, as `funnelsim optimise` does; what is finished already is not simulated again.

    Parameters
    ----------
    job
        What was asked for. Its options: `set`, values of `[decide]` as `--set` takes them; `vary` and `replications` as
        the command takes them.
    file
        The scenario.
    tell
        How far it is.

    Raises
    ------
    FunnelsimError
        If anything is not allowed.
    """
    tell(READING, 0)
    vary, replications, seed = job.options["vary"], job.options["replications"], job.draft.seed
    overrides = [*job.draft.overrides(), *job.options["set"]]
    scenario = load_scenario(file, overrides)
    demand = demand_of(scenario)
    question = asked(scenario, vary or None, replications, demand)
    wanted = {"vary": list(vary), "replications": replications, "seed": seed, "engine": ENGINE}
    with begun(job.result, scenario, demand, wanted):
        made = answered(
            scenario,
            question,
            demand,
            seed=seed,
            engine=ENGINE,
            jobs=os.cpu_count() or 1,
            cluster=None,
            folder=job.result,
            progress=tell(AT_MOST, question.replications),
        )
        sections = as_data(optimum_sections(made))
        typed = [*_repeated("--vary", vary), *_repeated("--replications", [replications] if replications else [])]
        values = {path_text(one.path): one.value for one in map(parse_override, overrides)}
        save_decision(made, job.result, file, values, sections, _command("optimise", job.draft, overrides, typed))
    tell(REPORTING, 0)
    _write_report(job.result)
    write_json(shown_of_optimum(made, sections), job.folder / SHOWN)


def levers(job: Job, file: Path, tell: Tell) -> None:
    """Say what each lever does, as `funnelsim levers` does.

    Parameters
    ----------
    job
        What was asked for. Its options: `retune` and `replications` as the command takes them.
    file, tell
        As in `optimise`, with the same errors.
    """
    tell(READING, 0)
    retune, replications, seed = job.options["retune"], job.options["replications"], job.draft.seed
    scenario = load_scenario(file, job.draft.overrides())
    shutil.rmtree(job.result, ignore_errors=True)  # of a job that was interrupted
    with results_folder(job.result, must_be_new=True):
        plans = plans_of_levers(
            scenario, retune=retune, progress=tell(PLANNING, len(tried_levers(scenario, retune=retune)))
        )
        advance = tell(SIMULATING, replications * len(plans.scenarios))
        made = levers_from(plans, replications, seed, os.cpu_count() or 1, advance, ENGINE)
        typed = [*(["--retune"] if retune else []), "--replications", str(replications)]
        save_levers(made, job.result, _command("levers", job.draft, job.draft.overrides(), typed))
    tell(DRAWING, 0)
    save_figure(tornado(made), "tornado", job.result)
    sections = as_data(levers_sections(made))
    write_json(shown_of_levers(made, sections), job.folder / SHOWN)


def plan(job: Job, file: Path, tell: Tell) -> None:
    """Simulate a plan and write all that can be taken along, as `funnelsim run`, `plot`, `export` and `report` do.

    Parameters
    ----------
    job
        What was asked for. Its options: `replications` as the command takes it, and `scenario`, the name and the text
        of the scenario file that is taken along, too.
    file, tell
        As in `optimise`, with the same errors.
    """
    tell(READING, 0)
    replications = job.options["replications"]
    scenario = load_scenario(file, job.draft.overrides())
    shutil.rmtree(job.result, ignore_errors=True)
    with results_folder(job.result, must_be_new=True):
        started_s = time.perf_counter()
        made = simulated(
            scenario,
            replications,
            job.draft.seed,
            os.cpu_count() or 1,
            tell(SIMULATING, replications),
            engine=ENGINE,
            plan=plan_of(scenario),
        )
        tell(DRAWING, 0)
        typed = ["--replications", str(replications)]
        command = _command("run", job.draft, job.draft.overrides(), typed)
        save_run(made, job.result, time.perf_counter() - started_s, save_figures, command)
        for name, drawn in drawn_of(made, FigureOptions()).items():
            save_tables(drawn.tables(), name, job.result)
    tell(REPORTING, 0)
    to_xlsx(made, job.result / WORKBOOK)
    _write_report(job.result)
    scenario = job.options["scenario"]
    (job.result / scenario["name"]).write_text(scenario["text"], encoding="utf-8")
    _zip(job.result)


WORKS: Final[Mapping[Kind, Callable[[Job, Path, Tell], None]]] = {"optimise": optimise, "levers": levers, "plan": plan}


def _write_report(folder: Path) -> None:
    page = html_report(load_result(folder), provenance_of(folder), decision_in(folder), [])
    write_page(page, folder / REPORT)


def _zip(folder: Path) -> None:
    """Pack the figures, the tables, and all files of a results folder."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    packed = {
        FIGURES: [path for path in files if path.suffix in PICTURES],
        TABLES: [path for path in files if path.suffix == ".csv"],
        ALL: files,
    }
    for name, chosen in packed.items():
        with ZipFile(folder / name, "w", ZIP_DEFLATED) as archive:
            for path in chosen:
                archive.write(path, path.name)


def _command(name: str, draft: Draft, overrides: Sequence[str], typed: Sequence[str]) -> list[str]:
    """Return the command that does the same."""
    return ["funnelsim", name, draft.file, *_repeated("--set", overrides), *typed, "--seed", str(draft.seed)]


def _repeated(option: str, values: Sequence[Any]) -> list[str]:
    return [part for value in values for part in (option, str(value))]
