"""The recipe for a new count format, followed to the letter."""

import datetime as dt
import re
import sys
import types
from pathlib import Path

import pytest

from funnelsim.counts import profile, read_counts
from funnelsim.counts.names import FORMAT_ENTRIES, FormatEntry
from funnelsim.counts.reading import format_of
from funnelsim.errors import CountsError

PAGE = Path(__file__).parents[2] / "docs" / "adding_a_count_format.md"


@pytest.fixture
def recipe(monkeypatch):
    """Do what the page says, and return its example file."""
    text = PAGE.read_text(encoding="utf-8")
    file = re.search(r"```csv\n(.*?)```", text, re.DOTALL)[1]
    module, entry = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    name, title, definition = re.fullmatch(r'\s+"(.*)": FormatEntry\("(.*)", "(.*)"\),\s*', entry).groups()
    county = types.ModuleType("funnelsim.counts.formats.county")
    exec(compile(module, str(PAGE), "exec"), county.__dict__)  # noqa: S102  (the page's own code)
    monkeypatch.setitem(sys.modules, county.__name__, county)
    monkeypatch.setattr("funnelsim.counts.formats.county", county, raising=False)
    monkeypatch.setitem(FORMAT_ENTRIES, name, FormatEntry(title, definition))
    yield file
    format_of.cache_clear()


def test_the_recipe_adds_a_format(recipe, write):
    counts = read_counts(write(recipe))
    assert counts.format == "county"
    assert counts.table.select("stream", "date", "start_min", "class", "vehicles").rows() == [
        ("7001", dt.date(2024, 5, 6), start, kind, vehicles)
        for start, kind, vehicles in [
            (0, "cars", 412),
            (0, "cycles", 12),
            (0, "trucks", 38),
            (60, "cars", 388),
            (60, "cycles", 9),
            (60, "trucks", 41),
        ]
    ]
    assert set(profile(counts).table["class"]) == {"car", "lorry"}


def test_its_errors_name_the_line(recipe, write):
    with pytest.raises(CountsError, match=r"count.csv, line 4: Hour '25' given; allowed: 1 to 24"):
        read_counts(write(recipe.replace("06;2;", "06;25;")))
