"""The element of the page that draws a replay; the drawing itself is JavaScript on a canvas."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from funnelsim.model.plan import Plan
from funnelsim.plots.day_panels import several_days
from funnelsim.replay.encoding import encoded
from funnelsim.replay.tracks import Tracks
from funnelsim.web.replay.labels import labels
from funnelsim.web.replay.story import story_of

_HERE = Path(__file__).parent


@dataclass(frozen=True, eq=False)
class Shown:
    """One plan of a replay.

    Attributes
    ----------
    title
        What the plan is called; empty where nothing needs to be said.
    plan, tracks
        What was simulated, and what happened.
    """

    title: str
    plan: Plan
    tracks: Tracks


class Replay(Element, component="replay.js", esm={"funnelsim-replay": str(_HERE / "scripts")}):
    """An operation to be played, under one plan or under two side by side by the same clock.

    Parameters
    ----------
    shown
        One plan or two. If both met the same vehicles, a vehicle that is chosen in one is told of in both.
    """

    def __init__(self, shown: Sequence[Shown]) -> None:
        super().__init__()
        ui.add_css(_HERE / "replay.css")
        self.shown = tuple(shown)
        self._props["replays"] = [{"title": one.title, **encoded(one.tracks, one.plan)} for one in shown]
        self._props["labels"] = labels()
        self._props["several-days"] = any(several_days(one.plan) for one in shown)
        self._props["same-vehicles"] = self.same_vehicles
        self.on("choose", self._tell)

    @property
    def same_vehicles(self) -> bool:
        """Whether all plans met the very same vehicles."""
        first, *others = (one.tracks for one in self.shown)
        return all(first.same_vehicles(other) for other in others)

    def stories(self, plan: int, vehicle: int, *, targets: bool) -> list[list[str]]:
        """Return the story of a vehicle under each plan; empty for a plan that met other vehicles.

        Parameters
        ----------
        plan
            Under which of the plans it was chosen, from 0.
        vehicle
            Its index.
        targets
            Whether stories may say who was a target although nobody found out.
        """
        return [
            story_of(one.tracks, one.plan, vehicle, targets=targets) if number == plan or self.same_vehicles else []
            for number, one in enumerate(self.shown)
        ]

    def _tell(self, event: GenericEventArguments) -> None:
        plan, vehicle = int(event.args["plan"]), int(event.args["vehicle"])
        if 0 <= plan < len(self.shown) and 0 <= vehicle < len(self.shown[plan].tracks):
            self.run_method("tell", self.stories(plan, vehicle, targets=bool(event.args["targets"])))
