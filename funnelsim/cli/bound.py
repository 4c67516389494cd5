"""The command that says how good any plan could be."""

from funnelsim.cli.app import Command, app
from funnelsim.cli.options import Overrides, ScenarioFile, planned


@app.command(cls=Command)
def bound(scenario: ScenarioFile, *, overrides: Overrides = None) -> None:
    """Say how much any selection could find with a scenario's officers, bays and hours, and what is scarce."""
    from rich.console import Console  # noqa: PLC0415

    from funnelsim.decision.fluid.bound import bound as bound_of  # noqa: PLC0415  (heavy)
    from funnelsim.reporting.bound_words import bound_sections  # noqa: PLC0415
    from funnelsim.reporting.terminal import Page  # noqa: PLC0415

    loaded, plan = planned(scenario, overrides)
    Console().print(Page(bound_sections(bound_of(loaded, plan), loaded)))
