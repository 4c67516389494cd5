"""The chapters that every installation can compute: known answers, Little's law, limiting cases and the recursion."""

from funnelsim.validation.chapter import Write
from funnelsim.validation.known import extremes, games, holding, little, loss, recursion, road, screening, waiting

KNOWN: tuple[Write, ...] = (
    waiting.chapter,
    loss.chapter,
    holding.chapter,
    road.chapter,
    screening.chapter,
    games.chapter,
    little.chapter,
    extremes.chapter,
    recursion.chapter,
)
"""In the order in which a sceptic reads."""
