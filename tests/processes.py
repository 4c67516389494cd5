"""Real processes that simulate a sweep, for tests that interrupt or kill them; nothing waits for a clock."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

QUICK = ("--set", "operation.closes=07:00", "--set", "operation.run_out_min=30")
VARY = ("--vary", "selection.rate.default=0.05,0.1", "--vary", "area.bays+area.waiting=4+4,6+2,1+1")
TABLES = ("points.parquet", "replications.parquet", "sweep.csv")
CODE = """
import pathlib, time

import funnelsim.cli.sweep
from funnelsim.cli import main
from funnelsim.experiments import cluster, point_batch
from funnelsim.experiments.result_cache import ResultCache

point_batch.SECONDS_PER_TASK = 0.05  # many small parts, so that there is much to interrupt
cluster.CONNECT_WITHIN_S = 1800.0  # on a busy machine
hold, write = pathlib.Path("hold"), ResultCache.write


def most():
    try:
        return int(hold.read_text())
    except FileNotFoundError:
        return 10**9


def write_unless_held(cache, key, table):
    # While the file is there, its number of parts is not exceeded: the sweep cannot end before it is interrupted.
    while len(cache.files) >= most():
        time.sleep(0.01)
    write(cache, key, table)


ResultCache.write = write_unless_held
main()
"""
COMMAND = (sys.executable, "-c", CODE)
GUARD_S = 1800.0  # against hanging only: what is waited for comes, or the process that should bring it has ended


LONG = {
    engine: ("sweep", "a3.toml", *QUICK, *VARY, "--engine", engine, "--replications", replications)
    for engine, replications in (("compiled", "3000"), ("simpy", "40"))  # seconds, so that there is time to interrupt
}


def tables(folder):
    return {name: (folder / name).read_bytes() for name in TABLES}


@contextmanager
def begun(folder, *arguments):
    """Begin a command in a process group of its own; nothing of it is left afterwards."""
    with subprocess.Popen(  # noqa: S603
        [*COMMAND, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(happens, *processes):
    """Wait until something happens, however long it takes while the processes that bring it about are running."""
    end = time.monotonic() + GUARD_S
    while not happens():
        ended = [process.args for process in processes if process.poll() is not None]
        assert not ended, f"ended before it happened: {ended}"
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.005)


def hold_at(parts, file):
    """Let sweeps in the folder of a file keep no more than so many parts, until the file is gone."""
    beside = file.with_name("next")
    beside.write_text(str(parts))
    beside.replace(file)


def parts_in(folder):
    return list((folder / "parts").glob("[!.]*.parquet"))


def children(pid):
    """Return a process's children, where the system tells."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def gone(pids):
    return not any(Path(f"/proc/{pid}").exists() and state(pid) != "Z" for pid in pids)


def state(pid):
    """Return the letter of a process's state; Z is one that has ended and that nobody has asked for yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def gone_group(leader):
    """Tell whether no process of a group is left, but those that have ended and that nobody has asked for yet."""
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return True
    members = [path.name for path in Path("/proc").glob("[0-9]*") if group_of(path) == leader]
    return bool(members) and gone(map(int, members))


def group_of(process):
    """Return the group of a process, by its folder in /proc."""
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[2])
    except OSError:
        return None
