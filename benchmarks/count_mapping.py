"""Measure reading 1,000,000 rows of 15-minute counts by a mapping: the time, and the most memory the process takes.

Run it with ``python benchmarks/count_mapping.py``; it names the machine.
"""

import datetime as dt
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

ROWS = 1_000_000
SITES = 4
MAPPING = {
    "sep": ";",
    "time": "time",
    "format": "%d.%m.%Y %H:%M",
    "label": "start",
    "minutes": 15,
    "stream": "site",
}
KINDS = {
    "a total": {"total": "all vehicles"},
    "two classes and their total": {"counts": {"cars": "car", "lorries": "lorry"}, "total": "all vehicles"},
}


def write_counts(path: Path) -> None:
    """Write counts of four sites, each for seven years, by two classes and in total."""
    start = dt.datetime(2017, 1, 1)  # noqa: DTZ001  (counters keep local time)
    times = pl.datetime_range(start, start + dt.timedelta(minutes=15 * (ROWS // SITES - 1)), "15m", eager=True)
    rows = pl.DataFrame({"at": times}).join(pl.DataFrame({"site": [f"A{site}" for site in range(SITES)]}), how="cross")
    number = pl.int_range(pl.len())
    rows.select(
        "site",
        pl.col("at").dt.strftime("%d.%m.%Y %H:%M").alias("time"),
        (200 + number * 7919 % 151).alias("cars"),
        (20 + number * 104729 % 31).alias("lorries"),
        pl.lit(80).alias("speed"),
    ).with_columns((pl.col("cars") + pl.col("lorries")).alias("all vehicles")).write_csv(path, separator=";")


def read(path: Path, kind: str) -> None:
    from funnelsim.counts import describe, read_counts  # noqa: PLC0415  (the child measures this alone)

    begun, begun_cpu = time.perf_counter(), time.process_time()
    counts = read_counts(path, mapping=MAPPING | KINDS[kind])
    read_s, cpu_s = time.perf_counter() - begun, time.process_time() - begun_cpu
    describe(counts)
    described_s = time.perf_counter() - begun - read_s
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{ROWS:,} rows with {kind}: read in {read_s:.2f} s ({cpu_s:.2f} s of processors), "
        f"described in {described_s:.2f} s, at most {memory_mb:,.0f} MB"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counts.csv"
        write_counts(path)
        print(f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
        for kind in KINDS:
            for _ in range(3):
                subprocess.run([sys.executable, __file__, str(path), kind], check=True)  # noqa: S603  (this very file)


if __name__ == "__main__":
    read(Path(sys.argv[1]), sys.argv[2]) if len(sys.argv) > 1 else main()
