"""The documents for maintainers keep their form, and what they name exists."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
MAINTAINERS = [ROOT / "CONTRIBUTING.md", *DECISIONS]
MAINTAINERS += [ROOT / "docs" / f"{name}.md" for name in ("architecture", "explaining_a_number", "releasing", "model")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_the_outside_are_well_formed(page):
    """They cannot be followed offline; a DOI starts with 10. and a registrant."""
    for link in re.findall(r"\]\((\w+:(?:[^()\s]|\([^()]*\))+)\)", page.read_text(encoding="utf-8")):
        assert re.fullmatch(r"https://[\w.-]+\.[a-z]{2,}(/\S*)?", link), link
        if "doi.org" in link:
            assert re.fullmatch(r"https://doi\.org/10\.\d{4,}(\.\d+)*/\S+", link), link


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_what_speaks_against_it(page):
    text = page.read_text(encoding="utf-8")
    parts = re.findall(r"^\*\*([^.*]+)\.\*\*", text, flags=re.MULTILINE)
    assert parts == ["Context", "Decision", "What speaks against it", "Consequences"]
    assert f"]({page.name})" in (page.parent / "index.md").read_text(encoding="utf-8")


def test_the_decisions_are_numbered_without_a_gap():
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert len(DECISIONS) >= 8


def test_every_module_of_the_code_glossary_exists():
    text = (ROOT / "docs" / "code_glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .* \| `([\w.]+)` \|$", text, flags=re.MULTILINE)
    assert len(rows) >= 10
    assert [module for module in rows if find_spec(module) is None] == []


@pytest.mark.parametrize("page", MAINTAINERS, ids=lambda page: page.stem)
def test_every_file_that_a_page_for_maintainers_names_exists(page):
    named = re.findall(r"`((?:[\w.]+/)+(?:\w+\.(?:py|toml|json|c))?)`", page.read_text(encoding="utf-8"))
    named = [name for name in named if not name.startswith(("dist/", "results/"))]
    assert [name for name in named if not any((root / name).exists() for root in (ROOT, ROOT / "funnelsim"))] == []


def test_every_make_command_of_the_documents_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for command in re.findall(r"`make ([a-z]+)`|^make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE):
            assert re.search(rf"^{''.join(command)}:", makefile, flags=re.MULTILINE), (page.name, command)
