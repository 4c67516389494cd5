"""The replay of one operation for a page: simulate it once, and show what its log says."""

from funnelsim.experiments.replication import log_of
from funnelsim.model.plan import Plan
from funnelsim.replay.tracks import tracks_of
from funnelsim.web.replay.element import Replay, Shown


def replay_view(plan: Plan, seed: int, replication: int, *, title: str = "", other: Shown | None = None) -> Replay:
    """Add the replay of one operation to the page.

    Parameters
    ----------
    plan
        What is simulated.
    seed, replication
        Which operation; a plan with the same traffic meets the very same vehicles in it.
    title
        What the plan is called.
    other
        A second plan beside it, from `shown_of` with the same seed and replication.

    Returns
    -------
    Replay
        The element.
    """
    return Replay([shown_of(plan, seed, replication, title=title), *([other] if other else [])])


def shown_of(plan: Plan, seed: int, replication: int, *, title: str = "") -> Shown:
    """Simulate one operation and return what a replay shows of it; this touches no page, so a thread may do it."""
    return Shown(title, plan, tracks_of(log_of(plan, seed, replication), plan))
