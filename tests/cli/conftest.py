"""Commands are run in an empty folder."""

import subprocess
import sys

import pytest

from funnelsim import cli
from tests.processes import COMMAND, LONG, hold_at, parts_in


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Run a command in an empty folder; return its exit code, output and error output."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["funnelsim", *arguments])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out, err = capsys.readouterr()
        return caught.value.code, out, err

    return command


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
    hold_at(len(parts_in(whole / "s")) - 1, file)
    yield file
    file.unlink(missing_ok=True)
