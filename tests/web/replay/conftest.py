"""A server of replays and a browser without a window."""

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.conftest import another
from tests.web.serving import wait_until_open

ROOT = Path(__file__).parents[3]


@contextlib.contextmanager
def served(*scenarios):
    """Serve replays from another process; yields the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # NiceGUI takes a process in which pytest runs for one of its own tests.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    server = subprocess.Popen(  # noqa: S603
        [sys.executable, "-u", "-m", "tests.web.replay.page", str(port), *scenarios],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = []
        for line in server.stdout:
            said.append(line)
            if "ready to go" in line:
                break
        else:
            pytest.fail("".join(said))
        address = f"http://127.0.0.1:{port}"
        wait_until_open(address)  # it says that it is ready before it listens
        yield address
    finally:
        server.terminate()
        server.communicate()


@pytest.fixture(scope="module")
def address():
    pytest.importorskip("nicegui", reason="NiceGUI is not installed: pip install funnelsim[web]")
    with served() as address:
        yield address


@pytest.fixture
def visit(address, chromium):
    """Return a function that opens a page with a replay; what the page reports as an error fails the test."""
    pages = []

    def visit(path="/", **settings):
        page = another(chromium, viewport={"width": 1280, "height": 900}, **settings).new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(error))  # noqa: PLW0108  (Playwright marks what it calls)
        page.goto(address + path)
        page.wait_for_selector(".replay-clock:not(:empty)")
        # The component behind the element, to ask it for what only a canvas shows.
        page.evaluate("() => { window.replay = getElement(document.querySelector('.replay').id.slice(1)); }")
        pages.append((page, errors))
        return page

    yield visit
    for page, errors in pages:
        page.close()
        assert errors == []
