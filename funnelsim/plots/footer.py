"""The foot of a figure: what was simulated and how, so that a print on a desk can be traced."""

from dataclasses import dataclass

import funnelsim
from funnelsim.experiments.compare import Comparison
from funnelsim.experiments.run import Run
from funnelsim.experiments.sweep import Sweep
from funnelsim.scenario.demand import day_cv_of
from funnelsim.scenario.schema import Scenario
from funnelsim.wording import counted, share_text


@dataclass(frozen=True)
class Footer:
    """The two lines at the foot of a figure.

    Attributes
    ----------
    title
        Of the scenario.
    parts
        What was simulated, in a few words each.
    """

    title: str
    parts: tuple[str, ...]


def footer_of(shown: Run | Sweep | Comparison | Footer) -> Footer:
    """Return the foot of a figure that shows a run, a sweep or a comparison."""
    match shown:
        case Footer():
            return shown
        case Run():
            number = counted(len(shown.replications), "simulated operation")
            return _footer(shown.scenario, shown.seed, number, len(shown.replications), complete=shown.complete)
        case Sweep():
            least, most = _least_and_most(shown)
            number = f"{counted(len(shown.points), 'point')}, "
            number += (
                f"{counted(most, 'simulated operation')} each"
                if least == most
                else f"{least:,} to {counted(most, 'simulated operation')} each"
            )
            return _footer(shown.scenario, shown.settings.seed, number, least, complete=shown.complete, keys=shown.keys)
        case Comparison():
            title = next(iter(shown.scenarios.values())).title
            most = len(shown.replications) // len(shown.scenarios)
            number = f"{len(shown.scenarios)} plans, {counted(most, 'simulated operation')} each"
            vehicles = "the same vehicles in the same hours" if shown.paired else "different vehicles for each"
            days = days_differ(next(iter(shown.scenarios.values())))
            said = f"seed {shown.seed}", number, days, vehicles, f"funnelsim {funnelsim.__version__}"
            return Footer(title, (*said, "±: intervals that hold together at 95 %"))


def days_differ(scenario: Scenario, keys: tuple[str, ...] = ()) -> str:
    """Return whether the operations are different days, in a few words; `keys` are varied."""
    if any(key.endswith((".day_cv", "traffic.arrivals")) for key in keys):
        return "variation of days varied"
    cv = max(map(day_cv_of, scenario.per_funnel))
    if scenario.operation.days > 1:
        days = f"{scenario.operation.days} days each"
        return f"{days}, operations differ by {share_text(cv)}" if cv > 0.0 else f"{days}, the same traffic"
    return f"days differ by {share_text(cv)}" if cv > 0.0 else "one day's traffic"


def _footer(
    scenario: Scenario, seed: int, number: str, least: int, *, complete: bool, keys: tuple[str, ...] = ()
) -> Footer:
    error = "one operation has no error bar" if least == 1 else "± or brackets: 95 % confidence interval"
    said = f"seed {seed}", number, days_differ(scenario, keys), f"funnelsim {funnelsim.__version__}", error
    return Footer(scenario.title, said if complete else (*said, "interrupted"))


def _least_and_most(sweep: Sweep) -> tuple[int, int]:
    counts = sweep.points["n"].to_list()
    return min(counts), max(counts)
