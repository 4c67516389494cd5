"""The page on Python is true: its blocks run, one after the other."""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "python.md").read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_blocks_of_the_page_run_in_order(tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in BLOCKS:
        exec(compile(block, "docs/python.md", "exec"), names)  # noqa: S102  (our own page)
    out = capsys.readouterr().out
    assert "targets found in an operation" in out
    assert "officer_h Estimate(mean=12.0, half_width=0.0, n=20) seen" in out
    assert (tmp_path / "trade_off.png").stat().st_size > 10_000
