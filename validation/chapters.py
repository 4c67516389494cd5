"""The chapters of the studies, in the order in which they follow the known answers on the page."""

from funnelsim.validation.chapter import Write
from validation.literature import studies as literature
from validation.operations import chapter as operations
from validation.peers import ciw_peer, uxsim_peer
from validation.sumo import reference, selective_stop

STUDIES: tuple[Write, ...] = (
    reference.chapter,
    operations.chapter,
    literature.chapter,
    ciw_peer.chapter,
    uxsim_peer.chapter,
    selective_stop.chapter_with_sumo,
)
"""Those that need a simulator which is not installed say so and compare nothing."""
