"""The page of limits is true: its table comes out again."""

import re

import pytest

from tests.reference.pages import LIMITS, ROOT, ROW, numbers

PAGE = LIMITS.read_text(encoding="utf-8")
ROWS = list(ROW.finditer(PAGE))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["set"].strip("`"))
def test_a_line_of_the_table_comes_out_again(row):
    assert row["numbers"] == numbers(row["set"])


def test_the_table_is_read_whole():
    assert len(ROWS) == sum(line.startswith("|") and " ± " in line for line in PAGE.splitlines())


def test_the_keys_that_the_page_recommends_are_real():
    """Every key of the tables in code marks stands in the scenario reference or among the measures."""
    known = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("scenario.md", "measures.md"))
    after = PAGE[PAGE.index("## Traffic") :]
    keys = {re.split(r"[ =]", found)[0].split(".")[-1] for found in re.findall(r"`([a-z_.]+[^`]*)`", after)}
    assert keys
    assert {key for key in keys if key not in known} <= {"compare"}
