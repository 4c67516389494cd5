"""Count files in a gzip or zip archive."""

import gzip
import io
import zipfile
import zlib
from typing import Final

from funnelsim.errors import CountsError, Problem
from funnelsim.wording import counted

_LARGEST_BYTES: Final = 200_000_000
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


def unpacked(data: bytes, source: str) -> bytes:
    """Return the bytes of the one file in a gzip or zip archive; others as they are.

    Raises
    ------
    CountsError
        If an archive is damaged, too large, or holds several files.
    """
    try:
        if data.startswith(_GZIP):
            with gzip.open(io.BytesIO(data)) as archive:
                return _not_too_large(archive.read(_LARGEST_BYTES + 1), source)
        if data.startswith(_ZIP) and not is_workbook(data):
            with zipfile.ZipFile(io.BytesIO(data)) as folder:
                names = [name for name in folder.namelist() if not name.endswith("/")]
                if len(names) != 1:
                    message = f"the archive holds {counted(len(names), 'file')}; allowed: one, so unpack it"
                    raise CountsError([Problem(source, message)])
                with folder.open(names[0]) as member:
                    return _not_too_large(member.read(_LARGEST_BYTES + 1), source)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise CountsError([Problem(source, f"the archive cannot be opened ({error}); unpack it")]) from error
    return data


def _not_too_large(data: bytes, source: str) -> bytes:
    if len(data) > _LARGEST_BYTES:
        raise CountsError([Problem(source, f"unpacked above {_LARGEST_BYTES / 1e6:.0f} MB; take the weeks you need")])
    return data


def is_workbook(data: bytes) -> bool:
    """Return whether a file is an Excel workbook."""
    if data.startswith(_OLD_EXCEL):
        return True
    return data.startswith(_ZIP) and b"[Content_Types].xml" in data and b"xl/" in data
