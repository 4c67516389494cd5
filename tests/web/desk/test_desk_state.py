"""The address that restores the desk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelsim.errors import FunnelsimError
from funnelsim.web.desk.answers import OPERATIONS
from funnelsim.web.desk.desk_state import DeskState
from funnelsim.web.draft import Draft

VALUES = st.dictionaries(st.sampled_from(["area.bays", "equipment.CO2 probe", 'a."b.c"']), st.integers() | st.text())


@given(VALUES, VALUES, st.integers(0, 10**6), st.sampled_from((*OPERATIONS, None)))
def test_an_address_restores_plan_baseline_seed_and_number_of_operations(values, before, seed, operations):
    draft = Draft("a.toml", values, seed)
    baseline = Draft("a.toml", before, seed)
    state = DeskState(draft, baseline, operations)
    found = DeskState.from_query(state.query())
    assert (found.draft, found.baseline or found.draft, found.operations) == (draft, baseline, operations)


def test_an_address_with_the_draft_alone_is_still_read():
    draft = Draft("a.toml", {"area.bays": 3}, 7)
    assert DeskState.from_query(draft.query()) == DeskState(draft)


def test_an_address_without_a_file_names_no_state():
    assert DeskState.from_query("operations=100") is None


@pytest.mark.parametrize("rest", ["operations=7", "operations=x", "baseline=nothing"])
def test_an_address_that_cannot_be_read_is_refused_in_words(rest):
    with pytest.raises(FunnelsimError):
        DeskState.from_query(f"file=a.toml&{rest}")
