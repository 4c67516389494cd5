"""A generator of damaged results folders: whatever a disk, a synchronised profile or a person can do to one.

The same seed gives the same damage.
"""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any


def damage(folder: Path, seed: int) -> str:
    """Damage a results folder in one to three ways; return what was done, for messages."""
    dice = random.Random(seed)  # noqa: S311  (no secrets)
    done = []
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        if not files:
            break
        tables = [path for path in files if path.suffix in (".parquet", ".json")]
        path = dice.choice(tables if tables and dice.random() < 0.9 else files)
        way = dice.choice(WAYS)
        way(path, dice)
        done.append(f"{way.__name__} {path.relative_to(folder)}")
    return ", ".join(done)


def cut(path: Path, dice: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(dice.random() * len(content))])


def empty(path: Path, _dice: random.Random) -> None:
    path.write_bytes(b"")


def lost(path: Path, _dice: random.Random) -> None:
    path.unlink()


def flipped(path: Path, dice: random.Random) -> None:
    content = bytearray(path.read_bytes() or b"\0")
    for _ in range(dice.choice((1, 1, 8))):
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    path.write_bytes(content)


def zeros(path: Path, dice: random.Random) -> None:
    content = bytearray(path.read_bytes())
    start = int(dice.random() * len(content))
    content[start : start + 512] = bytes(len(content[start : start + 512]))
    path.write_bytes(content)


def noise(path: Path, dice: random.Random) -> None:
    path.write_bytes(dice.randbytes(dice.randrange(2000)))


def longer(path: Path, dice: random.Random) -> None:
    path.write_bytes(path.read_bytes() + dice.randbytes(1 + dice.randrange(2000)))


def swapped(path: Path, dice: random.Random) -> None:
    others = sorted(other for other in path.parent.iterdir() if other.is_file() and other.suffix == path.suffix)
    dice.choice(others).write_bytes(path.read_bytes())


def a_folder(path: Path, _dice: random.Random) -> None:
    path.unlink()
    path.mkdir()


def edited(path: Path, dice: random.Random) -> None:
    """Change one value of a file of JSON by hand, or flip a bit of another file."""
    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        flipped(path, dice)
        return
    table = content
    while isinstance(table, dict) and table:
        key = dice.choice(sorted(table))
        if not isinstance(table[key], dict) or not table[key] or dice.random() < 0.4:
            table[key] = dice.choice(VALUES)
            break
        table = table[key]
    path.write_text(json.dumps(content))


VALUES: tuple[Any, ...] = (None, -1, 0, 10**30, 1e308, "", "x", "../x", [], [1], {}, {"x": 1}, True, [[]], "\ud800")
WAYS: tuple[Callable[[Path, random.Random], None], ...] = (
    cut,
    empty,
    lost,
    flipped,
    zeros,
    noise,
    longer,
    swapped,
    a_folder,
    edited,
    edited,
)
