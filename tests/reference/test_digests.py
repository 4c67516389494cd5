"""The shipped scenarios give, to the last bit, the logs, measures and tables that are recorded in `digests.json`."""

import json

import pytest

from tests.reference.digests import FILE, digests_of, shipped

RECORDED = json.loads(FILE.read_text(encoding="utf-8"))


def test_every_shipped_scenario_is_recorded():
    assert sorted(RECORDED) == shipped()


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scenario_gives_what_is_recorded(name):
    found = digests_of(name)
    changed = {
        table: sorted(column for column in columns | found[table] if columns.get(column) != found[table].get(column))
        for table, columns in RECORDED[name].items()
    }
    assert {table: columns for table, columns in changed.items() if columns} == {}
