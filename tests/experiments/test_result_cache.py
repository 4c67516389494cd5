"""Results on disk: whole or not at all, and never used when damaged."""

import polars as pl
import pytest

from funnelsim.experiments.result_cache import ResultCache, content_key

TABLE = pl.DataFrame({"a": [1.5, None, float("nan")]})


def test_a_part_is_read_as_it_was_written_also_by_another_process(tmp_path):
    ResultCache(tmp_path).write("k", TABLE)
    assert ResultCache(tmp_path).read("k").equals(TABLE)
    assert ResultCache(tmp_path).read("other") is None


@pytest.mark.parametrize("harm", [lambda b: b[:-1], lambda _: b"", lambda b: b[:99] + bytes([b[99] ^ 1]) + b[100:]])
def test_a_damaged_part_is_named_and_removed_and_can_be_written_anew(tmp_path, harm):
    ResultCache(tmp_path).write("k", TABLE)
    (path,) = tmp_path.iterdir()
    path.write_bytes(harm(path.read_bytes()))
    cache = ResultCache(tmp_path)
    assert cache.read("k") is None
    assert cache.damaged == [path.name]
    assert not path.exists()
    cache.write("k", TABLE)
    assert cache.read("k").equals(TABLE)


def test_what_was_being_written_in_a_crash_is_no_part_and_is_cleared_away(tmp_path):
    (tmp_path / ".k-0123.parquet.part.parquet").write_bytes(b"half")
    assert ResultCache(tmp_path).read(".k") is None
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_a_content_tells_apart_where_texts_begin_and_end():
    assert content_key("ab", "c") != content_key("a", "bc")
    assert content_key("ab", "c") == content_key("ab", "c")
