"""Which keys of a scenario are worth telling: features that are off assume nothing, and some keys matter most."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from funnelsim.scenario.json_schema import FURTHER_FUNNELS
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import path_text
from funnelsim.selection_rules import BY_NAME, Amount

# What moves yield and delay most; the reader of a report looks at these first.
_MATTERS = (
    "targets.*.per_10k",
    "targets.*.cue_auc",
    "targets.*.evade.*",
    "approach.exit.*",
    "selection.rule",
    "selection.rate*",
    "selection.index.*",
    "selection.look.mean_s",
    "selection.look.reference_s",
    "selection.look.tires_half_life_h",
    "selection.watchlist.*",
    "selection.adapt.*",
    "area.when_full",
    "area.stages.*.duration.mean_s",
    "area.stages.*.finds*",
    "area.stages.*.alarms*",
    "area.after_detection.duration.mean_s",
    "area.after_detection.transport.duration.mean_s",
    "staffing.chase.pursues",
    "staffing.chase.brings",
    "staffing.chase.duration.mean_s",
    "approach.merge_s",
    "approach.wave_speed_kmh",
    "lane.speed_kmh",
    "lane.capacity_vph",
    "lane.headway_cv",
    "traffic.counts",
    "traffic.arrivals",
    "traffic.scale",
    "classes.*.spacing_m",
    "classes.*.reaction_s",
    "classes.*.diversion_s",
    "limits.*",
    "funnels.*.prevalence_factor",
)
# Names, not assumptions.
_SILENT = ("version", "title", "direction", "funnels.*.direction", "*.name", "*.agency")
# What has no value while a feature is off: nothing is assumed about it then.
_OFF_AS_NONE = (
    "operation.also",
    "approach.exit",
    "approach.warning_m",
    "targets.*.evade.queue",
    "selection.look.reference_s",
    "selection.look.tires_half_life_h",
    "selection.look.rotate_min",
    "selection.watchlist",
    "selection.adapt",
    "selection.index.*",
    "area.after_detection.transport",
    "staffing.roster.*.days",
    "staffing.supervision",
    "staffing.chase",
    "funnels",
)


def moves_results(key: str) -> bool:
    """Tell whether a key is one of those that move yield and delay most."""
    return any(fnmatchcase(name, pattern) for name in {key, _of_first(key)} for pattern in _MATTERS)


class Features:
    """The features of a scenario that are on.

    Parameters
    ----------
    scenario
        The scenario.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._off = set(_off(scenario))

    def has(self, key: str, *, given: bool) -> bool:
        """Tell whether a key says something of this scenario.

        Parameters
        ----------
        key
            The key.
        given
            Whether it has any value.
        """
        if any(fnmatchcase(key, name) for name in _SILENT) or key in self._off:
            return False
        return given or not any(fnmatchcase(_of_first(key), name) for name in _OFF_AS_NONE)


def _of_first(key: str) -> str:
    """Return the key of the first funnel that answers to one of a further funnel; any other key as it is."""
    parts = key.split(".", maxsplit=2)
    return parts[2] if parts[0] == FURTHER_FUNNELS and "." in parts[-1] else key


def _off(scenario: Scenario) -> Iterator[str]:
    """Yield the keys whose feature is off, although they have a value."""
    if scenario.operation.days == 1:
        yield "operation.days"
    if not scenario.area.spots:
        yield from ("area.spots", "area.after_detection.place")
    for target in scenario.targets:
        evade = path_text(["targets", target.name, "evade"])
        if not target.evade.alerted:
            yield from (f"{evade}.alerted", f"{evade}.half_life_h")
        if not target.evade.visible:
            yield f"{evade}.visible"
    for number, side in enumerate(scenario.sides):
        selection = f"{FURTHER_FUNNELS}.{number - 1}.selection" if number else "selection"
        rule = BY_NAME[side.selection.rule]
        if rule.amount is not Amount.EVERY:
            yield f"{selection}.every"
        if not rule.priced:
            yield from (f"{selection}.index.{name}" for name in type(side.selection.index).model_fields)
