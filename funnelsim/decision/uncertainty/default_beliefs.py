"""What is uncertain where a scenario does not say: its own values, and how far they may be wrong, by kind of input."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from funnelsim.decision.uncertainty.uncertain_input import CHANCE_AUC
from funnelsim.scenario.schema import Scenario
from funnelsim.scenario.toml_text import path_text
from funnelsim.scenario.traffic import ONE_DAY
from funnelsim.scenario.uncertain import Uncertain


@dataclass(frozen=True)
class Belief:
    """How likely which value of a key is.

    Attributes
    ----------
    key
        The dotted key, or several joined by `+`.
    said
        The form of the distribution.
    source
        Where it comes from.
    """

    key: str
    said: Uncertain
    source: str


PREVALENCE: Final = (
    Uncertain(factor=3.0),
    "assumption: a smuggling run is taken to be in 1 of 1,000 to 100,000 vehicles",
)
AUC: Final = Uncertain(factor=2.5), "assumption: an AUC of 0.55 (weak) to 0.80 (intelligence-led) around 0.65"
CHANCE: Final = (
    Uncertain(factor=3.0),
    "assumption, in odds: dogs are right in 58 to 64 % (Jezierski 2014), heartbeat detectors in 95 % (INS 1978)",
)
STAGE: Final = (
    Uncertain(factor=1.5),
    "assumption: 1 to 4 min for a lorry by method (Hansard, 28 April 2004), 2 to 3 min for a CO2 probe",
)
AFTER: Final = (
    Uncertain(factor=2.0),
    "assumption around a mean of 91 min (DOT HS-805-569); a group of migrants takes a few hours",
)
HALF_LIFE: Final = Uncertain(factor=1.5), "assumption: 1 to 2 h on the road"
DEMAND: Final = (
    Uncertain(factor=1.1),
    "assumption: counts of another week or season; variation up to 10 % (Thomas, Weijermars and van Berkum 2008)",
)
CAPACITY: Final = (
    Uncertain(factor=1.15),
    "1,072 vehicles an hour in the field (Bham and Khazraee 2011) where the HCM gives 1,236",
)


def default_beliefs(scenario: Scenario) -> list[Belief]:
    """Return how far a scenario's own values may be wrong; what it has none of is left out.

    Examples
    --------
    >>> import tomllib
    >>> from funnelsim.scenario.load import scenario_from
    >>> from funnelsim.scenario.starter import starter_scenario
    >>> starter = scenario_from(tomllib.loads(starter_scenario("A3 eastbound")), where="starter")
    >>> [belief.key for belief in default_beliefs(starter)][:3]
    ['targets.concealed persons.per_10k', 'targets.concealed persons.cue_auc', 'targets.contraband.per_10k']
    """
    return [*_of_targets(scenario), *_of_area(scenario), *_of_road(scenario)]


def _of_targets(scenario: Scenario) -> Iterator[Belief]:
    for target in scenario.targets:
        here = ("targets", target.name)
        if any(often > 0.0 for often in target.per_10k.values()):
            yield Belief(path_text((*here, "per_10k")), *PREVALENCE)
            if target.cue_auc > CHANCE_AUC:
                yield Belief(path_text((*here, "cue_auc")), *AUC)
        if target.evade.alerted > 0.0:
            yield Belief(path_text((*here, "evade", "half_life_h")), *HALF_LIFE)


def _of_area(scenario: Scenario) -> Iterator[Belief]:
    for stage in scenario.area.stages:
        here = ("area", "stages", stage.name)
        for name in ("finds", "alarms"):
            if any(0.0 < chance < 1.0 for chance in getattr(stage, name).values()):
                yield Belief(path_text((*here, name)), *CHANCE)
        yield Belief(path_text((*here, "duration", "mean_s")), *STAGE)
    yield Belief("area.after_detection.duration.mean_s", *AFTER)


def _of_road(scenario: Scenario) -> Iterator[Belief]:
    """Yield level of demand and capacity, each the same factor on all roads."""
    roads = [(), *(("funnels", str(place)) for place in range(len(scenario.funnels)))]
    if scenario.traffic.arrivals not in ONE_DAY[1:]:  # what was recorded has no level
        yield Belief("+".join(path_text((*road, "traffic", "scale")) for road in roads), *DEMAND)
    lanes = [road for road, one in zip(roads[1:], scenario.funnels, strict=True) if one.lane is not None]
    yield Belief("+".join(path_text((*road, "lane", "capacity_vph")) for road in [(), *lanes]), *CAPACITY)
