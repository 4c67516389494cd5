"""The progress bar, and protection against Ctrl-C while results are saved."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


def new_bar() -> "Progress":
    """Return a progress bar on the error stream that is not begun yet; where none can be drawn, it shows nothing."""
    from rich.console import Console  # noqa: PLC0415  (heavy)
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_interactive)


@contextmanager
def progress_bar(doing: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on the error stream; yield a function that takes the number finished so far."""
    with new_bar() as bar:
        task = bar.add_task(doing, total=total)
        yield lambda finished: bar.update(task, completed=finished)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ignore Ctrl-C while results are being saved."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def drawn_unless_interrupted(draw: Callable[[], list[Path]], folder: Path) -> tuple[list[Path], bool]:
    """Draw figures into a folder; return their files, and whether Ctrl-C was pressed: then those that are finished."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return draw(), False
    except KeyboardInterrupt:
        return sorted(
            path for path in folder.iterdir() if path.suffix in (".png", ".svg") and path.stem[0] != "."
        ), True
    finally:
        signal.signal(signal.SIGINT, before)
