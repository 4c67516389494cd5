"""The sketch of the site: what the browser draws of it, and where the marks of the valve are moved to."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from funnelsim.experiments.run import Run
from funnelsim.plots.funnel import site_of
from funnelsim.plots.funnel_drawing import Site
from funnelsim.web.desk.control import Amount
from funnelsim.web.desk.labels import label_text
from funnelsim.web.desk.scripts import SCRIPTS
from funnelsim.web.language import mark, text
from funnelsim.web.numerals import number_locale


class Sketch(Element, component="sketch.js", esm=SCRIPTS):
    """The site seen from above, to scale: its queue, its area, and handles on the marks of the valve.

    Parameters
    ----------
    moved
        Called with the key and the metres of a mark that is moved.
    """

    def __init__(self, moved: Callable[[str, float], None]) -> None:
        super().__init__()
        self._heard = 0
        self.props["site"], self.props["heard"] = _empty(), 0

        def heard(event: GenericEventArguments) -> None:
            self._heard = int(event.args["number"])
            moved(str(event.args["key"]), float(event.args["value"]))

        self.on("moved", heard)

    def show(self, run: Run, marks: Sequence[tuple[Amount, float]]) -> None:
        """Show the site of a run.

        Parameters
        ----------
        run
            The run.
        marks
            The controls of the valve's marks with their values now.
        """
        self.props["site"], self.props["heard"] = _drawn(site_of(run), run, marks), self._heard


def _empty() -> dict[str, Any]:
    return {
        "locale": number_locale(),
        "lanes": 2,
        "reach_m": 1000,
        "lane_m": 100,
        "marks": [],
        "handles": [],
        "spaces": [],
        "legend": [],
        "mean_m": 0,
        "worst_m": 0,
    }


def _drawn(site: Site, run: Run, marks: Sequence[tuple[Amount, float]]) -> dict[str, Any]:
    used = run.estimates["bay_utilisation"].mean * site.bays
    upstream_m = [at_m for _, at_m in marks] + list(site.marks.values())
    return {
        "label": text("The site seen from above"),
        "axis": text("metres upstream of the taper"),
        "locale": number_locale(),
        "lanes": site.lanes,
        "lane_m": site.lane_m,
        "reach_m": 1.08 * max([site.worst_m, 300.0, *upstream_m]),
        "mean_m": site.mean_m,
        "worst_m": site.worst_m,
        "marks": [
            *(
                {"name": text(name), "at_m": at_m, "measured": True, "kind": name.split()[0]}
                for name, at_m in site.marks.items()
            ),
            {"name": text("taper"), "at_m": 0.0, "measured": False, "kind": "taper"},
            {"name": text("selection point"), "at_m": -site.lane_m, "measured": False, "kind": "point"},
        ],
        "handles": [
            {"key": one.key, "label": label_text(one.label), "value": at_m, "least": one.least, "most": one.most}
            for one, at_m in marks
        ],
        "legend": [
            {"kind": "queue", "name": text("longest queue, on average")},
            {"kind": "worst", "name": text("longest queue of all operations")},
        ],
        "spaces": [
            _spaces(text("waiting spaces: {number}"), site.waiting, 0.0),
            _spaces(text("bays: {number}"), site.bays, used if math.isfinite(used) else 0.0),
        ],
    }


def _spaces(name: str, number: int, used: float) -> dict[str, Any]:
    return {"name": name.format(number=number), "number": number, "used": used}


MARKS: Final = (mark("critical point"), mark("warning sign"), mark("exit"))
