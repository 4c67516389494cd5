"""Node.js, which Playwright brings along, for tests of scripts that need no browser; absent, tests skip."""

import json
import subprocess
from pathlib import Path

import pytest

pytest.importorskip("nicegui", reason="NiceGUI is not installed: pip install funnelsim[web]")
driver = pytest.importorskip("playwright._impl._driver", reason="Playwright is not installed")

SCRIPTS = Path(__file__).parents[3] / "funnelsim" / "web" / "replay" / "scripts"


def run_script(script, given, folder):
    """Run a module that imports from the scripts of the replay and reads `given`; return the value that it exports.

    Parameters
    ----------
    script
        The module's text; `import ... from "SCRIPTS/positions.js"`, `given` and `answer(value)` are at hand.
    given
        What it reads, as JSON.
    folder
        Where files for it may be written.
    """
    (folder / "given.json").write_text(json.dumps(given), encoding="utf-8")
    # Node takes files for modules only with this ending or this description beside them.
    scripts = folder / "scripts"
    scripts.mkdir(exist_ok=True)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    for source in SCRIPTS.glob("*.js"):
        (scripts / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    head = """import { readFileSync } from "node:fs";
const given = JSON.parse(readFileSync(new URL("given.json", import.meta.url), "utf-8"));
const answer = (value) => process.stdout.write(JSON.stringify(value));
"""
    module = folder / "script.js"
    module.write_text(head + script.replace("SCRIPTS", "./scripts"), encoding="utf-8")
    node, _ = driver.compute_driver_executable()
    done = subprocess.run([node, str(module)], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
