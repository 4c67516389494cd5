"""The door to tables on disk: a path is a path.

Polars takes `[1]`, `*`, `?` and `~` in a path for a pattern or for the user's home, and reads other files in silence.
Everybody who keeps or reads a table does it here.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from funnelsim.experiments.files import written_whole

ROWS_PER_GROUP = 100_000


def write_table(table: pl.DataFrame, path: Path) -> None:
    """Write a table as Parquet, whole or not at all.

    Raises
    ------
    ResultsError
        If it cannot be written.
    """
    with written_whole(path) as beside:
        table.write_parquet(beside.absolute())


def write_csv(table: pl.DataFrame, path: Path) -> None:
    """Write a table as CSV, whole or not at all.

    Raises
    ------
    ResultsError
        If it cannot be written.
    """
    with written_whole(path) as beside:
        table.write_csv(beside.absolute())


def write_joined(parts: Sequence[Path], path: Path) -> None:
    """Write tables that are on disk as one, in order; none of them need fit into memory.

    Raises
    ------
    ResultsError
        If it cannot be written.
    """
    with written_whole(path) as beside:
        joined = pl.concat([scan_table(part) for part in parts], how="diagonal")
        joined.sink_parquet(beside.absolute(), maintain_order=True, row_group_size=ROWS_PER_GROUP)


def read_table(path: Path) -> pl.DataFrame:
    """Read a table."""
    return pl.read_parquet(path.absolute(), glob=False, hive_partitioning=False)


def scan_table(path: Path) -> pl.LazyFrame:
    """Return a table that is read as far as it is needed."""
    return pl.scan_parquet(path.absolute(), glob=False, hive_partitioning=False)
