"""Compile the machine code of this installation ahead of its first command: `python -m funnelsim.compile`.

Engine and measures are compiled side by side, in a process each; every function is compiled once and kept in the user's
cache (`funnelsim.model.cache`). The first command of an installation does this by itself; an administrator, or whoever
builds an image, does it ahead for the user who will run funnelsim.
"""

import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import numba
import numpy as np

from funnelsim.analysis.buffers import prepare
from funnelsim.analysis.measures import measure_into
from funnelsim.analysis.series import DELAY_BINS, day_into
from funnelsim.engines.compiled.checkpoint import run
from funnelsim.experiments.replication import ReplicationBuffers
from funnelsim.model.cache import cache_folder, is_compiled
from funnelsim.model.planning import plan_of
from funnelsim.model.traffic import draw_into
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.starter import starter_scenario

MESSAGE = "Compiling the engine and the measures, once after each installation; this takes about a minute."
PARTS = ("engine", "measures")
LOOK_EVERY_S = 0.05
"""A wait for the end of a process is not left for Ctrl-C: importing Polars lets the system resume it."""

type_of: Any = numba.typeof


def compile_all() -> None:
    """Compile everything that a run needs, in a process for each part.

    What cannot be compiled ahead is compiled when it is used first, and says then why it cannot.

    Raises
    ------
    KeyboardInterrupt
        If it was interrupted from the keyboard.
    """
    command = [sys.executable, "-m", "funnelsim.compile"]
    at_work = [subprocess.Popen([*command, part], stderr=subprocess.DEVNULL) for part in PARTS]  # noqa: S603  (our own)
    try:
        while any(process.poll() is None for process in at_work):
            time.sleep(LOOK_EVERY_S)
    except KeyboardInterrupt:
        for process in at_work:
            process.kill()
            process.wait()
        raise


def compile_part(part: str) -> None:
    """Compile one part in this process: the event loop, or the drawing of traffic and the measures."""
    for kernel, arguments in _calls(part):
        kernel.compile(tuple(type_of(argument) for argument in arguments))


def _calls(part: str) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Yield the kernels of a part, and with what they are called."""
    plan = plan_of(Scenario.model_validate(tomllib.loads(starter_scenario("compiling"))))
    room = ReplicationBuffers([plan])
    if part == "engine":
        yield run, (room.engine_buffers, room.traffic.first, room.plan_arrays[0], 0, 0, False)
        return
    yield draw_into, (room.traffic, room.road, 0, 0)
    measured = room.log(), room.inputs[0], room.measure_buffers
    yield prepare, measured
    yield measure_into, (np.empty(1), *measured)
    yield day_into, (np.empty((1, 1)), np.empty((1, DELAY_BINS), dtype=np.int64), *measured)


def main(arguments: list[str], say: Callable[[str], None] = print) -> None:
    """Compile one part, or all of them, and say where the machine code is kept."""
    if arguments:
        compile_part(arguments[0])
        return
    begun = time.perf_counter()
    if not is_compiled():
        say(MESSAGE)
        compile_all()
        say(f"Compiled in {time.perf_counter() - begun:.0f} s.")
    say(f"The machine code is kept in {cache_folder()}")


if __name__ == "__main__":
    main(sys.argv[1:])
