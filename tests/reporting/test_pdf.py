"""The report on paper and in a window, as a real browser shows it: whole tables, headings beside what follows."""

import os
import re
import stat
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from funnelsim.errors import ResultsError
from funnelsim.experiments.compare import compare
from funnelsim.experiments.run import run
from funnelsim.experiments.sweep import sweep
from funnelsim.reporting.html import pdf as printing
from funnelsim.reporting.html import report
from funnelsim.scenario.load import load_scenario
from tests.browser import headless, needs_browser, needs_poppler, pages_of, too_wide, words_beyond

XHTML = "{http://www.w3.org/1999/xhtml}"
SHORT = ["operation.closes=07:30"]
RIGHT_MM = 210.0 - 16.0 + 0.5  # the margin of the page
VARIED = {
    "sweep": [
        "selection.rate.default=0.02:0.1:0.02",
        "staffing.roster.customs.count=2,4",
        "area.bays=4,6",
        "traffic.scale=0.8,1",
    ],
    "wide": [
        "selection.rate.default=0.02,0.1",
        "staffing.roster.customs.count=2,4",
        "area.bays=4,6",
        "area.waiting=2,4",
        "staffing.roster.police.count=10,12",
    ],
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return the page of each kind of result of a shipped scenario."""
    scenario = load_scenario("scenarios/motorway_early_shift.toml", SHORT)
    other = load_scenario("scenarios/motorway_early_shift.toml", [*SHORT, "selection.rate.van=0.06"])
    made = {
        "run": run(scenario, replications=3),
        "comparison": compare({"as_it_is": scenario, "6 % of vans": other}, replications=3),
    }
    for name, varied in VARIED.items():
        made[name] = sweep(scenario, varied, replications=3, folder=tmp_path_factory.mktemp(name))
    return {name: report(result) for name, result in made.items()}


@pytest.fixture
def printed(pages, tmp_path):
    """Return how to print a page to a PDF file."""

    def to_pdf(name):
        printing.write_pdf(pages[name], tmp_path / "report.pdf")
        return tmp_path / "report.pdf"

    return to_pdf


def _plain(text):
    return re.sub(r"\W+", "", text)


def _headings(page):
    """Yield each heading of a page with the text of what follows it, as letters and digits alone."""
    tags = {f"{XHTML}{tag}" for tag in ("h2", "h3", "p", "li", "th", "figure")}
    parts = [one for one in ET.fromstring(page).iter() if one.tag in tags]  # noqa: S314  (made here)
    for heading, after in pairwise(parts):
        if heading.tag in {f"{XHTML}h2", f"{XHTML}h3"} and after.tag in {f"{XHTML}p", f"{XHTML}li"}:
            yield _plain("".join(heading.itertext())), _plain("".join(after.itertext()))[:25]


@needs_browser
@needs_poppler
@pytest.mark.parametrize(("name", "most"), [("run", 20), ("comparison", 16), ("sweep", 24)])
def test_on_paper_headings_stand_on_the_page_of_what_follows_and_nothing_is_cut(name, most, pages, printed):
    file = printed(name)
    texts = pages_of(file)
    assert 5 <= len(texts) <= most
    squeezed = [_plain(text) for text in texts]
    pairs = list(_headings(pages[name]))
    assert len(pairs) > 10
    parted = [(heading, after) for heading, after in pairs if not any(heading + after in text for text in squeezed)]
    assert parted == []
    assert all(text.strip().endswith(f"{number} / {len(texts)}") for number, text in enumerate(texts, 1))
    assert words_beyond(file, RIGHT_MM) == []
    assert "The answer" in texts[0]


@needs_browser
@pytest.mark.parametrize("width", [1280, 1100])
@pytest.mark.parametrize("name", ["run", "comparison", "sweep", "wide"])
def test_in_a_window_nothing_has_to_be_moved_from_side_to_side(name, width, pages, tmp_path):
    assert too_wide(pages[name], width, tmp_path) == ""


@needs_browser
@pytest.mark.parametrize("name", ["run", "comparison", "sweep"])
def test_a_browser_has_nothing_to_complain_of(name, pages, tmp_path):
    """What its policy forbids, a browser writes to its log."""
    file = tmp_path / "page.html"
    file.write_text(pages[name], encoding="utf-8")
    log = ("--enable-logging=stderr", f"--user-data-dir={tmp_path}/profile", "--dump-dom")
    assert "CONSOLE" not in headless(*log, file.as_uri())[1]
    file.write_text(pages[name].replace("</body>", "<script>alert(1)</script></body>"), encoding="utf-8")
    assert "Content Security Policy" in headless(*log, file.as_uri())[1]


# ------------------------------------------------------------------------------------------------ browsers of our own


@pytest.fixture
def browser(tmp_path, monkeypatch):
    """Return how to put a script in the place of the browsers that are installed."""
    places = []
    monkeypatch.setattr(printing, "installed_browsers", lambda: iter(places))

    def make(code):
        place = tmp_path / f"browser{len(places)}"
        place.write_text(f"#!{sys.executable}\nimport os, pathlib, subprocess, sys, time\n{code}\n")
        place.chmod(place.stat().st_mode | stat.S_IXUSR)
        places.append(str(place))
        return place

    return make


PRINTS = """
target = next(word.partition("=")[2] for word in sys.argv if word.startswith("--print-to-pdf="))
assert sys.argv[-1].startswith("file://")
print("noise"); print("more noise", file=sys.stderr)
pathlib.Path(target).write_bytes(b"%PDF-1.4 printed %%EOF")
"""
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")


@on_posix
def test_what_the_browser_prints_is_written_and_its_noise_is_not_heard(browser, tmp_path, capfd):
    browser(PRINTS)
    printing.write_pdf("<html/>", tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-1.4 printed")
    assert capfd.readouterr() == ("", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["browser0", "out.pdf"]


@on_posix
def test_where_one_browser_fails_the_next_prints(browser, tmp_path):
    browser("sys.exit(1)")
    (tmp_path / "browser0").chmod(0o600)  # not even started
    browser("")  # prints nothing
    browser(PRINTS)
    printing.write_pdf("<html/>", tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").exists()


@on_posix
def test_a_browser_that_hangs_is_stopped_with_all_that_it_started(browser, tmp_path, monkeypatch):
    """What is read from a queue of the file system ends when the last process is gone that could write to it."""
    queue = tmp_path / "queue"
    os.mkfifo(queue)
    place = browser(f"""
held = open({str(queue)!r}, "w")
held.write("started\\n"); held.flush()
subprocess.run(["sleep", "600"], pass_fds=[held.fileno()])
""")
    heard = []

    class Hanging(subprocess.Popen):
        def wait(self, timeout=None):
            if timeout is None:
                return super().wait()
            heard.append(queue.open(encoding="utf-8"))
            assert heard[0].readline() == "started\n"
            raise subprocess.TimeoutExpired(self.args, timeout)

    monkeypatch.setattr(printing.subprocess, "Popen", Hanging)
    with pytest.raises(ResultsError, match="allowed: the command without --pdf") as caught:
        printing.write_pdf("<html/>", tmp_path / "out.pdf")
    assert f"could not print the page with {place};" in str(caught.value)
    with heard[0]:
        assert not heard[0].read()
    assert not (tmp_path / "out.pdf").exists()


def test_without_a_browser_one_sentence_says_what_to_do(monkeypatch, tmp_path):
    for name in ("PATH", *printing.WINDOWS_FOLDERS):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(printing, "ON_MACOS", ())
    with pytest.raises(ResultsError) as caught:
        printing.write_pdf("<html/>", tmp_path / "out.pdf")
    assert str(caught.value) == (
        "--pdf: neither Chromium nor Chrome nor Edge is installed; allowed: the command without --pdf, whose page any "
        "browser opens and prints to a file"
    )


@pytest.mark.parametrize(("user", "given"), [(0, ["--no-sandbox"]), (1000, [])])
def test_only_root_has_no_sandbox(user, given, monkeypatch):
    monkeypatch.setattr(printing.os, "geteuid", lambda: user, raising=False)
    assert printing._sandbox() == given


def test_a_folder_that_is_not_there_is_said_in_words(browser, tmp_path):
    browser(PRINTS)
    with pytest.raises(ResultsError, match="cannot be written"):
        printing.write_pdf("<html/>", tmp_path / "nowhere" / "out.pdf")
