"""What a command that simulates says of the warnings of `funnelsim check`, before its results."""

from typing import TYPE_CHECKING

from funnelsim.cli.console import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Console

    from funnelsim.model.plan import Plan
    from funnelsim.scenario.schema import Scenario


def say_letters_not_drawn(scenarios: "Iterable[Scenario]") -> None:
    """Say once of figures that are drawn which letters of names and titles their font lacks."""
    from funnelsim.plots.letters import letters_not_drawn  # noqa: PLC0415  (heavy)

    if (lacking := letters_not_drawn(scenarios)) is not None:
        say(f"warning: {lacking}")


def say_warnings(console: "Console", plans: "Mapping[str, tuple[Scenario, Plan]]") -> None:
    """Print how many warnings the plans have, by name, and the first of the grave ones; nothing where none has any."""
    from funnelsim.reporting.section import Section  # noqa: PLC0415  (heavy)
    from funnelsim.reporting.terminal import Page, listed  # noqa: PLC0415
    from funnelsim.reporting.warnings import warnings_of  # noqa: PLC0415
    from funnelsim.reporting.warnings.brief import in_brief  # noqa: PLC0415

    brief = in_brief({name: warnings_of(*plan) for name, plan in plans.items()}, "funnelsim check")
    if brief is not None:
        number, bad = brief
        console.print(Page([Section(number, tuple(listed(bad)))]))
        console.print()
