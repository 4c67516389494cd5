"""The process that carries out one job: polite, telling how far it is, and never longer there than the server."""

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

from funnelsim.errors import FunnelsimError
from funnelsim.web.jobs.job import Job
from funnelsim.web.jobs.job_works import WORKS
from funnelsim.web.language import mark

POLITE: Final = 10
"""What is added to the niceness of the process: answers on the desk come first."""

TOLD_EVERY_S: Final = 0.25
FAILED: Final = mark("The work met an error of its own; it is in the log of the work, in the folder of results.")


class Teller:
    """Tells how far a job is, not too often.

    Parameters
    ----------
    job
        Whose progress it is.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._lock = threading.Lock()

    def __call__(self, doing: str, total: int) -> Callable[[int], None]:
        """Begin with something that is counted; return what takes the number done so far.

        Parameters
        ----------
        doing
            What, in a word or two.
        total
            How many there are to do, or at most; 0 where nothing is counted.
        """
        since_s = time.time()
        told_s, before = 0.0, -1

        def tell(done: int) -> None:
            nonlocal told_s, before
            with self._lock:  # threads tell as well
                before = done if before < 0 else before
                if time.time() - told_s >= TOLD_EVERY_S or done == total:
                    self._job.tell(doing, done, total, since_s, before)
                    told_s = time.time()

        tell(0)
        return tell


def main(folder: Path, file: Path) -> None:
    """Carry out the job of a folder.

    Parameters
    ----------
    folder
        Of the job.
    file
        The scenario.
    """
    job = Job.found(folder)
    try:
        WORKS[job.kind](job, file, Teller(job))
    except FunnelsimError as error:
        job.end("failed", str(error))
    except Exception:  # noqa: BLE001  (the visitor reads a sentence, and the log has the rest)
        traceback.print_exc()
        job.end("failed", FAILED)
    else:
        job.end("done")


def _be_polite() -> None:
    if hasattr(os, "nice"):
        os.nice(POLITE)


def _end_with_server() -> None:
    """End this process when the server has gone, which closes its end of the pipe."""

    def wait() -> None:
        os.read(0, 1)
        os._exit(1)  # nothing is left half written: files are renamed when they are whole

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    _be_polite()
    _end_with_server()
    main(*map(Path, sys.argv[1:]))
