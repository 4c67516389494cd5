"""What a person sees while waiting, and what Ctrl-C does then."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(doing: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar with the time left on the error stream; give a function that takes how many are finished."""
    from rich.console import Console  # noqa: PLC0415  (heavy)
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda finished: bar.update(task, completed=finished)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let nothing stop what is being saved: Ctrl-C has no effect for these seconds."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
