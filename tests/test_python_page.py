"""The pages with Python are true: their blocks run, one after the other."""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run_blocks(page, folder, monkeypatch):
    """Run all blocks of a page in order, beside a copy of the shipped scenarios."""
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    monkeypatch.chdir(folder)
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    names = {}
    for block in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL):
        exec(compile(block, page, "exec"), names)  # noqa: S102  (our own page)


def test_the_blocks_of_the_page_on_python_run_in_order(tmp_path, monkeypatch, capsys):
    run_blocks("python.md", tmp_path, monkeypatch)
    out = capsys.readouterr().out
    assert "targets found in an operation" in out
    assert "officer_h Estimate(mean=12.0, low=12.0, high=12.0, n=20) seen" in out
    assert (tmp_path / "trade_off.png").stat().st_size > 10_000
    assert "State road, evening shift" in out.rpartition("expected_detections.mean")[2]  # the sweep, read again
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (tmp_path / "officers.xlsx").read_bytes().startswith(b"PK")


def test_the_blocks_of_the_page_on_explaining_a_number_run_in_order(tmp_path, monkeypatch, capsys):
    run_blocks("explaining_a_number.md", tmp_path, monkeypatch)
    out = capsys.readouterr().out
    assert re.search(r"^loss_area_full Estimate\(mean=0\.0[1-9]", out, flags=re.MULTILINE)
    assert re.search(r"^\{.*\b7: \d+.*\}$", out, flags=re.MULTILINE)
