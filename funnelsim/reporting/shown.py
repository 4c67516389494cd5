"""How results show themselves at the prompt and in a notebook: the headline with the limits, and a few tables."""

from collections.abc import Sequence

from funnelsim.decision.bad_days.stress import Stress
from funnelsim.decision.rosters.roster import Rosters
from funnelsim.decision.uncertainty.sensitivity import Sensitivity
from funnelsim.decision.windows.when import When
from funnelsim.experiments.compare import Comparison
from funnelsim.experiments.run import Run
from funnelsim.experiments.shown import html_of, text_of
from funnelsim.experiments.sweep import Sweep
from funnelsim.reporting import compare_words
from funnelsim.reporting.roster_words import roster_sections
from funnelsim.reporting.run_summary import headline_sections, table_sections
from funnelsim.reporting.section import Section
from funnelsim.reporting.sensitivity_words import sensitivity_sections
from funnelsim.reporting.stress_words import stress_sections
from funnelsim.reporting.sweep_summary import sweep_sections
from funnelsim.reporting.terminal import plain_text
from funnelsim.reporting.when_words import when_sections

WIDTH = 80


@text_of.register
def _text_of_run(run: Run) -> str:
    return _text(headline_sections(run))


@html_of.register
def _html_of_run(run: Run) -> str:
    return _html([*headline_sections(run), *table_sections(run)])


@text_of.register
def _text_of_sweep(sweep: Sweep) -> str:
    return _text(_of_sweep(sweep)[:1])


@html_of.register
def _html_of_sweep(sweep: Sweep) -> str:
    return _html(_of_sweep(sweep))


def _of_sweep(sweep: Sweep) -> list[Section]:
    """Return the answer and the best plans."""
    if not len(sweep.points):
        return [Section(sweep.scenario.title, ("No point of this sweep was finished.",))]
    answer, best, _ = sweep_sections(sweep, len(sweep.points))
    return [answer, best]


@text_of.register
def _text_of_comparison(comparison: Comparison) -> str:
    return _text(compare_words.headline_sections(comparison))


@html_of.register
def _html_of_comparison(comparison: Comparison) -> str:
    return _html(compare_words.table_sections(comparison))


@text_of.register
def _text_of_stress(stress: Stress) -> str:
    return _text(stress_sections(stress)[:1])


@html_of.register
def _html_of_stress(stress: Stress) -> str:
    return _html(stress_sections(stress)[:2])


@text_of.register
def _text_of_when(made: When) -> str:
    return _text(when_sections(made)[:1])


@html_of.register
def _html_of_when(made: When) -> str:
    return _html(when_sections(made)[:2])


@text_of.register
def _text_of_rosters(rosters: Rosters) -> str:
    return _text(roster_sections(rosters)[:1])


@html_of.register
def _html_of_rosters(rosters: Rosters) -> str:
    return _html(roster_sections(rosters))


@text_of.register
def _text_of_sensitivity(sensitivity: Sensitivity) -> str:
    return _text(sensitivity_sections(sensitivity)[:1])


@html_of.register
def _html_of_sensitivity(sensitivity: Sensitivity) -> str:
    return _html(sensitivity_sections(sensitivity))


def _text(sections: Sequence[Section]) -> str:
    return plain_text(sections, WIDTH).rstrip()


def _html(sections: Sequence[Section]) -> str:
    from funnelsim.reporting.html import fragment  # noqa: PLC0415  (loads matplotlib, which a prompt does not need)

    return fragment(sections)
