"""The report as PDF: printed by the reader's own browser, without a window and without the network."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from funnelsim.errors import Problem, ResultsError
from funnelsim.experiments.files import cannot_write, written_whole

COMMANDS = (
    "chromium",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
    "chromium-browser",  # last: in some distributions a script that only says what to install
)
ON_MACOS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
ON_WINDOWS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")

QUIET = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LONGEST_S = 90.0  # a long report takes some seconds, on a busy machine half a minute
BY_HAND = "allowed: the command without --pdf, whose page any browser opens and prints to a file"


def write_pdf(page: str, path: Path) -> None:
    """Print a page to a PDF file with a browser that is installed: Chromium, Chrome or Edge.

    Parameters
    ----------
    page
        The report as HTML.
    path
        The file; it is written whole or not at all.

    Raises
    ------
    ResultsError
        If no such browser is installed, none can print the page, or the file cannot be written.
    """
    browsers = list(installed_browsers())
    if not browsers:
        raise ResultsError([Problem("--pdf", f"neither Chromium nor Chrome nor Edge is installed; {BY_HAND}")])
    try:
        # Beside the result: a browser that is confined to the home folder does not see the system's folder for such.
        with tempfile.TemporaryDirectory(prefix="print-", dir=path.parent, ignore_cleanup_errors=True) as folder:
            content = _first_print(browsers, page, Path(folder))
    except OSError as error:
        raise cannot_write(path, error) from None
    with written_whole(path) as beside:
        beside.write_bytes(content)


def installed_browsers() -> Iterator[str]:
    """Yield the browsers found that can print without a window, each once."""
    folders = [Path(os.environ[name]) for name in WINDOWS_FOLDERS if name in os.environ]
    applications = (Path("/Applications"), Path.home() / "Applications")
    places = [
        *(shutil.which(command) for command in COMMANDS),
        *(shutil.which(folder / name) for folder in applications for name in ON_MACOS),
        *(shutil.which(folder / name) for folder in folders for name in ON_WINDOWS),
    ]
    seen: set[Path] = set()
    for place in places:
        if place is not None and (real := Path(place).resolve()) not in seen:
            seen.add(real)
            yield place


def _first_print(browsers: list[str], page: str, folder: Path) -> bytes:
    """Return the PDF of the first browser that makes one."""
    source, target = (folder / "report.html").resolve(), (folder / "report.pdf").resolve()
    source.write_text(page, encoding="utf-8")
    for browser in browsers:
        with contextlib.suppress(OSError):  # what cannot be started has printed nothing
            _print(browser, source, target)
        content = target.read_bytes() if target.exists() else b""
        if _is_pdf(content):
            return content
        target.unlink(missing_ok=True)
    tried = ", ".join(browsers)
    raise ResultsError([Problem("--pdf", f"could not print the page with {tried}; {BY_HAND}")])


def _is_pdf(content: bytes) -> bool:
    """Tell whether these are the bytes of a whole PDF file."""
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]


def _print(browser: str, source: Path, target: Path) -> None:
    """Let a browser print a page; one that hangs or has left processes behind is stopped."""
    command = [
        browser,
        *QUIET,
        *_sandbox(),
        f"--user-data-dir={source.parent / 'profile'}",  # a window that is open keeps its own to itself
        "--no-pdf-header-footer",
        "--generate-pdf-document-outline",
        f"--print-to-pdf={target}",
        source.as_uri(),
    ]
    silent = subprocess.DEVNULL  # browsers complain of much that concerns nobody here
    with subprocess.Popen(command, stdin=silent, stdout=silent, stderr=silent, start_new_session=True) as process:  # noqa: S603
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(LONGEST_S)
        finally:
            _stop(process)


def _sandbox() -> list[str]:
    """Return what lets a browser start as root, for whom it has no sandbox: the page is our own and runs no scripts."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["--no-sandbox"] if is_root else []


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End a browser with all processes that it started."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):  # all have ended
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
