"""A server of replays alone, for the tests of the browser and for the picture in the documentation.

python -m tests.web.replay.page PORT [SCENARIO ...]
"""

import sys

from nicegui import ui

from funnelsim.model.plan import Plan
from funnelsim.model.planning import plan_of
from funnelsim.scenario.load import load_scenario
from funnelsim.scenario.schema import Scenario
from funnelsim.web.replay.view import replay_view, shown_of
from tests.conftest import SMALL, merged
from tests.replay.conftest import BUSY

SEED = 1


def serve(port: int, plans: list[tuple[str, Plan]]) -> None:
    """Serve the replay of the first plan, and of the first two side by side, until the process is stopped."""

    @ui.page("/")
    def one(replication: int = 0, *, dark: bool = False) -> None:
        ui.dark_mode(dark)
        replay_view(plans[0][1], SEED, replication)

    @ui.page("/two")
    def two(replication: int = 0) -> None:
        (title, plan), (other_title, other) = plans[:2]
        beside = shown_of(other, SEED, replication, title=other_title)
        replay_view(plan, SEED, replication, title=title, other=beside)

    ui.run(port=port, show=False, reload=False)


def busy_plans() -> list[tuple[str, Plan]]:
    """Return the plan of the tests of the replay, and one with another bay."""
    busy = merged(SMALL, BUSY)
    more = merged(busy, {"area": {"bays": 3}})
    return [
        (title, plan_of(Scenario.model_validate(keys))) for title, keys in (("Two bays", busy), ("Three bays", more))
    ]


if __name__ in {"__main__", "__mp_main__"}:
    given = [(path, plan_of(load_scenario(path))) for path in sys.argv[2:]]
    serve(int(sys.argv[1]), given or busy_plans())
