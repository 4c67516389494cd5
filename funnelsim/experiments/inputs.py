"""The files that a scenario reads, kept beside its results: nothing is read again from where it once stood."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from funnelsim.errors import Problem, ScenarioError
from funnelsim.experiments.files import portable_name, written_whole
from funnelsim.experiments.manifest import checksum_of
from funnelsim.scenario.schema import Scenario

INPUTS = "inputs"


def files_of(scenario: Scenario) -> list[str]:
    """Return the count files of a scenario, those of its other funnels among them."""
    counts = (side.traffic.counts for side in scenario.per_funnel)
    return [str(found) for one in counts if (found := getattr(one, "file", None)) is not None]


def digests_of(files: Iterable[str]) -> dict[str, str]:
    """Return by file a hash of its contents.

    Raises
    ------
    ScenarioError
        If one cannot be read.
    """
    digests = {}
    for file in files:
        try:
            digests[file] = checksum_of(Path(file))
        except OSError as error:
            raise ScenarioError([Problem(file, f"cannot be read ({error.strerror})")]) from None
    return digests


def kept_at(digests: Mapping[str, str]) -> dict[str, str]:
    """Return by file the path of its copy in a results folder; files with the same name do not meet there."""
    return {file: f"{INPUTS}/{digest}/{portable_name(Path(file).name)}" for file, digest in digests.items()}


def keep(copies: Mapping[str, str], folder: Path) -> None:
    """Copy files into a results folder.

    Raises
    ------
    ResultsError
        If one cannot be written.
    """
    for file, copy in copies.items():
        place = folder / copy
        place.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(place) as beside:
            beside.write_bytes(Path(file).read_bytes())


def roads_of(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the tables of traffic of a scenario as plain data: its own first, then those of its other funnels."""
    return [data["traffic"], *(funnel["traffic"] for funnel in data.get("funnels") or ())]


def reading(data: Mapping[str, Any], copies: Mapping[str, str]) -> dict[str, Any]:
    """Return a scenario as plain data that reads copies of its files, given by file."""
    changed = deepcopy(dict(data))
    for road in roads_of(changed):
        if "file" in road["counts"]:
            road["counts"]["file"] = copies.get(road["counts"]["file"], road["counts"]["file"])
    return changed
