"""What holds for every figure."""

import itertools
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Executor, Future

import matplotlib as mpl
import pytest
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from funnelsim.errors import ResultsError
from funnelsim.plots import FIGURES, save_figures, waterfall
from funnelsim.plots.style import WIDTH_IN, house_style

A4_TEXT_HEIGHT_IN = 10.6


@pytest.fixture(params=list(FIGURES))
def draw(request):
    return FIGURES[request.param]


def _placed(figure):
    """Return the texts of a figure with their extents, as drawn."""
    figure.draw_without_rendering()
    texts = [*figure.texts, figure._suptitle]
    for axes in figure.axes:
        texts += [*axes.texts, axes._left_title, axes.xaxis.label, axes.yaxis.label]
    for legend in figure.legends:
        texts += legend.get_texts()
    shown = [text for text in texts if text.get_text() and text.get_visible()]
    return {text.get_text(): Text.get_window_extent(text) for text in shown if text.axes is None or text.axes.axison}


@pytest.fixture(scope="module")
def drawn():
    return {}


@pytest.fixture
def figure(draw, any_run, drawn):
    """Return a figure of a run; tests only look at it, so they can share it."""
    key = draw.__name__, id(any_run)
    if key not in drawn:
        drawn[key] = draw(any_run)
    return drawn[key]


def test_no_text_is_cut_off_or_lies_on_another(figure):
    placed = _placed(figure)
    whole = figure.bbox
    for text, box in placed.items():
        assert box.x0 >= 0.0, text
        assert box.y0 >= 0.0, text
        assert box.x1 <= whole.x1, text
        assert box.y1 <= whole.y1, text
    for (one, a), (other, b) in itertools.combinations(placed.items(), 2):
        overlap = Bbox.intersection(a, b)
        assert overlap is None or overlap.width < 1.0 or overlap.height < 1.5, (one, other)


def test_it_prints_on_a4_upright(figure):
    width_in, height_in = figure.get_size_inches()
    assert width_in == WIDTH_IN
    assert height_in <= A4_TEXT_HEIGHT_IN


def test_the_footer_says_what_was_run(figure, any_run, words):
    text = words(figure)
    for part in (any_run.scenario.title, "seed 7", f"{len(any_run.replications)} simulated operation", "funnelsim 0."):
        assert part in text
    assert "interrupted" not in text


def test_an_interrupted_run_says_so(draw, busy, words):
    assert "interrupted" in words(draw(type(busy)(**{**vars(busy), "complete": False})))


def test_a_title_may_be_long_strange_or_in_an_unknown_script(busy):
    for title in ("word " * 40, "$\\alpha$ & <b>\n%", "检查站" * 60):
        scenario = busy.scenario.model_copy(update={"title": title})
        figure = waterfall(type(busy)(**{**vars(busy), "scenario": scenario}))
        with house_style():  # which knows that the font lacks letters
            figure.draw_without_rendering()
        footer = figure.texts[-1]
        assert footer.get_window_extent().x1 <= figure.bbox.x1


def test_the_users_own_settings_neither_matter_nor_change(draw, busy, words):
    plain = draw(busy)
    with mpl.rc_context({"font.size": 30.0, "axes.grid": False, "text.usetex": False, "lines.linewidth": 9.0}):
        before = dict(mpl.rcParams)
        other = draw(busy)
        assert dict(mpl.rcParams) == before
    assert words(other) == words(plain)
    assert other.axes[0].get_position().bounds == plain.axes[0].get_position().bounds


@pytest.fixture(scope="module")
def written(busy, tmp_path_factory):
    return save_figures(busy, tmp_path_factory.mktemp("figures"))


def test_files_are_png_and_svg_of_each_figure(written):
    assert [path.name for path in written] == [f"{name}.{ending}" for name in FIGURES for ending in ("png", "svg")]
    for path in written:
        start = path.read_bytes()[:300]
        assert start.startswith(b"\x89PNG") if path.suffix == ".png" else b"<svg" in start


def test_the_same_run_gives_the_same_bytes(busy, written, tmp_path):
    for path, again in zip(written, save_figures(busy, tmp_path), strict=True):
        assert path.read_bytes() == again.read_bytes(), path.name


def test_files_tell_nothing_of_when_and_with_what_they_were_made(written):
    for path in written:
        content = path.read_bytes()
        assert b"Software" not in content
        assert b"dc:date" not in content
        assert b"matplotlib.org" not in content


def test_a_file_that_cannot_be_written_is_named(busy, tmp_path):
    with pytest.raises(ResultsError, match=r"cannot be written \(No such file"):
        save_figures(busy, tmp_path / "missing")
    (tmp_path / "waterfall.svg").mkdir()
    with pytest.raises(ResultsError, match=r"waterfall\.svg: cannot be written"):
        save_figures(busy, tmp_path)


def test_no_window_system_and_no_pyplot_is_involved():
    code = "import sys, funnelsim.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


class _Helper(Executor):
    """Draw at once, or fail as a pool does whose process was ended from outside."""

    def __init__(self, dies):
        self.dies = dies

    def submit(self, function, /, *arguments):
        """Call a function, or break."""
        future = Future()
        if self.dies == "before":
            raise BrokenExecutor
        if self.dies == "meanwhile":
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(function(*arguments))
        return future


@pytest.mark.parametrize("dies", ["never", "before", "meanwhile"])
def test_a_second_process_draws_the_same_files_and_its_end_loses_none(busy, written, tmp_path, dies):
    again = save_figures(busy, tmp_path, _Helper(dies))
    assert [path.name for path in again] == [path.name for path in written]
    assert all(one.read_bytes() == other.read_bytes() for one, other in zip(again, written, strict=True))


def test_pdf_is_imported_only_when_it_is_asked_for():
    code = "import sys, funnelsim.plots; sys.exit('matplotlib.backends.backend_pdf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
