"""Processes beside this one: they start clean, leave Ctrl-C to their parent, and end when it does."""

import gc
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import active_children, get_context, parent_process
from threading import Thread


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
    before = active_children()
    pool = process_pool(1, module)
    try:
        with interrupts_held_back():
            pool.submit(int)  # starts the process
        yield pool
    except BaseException:
        for process in active_children():
            if process not in before:
                process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


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
