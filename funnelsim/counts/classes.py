"""From a count's classes to the scenario's: the format's class map and the planner's overrides."""

from collections.abc import Mapping, Sequence

from funnelsim.counts.names import LEFT_OUT, TOTAL


def resolve(
    class_map: Mapping[str, str], present: Sequence[str], overrides: Mapping[str, str] | None
) -> dict[str, str]:
    """Return what each class of a file becomes.

    Parameters
    ----------
    class_map
        The class map of the file's format.
    present
        The classes that the file counts.
    overrides
        What the planner wrote.

    Returns
    -------
    dict
        One line for each class present; "-" leaves it out.

    Raises
    ------
    ValueError
        If a class is not mapped, or an override names a class that the file does not count.
    """
    overrides = overrides or {}
    strange = [name for name in overrides if name not in present and name not in class_map]
    if strange:
        raise ValueError(f"classes: {', '.join(strange)} given; the file counts {', '.join(present)}")
    mapped = {kind: class_map.get(kind, kind if not class_map or kind == TOTAL else None) for kind in present} | {
        kind: "-" if target.strip() in LEFT_OUT else target.strip()
        for kind, target in overrides.items()
        if kind in present
    }
    unmapped = [kind for kind, target in mapped.items() if target is None]
    if unmapped:
        raise ValueError(f"no scenario class for {', '.join(unmapped)}; set classes = {{{unmapped[0]!r} = 'car'}}")
    targets = {target for target in mapped.values() if target not in (None, "-")}
    if TOTAL in targets and len(targets) > 1:
        raise ValueError("classes: no class can become 'total' while others become classes")
    return {kind: target for kind, target in mapped.items() if target is not None}


def account(mapped: Mapping[str, str], vehicles: Mapping[str, float]) -> list[str]:
    """Return notes on what the file's classes became, and how many vehicles were left out."""
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
