"""A time bar: hours of several shifts, pieces of equipment or windows, which are moved by their ends."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from funnelsim.scenario.site import Window
from funnelsim.units import MINUTE_S
from funnelsim.web.desk.control import Hours
from funnelsim.web.desk.labels import label_text
from funnelsim.web.desk.scripts import SCRIPTS
from funnelsim.web.language import text


class TimeBar(Element, component="time_bar.js", esm=SCRIPTS):
    """Hours on a time bar, with the hours in which the funnel stands behind them.

    Parameters
    ----------
    label
        What the bar shows.
    rows
        The hours, a bar each.
    moved
        Called with the hours that were moved, and from when to when in minutes.
    """

    def __init__(self, label: str, rows: Sequence[Hours], moved: Callable[[Hours, float, float], None]) -> None:
        super().__init__()
        self._label, self._rows, self._heard = label, rows, 0
        self.props["bar"] = {"label": label, "rows": [], "open": [], "least": 0, "most": 1}
        self.props["heard"] = 0

        def heard(event: GenericEventArguments) -> None:
            self._heard = int(event.args["number"])
            from_min, to_min = event.args["value"]
            moved(self._rows[int(event.args["key"])], float(from_min), float(to_min))

        self.on("moved", heard)

    def show(self, values: Mapping[str, Any], windows: Sequence[Window]) -> None:
        """Show the hours that a draft has.

        Parameters
        ----------
        values
            Of the draft, by dotted key.
        windows
            When the funnel stands.
        """
        least, most = min(one.least_min for one in self._rows), max(one.most_min for one in self._rows)
        stands = [(one.opens_s / MINUTE_S, one.closes_s / MINUTE_S) for one in windows]
        self.props["heard"] = self._heard
        self.props["bar"] = {
            "label": self._label,
            "least": least,
            "most": most,
            "open": [(max(from_, least), min(to, most)) for from_, to in stands if from_ < most and to > least],
            "rows": [self._row(one, values) for one in self._rows],
        }

    def _row(self, hours: Hours, values: Mapping[str, Any]) -> dict[str, Any]:
        given = hours.values(hours.from_min, hours.to_min) | {key: values[key] for key in hours.keys if key in values}
        from_min, to_min = hours.minutes(*given.values())
        name = label_text(hours.label)
        spoken = (text("{name}: from").format(name=name), text("{name}: until").format(name=name))
        return {"name": name, "spoken": spoken, "from": from_min, "to": to_min}
