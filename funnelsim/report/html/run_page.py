"""The report of a run: what this plan finds, and what it costs."""

from funnelsim.experiments.run import Run
from funnelsim.plots import FIGURES
from funnelsim.report import run_words
from funnelsim.report.html.background import assumptions_chapter, method_chapter, redo_chapter, scenario_chapter
from funnelsim.report.html.document import Document
from funnelsim.report.html.provenance import Provenance
from funnelsim.report.html.results import key_numbers, result_chapters, sentence
from funnelsim.report.plain_words import what_it_says
from funnelsim.report.words import counted

QUESTION = "What would this funnel find in one operation, and what would it cost ordinary travellers?"


def run_document(run: Run, provenance: Provenance) -> Document:
    """Return everything the page of a run says."""
    said = what_it_says(run.scenario, run.plan)
    in_short = [item for section in (said[0], said[-1]) for item in section.items if isinstance(item, str)]
    number = len(run.replications)
    redo = (
        f"The same scenario file, simulated with --replications {number} and --seed {run.seed} by the same version of "
        "funnelsim, gives the same numbers on any machine. The results folder keeps the whole scenario, counts "
        "included, in manifest.json."
    )
    return Document(
        title=run.scenario.title,
        kind="Report of a simulated operation",
        question=(QUESTION, f"The plan: {in_short[0]}", f"The limits: {in_short[-1]}"),
        answer=(run_words.headline(run), *map(sentence, run_words.limits(run)), *_stopped(run)),
        numbers=key_numbers(run),
        chapters=(
            *result_chapters(run, FIGURES),
            scenario_chapter(run.scenario, run.plan),
            assumptions_chapter(run.scenario),
            method_chapter(),
            redo_chapter([redo], run.seed, provenance),
        ),
        made_by=f"funnelsim {provenance.funnelsim}, {counted(number, 'simulated operation')}, seed {run.seed}",
    )


def _stopped(run: Run) -> tuple[str, ...]:
    """Say beside the answer what makes it weak; all that can be said stands at the end."""
    if run.complete and len(run.replications) > 1:
        return ()
    return tuple(run_words.reach(run))[:1]
