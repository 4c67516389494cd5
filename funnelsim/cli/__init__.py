"""The command line: parse, call, print.

Each command imports what it needs when it runs, so that ``funnelsim --help`` answers at once.
"""

try:
    from funnelsim.cli import (  # noqa: F401  (each registers its commands)
        bound,
        cite,
        compare,
        counts,
        events,
        export,
        fit,
        levers,
        optimise,
        plot,
        report,
        roster,
        run,
        scenario,
        sensitivity,
        serve,
        stress,
        sweep,
        validate,
        when,
    )
    from funnelsim.cli.app import app, main
except KeyboardInterrupt:  # nothing is begun yet
    raise SystemExit(130) from None

__all__ = ["app", "main"]
