"""Finished pieces of an experiment on disk: nothing finished is lost, and nothing damaged is believed.

A part is a Parquet file whose name says what it holds and what its bytes must hash to, as in
``<content>-<checksum>.parquet``. It is written beside and renamed, so at any moment of a crash it is there whole or not
at all.
"""

import hashlib
import io
from pathlib import Path

import polars as pl

from funnelsim.experiments.results import written_whole

DIGITS = 16


def content_key(*texts: str) -> str:
    """Return the name of a content: a hash of the texts that determine it."""
    digest = hashlib.blake2b(digest_size=DIGITS // 2)
    for text in texts:
        digest.update(text.encode())
        digest.update(b"\0")
    return digest.hexdigest()


class ResultCache:
    """The parts in a folder.

    Parameters
    ----------
    folder
        Made if it is not there.

    Attributes
    ----------
    damaged
        Names of parts that did not hash to what their names say; they were removed, to be made again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.damaged: list[str] = []
        for unfinished in folder.glob(".*"):  # what was being written when a process was killed
            unfinished.unlink()
        self.files = {path.stem.partition("-")[0]: path for path in sorted(folder.glob("*.parquet"))}

    def read(self, key: str) -> pl.DataFrame | None:
        """Return the part of a content, if it is there and sound."""
        path = self.files.get(key)
        if path is None:
            return None
        content = path.read_bytes()
        if path.stem != f"{key}-{_checksum(content)}":
            self.damaged.append(path.name)
            path.unlink()
            del self.files[key]
            return None
        return pl.read_parquet(io.BytesIO(content))

    def write(self, key: str, table: pl.DataFrame) -> None:
        """Write the part of a content."""
        stream = io.BytesIO()
        table.write_parquet(stream)
        content = stream.getvalue()
        path = self.folder / f"{key}-{_checksum(content)}.parquet"
        with written_whole(path) as beside:
            beside.write_bytes(content)
        self.files[key] = path


def _checksum(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=DIGITS // 2).hexdigest()
