"""Sphinx builds the documentation site from the Markdown pages beside this file; `make site` calls it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import funnelsim

DOCS = Path(__file__).parent

project = "funnelsim"
author = "The funnelsim developers"
project_copyright = "The funnelsim developers. Apache License 2.0"
release = version = funnelsim.__version__

extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.viewcode"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build"]
suppress_warnings = ["misc.highlighting_failure"]  # a block that shows a printed result has no language

# Markdown
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4  # links such as model.md#4-experimentation, as on a code host

# Every link and every reference inside the project must resolve. Types of other packages cannot be looked up offline.
nitpicky = True
nitpick_ignore_regex = [("py:(class|data|obj)", r".*")]

# The Python reference
default_role = "code"
autodoc_typehints = "none"  # the numpydoc sections say the types
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_validation_checks = set()

html_theme = "furo"
html_title = f"funnelsim {release}"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"top_of_page_buttons": []}


def write_command_line_page(*_: object) -> None:
    """Write the reference of the commands from the commands themselves."""
    page = DOCS / "generated" / "commands.md"
    page.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "typer", "funnelsim.cli", "utils", "docs"]
    command += ["--name", "funnelsim", "--title", "Commands", "--output", str(page)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  (our own command)


def setup(app: object) -> None:
    """Tell Sphinx what to do before it reads the pages."""
    app.connect("builder-inited", write_command_line_page)  # type: ignore[attr-defined]
