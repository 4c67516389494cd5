"""Whatever a mapped file holds: words, or numbers; and no total that changes without a word."""

import os
from contextlib import suppress

import pytest

from funnelsim.counts import description, read_counts
from funnelsim.counts.mapping_proposal import proposed_mapping
from funnelsim.errors import CountsError
from tests.mutated_counts import MAPPED, mutated_mapped

FILES = int(os.environ.get("FUZZ_COUNTS", "300"))

MAY_BE_RIGHT = ("rows_lost", "other_cell", "other_column", "other_numbers", "decimal_commas", "flipped")
"""Changes that leave what may be right: another number, or a site that was counted for fewer days."""


def said_and_total(path, mapping):
    counts = read_counts(path, mapping=mapping)
    said = {*counts.notes, *counts.warnings, *map(str, counts.gaps), description._period(counts)}
    return said, counts.table["vehicles"]


@pytest.mark.fuzz
def test_a_mutated_mapped_file_ends_in_words_or_in_numbers_that_are_said_to_differ(write):
    whole = {
        kind: said_and_total(write("\n".join(make()) + "\n", "whole.csv"), mapping)
        for kind, (make, mapping) in MAPPED.items()
    }
    faults, refused = [], 0
    for seed in range(FILES):
        kind, content, done = mutated_mapped(seed)
        path = write(content)
        try:
            said, vehicles = said_and_total(path, MAPPED[kind][1])
        except CountsError as error:
            refused += 1
            if not str(error).replace("\n", "").isprintable():
                faults.append((seed, kind, done, str(error)))
            continue
        known, right = whole[kind]
        if not (vehicles.is_finite().all() and vehicles.min() >= 0):
            faults.append((seed, kind, done, "no numbers"))
        may_be_right = kind == "vehicles" or any(way in done for way in MAY_BE_RIGHT)
        if abs(vehicles.sum() - right.sum()) > 1e-6 and not said - known and not may_be_right:
            faults.append((seed, kind, done, f"{vehicles.sum()} for {right.sum()}"))
    assert faults == []
    assert 0 < refused < FILES


@pytest.mark.fuzz
def test_a_mutated_file_gets_a_proposal_or_words(write):
    for seed in range(FILES // 5):
        path = write(mutated_mapped(seed)[1])
        with suppress(CountsError):
            assert proposed_mapping(path)
