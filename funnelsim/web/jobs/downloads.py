"""What a visitor may download: files of the visitor's own jobs, and nothing else."""

from pathlib import Path
from typing import Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import FileResponse, PlainTextResponse, Response
from nicegui import app

from funnelsim.errors import FunnelsimError
from funnelsim.web.folders import Folders
from funnelsim.web.jobs.job import JOBS, Job

ROUTE: Final = "/yours"
SHOWN_IN_BROWSER: Final = (".html",)


def register_downloads(folders: Folders) -> None:
    """Register what serves a visitor's files with the server."""

    @app.get(f"{ROUTE}/{{name:path}}")
    def download(name: str, request: Request) -> Response:
        file = own_file(folders, request.session.get("id"), name)
        if file is None:
            return PlainTextResponse("There is no such file of yours here.", 404)
        shown = file.suffix in SHOWN_IN_BROWSER
        return FileResponse(file, filename=file.name, content_disposition_type="inline" if shown else "attachment")


def address_of(job: Job, file: str) -> str:
    """Return the address of a file of a job's result."""
    return f"{ROUTE}/{quote(f'{job.name}/{job.result.name}/{file}')}"


def own_file(folders: Folders, session: object, name: str) -> Path | None:
    """Return a file among the jobs of a visitor; None if it lies elsewhere or does not exist.

    Parameters
    ----------
    folders
        Of the page.
    session
        Whose visit it is, as the signed cookie says.
    name
        The file as the address names it.
    """
    try:
        root = (folders.of_session(str(session or "")) / JOBS).resolve()
        file = (root / name).resolve()
        return file if file.is_relative_to(root) and file.is_file() else None
    except (FunnelsimError, OSError, ValueError):
        return None
