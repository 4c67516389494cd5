"""The results folder of an optimisation: finished work, the plans tried, the plan chosen and the figures behind it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl

import funnelsim
from funnelsim.decision.optimisation.good_selection import Selected
from funnelsim.decision.optimisation.optimise import BEST, RUNNER_UP, Optimum
from funnelsim.decision.optimisation.question import OF_FRONT
from funnelsim.decision.words_file import write_words
from funnelsim.errors import Problem, ResultsError
from funnelsim.experiments.comparison_folder import save_comparison
from funnelsim.experiments.files import (
    MANIFEST,
    QUESTION,
    cannot_write,
    folder_of_scenario,
    in_use,
    prepare_folder,
    read_json,
    write_json,
    written_whole,
)
from funnelsim.experiments.points import content_of
from funnelsim.experiments.result_cache import content_key
from funnelsim.experiments.tables import write_csv
from funnelsim.experiments.vary import Point
from funnelsim.scenario.demand import Demand
from funnelsim.scenario.plan_file import load_plan, plan_text
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import value_text

WORDS: Final = "decision.json"
PLANS: Final = "plans.csv"
FILES: Final = {BEST: "best_plan.toml", RUNNER_UP: "runner_up.toml"}


def question_key(scenario: Scenario, demand: Demand, wanted: Mapping[str, Any]) -> str:
    """Return a hash of all that the answer depends on.

    Parameters
    ----------
    scenario, demand
        The scenario and its traffic.
    wanted
        What was asked for on top of it: what may change, replications, seed and engine.
    """
    decide = scenario.decide.model_dump(mode="json") if scenario.decide else None
    return content_key(content_of(scenario, demand), json.dumps([decide, wanted], sort_keys=True))


def default_decision_folder(file: Path, scenario: Scenario, demand: Demand, wanted: Mapping[str, Any]) -> Path:
    """Return `results/<scenario>/optimise-<id>` in the current folder."""
    return folder_of_scenario(file) / f"optimise-{question_key(scenario, demand, wanted)}"


@contextmanager
def begun(folder: Path, scenario: Scenario, demand: Demand, wanted: Mapping[str, Any]) -> Iterator[None]:
    """Begin or go on with an optimisation, and keep all other commands out of its folder.

    Raises
    ------
    ResultsError
        If the folder holds something else, or cannot be written to.
    """
    question = {"question": question_key(scenario, demand, wanted), "funnelsim": funnelsim.__version__}
    before = read_json(folder / QUESTION)
    if before is not None and before != question:
        message = "holds another optimisation; allowed: a new folder, or the same command to resume"
        raise ResultsError([Problem(str(folder), message)])
    prepare_folder(folder, must_be_new=before is None)
    with in_use(folder):
        write_json(question, folder / QUESTION)
        yield


def save_decision(
    optimum: Optimum,
    folder: Path,
    file: Path,
    overrides: Point,
    words: Sequence[Mapping[str, Any]],
    command: Sequence[str] | None = None,
) -> Path:
    """Write the answer into its folder and return the file of the plan.

    Parameters
    ----------
    optimum
        The answer.
    folder
        Its folder, begun.
    file, overrides
        The scenario file, and what was set on top of it.
    words
        The answer in words, as data.
    command
        The command that was run.

    Raises
    ------
    FunnelsimError
        If a file cannot be written, or holds another plan: perhaps somebody worked on it.
    """
    nothing = optimum.choice.front is not None and not optimum.feasible  # an empty trade-off has no plan
    values = {BEST: None if nothing else optimum.choice.values, RUNNER_UP: optimum.choice.runner_up}
    texts = {}
    for name, of_plan in values.items():
        heading = f"{optimum.best.title}: {name} of an optimisation (funnelsim {funnelsim.__version__})."
        texts[name] = None if of_plan is None else plan_text(file, {**overrides, **of_plan}, heading, folder)
    _refuse_other_plans({folder / FILES[name]: text for name, text in texts.items()})
    _not_complete(folder)
    for name, text in texts.items():
        if text is not None:
            with written_whole(folder / FILES[name]) as beside:
                beside.write_text(text, encoding="utf-8")
            load_plan(folder / FILES[name], optimum.scenarios.get(name, optimum.best))
    write_csv(_plans(optimum), folder / PLANS)
    write_words(words, folder / WORDS)
    save_comparison(optimum.comparison, folder, lambda _comparison, _folder: [], command, also=[WORDS])
    return folder / FILES[BEST]


def _refuse_other_plans(texts: Mapping[Path, str | None]) -> None:
    """Check that no file of a plan exists with another text than is to be written: nothing is overwritten."""
    message = "already exists with another text and was not changed; allowed: another folder, or to move it away"
    try:
        there = {path: path.read_text(encoding="utf-8", errors="replace") for path in texts if path.exists()}
    except OSError as error:
        raise cannot_write(next(iter(texts)).parent, error) from None
    if taken := [path for path, text in there.items() if text != texts[path]]:
        raise ResultsError([Problem(str(path), message) for path in taken])


def _not_complete(folder: Path) -> None:
    """Remove the manifest, which is written last, before anything else is written."""
    try:
        (folder / MANIFEST).unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from None


def _plans(optimum: Optimum) -> pl.DataFrame:
    """Return the plans that were compared, a row each: their values, replications and means, and how they fared."""
    selected, question, choice = optimum.choice.selected, optimum.question, optimum.choice
    if selected is None:
        points = choice.front.points if choice.front is not None else ()
        means = {f"{name}.mean": [point.estimates[name].mean for point in points] for name in OF_FRONT}
        return pl.DataFrame(
            {**_columns([{**question.today, **point.values} for point in points], question.keys), **means}
        )
    columns = selected.means.T.copy()
    columns[0] *= question.signs[0]
    means = {f"{name}.mean": column.tolist() for name, column in zip(question.measures, columns, strict=True)}
    return pl.DataFrame(
        {
            "plan": range(len(choice.points)),
            **_columns([{**question.today, **values} for values in choice.points], question.keys),
            "operations": selected.replications,
            **means,
            "verdict": [_verdict(selected, number) for number in range(len(choice.points))],
        }
    )


def _columns(points: Sequence[Point], keys: Sequence[str]) -> dict[str, list[Any]]:
    """Return by key the values of all plans: as they are where all are numbers, else as texts."""
    columns = {}
    for key in keys:
        values = [point[key] for point in points]
        if all(value is None or isinstance(value, int | float) for value in values):
            numbers = [value for value in values if value is not None]
            whole = all(isinstance(value, int) for value in numbers)
            columns[key] = [value if value is None or whole else float(value) for value in values]
        else:
            columns[key] = [value if value is None or isinstance(value, str) else value_text(value) for value in values]
    return columns


def _verdict(selected: Selected, number: int) -> str:
    if number == selected.named:
        return "best"
    if selected.excluded[number]:
        return "breaks a limit, or keeps it without a margin"
    return "worse" if selected.worse[number] else "not told apart from the best"
