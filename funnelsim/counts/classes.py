"""From a count's classes to the scenario's: the shipped maps and the planner's overrides."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from funnelsim.counts.names import LEFT_OUT, TOTAL


@cache
def _shipped() -> dict[str, dict[str, str]]:
    text = files("funnelsim.counts").joinpath("class_maps.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def class_map(format_name: str) -> dict[str, str]:
    """Return the shipped class map of a format: the file's class to the scenario's, "-" for left out.

    Formats without a map (the project's own CSV, totals) keep their classes as they are.

    Examples
    --------
    >>> class_map("junction")["lz"], class_map("junction")["rad"], class_map("funnelsim")
    ('lorry', '-', {})
    """
    return dict(_shipped().get(format_name, {}))


def resolve(format_name: str, present: Sequence[str], overrides: Mapping[str, str] | None) -> dict[str, str]:
    """Say what each class of a file becomes.

    Parameters
    ----------
    format_name
        The file's format.
    present
        The classes that the file counts.
    overrides
        The planner's own lines.

    Returns
    -------
    dict
        One line for each class present; "-" leaves it out.

    Raises
    ------
    ValueError
        With a sentence, when a class is not mapped or an override names none.
    """
    shipped = class_map(format_name)
    overrides = overrides or {}
    strange = [name for name in overrides if name not in present and name not in shipped]
    if strange:
        raise ValueError(f"classes: {', '.join(strange)} given; the file counts {', '.join(present)}")
    mapped = {kind: shipped.get(kind, kind if not shipped or kind == TOTAL else None) for kind in present} | {
        kind: "-" if target.strip() in LEFT_OUT else target.strip()
        for kind, target in overrides.items()
        if kind in present
    }
    unmapped = [kind for kind, target in mapped.items() if target is None]
    if unmapped:
        raise ValueError(f"no class is known for {', '.join(unmapped)}; give classes = {{{unmapped[0]!r} = 'car'}}")
    targets = {target for target in mapped.values() if target not in (None, "-")}
    if TOTAL in targets and len(targets) > 1:
        raise ValueError("classes: a class cannot become 'total' beside other classes")
    return {kind: target for kind, target in mapped.items() if target is not None}


def account(mapped: Mapping[str, str], vehicles: Mapping[str, float]) -> list[str]:
    """Say in notes what became of the file's classes, and how many vehicles were left out."""
    becomes: dict[str, list[str]] = {}
    for kind, target in mapped.items():
        if target != kind:
            becomes.setdefault(target, []).append(f"{kind} ({vehicles.get(kind, 0):,.0f})")
    left_out = becomes.pop("-", [])
    notes = [f"{' + '.join(kinds)} → {target}" for target, kinds in becomes.items()]
    lines = [f"classes, with vehicles counted: {'; '.join(notes)}"] if notes else []
    if left_out:
        lines.append(f"left out, with vehicles counted: {', '.join(left_out)}")
    return lines
