"""Another simulator, in a process of its own, so that its warnings and its global state stay there."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LIMIT_S = 3600  # against a peer that hangs; a busy machine may take minutes


class PeerError(Exception):
    """A peer is not installed or did not do its job; the message is a sentence."""


def answers(name: str, package: str, script: Path, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Run a peer on some jobs and return its answers, one for each.

    Parameters
    ----------
    name, package
        Of the peer, in words and for import.
    script
        Reads the jobs as JSON and writes the answers as JSON; it runs with this Python, and imports nothing of ours.

    Raises
    ------
    PeerError
        If the peer is not installed, or stops with an error, or takes more than an hour.
    """
    if importlib.util.find_spec(package) is None:
        raise PeerError(f"{name} is not installed: pip install 'funnelsim[peers]'.")
    command = [sys.executable, "-P", str(script)]
    try:
        done = subprocess.run(  # noqa: S603  (our own script)
            command, input=json.dumps(jobs), check=False, capture_output=True, text=True, timeout=LIMIT_S
        )
    except subprocess.TimeoutExpired:
        raise PeerError(f"{name} was not done after {LIMIT_S} s.") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise PeerError(f"{name} stopped with an error: {last}")
    made: list[dict[str, Any]] = json.loads(done.stdout)
    return made
