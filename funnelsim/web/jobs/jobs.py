"""The jobs under way: each in a process of its own, a few at a time; they end with the server."""

import asyncio
import logging
import os
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.files import cannot_write
from funnelsim.web.draft import Draft
from funnelsim.web.folders import Folders
from funnelsim.web.jobs.job import JOBS, LOG, Job, Kind, jobs_in

State = Literal["waiting", "running", "interrupted", "done", "failed", "cancelled"]

AT_ONCE: Final[Mapping[Kind, int]] = {"optimise": 2, "levers": 2, "plan": 1}
"""Jobs at the same time; optimisations and levers share their two places, and downloads need not wait for them."""

WORKER: Final = "funnelsim.web.jobs.job_worker"
LOGGER: Final = logging.getLogger(__name__)


class Jobs:
    """Starts, watches and ends the jobs of all visitors.

    Parameters
    ----------
    folders
        Of the page.

    Notes
    -----
    A worker holds the other end of a pipe to this process, and ends when it closes: also where the server is killed.
    """

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._tasks: dict[Path, asyncio.Task[None]] = {}
        self._processes: dict[Path, Process] = {}
        long = asyncio.Semaphore(AT_ONCE["optimise"])
        self._places = {"optimise": long, "levers": long, "plan": asyncio.Semaphore(AT_ONCE["plan"])}

    def of(self, session: str) -> list[Job]:
        """Return a visitor's jobs, the newest first."""
        return jobs_in(self._folders.of_session(session))

    def under_way(self, session: str, kind: Kind, draft: Draft, options: Mapping[str, Any]) -> Job | None:
        """Return the job of a visitor that waits or runs and is the same; None where there is none."""
        wanted = (kind, draft.query(), dict(options))
        same = (job for job in self.of(session) if (job.kind, job.draft.query(), dict(job.options)) == wanted)
        return next((job for job in same if job.folder in self._tasks and job.ended() is None), None)

    def start(self, session: str, kind: Kind, draft: Draft, options: Mapping[str, Any]) -> Job:
        """Begin a job, or let it wait for its turn; the same that is under way already is not begun again.

        Raises
        ------
        FunnelsimError
            If the visitor has no such scenario.
        """
        if (same := self.under_way(session, kind, draft, options)) is not None:
            return same
        file = self._folders.file(draft.file, session)
        job = Job.begun(self._folders.of_session(session), kind, draft, options)
        self._begin(job, file)
        return job

    def go_on(self, session: str, job: Job) -> None:
        """Go on with a job that was cancelled or interrupted: finished work is not done again.

        Raises
        ------
        FunnelsimError
            If its scenario is no longer there.
        """
        file = self._folders.file(job.draft.file, session)
        if job.folder not in self._tasks:
            job.go_on()
            self._begin(job, file)

    def state(self, job: Job) -> State:
        """Return how a job is."""
        if job.folder in self._processes:
            return "running"
        if job.folder in self._tasks:
            return "waiting"
        ended = job.ended()
        return "interrupted" if ended is None else ended.how

    def cancel(self, job: Job) -> None:
        """End a job; what is finished of it is kept."""
        task = self._tasks.get(job.folder)
        if task is None:
            return
        job.end("cancelled")
        process = self._processes.get(job.folder)
        if process is None:
            task.cancel()
        elif process.returncode is None:
            process.terminate()

    def remove(self, session: str, job: Job) -> None:
        """Remove a job with its folder.

        Raises
        ------
        FunnelsimError
            If it is under way, its folder is none of the visitor's, or it cannot be removed.
        """
        if job.folder in self._tasks:
            raise FunnelsimError([Problem(job.name, "is under way; allowed: to cancel it first")])
        own = self._folders.of_session(session).resolve() / JOBS
        if job.folder.resolve() != own / job.name:  # a link would lead elsewhere
            raise FunnelsimError([Problem(job.name, "is no work of yours; allowed: what is in your list")])
        try:
            shutil.rmtree(job.folder)
        except FileNotFoundError:  # another page was quicker
            pass
        except OSError as error:
            raise cannot_write(job.folder, error) from None

    async def end(self) -> None:
        """End all jobs at once; they can be continued when the server is there again."""
        tasks = dict(self._tasks)
        for folder, task in tasks.items():
            process = self._processes.get(folder)
            if process is None:
                task.cancel()
            elif process.returncode is None:
                process.kill()
        await asyncio.gather(*tasks.values(), return_exceptions=True)

    def _begin(self, job: Job, file: Path) -> None:
        task = asyncio.create_task(self._carry_out(job, file))
        self._tasks[job.folder] = task
        task.add_done_callback(lambda done: self._forget(job, done))

    def _forget(self, job: Job, task: asyncio.Task[None]) -> None:
        del self._tasks[job.folder]
        if not task.cancelled() and (error := task.exception()) is not None:
            LOGGER.error("carrying out %s", job.name, exc_info=error)

    async def _carry_out(self, job: Job, file: Path) -> None:
        async with self._places[job.kind]:
            with (job.folder / LOG).open("ab") as log:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", WORKER, str(job.folder), str(file)),
                    stdin=PIPE,
                    stdout=DEVNULL,
                    stderr=log,
                    start_new_session=os.name == "posix",  # Ctrl-C is for the server, which ends its workers
                )
            self._processes[job.folder] = process
            try:
                await process.wait()
            finally:
                del self._processes[job.folder]
