"""The page says everything the table says, with sources, texts and figures."""

from pathlib import Path

import pytest

from funnelsim.validation.chapter import Chapter, Effort
from funnelsim.validation.comparison import Claim, by_chance, within
from funnelsim.validation.page import save_page

CHANCE = [
    by_chance(f"wait {k}", "s", 2.0, ([2.0, 4.1, 6.2 + k], [1.0, 2.0, 3.0]), "a book", "A note.") for k in range(3)
]
CHAPTERS = [
    Chapter("waiting", "Waiting in the area", "Why it matters.", tuple(CHANCE)),
    Chapter("road", "The road", "Text.", (within("a | b", "m", 400.0, 500.0, 1.0, "Newell"),)),
    Chapter(
        "studies",
        "Studies",
        "Text.",
        (Claim("case", "what is claimed", "what was found", agrees=True, source="a paper"),),
    ),
    Chapter("sumo", "SUMO", "Text.", missing="SUMO is not installed."),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    file = tmp_path_factory.mktemp("docs") / "validation.md"
    save_page(CHAPTERS, Effort(quick=True), file)
    return file


def test_every_line_stands_on_the_page_with_its_source(page):
    text = page.read_text(encoding="utf-8")
    assert "| wait 0 | 2 s |" in text
    assert "| a book |" in text
    assert "| case | what is claimed | what was found | agrees | a paper |" in text
    assert "- wait 0: A note." in text
    assert "few replications" in text


def test_what_differs_is_set_off_and_bars_do_not_break_the_table(page):
    assert r"| a \| b | 400 m | 500 | ± 1 |  | **differs** | Newell |" in page.read_text(encoding="utf-8")


def test_contents_count_what_agrees_and_say_what_was_not_run(page):
    text = page.read_text(encoding="utf-8")
    assert "| [The road](#the-road) | 0 of 1 comparison |" in text
    assert "| [SUMO](#sumo) | SUMO is not installed. |" in text


def test_lines_with_chance_are_drawn_and_figures_of_before_are_gone(page):
    folder = page.parent / "validation"
    assert [file.name for file in folder.iterdir()] == ["waiting_deviations.png"]
    (folder / "old.png").touch()
    save_page(CHAPTERS, Effort(), page)
    assert not (folder / "old.png").exists()
    assert "](validation/waiting_deviations.png)" in page.read_text(encoding="utf-8")
    assert "few replications" not in page.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_raises(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        save_page(CHAPTERS, Effort(), Path(tmp_path / "file" / "validation.md"))
