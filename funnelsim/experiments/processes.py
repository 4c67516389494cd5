"""Processes beside this one: they start clean, leave Ctrl-C to their parent, and end when it does."""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import Any

from funnelsim.errors import FunnelsimError, Problem

NO_MAIN_GUARD = 77
"""Exit code of a process that came upon the call that started it while it imported the caller's script."""


class WorkerProcesses(Executor):
    """Processes that do tasks, and others in their place once one was killed.

    Tasks that are not finished in the end are given up, and nobody waits for them.

    Parameters
    ----------
    processes
        How many.

    Raises
    ------
    FunnelsimError
        If they cannot do anything, as the script that they import first calls this, too.
    """

    def __init__(self, processes: int) -> None:
        self._count = processes
        script = sys.modules["__main__"]
        if script.__spec__ is None and not Path(getattr(script, "__file__", __file__)).is_file():  # standard input
            message = f"{processes} given in a script that is no file; allowed: 1, or a script in a file"
            raise FunnelsimError([Problem("jobs", f"{message}, as each process imports the script first")])
        self._pool, self._started = _started_pool(processes)
        self._unfinished: set[Future[Any]] = set()

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401  (the base's signature)
        """Submit a task; its future has `BrokenExecutor` if a process was killed before the task was finished."""
        try:
            future = self._pool.submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self._start_again()
            future = self._pool.submit(fn, *args, **kwargs)
        self._unfinished.add(future)
        future.add_done_callback(self._unfinished.discard)
        return future

    def _start_again(self) -> None:
        self._pool.shutdown()
        if any(process.exitcode == NO_MAIN_GUARD for process in self._started):
            message = (
                f"{self._count} given in a script without a main guard; allowed: 1, or the call in the block below "
                'the line `if __name__ == "__main__":`, as each process imports the script first'
            )
            raise FunnelsimError([Problem("jobs", message)]) from None
        self._pool, self._started = _started_pool(self._count)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  (the base's)
        """End the processes."""
        if self._unfinished:  # none of it cancelled: a pool that loses a process with cancelled tasks hangs (3.11)
            for process in self._started:
                process.terminate()
        self._pool.shutdown(wait, cancel_futures=cancel_futures)


def process_pool(processes: int, module: str | None = None) -> ProcessPoolExecutor:
    """Return a pool of processes; each starts with the first tasks that it gets.

    A forked child could inherit locks held by the threads of numerical libraries; a spawned one starts clean.

    Parameters
    ----------
    processes
        How many.
    module
        Imported by each process when it starts.
    """
    context = get_context("spawn")
    given = module, gc.get_threshold()
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_begin_worker, initargs=given)


@contextmanager
def second_process(jobs: int, module: str) -> Iterator[Executor | None]:
    """Start a second process that imports a module while this one does something else.

    Left by an exception, the process is ended at once: nobody waits for its results.

    Parameters
    ----------
    jobs
        How much may be done side by side; with one job there is no second process.
    module
        What the work in the process needs.

    Yields
    ------
    Executor or None
        The process, or None with one job.
    """
    if jobs == 1:
        yield None
        return
    pool, started = _started_pool(1, module)
    try:
        yield pool
    except BaseException:
        for process in started:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _started_pool(processes: int, module: str | None = None) -> tuple[ProcessPoolExecutor, list[BaseProcess]]:
    """Return a pool and its processes, which have been started."""
    before = active_children()
    pool = process_pool(processes, module)
    try:
        with interrupts_held_back():
            for _ in range(processes):
                pool.submit(int)
    except RuntimeError as error:
        if "bootstrapping" not in str(error):
            raise
        raise SystemExit(NO_MAIN_GUARD) from None  # this is a child that imports the script, which may start no others
    return pool, [process for process in active_children() if process not in before]


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Hold back Ctrl-C while processes start: they inherit this, and do not die before they can ignore it."""
    if not hasattr(signal, "pthread_sigmask"):  # not on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker(module: str | None, garbage_threshold: tuple[int, int, int]) -> None:
    gc.set_threshold(*garbage_threshold)  # as in the parent
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    Thread(target=_end_with_parent, daemon=True).start()
    if module is not None:
        import_module(module)


def _end_with_parent() -> None:
    """End this process when the one that started it was killed: nothing would take its results or tell it to end."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
