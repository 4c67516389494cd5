"""`funnelsim sweep`: from a scenario file to a table and a folder; killed or not, here or on a cluster."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import polars as pl
import pytest

QUICK = ("--set", "operation.closes=07:00", "--set", "operation.run_out_min=30")
VARY = ("--vary", "selection.rate.default=0.05,0.1", "--vary", "area.bays+area.waiting=4+4,6+2,1+1")
TABLES = ("points.parquet", "replications.parquet", "sweep.csv")
CODE = """
import pathlib, time

import funnelsim.cli.sweep
from funnelsim.cli import main
from funnelsim.experiments import executor, point_batch
from funnelsim.experiments.result_cache import ResultCache

point_batch.SECONDS_PER_TASK = 0.05  # many small parts, so that there is much to interrupt
executor.CONNECT_WITHIN = "1800s"  # on a busy machine
hold, write = pathlib.Path("hold"), ResultCache.write


def write_unless_held(cache, key, table):
    # While the file is there, its number of parts is not exceeded: the sweep cannot end before it is interrupted.
    while hold.exists() and len(cache.files) >= int(hold.read_text()):
        time.sleep(0.01)
    write(cache, key, table)


ResultCache.write = write_unless_held
main()
"""
COMMAND = (sys.executable, "-c", CODE)
GUARD_S = 1800.0  # against hanging only: what is waited for comes, or the process that should bring it has ended


def tables(folder):
    return {name: (folder / name).read_bytes() for name in TABLES}


def quick_sweep(run, *arguments, jobs="1"):
    if run("new", "a3")[0] not in (0, 2):  # 2: it is there already
        raise AssertionError
    return run("sweep", "a3.toml", *QUICK, *(("--jobs", jobs) if jobs else ()), *arguments)


def test_a_sweep_prints_its_points_and_keeps_everything(run, tmp_path):
    code, out, err = quick_sweep(run, *VARY, "--replications", "3", "--full")
    assert (code, err.strip()) == (0, "")
    table = out.partition("All points")[2].partition("\n\n")[0]
    beside = re.findall(r"±|\([\d.,]+ to [\d.,]+\)|\(too few operations\)", table)
    assert len(beside) == 6 * 3  # each number has an interval, or says why not
    folder = tmp_path / out.strip().splitlines()[-1].removeprefix("Results are in ")
    assert folder.parts[-3:-1] == ("results", "a3")
    assert folder.name.startswith("sweep-")
    assert {path.name for path in folder.iterdir()} == {"manifest.json", "sweep.json", "parts", *TABLES}
    assert len(pl.read_parquet(folder / "replications.parquet")) == 18
    assert len(pl.read_csv(folder / "sweep.csv")) == 6


def test_what_check_warns_of_in_the_base_scenario_is_said_first(run):
    _, out, _ = quick_sweep(run, "--set", "limits.tail_m=5000", *VARY, "--replications", "1")
    assert out.startswith("The base scenario: 1 warning; see funnelsim check.\n\nA3\n")


def test_what_changes_nothing_is_said_first_and_marked_in_the_table_and_the_file(run, tmp_path):
    nothing = ("--vary", "selection.every.default=10,20", "--vary", "area.bays=4,5")
    code, out, _ = quick_sweep(run, *nothing, "--replications", "2", "--out", "s", "--full")
    assert code == 0
    assert out.startswith("Varied without effect\n  - selection.every.default changes nothing: all its values give the")
    # Point 2 is the file's own plan: every 20th, four bays.
    assert re.search(r"^ +0 = 2 +10 +4 .*\n +1 +10 +5 .*\n +2 +20 +4 .*\n +3 = 1 +20 +5 ", out, re.MULTILINE)
    assert "2 points have the same results as another in every measure (marked =)" in " ".join(out.split())
    assert pl.read_csv(tmp_path / "s" / "sweep.csv")["same_as"].to_list() == [2, None, None, 1]
    assert "Varied without effect" not in quick_sweep(run, *VARY, "--replications", "1")[1]


def test_a_valve_that_never_acts_is_seen_in_the_results_alone(run):
    """The queue of an hour is short: no plan is the same, but all results are."""
    _, out, _ = quick_sweep(run, "--vary", "selection.valve.suspend_at_m=5000,6000", "--replications", "2", "--full")
    assert "Varied without effect" not in out
    assert "1 = 0" in out


def test_the_same_command_again_gives_the_same_tables_without_simulating(run, tmp_path, monkeypatch):
    quick_sweep(run, *VARY, "--replications", "1", "--out", "s")
    before = tables(tmp_path / "s")
    monkeypatch.setattr("funnelsim.experiments.point_batch.measures_of", None)
    assert quick_sweep(run, *VARY, "--replications", "1", "--out", "s")[0] == 0
    assert quick_sweep(run, *VARY, "--replications", "1", "--out", "s", "--resume")[0] == 0
    assert tables(tmp_path / "s") == before


def test_the_table_of_the_file_is_used_and_the_command_line_wins(run, tmp_path):
    run("new", "a3")
    with (tmp_path / "a3.toml").open("a") as file:
        file.write('\n[sweep]\nvary = { "area.bays+area.waiting" = ["4+4", "6+2"] }\nreplications = 2\n')
    assert quick_sweep(run, "--out", "own")[0] == 0
    assert pl.read_parquet(tmp_path / "own" / "points.parquet")["area.bays"].to_list() == [4, 6]
    assert quick_sweep(run, "--vary", "selection.rule=random", "--replications", "1", "--out", "line")[0] == 0
    points = pl.read_parquet(tmp_path / "line" / "points.parquet")
    assert (points["selection.rule"].to_list(), points["n"].to_list()) == (["random"], [1])


def test_points_that_missed_their_precision_are_named(run):
    code, out, _ = quick_sweep(
        run, "--vary", "area.bays=4,6", "--precision", "expected_detections=0.1%", "--max-replications", "3"
    )
    assert code == 0
    assert "did not reach the precision" in out
    assert "after 3 operations: 0, 1." in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["nothing is varied"]),
        (["--vary", "area.bay=1"], ["a3.toml with area.bay=1", "did you mean bays"]),
        (["--vary", "area.bays=-1,2", "--vary", "selection.rule=scroe"], ["-1 given", "did you mean"]),
        (["--vary", "area.bays=", "--vary", "area.waiting=5:1:1", "--precision", "x"], ["no key", "leads", "MEASURE"]),
        (["--vary", "area.bays=1:5"], ["range without a step"]),
        (["--vary", "area.bays=1:5", "--design", "lhs"], ["--points"]),
        (["--vary", "area.bays=1", "--precision", "delay_p95=1%"], ["did you mean delay_p95_s"]),
        (["--vary", "area.bays=1", "--precision", "vehicles=1%", "--replications", "3"], ["one of the two"]),
        (["--vary", "area.bays=1", "--max-replications", "3"], ["without --precision"]),
        (["--vary", "area.bays=1", "--cluster", "tcp://127.0.0.1:1"], ["--jobs"]),
        (["--set", "sweep.design=sobel", "--vary", "area.bays=1"], ["sweep.design", "did you mean", "sobol"]),
        (["--set", "sweep.vary={'area.bays'=[]}"], ["no values"]),
        (["--vary", "area.bays=1", "--resume"], ["no sweep was started here"]),
        (["--vary", "area.bays=1", "--out", "a3.toml/s"], ["a3.toml/s"]),
    ],
)
def test_what_is_wrong_is_said_in_words_before_anything_runs(run, tmp_path, arguments, words):
    code, out, err = quick_sweep(run, *arguments)
    assert (code, out) == (2, "")
    assert all(word in err for word in words)
    assert "Traceback" not in err
    assert {path.name for path in tmp_path.iterdir()} == {"a3.toml"}


def test_a_folder_that_holds_something_else_is_refused(run, tmp_path):
    quick_sweep(run, *VARY, "--replications", "1", "--out", "s")
    before = tables(tmp_path / "s")
    code, _, err = quick_sweep(run, *VARY, "--replications", "2", "--out", "s")
    assert code == 2
    assert "holds another sweep (replications is 1 there and 2 here); allowed" in err
    assert tables(tmp_path / "s") == before


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # distributed's sockets, half opened
def test_a_cluster_that_is_not_there_is_said_in_words(run, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("funnelsim.experiments.executor.CONNECT_WITHIN", "1s")
    code, _, err = quick_sweep(run, *VARY, "--cluster", "tcp://127.0.0.1:1", jobs=None)
    assert code == 2
    assert "--cluster tcp://127.0.0.1:1: cannot be reached" in err


# Real processes, killed at moments that differ from run to run.

LONG = {
    engine: ("sweep", "a3.toml", *QUICK, *VARY, "--engine", engine, "--replications", replications)
    for engine, replications in (("compiled", "3000"), ("simpy", "40"))  # seconds, so that there is time to interrupt
}


@pytest.fixture(scope="module", params=list(LONG))
def engine(request):
    """Return each engine in turn: one works in threads, the other in processes."""
    return request.param


@pytest.fixture(scope="module")
def whole(tmp_path_factory, engine):
    """Return the folder of a sweep that nothing happened to, with its scenario beside it."""
    folder = tmp_path_factory.mktemp("whole")
    for command in (("new", "a3"), (*LONG[engine], "--out", "s", "--jobs", "2")):
        subprocess.run([*COMMAND, *command], cwd=folder, check=True, capture_output=True)  # noqa: S603
    return folder


@pytest.fixture
def hold(whole):
    """Keep sweeps in the folder from ending, until the file that is returned is gone."""
    file = whole / "hold"
    file.write_text(str(len(list((whole / "s" / "parts").iterdir())) - 1))
    yield file
    file.unlink(missing_ok=True)


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


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def cluster(tmp_path):
    """Return the address of a real scheduler with two real worker processes, and these by their names."""
    pytest.importorskip("distributed")
    address = f"tcp://127.0.0.1:{free_port()}"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--no-dashboard", "--host", address]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-dashboard", "--no-nanny"]
    commands = {"scheduler": (dask, "Scheduler at")} | {
        name: ([*worker, "--nthreads", "1", "--name", name, "--local-directory", str(tmp_path / name)], "Registered to")
        for name in ("one", "two")
    }
    patient = {f"DASK_DISTRIBUTED__COMM__TIMEOUTS__{what}": f"{GUARD_S:.0f}s" for what in ("CONNECT", "TCP")}
    patient |= {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": f"{GUARD_S:.0f}s"}  # a busy worker is late, not lost
    running = {}
    try:
        for name, (command, ready) in commands.items():
            file = tmp_path / f"{name}.log"
            with file.open("w") as log:
                running[name] = subprocess.Popen(  # noqa: S603
                    command, stdout=log, stderr=log, cwd=tmp_path, env=os.environ | patient
                )
            wait_until(lambda: ready in file.read_text(), *running.values())  # noqa: B023  (it is called at once)
        yield address, running
    finally:
        for process in running.values():
            process.kill()
            process.wait()


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_on_a_cluster_that_loses_a_worker_the_tables_are_the_same(whole, hold, engine, cluster):
    address, running = cluster
    out = whole / "cluster"
    with begun(whole, *LONG[engine], "--out", out.name, "--cluster", address) as process:
        wait_until(lambda: len(parts_in(out)) >= 2, process, *running.values())
        running["two"].kill()
        hold.unlink()
        _, err = process.communicate(timeout=GUARD_S)
    assert process.returncode == 0, err
    assert tables(out) == tables(whole / "s")
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["complete"]
