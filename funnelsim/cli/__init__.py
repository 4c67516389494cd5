"""The command line: parses, calls, prints.

What a command needs is imported inside it, so that ``funnelsim --help`` answers at once.
"""

from funnelsim.cli import (  # noqa: F401  (each registers its commands)
    compare,
    counts,
    events,
    fit,
    plot,
    report,
    run,
    scenario,
    sweep,
    validate,
)
from funnelsim.cli.app import app, main

__all__ = ["app", "main"]
