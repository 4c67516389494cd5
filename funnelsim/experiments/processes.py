"""Processes beside this one: they start clean, leave Ctrl-C to their parent, and end when it does."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import Any

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.interrupts import GIVE_UP, signals_blocked

NO_MAIN_GUARD = 77
"""Exit code of a process that came upon the call that started it while it imported the caller's script."""


class GivenUp(BaseException):
    """The parent no longer wants the result of the task at work; no `except Exception` catches this."""


class WorkerProcesses(Executor):
    """Processes that do tasks, and others in their place once one was killed.

    Tasks that are not finished in the end are given up, and nobody waits for them.

    Parameters
    ----------
    processes
        How many.
    module
        Imported by each process first: what its tasks need.

    Raises
    ------
    FunnelsimError
        If they cannot do anything, as the script that they import first calls this, too.
    """

    def __init__(self, processes: int, module: str | None = None) -> None:
        self._count, self._module = processes, module
        script = sys.modules["__main__"]
        if script.__spec__ is None and not Path(getattr(script, "__file__", __file__)).is_file():  # standard input
            message = f"{processes} given in a script that is no file; allowed: 1, or a script in a file"
            raise FunnelsimError([Problem("jobs", f"{message}, as each process imports the script first")])
        self._pool, self._started = _started_pool(processes, module)
        self._unfinished: set[Future[Any]] = set()

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401  (the base's signature)
        """Submit a task; its future has `BrokenExecutor` if a process was killed before the task was finished."""
        try:
            future = self._pool.submit(_do, fn, *args, **kwargs)
        except BrokenExecutor:
            self._start_again()
            future = self._pool.submit(_do, fn, *args, **kwargs)
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
        self._pool, self._started = _started_pool(self._count, self._module)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  (the base's)
        """End the processes."""
        if self._unfinished:
            for process in self._started:
                _let_give_up(process)
        self._pool.shutdown(wait, cancel_futures=cancel_futures)


@contextmanager
def second_process(jobs: int, module: str) -> Iterator[Executor | None]:
    """Start a second process that imports a module while this one does something else.

    Left by an exception, nobody waits for its results.

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
    with WorkerProcesses(1, module) as process:
        yield process


def _started_pool(processes: int, module: str | None) -> tuple[ProcessPoolExecutor, list[BaseProcess]]:
    """Return a pool and its processes, which have been started.

    A forked child could inherit locks held by the threads of numerical libraries; a spawned one starts clean.
    """
    before = active_children()
    context, threshold = get_context("spawn"), gc.get_threshold()
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin_worker, initargs=(threshold,))
    try:
        with signals_blocked():  # the processes inherit this, and no signal ends them before they know what it means
            for _ in range(processes):
                pool.submit(_do, _import, module)
    except RuntimeError as error:
        if "bootstrapping" not in str(error):
            raise
        raise SystemExit(NO_MAIN_GUARD) from None  # this is a child that imports the script, which may start no others
    return pool, [process for process in active_children() if process not in before]


def _let_give_up(process: BaseProcess) -> None:
    """Let a process give up its task and all that follow.

    It is not killed: it may be sending a result, and who reads half of one waits for the rest for ever.
    """
    if GIVE_UP is None:
        process.terminate()
    elif process.is_alive() and process.pid is not None:
        os.kill(process.pid, GIVE_UP)


class _Work:
    """What a worker process knows about its work."""

    at_task = False
    given_up = False

    def give_up(self, *_signal: object) -> None:
        """Let no task begin any more, and stop the one that is at work."""
        self.given_up = True
        if self.at_task:
            self.at_task = False
            raise GivenUp


_WORK = _Work()  # a signal handler has no other way to know


def _begin_worker(garbage_threshold: tuple[int, int, int]) -> None:
    gc.set_threshold(*garbage_threshold)  # as in the parent
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    if GIVE_UP is not None:
        signal.signal(GIVE_UP, _WORK.give_up)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {GIVE_UP})
    Thread(target=_end_with_parent, daemon=True).start()


def _do(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  (whatever it takes and returns)
    """Do a task in a worker process, unless it is given up."""
    try:
        _WORK.at_task = True
        if _WORK.given_up:
            raise GivenUp
        return fn(*args, **kwargs)
    finally:
        _WORK.at_task = False


def _import(module: str | None) -> None:
    if module is not None:
        import_module(module)


def _end_with_parent() -> None:
    """End this process when the one that started it was killed: nothing would take its results or tell it to end."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
