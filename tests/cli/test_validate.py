"""The command prints the table, ends with 1 where something differs, and writes the page."""

import pytest

from funnelsim.validation import chapters
from funnelsim.validation.chapter import Chapter
from funnelsim.validation.comparison import within


@pytest.fixture
def known(monkeypatch):
    """Return what replaces the chapters by one, whose simulated queue is given."""

    def known(simulated):
        efforts = []

        def road(effort):
            efforts.append(effort)
            return Chapter("road", "The road", "Text.", (within("queue", "m", 400.0, simulated, 1.0, "Newell"),))

        monkeypatch.setattr(chapters, "KNOWN", (road,))
        return efforts

    return known


def test_agreement_ends_with_zero(known, run):
    efforts = known(400.0)
    code, out, _ = run("validate", "--quick", "--engine", "simpy")
    assert code == 0
    assert "1 comparison: 1 agree, none differs without a known reason." in out
    assert (efforts[0].quick, efforts[0].engine) == (True, "simpy")


def test_a_difference_ends_with_one(known, run):
    known(500.0)
    code, out, _ = run("validate")
    assert code == 1
    assert "1 comparison: 0 agree, 1 differ." in out


def test_the_page_is_written_where_wanted(known, run, tmp_path):
    known(400.0)
    code, _, _ = run("validate", "--page", str(tmp_path / "docs" / "validation.md"))
    assert code == 0
    assert (tmp_path / "docs" / "validation.md").read_text(encoding="utf-8").startswith("# Validation")
