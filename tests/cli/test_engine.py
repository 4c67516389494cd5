"""`--engine` and `--jobs` say how the work is done, and change no byte of what is found."""

from unittest.mock import Mock

import pytest

from funnelsim.compile import MESSAGE
from funnelsim.engines import simpy_engine
from funnelsim.experiments import point_batch
from funnelsim.experiments.run import REPLICATIONS_PER_TASK

QUICK = ("--set", "operation.closes=07:00", "--set", "operation.run_out_min=30", "--replications", "5")
COMMANDS = {
    "run": ("run", "a3.toml"),
    "sweep": ("sweep", "a3.toml", "--vary", "selection.rate.default=0.05,0.1", "--vary", "traffic.scale=0.9,1"),
    "compare": ("compare", "a3.toml", "--variant", "more: area.bays=6"),
}
NAMES_HOW = {"manifest.json", "sweep.json"}  # what says how and when it was done


@pytest.fixture(params=list(COMMANDS))
def command(request, run, monkeypatch):
    """Return what runs each command in turn, with several tasks for each."""
    for engine in REPLICATIONS_PER_TASK:
        monkeypatch.setitem(REPLICATIONS_PER_TASK, engine, 2)
    monkeypatch.setattr(point_batch, "SECONDS_PER_TASK", 1e-9)
    run("new", "a3")
    return lambda *arguments: run(*COMMANDS[request.param], *QUICK, *arguments)


def found(folder):
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in NAMES_HOW)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_tables_are_the_same_to_the_byte_with_both_engines_and_any_number_of_threads(command, tmp_path):
    ways = (("compiled", "1"), ("compiled", "2"), ("simpy", "1"))
    for engine, jobs in ways:
        code, _, err = command("--engine", engine, "--jobs", jobs, "--out", engine + jobs)
        assert code == 0, err
    first, *others = (found(tmp_path / "".join(way)) for way in ways)
    assert any(name.endswith("replications.parquet") for name in first)
    assert all(other == first for other in others)


def test_simpy_simulates_only_when_asked_to(command, monkeypatch):
    def refuse(_traffic, _plan):
        raise OSError(5, "SimPy was asked")

    monkeypatch.setattr(simpy_engine, "simulate", refuse)
    assert command("--jobs", "1", "--out", "left out")[0] == 0
    assert command("--jobs", "1", "--out", "compiled", "--engine", "compiled")[0] == 0
    code, _, err = command("--jobs", "1", "--out", "simpy", "--engine", "simpy")
    assert code == 2
    assert "SimPy was asked" in err


def test_an_unknown_engine_is_refused_in_words(command, tmp_path):
    code, out, err = command("--engine", "sympy", "--out", "out")
    assert (code, out) == (2, "")
    assert all(word in err for word in ("--engine", "sympy", "compiled", "simpy"))
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("is_compiled", [True, False])
def test_only_the_first_command_on_a_machine_says_that_it_compiles(command, monkeypatch, is_compiled):
    monkeypatch.setattr("funnelsim.model.cache.is_compiled", lambda: is_compiled)
    monkeypatch.setattr("funnelsim.compile.compile_all", lambda: None)
    code, out, err = command("--jobs", "1", "--out", "out")
    assert code == 0
    assert (MESSAGE in " ".join(err.split())) == (not is_compiled)
    assert ("ompil" in err) == (not is_compiled)
    assert "ompil" not in out


def test_what_is_refused_compiles_nothing(command, monkeypatch):
    monkeypatch.setattr("funnelsim.model.cache.is_compiled", lambda: False)
    code, _, err = command("--set", "area.bay=3")
    assert code == 2
    assert "ompil" not in err


def test_ctrl_c_is_heard_while_the_first_command_compiles(command, monkeypatch):
    """Compiling is begun before any thread or process simulates."""
    monkeypatch.setattr("funnelsim.model.cache.is_compiled", lambda: False)
    monkeypatch.setattr("funnelsim.compile.compile_all", Mock(side_effect=KeyboardInterrupt))
    monkeypatch.setattr("funnelsim.experiments.executor.workers", None)
    code, _, err = command("--jobs", "2")
    assert code == 130
    assert err.strip().endswith("interrupted from the keyboard")
    assert "Traceback" not in err
