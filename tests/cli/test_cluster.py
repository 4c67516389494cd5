"""A sweep on a cluster: the same tables, whatever becomes of workers and scheduler, or one sentence."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.processes import COMMAND, GUARD_S, LONG, QUICK, VARY, begun, hold_at, parts_in, tables, wait_until

pytest.importorskip("distributed")
PATIENT = {f"DASK_DISTRIBUTED__COMM__TIMEOUTS__{what}": f"{GUARD_S:.0f}s" for what in ("CONNECT", "TCP")}
PATIENT |= {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": f"{GUARD_S:.0f}s"}  # a busy worker is late, not lost
AT_A_TIME = 16  # tasks that are submitted ahead, so that so many may finish although nobody is left


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mute():
    """Return the port of something that accepts connections and never says anything."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


@pytest.fixture
def web():
    """Return the port of a web server, as the dashboard of a scheduler is one."""
    quiet = type("Quiet", (BaseHTTPRequestHandler,), {"log_message": lambda *_: None})
    with ThreadingHTTPServer(("127.0.0.1", 0), quiet) as server:
        Thread(target=server.serve_forever).start()
        yield server.server_port
        server.shutdown()


class Cluster:
    """A real scheduler and real workers, each a process."""

    def __init__(self, folder):
        self.folder = folder
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.running = {}
        self._start("scheduler", ["--host", self.address], "Scheduler at")

    def start_worker(self, name):
        """Start a worker and wait until it is registered."""
        options = ["--no-nanny", "--nthreads", "1", "--name", name, "--local-directory", str(self.folder / name)]
        self._start("worker", [self.address, *options], "Registered to", name)

    def _start(self, kind, options, ready, name="scheduler"):
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--no-dashboard", *options]
        file = self.folder / f"{name}.log"
        with file.open("w") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603
                command, stdout=log, stderr=log, cwd=self.folder, env=os.environ | PATIENT
            )
        wait_until(lambda: ready in file.read_text(), *self.running.values())

    def kill(self, name):
        """Kill one of the processes."""
        process = self.running.pop(name)
        process.kill()
        process.wait()


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path)
    yield made
    for name in list(made.running):
        made.kill(name)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # distributed's sockets, half opened
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("tcp://127.0.0.1:{nobody}", "cannot be reached (no Dask scheduler answered within"),
        ("tcp://127.0.0.1:{mute}", "cannot be reached (no Dask scheduler answered within"),
        ("tcp://127.0.0.1:{web}", "cannot be reached (no Dask scheduler answered within"),
        ("tls://127.0.0.1:{mute}", "cannot be reached (TLS expects"),
        ("foo://127.0.0.1:{mute}", "not an address; allowed"),
    ],
)
def test_an_address_of_something_else_is_said_in_one_sentence(run, monkeypatch, tmp_path, mute, web, address, words):
    monkeypatch.setattr("funnelsim.experiments.cluster.CONNECT_WITHIN_S", 1.0)
    run("new", "a3")
    given = address.format(nobody=1, mute=mute, web=web)
    code, out, err = run("sweep", "a3.toml", *QUICK, *VARY, "--cluster", given)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: --cluster {given}: {words}")
    assert len(err.splitlines()) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"a3.toml"}


def test_a_worker_is_not_taken_for_the_scheduler(run, cluster):
    cluster.start_worker("one")
    (address,) = [
        line.split()[-1] for line in (cluster.folder / "one.log").read_text().splitlines() if "Start worker at" in line
    ]
    run("new", "a3")
    code, _, err = run("sweep", "a3.toml", *QUICK, *VARY, "--cluster", address)
    assert code == 2
    assert "is the address of a worker; allowed: the address of a running scheduler" in err


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a POSIX signal")
def test_a_cluster_without_workers_is_waited_for_aloud_and_not_for_ever(cluster, tmp_path):
    subprocess.run([*COMMAND, "new", "a3"], cwd=tmp_path, check=True, capture_output=True)  # noqa: S603
    with begun(tmp_path, *LONG["compiled"], "--out", "s", "--cluster", cluster.address) as process:
        assert any("no workers yet" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        said, err = process.communicate(timeout=GUARD_S)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "No point was finished yet" in said


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_the_tables_are_the_same_whichever_of_the_cluster_is_lost(whole, hold, engine, cluster):
    """First one worker, then all, then the scheduler: the sweep waits for workers, and goes on without the cluster."""
    out = whole / "cluster"
    command = (*LONG[engine], "--out", out.name)
    wanted = len(parts_in(whole / "s"))
    cluster.start_worker("one")
    cluster.start_worker("two")
    hold_at(2, hold)
    with begun(whole, *command, "--cluster", cluster.address) as process:
        wait_until(lambda: len(parts_in(out)) == 2, process, *cluster.running.values())
        cluster.kill("two")
        hold_at(4, hold)
        wait_until(lambda: len(parts_in(out)) == 4, process, *cluster.running.values())
        cluster.kill("one")
        hold_at(wanted - AT_A_TIME - 1, hold)
        assert any("no workers yet" in line for line in process.stderr)
        cluster.start_worker("three")
        wait_until(lambda: len(parts_in(out)) == wanted - AT_A_TIME - 1, process, *cluster.running.values())
        cluster.kill("scheduler")
        hold.unlink()
        _, err = process.communicate(timeout=GUARD_S)
    assert process.returncode == 2, err
    assert err.splitlines()[-1].startswith(
        f"error: --cluster {cluster.address}: the scheduler was lost; run the command"
    )
    assert "Traceback" not in err
    kept = {path.name: path.stat().st_mtime_ns for path in parts_in(out)}
    subprocess.run([*COMMAND, *command], cwd=whole, check=True, capture_output=True)  # noqa: S603
    assert tables(out) == tables(whole / "s")
    assert kept.items() <= {path.name: path.stat().st_mtime_ns for path in parts_in(out)}.items()
    assert json.loads((out / "manifest.json").read_text())["complete"]
