"""Output that a console cannot show is shown as nearly as it can; no command fails for it, and nothing is lost."""

import io
import os
import subprocess
import sys

import pytest

from funnelsim import cli

SHORT = ("--replications", "2", "--jobs", "1", "--set", "operation.closes=07:00")
COMMANDS = (
    ("--help",),
    ("run", "--help"),
    ("check", "a.toml"),
    ("run", "a.toml", *SHORT, "--out", "r"),
    ("sweep", "a.toml", "--vary", "area.bays=2,3", *SHORT, "--out", "s"),
    ("compare", "a.toml", "--variant", "Łódź 北: area.bays=3", *SHORT, "--out", "c"),
    ("report", "r"),
    ("report", "s", "--out", "страница.html"),
    ("plot", "s", "--format", "png", "--out", "bilder ±"),
    ("events", "r", "--out", "събития.csv"),
    ("counts", "zählung.csv", "--out", "day.csv"),
    ("run", "ö.toml"),
    ("schema",),
)


@pytest.fixture(params=["ascii", "cp437", "latin-1", "utf-8"])
def console(request, monkeypatch):
    """Return what runs a command on a console with few characters, as a strict stream, and gives what it shows."""

    def command(*arguments):
        streams = [io.TextIOWrapper(io.BytesIO(), encoding=request.param, errors="strict") for _ in range(2)]
        monkeypatch.setattr(sys, "stdout", streams[0])
        monkeypatch.setattr(sys, "stderr", streams[1])
        monkeypatch.setattr(sys, "argv", ["funnelsim", *arguments])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        for stream in streams:
            stream.flush()
        return caught.value.code, *(stream.buffer.getvalue().decode(request.param) for stream in streams)

    command.encoding = request.param
    return command


def test_every_command_ends_well_on_every_console(console, run, tmp_path):
    run("new", "a")
    text = (tmp_path / "a.toml").read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title"))
    (tmp_path / "a.toml").write_text(text.replace(title, 'title = "Łódź → 北 😀 ± 5"'), encoding="utf-8")
    rows = "".join(f"{hour:02d}:00,100\n" for hour in range(24))
    (tmp_path / "zählung.csv").write_text(f"# source: Čerňa ± 北\nstart,car\n{rows}", encoding="utf-8")
    for arguments in COMMANDS:
        code, out, err = console(*arguments)
        assert code == (2 if "ö.toml" in arguments else 0), (arguments, out, err)
        assert out or "ö.toml" in arguments
        if arguments[0] == "run" and "r" in arguments:
            assert ("+-" in out) == (console.encoding == "ascii")
    assert (tmp_path / "r" / "manifest.json").is_file()
    assert (tmp_path / "страница.html").is_file()


def test_results_are_saved_before_they_are_printed(run, monkeypatch, tmp_path):
    class Closed(io.StringIO):
        def write(self, _text):
            raise BrokenPipeError(32, "Broken pipe")

    run("new", "a")
    monkeypatch.setattr(sys, "stdout", Closed())
    assert run("run", "a.toml", *SHORT, "--out", "r")[0] == 2
    assert run("compare", "a.toml", "--variant", "b: area.bays=3", *SHORT, "--out", "c")[0] == 2
    assert all((tmp_path / name / "manifest.json").is_file() for name in "rc")


def test_a_pipe_that_closes_early_loses_no_results(run, tmp_path):
    """`funnelsim run ... | head -1`: the reader is gone before the result is printed."""
    run("new", "a")
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "funnelsim.cli", "run", "a.toml", *SHORT, "--out", "r"]
    with os.fdopen(write, "w") as closed:
        subprocess.run(command, check=False, stdout=closed, cwd=tmp_path)  # noqa: S603
    assert (tmp_path / "r" / "manifest.json").is_file()
