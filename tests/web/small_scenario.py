"""A folder with a small scenario as a file with a comment, whose best plan is found in seconds."""

import tomlkit

from tests.conftest import SMALL, merged
from tests.optimise_scenario import CHANGES

NAME = "small.toml"
COMMENT = "# counted by hand"
VARY = ["area.bays=1,2"]


def small_folder(folder):
    """Write the scenario into a new folder and return it."""
    folder.mkdir()
    (folder / NAME).write_text(f"{COMMENT}\n{tomlkit.dumps(merged(SMALL, CHANGES))}", encoding="utf-8")
    return folder
