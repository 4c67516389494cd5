"""The command prints the table, ends with 1 where something differs, and writes the page."""

import pytest

from funnelsim.validation import chapters
from funnelsim.validation.chapter import Chapter
from funnelsim.validation.comparison import within


@pytest.fixture
def book(monkeypatch):
    """Return what sets the chapters: one that always runs and one that needs a peer."""

    def book(simulated):
        efforts = []

        def road(effort):
            efforts.append(effort)
            return Chapter("road", "The road", "Text.", (within("queue", "m", 400.0, simulated, 1.0, "Newell"),))

        def peer(effort):
            efforts.append(effort)
            return Chapter("peer", "A peer", "Text.", missing="it is not installed")

        monkeypatch.setattr(chapters, "ALWAYS", (road,))
        monkeypatch.setattr(chapters, "WITH_PEERS", (peer,))
        return efforts

    return book


def test_agreement_is_said_and_ends_well(book, run):
    efforts = book(400.0)
    code, out, _ = run("validate", "--quick", "--engine", "simpy")
    assert code == 0
    assert "1 comparison: 1 agree, none differs without a known reason." in out
    assert "A peer" not in out
    assert (efforts[0].quick, efforts[0].engine) == (True, "simpy")


def test_a_difference_ends_with_one(book, run):
    book(500.0)
    code, out, _ = run("validate")
    assert code == 1
    assert "1 comparison: 0 agree, 1 differ." in out


def test_peers_are_run_where_wanted_and_the_page_is_written(book, run, tmp_path):
    book(400.0)
    code, out, _ = run("validate", "--peers", "--page", str(tmp_path / "docs" / "validation.md"))
    assert code == 0
    assert "Not run: it is not installed" in out
    assert (tmp_path / "docs" / "validation.md").read_text(encoding="utf-8").startswith("# Validation")
