"""`funnelsim serve` as a process, as a planner starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
START = "import sys; from funnelsim.cli import main; sys.argv[0] = 'funnelsim'; main()"


def started(results, *options, scenarios=SCENARIOS):
    """Start the page; return its process and its address."""
    command = [sys.executable, "-c", START, "serve", str(scenarios), "--out", str(results), "--port", "0", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603
    said = process.stdout.readline()
    address = re.search(r"http://\S+", said)
    assert address, f"funnelsim serve said {said!r}"
    return process, address[0]


@contextmanager
def serving(results, *options, scenarios=SCENARIOS):
    """Serve the page, and end it with Ctrl-C."""
    process, address = started(results, *options, scenarios=scenarios)
    try:
        wait_until_open(address)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        process.stdout.close()


def wait_until_open(address):
    """Wait until the server listens."""
    at = urlsplit(address)
    while True:
        try:
            socket.create_connection((at.hostname, at.port), timeout=1.0).close()
        except OSError:
            continue
        return
