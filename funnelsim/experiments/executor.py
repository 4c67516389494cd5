"""Where tasks run: one interface, `concurrent.futures.Executor`, for one machine or many."""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.cluster import RETRIES, ClusterExecutor, cluster_workers
from funnelsim.experiments.interrupts import interrupts_deferred
from funnelsim.experiments.processes import WorkerProcesses
from funnelsim.experiments.replication import Engine

R = TypeVar("R")

LEAST_ON_CLUSTER = 16
AWAKE_EVERY_S = 1.0
"""A wait without an end is not left for Ctrl-C: importing Polars lets the system resume it."""

KILLED = "worker processes were killed again and again, perhaps for lack of memory; try fewer --jobs"


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
        with cluster_workers(cluster) as executor:
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
        with WorkerProcesses(jobs) as processes:
            yield processes


def max_pending(executor: Executor, jobs: int) -> int:
    """Return how many tasks to submit ahead: no worker is idle, and few tasks are lost when the run is stopped."""
    if isinstance(executor, ClusterExecutor):
        return max(LEAST_ON_CLUSTER, 3 * executor.threads)
    return 1 if jobs == 1 else 3 * jobs


Task = tuple[Any, ...]
"""A function and its arguments."""


def as_finished(executor: Executor, next_task: Callable[[], Task | None], most: int) -> Generator[Any, None, None]:
    """Yield the results of tasks as they finish; at most `most` tasks are submitted at a time.

    What is not finished when nobody asks for more is given up where `workers` ends.

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
        If a task was lost again and again because the process or the cluster worker that had it was killed.
    """
    pending: dict[Future[Any], tuple[Task, int]] = {}
    finished: SimpleQueue[Future[Any]] = SimpleQueue()
    while True:
        while len(pending) < most and (task := next_task()) is not None:
            pending[_submitted(executor, task, finished)] = task, 0
        if not pending:
            return
        future = _next_finished(finished, executor)
        task, again = pending.pop(future)
        with interrupts_deferred():
            error = future.exception()
        if not isinstance(error, BrokenExecutor):
            yield result_of(future)
        elif again < RETRIES:
            pending[_submitted(executor, task, finished)] = task, again + 1
        else:
            raise FunnelsimError(KILLED)


def result_of(future: Future[R]) -> R:
    """Wait for a task and return its result; Ctrl-C is heard meanwhile, as it is not in `Future.result`."""
    finished: SimpleQueue[Future[R]] = SimpleQueue()
    with interrupts_deferred():
        future.add_done_callback(finished.put)
    _next_finished(finished)
    with interrupts_deferred():
        return future.result()


def _submitted(executor: Executor, task: Task, finished: SimpleQueue[Future[Any]]) -> Future[Any]:
    """Submit a task whose future is put into a queue when it is finished."""
    if isinstance(executor, InProcessExecutor):  # does the task now, which Ctrl-C may stop
        future = executor.submit(*task)
        finished.put(future)
        return future
    with interrupts_deferred():
        future = executor.submit(*task)
        future.add_done_callback(finished.put)
    return future


def _next_finished(finished: SimpleQueue[Future[R]], executor: Executor | None = None) -> Future[R]:
    """Wait for a task and return its future.

    `concurrent.futures.wait` takes a lock of each future, and Ctrl-C would let it keep some of them.
    """
    while True:
        try:
            return finished.get(timeout=AWAKE_EVERY_S)
        except Empty:
            if isinstance(executor, ClusterExecutor):
                executor.say_if_without_workers()
