"""Ctrl-C reaches a thread only where it holds no lock, and a process only once it knows what a signal means."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

GIVE_UP: Final[signal.Signals | None] = getattr(signal, "SIGUSR1", None)
"""Tells a worker process that its results are no longer wanted; None on Windows."""


@contextmanager
def interrupts_deferred() -> Iterator[None]:
    """Let Ctrl-C wait until a block has ended.

    Python raises KeyboardInterrupt between any two steps of its main thread, so also just after a lock of
    `concurrent.futures` was taken: nobody would return it, and other threads would wait for it for ever. Where others
    than Python handle the signal, this does nothing.
    """
    mine = threading.current_thread() is threading.main_thread()
    if not mine or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    pressed: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if pressed:
            raise KeyboardInterrupt


@contextmanager
def signals_blocked() -> Iterator[None]:
    """Block Ctrl-C and `GIVE_UP` while processes start; they inherit this."""
    if GIVE_UP is None:  # on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, GIVE_UP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
