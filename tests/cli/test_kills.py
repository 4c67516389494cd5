"""Commands that are killed or interrupted anywhere: the same command again ends with the same files, to the byte.

A generator with a seed chooses the command and the moment. Moments are counted in what a process does, such as opening
a file, and not in time: a process sends itself the signal.
"""

import os
import random
import shutil
import signal
import subprocess
import sys

import pytest

from tests.processes import GUARD_S, gone_group, wait_until

KILLS = int(os.environ.get("FUZZ_KILLS", "6"))
INTERRUPTS = int(os.environ.get("FUZZ_INTERRUPTS", "4"))
SHORT = ("--replications", "6", "--set", "operation.closes=07:00", "--set", "operation.run_out_min=30", "--out", "out")
COMMANDS = {
    "run": ("run", "a3.toml", *SHORT),
    "sweep": ("sweep", "a3.toml", "--vary", "area.bays=2,3,4", *SHORT),
    "compare": ("compare", "a3.toml", "--variant", "more: area.bays=8", *SHORT),
    "report": ("report", "made", "--replace", "--out", "out/page.html"),
}
PROGRAM = """
import atexit, os, pathlib, sys

signal, at, where = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
sys.argv[1:] = sys.argv[4:]
done = 0


def count(event, arguments):
    global done
    if not where or any(where in str(argument) for argument in arguments):
        done += 1
        if done == at:
            os.kill(os.getpid(), signal)


atexit.register(lambda: pathlib.Path("done").write_text(str(done)))
import funnelsim.cli

sys.addaudithook(count)
funnelsim.cli.main()
"""
OUT, ANYTHING = "out", ""


def done_by(folder, arguments, at=0, signal_number=0, where=ANYTHING):
    """Run a command to its end, or to its signal; nothing of it is left running."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", PROGRAM, str(int(signal_number)), str(at), where, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=GUARD_S)
        wait_until(lambda: gone_group(process.pid))
    finally:
        if not gone_group(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, out, err


def files(folder):
    """Return the contents of all files but the manifest, which says when and how they were made."""
    kept = [path for path in folder.rglob("*") if path.is_file() and path.name not in ("manifest.json", "sweep.json")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Return a folder with a scenario and a result, and by command the files it makes and how much it does for them."""
    folder = tmp_path_factory.mktemp("undisturbed")
    assert done_by(folder, ("new", "a3"))[0] == 0
    made, steps = {}, {}
    for name, arguments in COMMANDS.items():
        (folder / "out").mkdir()
        for where in (ANYTHING, OUT):
            shutil.rmtree(folder / "out")
            (folder / "out").mkdir()
            code, _, err = done_by(folder, (*arguments, *jobs_of(name, 2)), where=where)
            assert code == 0, err
            steps[name, where] = int((folder / "done").read_text())
        made[name] = files(folder / "out")
        shutil.move(folder / "out", folder / ("made" if name == "run" else f"{name}_made"))
    return folder, made, steps


def jobs_of(name, jobs, engine="compiled"):
    return () if name == "report" else ("--jobs", str(jobs), "--engine", engine)


@pytest.fixture
def place(undisturbed, tmp_path):
    """Return a new folder with the scenario and the result."""
    folder, _, _ = undisturbed
    shutil.copy(folder / "a3.toml", tmp_path / "a3.toml")
    shutil.copytree(folder / "made", tmp_path / "made")
    (tmp_path / "out").mkdir()
    return tmp_path


def moments(seed, steps):
    """Yield the engine, the number of jobs and a few moments at which a command is stopped, by the seed."""
    dice = random.Random(seed)  # noqa: S311  (no secrets)
    name = list(COMMANDS)[seed % len(COMMANDS)]
    chosen = jobs_of(name, dice.choice((1, 2)), dice.choice(("compiled", "compiled", "simpy")))
    stops = []
    for _ in range(dice.choice((1, 1, 2, 3))):
        where = dice.choice((ANYTHING, OUT, OUT))
        stops.append((1 + dice.randrange(steps[name, where]), where))
    return name, (*COMMANDS[name], *chosen), stops


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(KILLS))
def test_a_command_that_was_killed_ends_with_the_same_files(undisturbed, place, seed):
    _, made, steps = undisturbed
    name, arguments, stops = moments(seed, steps)
    for at, where in stops:
        code, _, err = done_by(place, arguments, at, signal.SIGKILL, where)
        assert code in (-signal.SIGKILL, 0, 2), (arguments, at, where, err)
        if code != -signal.SIGKILL:  # what was left to do was less than in one go; what is finished is not done again
            break
    code, _, err = done_by(place, arguments)
    assert code == 0 or "already exists" in err, (arguments, stops, err)
    assert files(place / "out") == made[name], (arguments, stops)
    assert files(place / "made") == made["run"]


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a POSIX signal")
@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(INTERRUPTS))
def test_a_command_that_was_interrupted_says_so_and_leaves_nothing_behind(undisturbed, place, seed):
    """No process is left, or the test does not end; while results are being saved, Ctrl-C changes nothing."""
    _, made, steps = undisturbed
    name, arguments, stops = moments(seed, steps)
    at, where = stops[0]
    code, _, err = done_by(place, arguments, at, signal.SIGINT, where)
    assert code in (130, 0), (arguments, at, where, err)
    assert "Traceback" not in err, (arguments, at, where)
    finished = (place / "out" / "manifest.json").exists()
    if finished and name in ("run", "compare"):  # it keeps what it has, and a new one begins in another folder
        shutil.rmtree(place / "out")
    code, _, err = done_by(place, arguments)
    assert code == 0, (arguments, at, where, err)
    assert files(place / "out") == made[name]
