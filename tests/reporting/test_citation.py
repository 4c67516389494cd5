"""What to cite beside a result: the software as CITATION.cff has it, and the sources of counts and default values."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import funnelsim
from funnelsim.errors import FunnelsimError
from funnelsim.reporting.citation import AUTHOR, TITLE, bibtex

ROOT = Path(__file__).parents[2]
SHORT = {("operation", "closes"): "07:00"}
SOURCE = "Counter 7 & 8, 50 % of {all} days_2024 \\ ~"


def entries(text):
    """Return the entries by name, each with its kind and its fields, which are in double braces."""
    found = {}
    for kind, name, body in re.findall(r"^@(\w+)\{([\w-]+),\n(.*?)^\}$", text, flags=re.MULTILINE | re.DOTALL):
        assert name not in found
        found[name] = {"kind": kind, **dict(re.findall(r"^  (\w+) = \{\{(.*)\}\},$", body, flags=re.MULTILINE))}
    return found


@pytest.fixture(scope="module")
def run(planned):
    return funnelsim.run(planned(SHORT | {("traffic", "counts", "source"): SOURCE})[0], replications=2)


def test_the_software_is_cited_as_citation_cff_has_it_with_the_version(run):
    cff = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    said = [re.search(rf'^{key}: "?(.*?)"?$', cff, flags=re.MULTILINE).group(1) for key in ("title", "version")]
    assert said == [TITLE, funnelsim.__version__]
    assert re.findall(r'^  - name: "(.*)"$', cff, flags=re.MULTILINE) == [AUTHOR]
    assert entries(bibtex(run))["funnelsim"] == {
        "kind": "software",
        "author": AUTHOR,
        "title": TITLE,
        "version": funnelsim.__version__,
    }


def test_the_source_of_counts_is_cited_with_no_sign_that_latex_would_obey(run):
    counts = entries(bibtex(run))["funnelsim-counts-1"]
    braces = r"\textbraceleft{}all\textbraceright{}"
    assert counts["title"] == rf"Counter 7 \& 8, 50 \% of {braces} days\_2024 \textbackslash{{}} \textasciitilde{{}}"


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        (
            "Miller and Wong 2019, https://counts.example/a_b?x={1}",
            {"author": "Miller and Wong", "year": "{2019}", "url": "https://counts.example/a_b?x=%7B1%7D"},
        ),
        ("road agency, hourly counts 2023; doi:10.1234/ab_c", {"year": "{2023}", "doi": "10.1234/ab_c"}),
        ("own counts, 2018 to 2020", {}),
    ],
)
def test_author_year_and_address_are_fields_where_a_source_has_them(planned, source, fields):
    made = funnelsim.run(planned(SHORT | {("traffic", "counts", "source"): source})[0], replications=1)
    entry = bibtex(made).split("@misc{funnelsim-counts-1,")[1].split("\n}\n")[0]
    found = dict(re.findall(r"^  (\w+) = \{(.*)\},$", entry, flags=re.MULTILINE))
    assert {name: found[name] for name in found.keys() - {"title", "note"}} == fields


@pytest.mark.parametrize("source", ["{", "}}", "\\{", 'a " b', "100 % of #1 & $2", "https://a.example/}{"])
def test_braces_are_balanced_whatever_a_source_holds(planned, source):
    """BibTeX counts escaped braces, too."""
    made = funnelsim.run(planned(SHORT | {("traffic", "counts", "source"): source})[0], replications=1)
    depth = 0
    for character in bibtex(made):
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


def test_without_a_source_of_counts_none_is_cited(planned):
    bare = funnelsim.run(planned(SHORT)[0], replications=1)
    assert not [name for name in entries(bibtex(bare)) if "counts" in name]


def test_a_source_is_cited_once_for_all_defaults_that_rest_on_it_and_not_for_values_of_the_planner(planned):
    by_default = funnelsim.run(planned(SHORT)[0], replications=1)
    cited = {one["title"]: one["note"] for one in entries(bibtex(by_default)).values() if "note" in one}
    looks = next(title for title in cited if "SDDCTEA" in title)
    assert cited[looks] == r"Default of selection.look.mean\_s"
    own = planned(SHORT | {("selection", "look"): {"mean_s": 9.0}, ("traffic", "day_cv"): 0.2})[0]
    titles = [one["title"] for one in entries(bibtex(replace(by_default, scenario=own))).values()]
    assert looks not in titles
    assert any("NCHRP Report 765" in title for title in cited)  # how days vary by default
    assert not any("NCHRP Report 765" in title for title in titles)
    assert len(cited) == len([name for name in entries(bibtex(by_default)) if "default" in name])


def test_an_assumption_has_no_source_to_cite(run):
    titles = [one["title"] for one in entries(bibtex(run)).values()]
    assert not [title for title in titles if title.startswith(("assumption", "left out"))]


def test_a_sweep_is_cited_as_its_scenario_is(run):
    sweep = funnelsim.sweep(run.scenario, ["area.bays=2,3"], replications=1)
    assert bibtex(sweep) == bibtex(run)


def test_a_comparison_cites_the_sources_of_all_its_plans_once(planned, run):
    look = planned(SHORT | {("selection", "look"): {"mean_s": 9.0}, ("traffic", "counts", "source"): "Another"})[0]
    compared = funnelsim.compare({"a": look, "b": run.scenario}, replications=2)
    cited = entries(bibtex(compared))
    assert [name for name in cited if "counts" in name] == ["funnelsim-counts-1", "funnelsim-counts-2"]
    assert sum("SDDCTEA" in one["title"] for one in cited.values()) == 1


def test_what_is_no_result_is_said_in_words():
    with pytest.raises(FunnelsimError, match="str given; allowed: a run, a sweep or a comparison"):
        bibtex("results/a3")
