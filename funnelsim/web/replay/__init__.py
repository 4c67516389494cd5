"""The animated replay of one operation, as an element of the page."""

from funnelsim.web.replay.element import Replay
from funnelsim.web.replay.view import replay_view

__all__ = ["Replay", "replay_view"]
