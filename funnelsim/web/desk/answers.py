"""Answers while you drag: the newest plan is simulated, one that nobody asks about any more is dropped."""

import asyncio
import logging
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from funnelsim.decision.fluid.bound import Bound
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.run import Run, growing_run
from funnelsim.reporting.plan_warning import PlanWarning
from funnelsim.reporting.warnings import warnings_of
from funnelsim.web.draft import Draft, Planner

STOPS: Final = (8, 20, 35, 50, 75, 100, 150, 200, 300, 500, 750, 1000)
"""After how many operations to show what is known: few at first."""

OPERATIONS: Final = (100, 300, 1000)
"""How many a visitor may ask for; the first is what `funnelsim run` makes."""

JOBS: Final = 2
THREADS: Final = ThreadPoolExecutor(2)
"""Where it is done for all visitors, who take turns step by step; the server does not wait for it when it ends."""

FAILED: Final = "The page met an error of its own; it is in the log of funnelsim serve."
LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What is known about a draft so far.

    Attributes
    ----------
    draft
        Of which it is true.
    run
        The operations simulated; None where none are yet, or the draft is no plan.
    bound
        How good any plan could be with the same officers and hours; None until the last operation is simulated.
    warnings
        Those of `funnelsim check`; None where they are not known yet: the first answer does not wait for them.
    error
        Why it is no plan.
    final
        Whether no more operations will be simulated.
    """

    draft: Draft
    run: Run | None = None
    bound: Bound | None = None
    warnings: Sequence[PlanWarning] | None = None
    error: FunnelsimError | None = None
    final: bool = False


Answering = Generator[Answer, None, None]


class Answers:
    """Simulates what one visitor asks about.

    Parameters
    ----------
    show
        Called in the event loop with each answer.

    Notes
    -----
    At most one draft waits: a newer one takes its place. What is being simulated is given up at once, and stops after
    the operations in hand.
    """

    def __init__(self, show: Callable[[Answer], None]) -> None:
        self._show = show
        self._wanted: tuple[Draft, Planner, int] | None = None
        self._newer = asyncio.Event()
        self._working: asyncio.Task[None] | None = None

    def ask(self, draft: Draft, planner: Planner, operations: int = OPERATIONS[0]) -> None:
        """Ask about a draft; what was asked before and is not answered yet is dropped.

        Parameters
        ----------
        draft
            What is to be simulated.
        planner
            Makes its plan.
        operations
            How many to simulate.
        """
        self._wanted = (draft, planner, operations)
        self._newer.set()
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._answer())
            self._working.add_done_callback(_log_failure)

    def stop(self) -> None:
        """Ask about nothing any more."""
        self._wanted = None
        self._newer.set()

    async def _answer(self) -> None:
        while self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self._newer.clear()
            growing = _growing(*wanted)
            while (answer := await self._next(growing)) is not None:
                self._show(answer)

    async def _next(self, growing: Answering) -> Answer | None:
        """Return the next answer; None if there is none, or a newer draft is asked about."""
        step = asyncio.get_running_loop().run_in_executor(THREADS, next, growing, None)
        newer = asyncio.ensure_future(self._newer.wait())
        either: set[asyncio.Future[Any]] = {step, newer}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        newer.cancel()
        if self._newer.is_set():
            step.add_done_callback(lambda step: None if step.cancelled() else growing.close())
            return None
        return step.result()


def _log_failure(working: asyncio.Task[None]) -> None:
    if not working.cancelled() and (error := working.exception()) is not None:
        LOG.error("showing an answer", exc_info=error)


def _growing(draft: Draft, planner: Planner, operations: int) -> Answering:
    """Yield the answers to a draft, which hold for more and more operations."""
    try:
        scenario, plan = planner.plan(draft.values)
        known = planner.bound_known(scenario)
        stops = [*(stop for stop in STOPS if stop < operations), operations]
        warnings = None
        for run in growing_run(scenario, plan, stops, draft.seed, JOBS):
            yield Answer(draft, run, known, warnings)
            warnings = warnings_of(scenario, plan) if warnings is None else warnings
        yield Answer(draft, run, planner.bound(scenario, plan), warnings, final=True)
    except FunnelsimError as error:
        yield Answer(draft, error=error, final=True)
    except Exception:
        LOG.exception("simulating %s", draft)
        yield Answer(draft, error=FunnelsimError(FAILED), final=True)
