"""The workers of a Dask cluster as an executor; what goes wrong with a cluster is said in a sentence."""

import logging
import re
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.scenario.toml_text import plain_text

_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://\S+:\d+")
ALLOWED = "allowed: the address of a running scheduler, such as tcp://host:8786"
RETRIES = 3  # of a task whose worker died
CONNECT_WITHIN_S = 10.0
CLOSE_WITHIN_S = 2.0
CHATTER = ("distributed", "distributed.client", "tornado.application", "asyncio")
"""Loggers with a traceback for each connection that is lost, at any later time; what matters is said in a sentence."""

_log = logging.getLogger(__name__)


class ClusterExecutor(Executor):
    """The workers of a Dask cluster.

    Parameters
    ----------
    client
        Connected to its scheduler.
    address
        Of the scheduler.
    """

    def __init__(self, client: Any, address: str) -> None:  # noqa: ANN401  (an extra, without types)
        self.client = client
        self.address = address
        self._executor = client.get_executor(retries=RETRIES, pure=False)
        self._said = False

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401  (the base's signature)
        """Submit a task to the cluster; if its worker dies, another one runs it."""
        future: Future[Any] = self._executor.submit(fn, *args, **kwargs)
        return future

    @property
    def threads(self) -> int:
        """Number of tasks that its workers run at a time."""
        try:
            return sum(self.client.nthreads().values())
        except OSError:
            raise _scheduler_lost(self.address) from None

    def say_if_without_workers(self) -> None:
        """Say once that nobody works, each time that all workers are gone."""
        nobody = self.threads == 0
        if nobody and not self._said:
            _log.warning("%s has no workers yet: waiting for one (dask worker %s)", self.address, self.address)
        self._said = nobody


@contextmanager
def cluster_workers(address: str) -> Iterator[ClusterExecutor]:
    """Yield the workers of a running cluster.

    Parameters
    ----------
    address
        Of its scheduler, such as ``tcp://host:8786``; needs the extra ``funnelsim[cluster]``.

    Raises
    ------
    FunnelsimError
        If the cluster cannot be reached, or is lost.
    """
    try:
        dask: Any = import_module("distributed")  # an extra, without types
    except ImportError:
        raise _problem(address, "needs distributed; allowed after pip install 'funnelsim[cluster]'") from None
    if not _ADDRESS.fullmatch(address):
        raise _problem(address, "not an address; allowed: an address such as tcp://host:8786")
    for name in CHATTER:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        _check_scheduler(dask, address)
        client = dask.Client(address, timeout=CONNECT_WITHIN_S, set_as_default=False)
    except FunnelsimError:
        raise
    except Exception as error:  # noqa: BLE001  (whatever an address of something else leads to)
        raise _problem(address, f"cannot be reached ({_reason(error)}); {ALLOWED}") from None
    try:
        yield ClusterExecutor(client, address)
    except dask.KilledWorker:
        message = "several workers died of the same task, perhaps for lack of memory; the same command goes on"
        raise _problem(address, message) from None
    except CancelledError:
        raise _scheduler_lost(address) from None
    finally:
        with suppress(Exception):  # a scheduler that is gone cannot be told
            client.close(timeout=CLOSE_WITHIN_S)


def _check_scheduler(dask: Any, address: str) -> None:  # noqa: ANN401  (without types)
    """Check that a Dask scheduler answers: a client itself would wait for ever for something that says nothing."""

    async def identity() -> Any:  # noqa: ANN401
        async with dask.rpc(address, connection_args=dask.Security().get_connection_args("client")) as scheduler:
            return await scheduler.identity()

    runner = dask.utils.LoopRunner()
    runner.start()
    try:
        kind = dask.utils.sync(runner.loop, identity, callback_timeout=CONNECT_WITHIN_S)["type"]
    finally:
        runner.stop()
    if kind != "Scheduler":
        raise _problem(address, f"is the address of a {kind.lower()}; {ALLOWED}")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):  # timeouts among them
        return f"no Dask scheduler answered within {CONNECT_WITHIN_S:.0f} s"
    return plain_text(str(error), 160)


def _scheduler_lost(address: str) -> FunnelsimError:
    return _problem(address, "the scheduler was lost; run the command again to continue")


def _problem(address: str, message: str) -> FunnelsimError:
    return FunnelsimError([Problem(f"--cluster {address}", message)])
