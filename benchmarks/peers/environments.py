"""Measure other simulators on the nearest workload that each can express, each in an environment of its own.

Run as `python benchmarks/peers/environments.py [FOLDER]` with the Python that funnelsim is installed for. The first run
installs the peers into the folder, about 700 MB; what is there already is used again.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / ".venv" / "peers"
LIMIT_S = 900
PEERS = {
    # script: what pip installs for it
    "ciw_lane.py": "ciw==3.2.7",
    "salabim_lane.py": "salabim==26.0.9",
    "sumo_meso.py": "eclipse-sumo==1.28.0",
}


class PeerError(Exception):
    """A peer could not be installed or run, or simulated something else."""


def peers(folder=FOLDER):
    """Return for each peer how fast it is and what it leaves out, or why there is no figure.

    Parameters
    ----------
    folder
        Where the environments are, or are made.

    Returns
    -------
    list of dict
        Of a peer that ran: `peer`, `version`, `vehicles`, `vehicles_per_s` (median of its repeats, without start-up),
        `leaves_out`, and `check`, the figures that it `found` on the workload beside those `expected`. Of one that did
        not: `peer` and `reason`.
    """
    rows = []
    with tempfile.TemporaryDirectory() as made:
        load = Path(made) / "workload.json"
        subprocess.run([sys.executable, HERE / "workload.py", load], check=True)  # noqa: S603
        for script, requirement in PEERS.items():
            try:
                rows.append(measured(environment(Path(folder), requirement), script, load))
            except PeerError as error:
                rows.append({"peer": requirement, "reason": str(error)})
    return rows


def environment(folder, requirement):
    """Return the Python of an environment with one requirement; make the environment where there is none."""
    home = folder / requirement
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    complete = home / "complete"
    if not complete.exists():
        said([sys.executable, "-m", "venv", "--clear", home])
        said([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement])
        complete.touch()
    return python


def measured(python, script, load):
    """Run a peer's script and return its row, if it simulated the workload."""
    result = json.loads(said([python, HERE / script, load]))
    found, expected = result["found"], result["expected"]
    for name, value in expected.items():
        if not abs(found[name] - value) <= result["tolerance"] * abs(value):
            raise PeerError(f"{script} did not simulate the workload: {name} is {found[name]}, expected {value}")
    return {
        "peer": result["peer"],
        "version": result["version"],
        "vehicles": result["vehicles"],
        "vehicles_per_s": result["vehicles"] / statistics.median(result["seconds"]),
        "leaves_out": result["leaves_out"],
        "check": {name: {"found": found[name], "expected": value} for name, value in expected.items()},
    }


def said(command):
    """Run a command and return what it says."""
    words = " ".join(Path(word).name for word in command)
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=LIMIT_S)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise PeerError(f"{words}: not done after {LIMIT_S} s") from None
    except OSError as error:
        raise PeerError(f"{words}: {error.strerror}") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise PeerError(f"{words}: {last}")
    return done.stdout


def main():
    for row in peers(*sys.argv[1:]):
        if "reason" in row:
            print(f"{row['peer']}: no figure. {row['reason']}")
            continue
        check = ", ".join(f"{name} {one['found']:,.6g} ({one['expected']:,.6g})" for name, one in row["check"].items())
        print(
            f"{row['peer']} {row['version']}: {row['vehicles_per_s']:,.0f} vehicles/s; {row['leaves_out']}.\n"
            f"  Found (expected): {check}"
        )


if __name__ == "__main__":
    main()
