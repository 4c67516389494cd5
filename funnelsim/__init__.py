"""funnelsim: what a roadside funnel would find, and what it would cost in delay.

A planning aid for lawful, proportionate operations: vehicles are selected by class and an abstract score,
and the burden on ordinary travellers is always reported beside the yield.

From Python::

    import funnelsim

    scenario = funnelsim.load_scenario("scenarios/motorway_early_shift.toml")
    result = funnelsim.run(scenario, replications=100, seed=1)
    result.estimates["expected_detections"]
"""

TYPE_CHECKING = False  # type checkers know the name; nothing is imported here, so that the command line can hear Ctrl-C

if TYPE_CHECKING:
    from typing import Any

    from funnelsim.analysis.estimates import Estimate
    from funnelsim.decision.bad_days.stress import Stress, stress
    from funnelsim.decision.fluid.bound import Bound, bound
    from funnelsim.decision.levers.levers import Levers, levers
    from funnelsim.decision.optimisation.optimise import Optimum, optimise
    from funnelsim.decision.rosters.roster import Rosters, roster
    from funnelsim.decision.uncertainty.sensitivity import Sensitivity, sensitivity
    from funnelsim.decision.windows.when import When, when
    from funnelsim.errors import CountsError, FunnelsimError, ResultsError, ScenarioError
    from funnelsim.experiments.compare import Comparison, compare
    from funnelsim.experiments.differences import Difference
    from funnelsim.experiments.loading import load_result
    from funnelsim.experiments.run import Run, run
    from funnelsim.experiments.sweep import Sweep, sweep
    from funnelsim.reporting.html import report
    from funnelsim.reporting.workbook import to_xlsx
    from funnelsim.scenario import Scenario, load_scenario

__version__ = "0.1.0"

__all__ = [
    "Bound",
    "Comparison",
    "CountsError",
    "Difference",
    "Estimate",
    "FunnelsimError",
    "Levers",
    "Optimum",
    "ResultsError",
    "Rosters",
    "Run",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "Stress",
    "Sweep",
    "When",
    "__version__",
    "bound",
    "compare",
    "levers",
    "load_result",
    "load_scenario",
    "optimise",
    "report",
    "roster",
    "run",
    "sensitivity",
    "stress",
    "sweep",
    "to_xlsx",
    "when",
]

_HOMES = {
    "Bound": "funnelsim.decision.fluid.bound",
    "Comparison": "funnelsim.experiments.compare",
    "CountsError": "funnelsim.errors",
    "Difference": "funnelsim.experiments.differences",
    "Estimate": "funnelsim.analysis.estimates",
    "FunnelsimError": "funnelsim.errors",
    "Levers": "funnelsim.decision.levers.levers",
    "Optimum": "funnelsim.decision.optimisation.optimise",
    "ResultsError": "funnelsim.errors",
    "Rosters": "funnelsim.decision.rosters.roster",
    "Run": "funnelsim.experiments.run",
    "Scenario": "funnelsim.scenario",
    "ScenarioError": "funnelsim.errors",
    "Stress": "funnelsim.decision.bad_days.stress",
    "Sensitivity": "funnelsim.decision.uncertainty.sensitivity",
    "Sweep": "funnelsim.experiments.sweep",
    "When": "funnelsim.decision.windows.when",
    "bound": "funnelsim.decision.fluid.bound",
    "compare": "funnelsim.experiments.compare",
    "levers": "funnelsim.decision.levers.levers",
    "load_result": "funnelsim.experiments.loading",
    "load_scenario": "funnelsim.scenario",
    "optimise": "funnelsim.decision.optimisation.optimise",
    "report": "funnelsim.reporting.html",
    "roster": "funnelsim.decision.rosters.roster",
    "run": "funnelsim.experiments.run",
    "stress": "funnelsim.decision.bad_days.stress",
    "sensitivity": "funnelsim.decision.uncertainty.sensitivity",
    "sweep": "funnelsim.experiments.sweep",
    "to_xlsx": "funnelsim.reporting.workbook",
    "when": "funnelsim.decision.windows.when",
}
_WORDS = "funnelsim.reporting.shown"  # of results at the prompt and in a notebook


def __getattr__(name: str) -> "Any":  # noqa: ANN401  (whatever the name stands for)
    """Import what is heavy only when it is asked for, so that `funnelsim --help` answers at once."""
    if name not in _HOMES:
        message = f"module 'funnelsim' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415

    if _HOMES[name].startswith(("funnelsim.experiments.", "funnelsim.decision.")):
        import_module(_WORDS)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List what a user may rely on, whether it is loaded yet or not."""
    return sorted(__all__)
