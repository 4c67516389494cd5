"""Finished blocks of a sweep on disk: nothing finished is lost, and a damaged file is never used.

Each is a Parquet file whose name holds a hash of what determines it and a hash of its bytes, as in
``<content>-<checksum>.parquet``. It is written under another name and renamed, so that a crash leaves a whole file or
none.
"""

import hashlib
import io
from pathlib import Path

import polars as pl

from funnelsim.experiments.files import cannot_write, written_whole

DIGITS = 16


def content_key(*texts: str) -> str:
    """Return the key of a content: a hash of the texts that determine it."""
    digest = hashlib.blake2b(digest_size=DIGITS // 2)
    for text in texts:
        digest.update(text.encode())
        digest.update(b"\0")
    return digest.hexdigest()


class ResultCache:
    """The cached results in a folder.

    Parameters
    ----------
    folder
        Created if it does not exist.

    Raises
    ------
    ResultsError
        If it cannot be created.

    Attributes
    ----------
    damaged
        Names of files whose bytes did not match their names; they were removed and must be simulated again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(self.folder, error) from None
        self.damaged: list[str] = []
        for unfinished in folder.glob(".*"):  # being written when a process was killed
            unfinished.unlink()
        self.files = {path.stem.partition("-")[0]: path for path in sorted(folder.glob("*.parquet"))}

    def read(self, key: str) -> pl.DataFrame | None:
        """Return the table of a key, if it is there and undamaged."""
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
        """Write the table of a key."""
        stream = io.BytesIO()
        table.write_parquet(stream)
        content = stream.getvalue()
        path = self.folder / f"{key}-{_checksum(content)}.parquet"
        with written_whole(path) as beside:
            beside.write_bytes(content)
        self.files[key] = path


def _checksum(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=DIGITS // 2).hexdigest()
