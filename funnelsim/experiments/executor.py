"""Where tasks run: one interface, `concurrent.futures.Executor`, for one machine or many."""

import re
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager
from typing import Any

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.processes import interrupts_held_back, process_pool
from funnelsim.experiments.replication import Engine
from funnelsim.scenario.toml_text import plain_text

_ADDRESS = re.compile(r"\w+://\S+:\d+")
RETRIES = 3  # of a task whose cluster worker died
CONNECT_WITHIN = "10s"
LEAST_ON_CLUSTER = 16


class InProcessExecutor(Executor):
    """Run tasks in this process, when they are submitted."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401  (the base's signature)
        """Call a function and return its result in a future."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  (handed on to whoever asks for the result)
            future.set_exception(error)
        return future


@contextmanager
def workers(jobs: int, engine: Engine = "compiled", cluster: str | None = None) -> Iterator[Executor]:
    """Yield an executor: this process, several threads or processes, or the workers of a Dask cluster.

    Parameters
    ----------
    jobs
        Number of threads or processes on this machine.
    engine
        Threads can run compiled code in parallel; SimPy needs processes.
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
        yield InProcessExecutor()
    elif engine == "compiled":
        threads = ThreadPoolExecutor(jobs)
        try:
            yield threads
        finally:
            threads.shutdown(cancel_futures=True)
    else:
        pool = process_pool(jobs)
        try:
            with interrupts_held_back():
                wait([pool.submit(int) for _ in range(jobs)])  # starts the processes
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)  # a `with` would shut down again and undo the cancelling


class ClusterExecutor(Executor):
    """The workers of a Dask cluster.

    Parameters
    ----------
    client
        Connected to its scheduler.
    """

    def __init__(self, client: Any) -> None:  # noqa: ANN401  (an extra, without types)
        self.client = client
        self._executor = client.get_executor(retries=RETRIES, pure=False)

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401  (the base's signature)
        """Submit a task to the cluster; if its worker dies, another one runs it."""
        future: Future[Any] = self._executor.submit(fn, *args, **kwargs)
        return future

    @property
    def threads(self) -> int:
        """Number of tasks that its workers run at a time."""
        return sum(self.client.nthreads().values())


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client, KilledWorker  # noqa: PLC0415  (an extra)
    except ImportError:
        message = "needs distributed; allowed after pip install 'funnelsim[cluster]'"
        raise FunnelsimError([Problem(f"--cluster {address}", message)]) from None
    connect: Any = Client  # without types
    if not _ADDRESS.fullmatch(address):
        raise FunnelsimError(
            [Problem(f"--cluster {address}", "not an address; allowed: an address such as tcp://host:8786")]
        )
    try:
        client = connect(address, timeout=CONNECT_WITHIN, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = plain_text(str(error))
        message = f"cannot be reached ({reason}); allowed: the address of a running scheduler, such as tcp://host:8786"
        raise FunnelsimError([Problem(f"--cluster {address}", message)]) from None
    try:
        yield ClusterExecutor(client)
    except (KilledWorker, CancelledError) as error:
        message = f"the cluster lost work ({plain_text(str(error))}); run the command again to continue"
        raise FunnelsimError([Problem(f"--cluster {address}", message)]) from None
    finally:
        client.close()


def max_pending(executor: Executor, jobs: int) -> int:
    """Return how many tasks to submit ahead: no worker is idle, and few tasks are lost when the run is stopped."""
    if isinstance(executor, ClusterExecutor):
        return max(LEAST_ON_CLUSTER, 3 * executor.threads)
    return 1 if jobs == 1 else 3 * jobs


Task = tuple[Any, ...]
"""A function and its arguments."""


def as_finished(executor: Executor, next_task: Callable[[], Task | None], most: int) -> Generator[Any, None, None]:
    """Yield the results of tasks as they finish; at most `most` tasks are submitted at a time.

    Use it within `contextlib.closing`: a Ctrl-C while the remaining tasks are cancelled then reaches the caller, and is
    not printed as an exception that nobody can catch.

    Parameters
    ----------
    executor
        Where the tasks run.
    next_task
        Returns the next task, or None if there is none at present; it is called again after each result, which may
        have led to new tasks. So a million tasks need no memory.
    most
        Number of tasks to submit ahead (`max_pending`).

    Raises
    ------
    FunnelsimError
        If a process or a cluster worker was killed and its task could not be given to another.
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
        message = "a worker process was killed, perhaps for lack of memory; try fewer --jobs"
        raise FunnelsimError(message) from None
    finally:
        for future in pending:
            future.cancel()
