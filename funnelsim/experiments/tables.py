"""The door to tables on disk: a path is a path.

Polars takes `[1]`, `*`, `?` and `~` in a path for a pattern or for the user's home, and reads other files in silence.
Everybody who keeps or reads a table does it here.
"""

import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from funnelsim.errors import Problem, ResultsError
from funnelsim.experiments.files import written_whole

ROWS_PER_GROUP = 100_000
POLARS_ERRORS = (pl.exceptions.PolarsError, pl.exceptions.PanicException)  # the latter is no Exception


def write_table(table: pl.DataFrame, path: Path) -> None:
    """Write a table as Parquet, whole or not at all.

    Raises
    ------
    ResultsError
        If it cannot be written.
    """
    content = io.BytesIO()
    table.write_parquet(content)
    with written_whole(path) as beside:
        beside.write_bytes(content.getvalue())


def write_csv(table: pl.DataFrame, path: Path) -> None:
    """Write a table as CSV, whole or not at all.

    Raises
    ------
    ResultsError
        If it cannot be written.
    """
    with written_whole(path) as beside:
        beside.write_bytes(table.write_csv().encode())


def write_joined(parts: Sequence[Path], path: Path) -> None:
    """Write tables that are on disk as one, in order; none of them need fit into memory.

    Raises
    ------
    ResultsError
        If it cannot be written.
    """
    joined = pl.concat([scan_table(part) for part in parts], how="diagonal")
    with written_whole(path) as beside:
        try:
            joined.sink_parquet(beside.absolute(), maintain_order=True, row_group_size=ROWS_PER_GROUP)
        except POLARS_ERRORS as error:
            # Polars does not always say that the disk is full; Python does.
            beside.write_bytes(bytes(sum(part.stat().st_size for part in parts)))
            raise _as_os_error(error) from None


def _as_os_error(error: BaseException) -> OSError:
    return OSError(" ".join(str(error).split())[:120])


def read_table(path: Path) -> pl.DataFrame:
    """Read a table.

    Raises
    ------
    ResultsError
        If it cannot be read.
    """
    try:
        return pl.read_parquet(path.absolute(), glob=False, hive_partitioning=False)
    except (OSError, *POLARS_ERRORS) as error:
        raise ResultsError([Problem(str(path), f"cannot be read ({_as_os_error(error)})")]) from None


def scan_table(path: Path) -> pl.LazyFrame:
    """Return a table that is read as far as it is needed."""
    return pl.scan_parquet(path.absolute(), glob=False, hive_partitioning=False)
