"""Compiling ahead: every function once, in two processes, and nothing is left for the command that follows."""

import json
import os
import subprocess
import sys
from collections import Counter
from itertools import chain, repeat
from pathlib import Path
from unittest.mock import Mock

import pytest

from funnelsim import compile as module
from funnelsim.model.cache import KERNELS, cache_folder

COUNTED = """
import json
from numba.core import event
from funnelsim.compile import PARTS, compile_part
from funnelsim.experiments.replication import replicate
from funnelsim.model.planning import plan_of
from funnelsim.scenario.load import load_scenario

class Compiled(event.Listener):
    names = []
    def on_start(self, event):
        function = event.data["dispatcher"].py_func
        if function.__module__.startswith("funnelsim."):
            self.names.append(f"{function.__module__}.{function.__qualname__} {event.data['args']}")
    def on_end(self, event):
        pass

plan = plan_of(load_scenario(SCENARIO))
event.register("numba:compile", Compiled())
DO
print(json.dumps(Compiled.names))
"""
SCENARIO = Path(__file__).parents[1] / "scenarios" / "motorway_early_shift.toml"


def compiled_by(what, cache):
    """Return the functions, with the types of their arguments, that are compiled in a process of its own."""
    script = COUNTED.replace("SCENARIO", repr(str(SCENARIO))).replace("DO", what)
    environment = os.environ | {"XDG_CACHE_HOME": str(cache)}
    done = subprocess.run(  # noqa: S603  (what is run is this test's own)
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_each_kernel_is_compiled_once_and_nothing_by_the_next_start(tmp_path):
    """The compiler is told what it is asked for by the types of arguments; a simulation must ask for the same."""
    first = compiled_by("for part in PARTS:\n    compile_part(part)", tmp_path)
    times = Counter(".".join(name.split()[0].split(".")[-2:]) for name in first)
    assert {kernel: times[kernel] for kernel in KERNELS} == dict.fromkeys(KERNELS, 1)
    assert compiled_by("replicate(plan, seed=1, replications=range(1))", tmp_path) == []


@pytest.fixture
def begun(monkeypatch):
    """Return the processes that are begun; none of them does anything, and each has ended when it is asked again."""
    made = []

    def begin(command, **_options):
        made.append(Mock(part=command[-1], **{"poll.side_effect": chain([None], repeat(0))}))
        return made[-1]

    monkeypatch.setattr(module.subprocess, "Popen", begin)
    return made


def test_the_parts_are_compiled_side_by_side(begun):
    module.compile_all()
    assert [process.part for process in begun] == ["engine", "measures"]
    for process in begun:
        assert process.poll() == 0
        process.kill.assert_not_called()


def test_an_interrupt_leaves_no_process_behind(begun, monkeypatch):
    monkeypatch.setattr(module.time, "sleep", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        module.compile_all()
    assert begun
    for process in begun:
        process.kill.assert_called_once()


def test_an_interrupt_is_heard_while_the_processes_compile(begun):
    """Importing Polars lets the system resume a wait that has no end, so nobody waits so for who is at work."""
    module.compile_all()
    for process in begun:
        process.wait.assert_not_called()


@pytest.mark.parametrize("is_compiled", [True, False])
def test_the_command_says_where_the_machine_code_is_kept(begun, monkeypatch, is_compiled):
    monkeypatch.setattr(module, "is_compiled", lambda: is_compiled)
    said = []
    module.main([], said.append)
    assert said[-1] == f"The machine code is kept in {cache_folder()}"
    assert (len(begun), len(said)) == ((0, 1) if is_compiled else (2, 3))
