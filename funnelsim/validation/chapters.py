"""The chapters of the validation, in the order in which a sceptic reads."""

from collections.abc import Iterator

from funnelsim.validation import literature
from funnelsim.validation.chapter import Chapter, Effort, Write
from funnelsim.validation.known import extremes, games, holding, little, loss, road, screening, waiting
from funnelsim.validation.operations import chapter as operations
from funnelsim.validation.peers import ciw_peer, recursion, uxsim_peer
from funnelsim.validation.sumo import reference, selective_stop

ALWAYS: tuple[Write, ...] = (
    waiting.chapter,
    loss.chapter,
    holding.chapter,
    road.chapter,
    screening.chapter,
    games.chapter,
    little.chapter,
    extremes.chapter,
    recursion.chapter,
    reference.chapter,
    operations.chapter,
    literature.chapter,
)
WITH_PEERS: tuple[Write, ...] = (ciw_peer.chapter, uxsim_peer.chapter, selective_stop.chapter_with_sumo)


def write(effort: Effort, *, peers: bool) -> Iterator[Chapter]:
    """Write chapter after chapter; those that need other simulators only where they are wanted.

    Parameters
    ----------
    effort
        How much is computed.
    peers
        Whether the simulators of the extra ``funnelsim[peers]`` are run, where they are installed.
    """
    for one in ALWAYS + (WITH_PEERS if peers else ()):
        yield one(effort)
