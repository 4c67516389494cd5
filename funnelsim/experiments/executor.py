"""Where work is done: one seam, `concurrent.futures.Executor`, for one machine or many."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from funnelsim.errors import FunnelsimError


class Here(Executor):
    """Do the work in this process, when it is asked for."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401  (the base's signature)
        """Call a function and return its result as a future."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  (handed on to whoever asks for the result)
            future.set_exception(error)
        return future


@contextmanager
def workers(jobs: int, cluster: str | None = None) -> Iterator[Executor]:
    """Give an executor: this process, several processes, or the workers of a Dask cluster.

    Parameters
    ----------
    jobs
        How many processes on this machine.
    cluster
        Address of a running Dask scheduler, such as ``tcp://host:8786``; needs the extra ``funnelsim[cluster]``.

    Raises
    ------
    FunnelsimError
        If the cluster cannot be reached.
    """
    if cluster is not None:
        with _cluster(cluster) as executor:
            yield executor
    elif jobs == 1:
        yield Here()
    else:
        # A forked child could inherit locks held by the threads of numerical libraries; a spawned one starts clean.
        pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_ignore_interrupts)
        try:
            with _interrupts_held_back():
                wait([pool.submit(int) for _ in range(jobs)])  # starts the processes
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)  # a `with` would shut down once more and take the cancelling back


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Hold back Ctrl-C while processes start: they inherit this, and do not die before they can ignore it."""
    if not hasattr(signal, "pthread_sigmask"):  # not on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client  # noqa: PLC0415  (an extra)
    except ImportError:
        raise FunnelsimError(
            f"--cluster {address}: needs distributed; allowed after pip install 'funnelsim[cluster]'"
        ) from None
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise FunnelsimError(f"--cluster {address}: cannot be reached ({error}); allowed: tcp://host:port") from None
    try:
        yield client.get_executor(retries=3, pure=False)
    finally:
        client.close()


def at_once(jobs: int) -> int:
    """Return how many tasks to hand out in advance: none is idle, and few are lost when the run is stopped."""
    return 1 if jobs == 1 else 3 * jobs


Task = tuple[Any, ...]
"""A function and its arguments."""


def as_finished(executor: Executor, next_task: Callable[[], Task | None], most: int) -> Iterator[Any]:
    """Yield the results of tasks as they are finished; no more than `most` are in the executor's hands.

    Parameters
    ----------
    executor
        Who does the work.
    next_task
        Gives the next task, or None when there is none now; it is asked again after each result, which may have led
        to new ones. So a million tasks need no memory.
    most
        How many to hand out in advance.

    Raises
    ------
    FunnelsimError
        If a process or a cluster worker was ended from outside and the task could not be given to another.
    """
    pending: set[Future[Any]] = set()
    try:
        while True:
            while len(pending) < most and (task := next_task()) is not None:
                pending.add(executor.submit(*task))
            if not pending:
                return
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    except BrokenExecutor:
        message = "a process that simulated was ended from outside, perhaps for want of memory; try fewer --jobs"
        raise FunnelsimError(message) from None
    finally:
        for future in pending:
            future.cancel()
