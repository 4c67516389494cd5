"""The server of the page: it answers on this machine, and ends at once."""

import os
import sys
from contextlib import suppress
from socket import socket

import uvicorn
from fastapi import FastAPI

from funnelsim.web.folders import PAGE
from funnelsim.web.guard import Guard
from funnelsim.web.jobs.jobs import Jobs
from funnelsim.web.settings import Settings

KEPT = "browser_storage"
END_WITHIN_S = 1


def serve(settings: Settings) -> None:
    """Serve the page until Ctrl-C, which ends the process.

    Parameters
    ----------
    settings
        Where, and with which folders.
    """
    os.environ["NICEGUI_STORAGE_PATH"] = str(settings.folders.results / PAGE / KEPT)  # read when it is imported
    from nicegui import ui  # noqa: PLC0415

    from funnelsim.web.page import register  # noqa: PLC0415

    app = FastAPI(openapi_url=None)
    jobs = Jobs(settings.folders)
    register(settings, jobs)
    ui.run_with(
        app,
        title="funnelsim",
        storage_secret=settings.folders.secret(),
        session_middleware_kwargs={"max_age": 365 * 24 * 3600, "same_site": "strict"},
        show_welcome_message=False,
        dark=None,
    )
    guarded = Guard(app, settings.hosts, settings.token)
    config = uvicorn.Config(
        guarded,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=END_WITHIN_S,
        lifespan="on",
    )
    with suppress(KeyboardInterrupt):
        _Server(config, jobs).run()
    sys.stdout.flush()
    os._exit(0)  # all is kept as it is made; threads that still simulate would be waited for


class _Server(uvicorn.Server):
    """A server that ends all work at once when it is told to end, before it says goodbye to browsers."""

    def __init__(self, config: uvicorn.Config, jobs: Jobs) -> None:
        super().__init__(config)
        self._jobs = jobs

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        await self._jobs.end()
        await super().shutdown(sockets)
