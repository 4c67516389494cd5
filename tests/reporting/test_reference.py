"""The reference page: every key of the schema, and never behind it."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from funnelsim.analysis.catalogue import CATALOGUE
from funnelsim.reporting.reference import json_schema, measures_page, reference_page
from funnelsim.scenario.json_schema import tables
from funnelsim.scenario.traffic import DEFAULT_CLASSES

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"scenario.md": reference_page, "measures.md": measures_page}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_in_docs_is_fresh(name):
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


def test_every_measure_stands_on_its_page_once():
    for measure in CATALOGUE:
        first = measure.name if measure.alone else f"{measure.name}.{measure.each[0]}"
        assert measures_page().count(f"\n| `{first}`") == 1


def test_every_key_stands_there_by_its_dotted_name():
    page = reference_page()
    for path, table in tables():
        for key in table["properties"]:
            assert f"| `{'.'.join((*path, key))}` |" in page


def test_every_row_has_every_column():
    for line in reference_page().splitlines():
        if line.startswith("|"):
            assert line.count("|") in {7, 9}, line  # the default classes, and the keys


def test_a_key_that_must_be_given_says_so_and_others_have_a_default_or_none():
    page = reference_page()
    assert "| `operation.opens` | When the funnel opens, local time. | HH:MM | **must be given** |" in page
    assert re.search(r"\| `lane\.speed_kmh` \|[^|]*\| km/h \| `30` \| a number from 1 to 200 \|", page)
    assert "`{ mean_s = 5460, cv = 0.4 }`" in page


def test_every_default_class_stands_there():
    page = reference_page()
    assert all(f"| `{name}` |" in page for name in DEFAULT_CLASSES)


def test_every_example_is_toml():
    for block in re.findall(r"```toml\n(.*?)```", reference_page(), re.DOTALL):
        assert tomllib.loads(block)


def test_the_module_writes_the_pages(tmp_path):
    subprocess.run([sys.executable, "-m", "funnelsim.reporting.reference", str(tmp_path)], check=True)  # noqa: S603
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        name: page() for name, page in PAGES.items()
    }


def test_the_json_schema_lets_default_classes_leave_keys_out():
    schema = json.loads(json_schema())
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"]["classes"]["properties"]["van"] == {"$ref": "#/$defs/DefaultClass"}
    assert "required" not in schema["$defs"]["DefaultClass"]
    assert "spacing_m" in schema["$defs"]["VehicleClass"]["required"]
    assert schema["$defs"]["Shift"]["properties"]["from"]["pattern"].startswith("^")
