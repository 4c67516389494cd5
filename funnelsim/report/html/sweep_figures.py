"""The figures of a sweep for the page: those that fit what was varied."""

from collections.abc import Callable, Iterator

from matplotlib.figure import Figure

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.ranking import Ranking
from funnelsim.experiments.sweep import Sweep
from funnelsim.plots.heat_map import heat_map
from funnelsim.plots.small_multiples import small_multiples
from funnelsim.plots.trade_off import trade_off
from funnelsim.plots.waterfalls import waterfalls
from funnelsim.report.html.document import Drawing
from funnelsim.report.html.drawing import drawing

TWO_KEYS = 2
MOST_WATERFALLS = 3

CAPTIONS = {
    "trade_off": (
        "Each mark is a plan: the further right the more it finds, the higher the more it delays. "
        "Beyond the limit the ground is shaded; crosses are error bars at 95 %."
    ),
    "heat_map": "Each field is a plan: its place says what was varied, its shade how much is found.",
    "small_multiples": "A panel a measure, over what was varied; lines at the edge of a panel are limits.",
    "waterfalls": "Of 100 targets how many are lost at each step, plan by plan.",
}


def sweep_drawings(sweep: Sweep, ranking: Ranking) -> list[Drawing]:
    """Draw the figures of a sweep; one that cannot show this sweep is left out."""
    found = []
    for name, draw in _draws(sweep, ranking):
        try:
            found.append(drawing(name, CAPTIONS[name], draw))
        except FunnelsimError:
            continue  # such as a map of keys that are no numbers: the table says it all
    return found


def _draws(sweep: Sweep, ranking: Ranking) -> Iterator[tuple[str, Callable[[], Figure]]]:
    yield "trade_off", lambda: trade_off(sweep)
    if len(sweep.keys) == TWO_KEYS:
        yield "heat_map", lambda: heat_map(sweep)
    else:
        yield "small_multiples", lambda: small_multiples(sweep)
    points = list(
        dict.fromkeys(one.point for one in (ranking.best, ranking.runner_up, ranking.base) if one is not None)
    )
    if len(points) > 1:
        yield "waterfalls", lambda: waterfalls(sweep, points[:MOST_WATERFALLS])
