"""What commands write: nothing that exists is overwritten unasked, and a full disk ends in words."""

import errno
import json
import os
import signal
import subprocess
import sys

import pytest

SHORT = ("--replications", "2", "--jobs", "1", "--set", "operation.closes=07:00")
WRITERS = (
    ("events", "a.toml", "--out"),
    ("report", "r", "--out"),
    ("counts", "day.csv", "--out"),
    ("fit", "stage", "looks.csv", "--resamples", "99", "--out"),
)


@pytest.fixture
def there(run, tmp_path):
    """Make a scenario, a result, counts and observations."""
    run("new", "a")
    assert run("run", "a.toml", *SHORT, "--out", "r")[0] == 0
    rows = "".join(f"{hour:02d}:00,100\n" for hour in range(24))
    (tmp_path / "day.csv").write_text(f"start,car\n{rows}")
    (tmp_path / "looks.csv").write_text("duration_s\n" + "".join(f"{20 + k % 17}\n" for k in range(40)))
    return tmp_path


@pytest.mark.parametrize("writer", WRITERS)
def test_a_file_that_exists_is_overwritten_only_if_asked(run, there, writer):
    mine = there / "mine.toml"
    mine.write_text("mine")
    code, out, err = run(*writer, "mine.toml")
    assert (code, out) == (2, "")
    assert err == (
        "error: mine.toml: already exists and was not changed; allowed: another name, or --replace to overwrite it\n"
    )
    assert mine.read_text() == "mine"
    assert run(*writer, "mine.toml", "--replace")[0] == 0
    assert mine.read_text(encoding="utf-8") != "mine"


def test_figures_and_pages_are_overwritten_only_if_asked_in_a_result_too(run, there):
    for arguments in (("report", "r"), ("plot", "r", "--figure", "waterfall", "--format", "png")):
        run(*arguments, "--replace")
        code, _, err = run(*arguments)
        assert code == 2
        assert "already exists and was not changed" in err
        assert run(*arguments, "--replace")[0] == 0
    arguments = ("plot", "r", "--figure", "waterfall", "--format", "png", "--out", "mine")
    assert run(*arguments)[0] == 0
    (there / "mine" / "waterfall.png").write_text("mine")
    code, _, err = run(*arguments)
    assert code == 2
    assert "waterfall.png: already exists and was not changed" in err
    assert (there / "mine" / "waterfall.png").read_text() == "mine"
    assert run(*arguments, "--replace")[0] == 0


FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
from funnelsim import cli
cli.main()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="Windows limits no sizes of files")
@pytest.mark.parametrize("room", [0, 300, 3_000, 20_000])
def test_where_there_is_no_room_a_command_ends_in_one_sentence_and_goes_on_later(run, there, room):
    """The size of files is limited, which fails as a full disk does."""
    commands = (
        ("new", "b"),
        ("run", "a.toml", *SHORT, "--out", "x"),
        ("sweep", "a.toml", "--vary", "area.bays=2,3", *SHORT, "--out", "s"),
        ("compare", "a.toml", "--variant", "b: area.bays=3", *SHORT, "--out", "c"),
        ("report", "r", "--out", "page.html"),
        ("plot", "r", "--format", "png", "--out", "figures"),
        ("events", "r", "--out", "events.csv"),
        ("counts", "day.csv", "--out", "profile.csv"),
    )
    for arguments in commands:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", FULL, str(room), *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 1), (arguments, done)
        assert "Traceback" not in done.stderr
        if done.returncode:
            assert len(done.stderr.strip().splitlines()) == 1, (arguments, done.stderr)
            assert os.strerror(errno.EFBIG) in done.stderr
            code, _, err = run(*arguments, *(["--replace"] if arguments[0] == "plot" else []))
            assert code == 0, (arguments, err)
    assert json.loads((there / "s" / "manifest.json").read_text())["complete"]
