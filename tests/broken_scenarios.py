"""A generator of broken and odd scenario files: wrong bytes, wrong structure, and values that are odd but legal.

The same seed gives the same file.
"""

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from funnelsim.scenario.json_schema import Node, branches, root
from funnelsim.scenario.toml_text import key_text, value_text

POLICE = {"agency": "police", "count": 6, "from": "07:30", "to": "12:00"}
WHOLE: dict[str, Any] = {
    "title": "a short morning",
    "operation": {"opens": "08:00", "closes": "08:40", "lead_in_min": 10.0, "run_out_min": 60.0},
    "approach": {"critical_m": 1500.0, "lanes": 2, "exit": {"at_m": 1200.0, "leave_when_tail_m": 600.0}},
    "lane": {"length_m": 150.0},
    "traffic": {"counts": {"from": "07:00", "vehicles": {"total": [600, 800, 800, 300]}}, "day_cv": 0.1},
    "targets": [{"name": "t", "per_10k": {"van": 50.0, "car": 5.0}, "persons": 2, "cue_auc": 0.6}],
    "selection": {
        "rule": "score",
        "rate": {"default": 0.03, "van": 0.1},
        "post": {"police": 1},
        "valve": {"suspend_at_m": 900.0, "resume_at_m": 300.0},
    },
    "area": {
        "bays": 3,
        "waiting": 2,
        "stages": [
            {
                "name": "ID",
                "duration": {"mean_s": 240.0, "cv": 0.5},
                "crew": {"police": 1},
                "finds": {"t": 0.5},
                "alarms": {"t": 0.5, "ordinary": 0.05},
            },
            {"name": "search", "only_after_alarm": True, "duration": {"mean_s": 600.0}, "crew": {"police": 2}},
        ],
    },
    "staffing": {"posts": {"traffic control": {"police": 1}}, "roster": [POLICE, POLICE | {"count": 2}]},
    "limits": {"p95_delay_min": 12.0},
}

Steps = tuple[Any, ...]


def broken_scenario(seed: int) -> tuple[bytes, str]:
    """Return the bytes of a scenario file that is broken or odd in one to four ways, and what was done to it."""
    dice = random.Random(seed)  # noqa: S311  (no secrets)
    data = deepcopy(WHOLE)
    done = []
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        way = dice.choice(STRUCTURE)
        done.append(f"{way.__name__} {way(data, dice)}")
    content = "".join(f"{key_text(key)} = {value_text(value)}\n" for key, value in data.items()).encode(
        errors="surrogatepass"
    )
    if dice.random() < 0.15:
        way_of_bytes = dice.choice(BYTES)
        done.append(way_of_bytes.__name__)
        content = way_of_bytes(content, dice)
    return content, ", ".join(done)


def _places(data: Any, steps: Steps = ()) -> Iterator[Steps]:
    """Yield the paths of all values."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield (*steps, key)
        yield from _places(value, (*steps, key))


def _at(data: Any, steps: Steps) -> Any:
    for step in steps:
        data = data[step]
    return data


def _pick(data: Any, dice: random.Random) -> Steps:
    return dice.choice(list(_places(data)) or [("title",)])


def _put(data: Any, steps: Steps, value: Any) -> None:
    _at(data, steps[:-1])[steps[-1]] = value


def other_value(data: Any, dice: random.Random) -> Steps:
    steps = _pick(data, dice)
    _put(data, steps, deepcopy(dice.choice(VALUES)))
    return steps


def other_size(data: Any, dice: random.Random) -> Steps:
    steps = dice.choice([steps for steps in _places(data) if isinstance(_at(data, steps), int | float)] or [("size",)])
    value = _at(data, steps) if len(steps) > 1 else 1.0
    _put(data, steps, type(value)(value * dice.choice((0.0, 1e-9, 0.01, 0.5, 2, 10, 100, -1))))
    return steps


def other_time(data: Any, dice: random.Random) -> Steps:
    times = [steps for steps in _places(data) if isinstance(_at(data, steps), str) and ":" in _at(data, steps)]
    steps = dice.choice(times or [("opens",)])
    _put(data, steps, dice.choice(TIMES))
    return steps


def lost_key(data: Any, dice: random.Random) -> Steps:
    steps = _pick(data, dice)
    table = _at(data, steps[:-1])
    table.pop(steps[-1], None) if isinstance(table, dict) else table.pop(steps[-1])
    return steps


def other_key(data: Any, dice: random.Random) -> Steps:
    steps = _pick(data, dice)
    table = _at(data, steps[:-1])
    if isinstance(table, dict) and steps[-1] in table:
        table[dice.choice(NAMES)] = table.pop(steps[-1])
    return steps


def moved(data: Any, dice: random.Random) -> Steps:
    steps, onto = _pick(data, dice), _pick(data, dice)
    _put(data, onto, deepcopy(_at(data, steps)) if steps[0] in data else "")
    return (*steps, "to", *onto)


def doubled(data: Any, dice: random.Random) -> Steps:
    lists = [steps for steps in _places(data) if isinstance(_at(data, steps), list) and _at(data, steps)]
    if lists:
        entries = _at(data, dice.choice(lists))
        entries.extend(deepcopy(dice.choice(entries)) for _ in range(dice.choice((1, 1, 3, 300))))
    return lists[0] if lists else ()


def in_a_list(data: Any, dice: random.Random) -> Steps:
    steps = _pick(data, dice)
    _put(data, steps, [_at(data, steps)] if steps[0] in data else [])
    return steps


def legal_key(data: Any, dice: random.Random) -> Steps:
    """Give a key of the schema a value that it allows, most of all at the ends of what it allows."""
    node, steps = root(), ()
    table = data
    while True:
        form = dice.choice([form for form in branches(node) if form.get("properties")] or [{}])
        keys = form.get("properties")
        if not keys or not isinstance(table, dict):
            return steps
        key = dice.choice([key for key in keys if key != "version"])
        steps, node = (*steps, key), keys[key]
        if any(inner.get("properties") for inner in branches(node)) and dice.random() < 0.8:
            table = table.setdefault(key, {})
            continue
        table[key] = _legal(node, dice)
        return steps


def _legal(node: Node, dice: random.Random, depth: int = 0) -> Any:  # noqa: PLR0911  (a case each)
    form = dice.choice(branches(node))
    if "const" in form or "enum" in form:
        return dice.choice(form.get("enum") or [form["const"]])
    match form.get("type"):
        case "number" | "integer" as kind:
            return _legal_number(form, dice, whole=kind == "integer")
        case "boolean":
            return dice.random() < 0.5
        case "string":
            return dice.choice(TIMES[:4] if "pattern" in form else NAMES[:6] * 4 + NAMES)
        case "array":
            entry = form["items"] if "items" in form else form["prefixItems"][0]
            least, most = form.get("minItems", 0), form.get("maxItems", 4)
            return [_legal(entry, dice, depth + 1) for _ in range(dice.randint(least, max(least, min(most, 4))))]
        case _ if "properties" in form:
            needed = form.get("required", [])
            chosen = [key for key in form["properties"] if key in needed or dice.random() < 0.5 / (1 + depth)]
            return {key: _legal(form["properties"][key], dice, depth + 1) for key in chosen}
        case _:
            names = dice.sample(("default", "car", "van", "police", "customs", "t", "ID", "x"), dice.randint(1, 3))
            return {name: _legal(form["additionalProperties"], dice, depth + 1) for name in names}


def _legal_number(form: Node, dice: random.Random, *, whole: bool) -> float:
    least = form.get("minimum", form.get("exclusiveMinimum", 0))
    most = form.get("maximum", form.get("exclusiveMaximum", 10**6))
    if "exclusiveMinimum" in form:
        least += 1 if whole else 1e-9 * (1 + abs(least))
    if "exclusiveMaximum" in form:
        most -= 1 if whole else 1e-9 * (1 + abs(most))
    usual = dice.choice((0.5, 1, 2, 5, 10, 60, 300))
    value = dice.choice((least, most, (least + most) / 2, min(max(usual, least), most)))
    return int(value) if whole else float(value)


def cut(content: bytes, dice: random.Random) -> bytes:
    return content[: int(dice.random() * len(content))]


def flipped(content: bytes, dice: random.Random) -> bytes:
    changed = bytearray(content or b"\0")
    for _ in range(dice.choice((1, 1, 8))):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def inserted(content: bytes, dice: random.Random) -> bytes:
    place = int(dice.random() * len(content))
    return content[:place] + dice.choice(PIECES) + content[place:]


def noise(_content: bytes, dice: random.Random) -> bytes:
    return dice.randbytes(dice.randrange(2000))


def encoded(content: bytes, dice: random.Random) -> bytes:
    text = content.decode(errors="replace").replace("morning", "M\N{LATIN SMALL LETTER O WITH DIAERESIS}rgen")
    return text.encode(dice.choice(("utf-16", "utf-16-le", "latin-1", "cp1250", "utf-8-sig", "utf-7")), "replace")


def lines_shuffled(content: bytes, dice: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    dice.shuffle(lines)
    return b"".join(lines + lines[: dice.choice((0, 0, 1))])


def other_ends(content: bytes, dice: random.Random) -> bytes:
    return content.replace(b"\n", dice.choice((b"\r\n", b"\r", b"\n\n", b"")))


TIMES = ("00:00", "23:59", "08:00", "08:01", "07:59", "24:00", "8:00", "12:00", "", "08:00:00", "99:99")
NAMES = (
    "t",
    "police",
    "car",
    "default",
    "total",
    "ordinary",
    "[bold]",
    "A4 [/Nord]",
    ":car:",
    "CON",
    "a.b",
    "x" * 79,
    "\N{LATIN SMALL LETTER U WITH DIAERESIS}",
    "\u4e2d",
    "\N{GRINNING FACE}",
    "$x^2$",
    "<b>&",
    "{0}",
    "%s",
    "all",
    "mean",
    "\t",
)
VALUES: tuple[Any, ...] = (
    *(0, 1, -1, 0.0, 0.5, 1.0, 1e-9, 1e9, 1e300, -1e300, float("inf"), float("nan"), 10**30, 2**63, 7, 1000),
    *(True, False, "", " ", "x", "08:00", "0,1", "10%", "random", "\0"),
    *([], {}, [[]], [{}], {"x": 1}, [1, "x"], ["car"], [0.0] * 24, {"": {}}, {"default": 0.5}, {"police": 1}),
    *NAMES,
)
PIECES = (
    b"\0",
    b"\xff",
    b'"',
    b"[",
    b"]]",
    b"'''",
    b"\\",
    b"=",
    b"#",
    b"\n[x]\n",
    b"\xef\xbb\xbf",
    b"[" * 3000,
    b"9" * 5000,
)
STRUCTURE: tuple[Callable[[Any, random.Random], Steps], ...] = (
    other_value,
    other_size,
    other_size,
    other_time,
    lost_key,
    other_key,
    moved,
    doubled,
    in_a_list,
    *(legal_key,) * 12,
)
BYTES = (cut, flipped, inserted, noise, encoded, lines_shuffled, other_ends)
