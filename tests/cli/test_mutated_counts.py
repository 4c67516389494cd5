"""Whatever a count file holds, `counts` describes it or says in one line for each problem what is wrong."""

import os

import pytest

from funnelsim.counts import read_counts
from tests.mutated_counts import mutated_counts

FILES = int(os.environ.get("FUZZ_COUNTS", "300"))


@pytest.mark.fuzz
def test_a_mutated_count_file_ends_in_words_or_in_a_profile_that_reads_back(run, tmp_path):
    codes, faults = set(), []
    for seed in range(FILES):
        content, done = mutated_counts(seed)
        (tmp_path / "a.csv").write_bytes(content)
        code, out, err = run("counts", "a.csv", "--out", "day.csv", "--replace")
        codes.add(code)
        lines = err.splitlines()
        if code == 0:
            table = read_counts(tmp_path / "day.csv").table
            if not (table["vehicles"].is_finite().all() and table["vehicles"].min() >= 0):
                faults.append((seed, done, table))
            again = run("counts", "day.csv", "--out", "again.csv", "--replace")
            days = [(tmp_path / name).read_text(encoding="utf-8").splitlines() for name in ("day.csv", "again.csv")]
            first, second = ([line for line in day if not line.startswith("#")] for day in days)
            if again[0] or first != second:
                faults.append((seed, done, again))
        elif code != 2 or not all(line.startswith("error: ") for line in lines) or len(set(lines)) < len(lines):
            faults.append((seed, done, code, err))
        if not (out + err).replace("\n", "").isprintable() or "Traceback" in out + err:
            faults.append((seed, done, out, err))
    assert faults == []
    assert codes == {0, 2}
