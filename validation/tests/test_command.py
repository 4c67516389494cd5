"""`python -m validation` computes the known answers and then the studies, and shows both in one table."""

import pytest
import typer

import validation.__main__ as command
from funnelsim.validation.chapter import Chapter
from funnelsim.validation.comparison import within

ROAD = Chapter("road", "The road", "Text.", (within("queue", "m", 400.0, 400.0, 1.0, "Newell"),))
MISSING = Chapter("peer", "A peer", "Text.", missing="it is not installed")
DIFFERS = Chapter("study", "A study", "Text.", (within("queue", "m", 400.0, 500.0, 1.0, "a paper"),))


@pytest.fixture
def written(monkeypatch):
    """Return what replaces the chapters by one known answer and one study."""

    def written(study):
        monkeypatch.setattr(command, "KNOWN", (lambda _: ROAD,))
        monkeypatch.setattr(command, "STUDIES", (lambda _: study,))

    return written


def test_known_answers_come_first_and_a_missing_peer_is_named(written, capsys, tmp_path):
    written(MISSING)
    command.main(quick=True, page=tmp_path / "validation.md")
    out = capsys.readouterr().out
    assert out.index("The road") < out.index("A peer")
    assert "Not run: it is not installed" in out
    page = (tmp_path / "validation.md").read_text(encoding="utf-8")
    assert page.index("## The road") < page.index("## A peer")


def test_a_study_that_differs_ends_with_one(written):
    written(DIFFERS)
    with pytest.raises(typer.Exit) as ended:
        command.main(quick=True)
    assert ended.value.exit_code == 1
