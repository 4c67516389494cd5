"""Commands that are killed or interrupted, at moments that differ from run to run: nothing finished is lost."""

import os
import random
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from tests.processes import COMMAND, GUARD_S, LONG, begun, children, gone, parts_in, tables, wait_until


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_killed_again_and_again_it_ends_with_the_same_tables_and_does_nothing_twice(whole, hold, engine, jobs):
    out = whole / f"killed{jobs}"
    kept = {}
    for parts in (1, 5):
        with begun(whole, *LONG[engine], "--out", out.name, "--jobs", jobs) as process:
            wanted = len(kept) + parts
            wait_until(lambda: len(parts_in(out)) >= wanted, process)  # noqa: B023  (it is called at once)
            time.sleep(random.uniform(0.0, 0.2))  # noqa: S311  (any moment, not only just after a part)
            assert process.poll() is None
            workers = children(process.pid)
            process.kill()  # it alone: its workers end by themselves
            process.communicate(timeout=GUARD_S)
        wait_until(partial(gone, workers))
        now = {path.name: path.stat().st_mtime_ns for path in parts_in(out)}
        assert kept.items() <= now.items()  # what was finished stayed, and was not written again
        kept = now
    hold.unlink()
    command = [*COMMAND, *LONG[engine], "--out", out.name, "--jobs", jobs, "--resume"]
    subprocess.run(command, cwd=whole, check=True, capture_output=True)  # noqa: S603
    assert tables(out) == tables(whole / "s")
    now = {path.name: path.stat().st_mtime_ns for path in (out / "parts").iterdir()}
    assert kept.items() <= now.items()
    assert now.keys() == {path.name for path in (whole / "s" / "parts").iterdir()}


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a POSIX signal")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(whole, hold, engine, jobs):
    out = whole / f"stopped{jobs}"
    command = (*LONG[engine], "--out", out.name, "--jobs", jobs)
    with begun(whole, *command) as process:
        wait_until(lambda: len(parts_in(out)) >= 2, process)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the group
        said, err = process.communicate(timeout=GUARD_S)
    hold.unlink()
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "run the same command again to continue" in " ".join(said.split())
    assert f"Results are in {out.name}" in said
    subprocess.run([*COMMAND, *command], cwd=whole, check=True, capture_output=True)  # noqa: S603
    assert tables(out) == tables(whole / "s")


IMPORTING = """
import os, signal, sys


class Interrupts:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGINT)


sys.meta_path.insert(0, Interrupts())
from funnelsim.cli import main

del sys.argv[1]
main()
"""


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a POSIX signal")
@pytest.mark.parametrize("module", ["typing", "funnelsim.errors", "typer", "funnelsim.cli.app", "funnelsim.cli.sweep"])
def test_ctrl_c_while_the_command_line_is_imported_ends_in_silence(tmp_path, module):
    command = [sys.executable, "-c", IMPORTING, module, "check", "a3.toml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_nothing_is_imported_before_the_command_line_hears_ctrl_c():
    """Whatever is imported with the package itself is a time in which Ctrl-C prints a traceback."""
    code = "import sys; before = set(sys.modules); import funnelsim; print(*set(sys.modules) - before)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.split() == ["funnelsim"]
