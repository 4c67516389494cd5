"""What a result was made with: the versions that its folder records."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from funnelsim.errors import Problem, ResultsError


@dataclass(frozen=True)
class Provenance:
    """Versions of what a result was made with.

    Attributes
    ----------
    funnelsim, python
        Their versions.
    libraries
        By library its version.
    """

    funnelsim: str
    python: str
    libraries: Mapping[str, str]


def provenance_of(folder: Path) -> Provenance:
    """Read the versions from the manifest of a results folder.

    Raises
    ------
    ResultsError
        If the folder has no manifest, or one that is not readable.
    """
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        return Provenance(manifest["funnelsim"], manifest["python"], dict(manifest["libraries"]))
    except OSError as error:
        reason = error.strerror or str(error)
    except (ValueError, KeyError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}"
    allowed = "allowed: the folder of a finished run or sweep"
    raise ResultsError([Problem(str(path), f"cannot be read ({reason}); {allowed}")])
