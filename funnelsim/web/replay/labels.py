"""What is written on the replay: buttons, legend, moments. The component receives all of it from here."""

from typing import Any

from funnelsim.replay.gate_steps import GateState
from funnelsim.replay.moments import MomentKind
from funnelsim.replay.outcomes import Outcome
from funnelsim.web.language import text as _


def labels() -> dict[str, Any]:
    """Return every label of the component `replay.js` in the reader's language."""
    return {
        **_controls(),
        **_pictures(),
        "gate": {state.name.lower(): words for state, words in gate_words().items()},
        "moments": {kind.value: words for kind, words in moment_words().items()},
        "outcomes": [outcome_words()[outcome] for outcome in Outcome],
    }


def _controls() -> dict[str, str]:
    return {
        "replay": _("Replay of one operation"),
        "play": _("Play"),
        "pause": _("Pause"),
        "rewind": _("Rewind"),
        "speed": _("Speed"),
        "clock": _("Time of day"),
        "day": _("day"),
        "scrub": _("Move to a time of the operation"),
        "jump_to": _("Jump to a moment"),
        "previous_moment": _("Previous moment"),
        "next_moment": _("Next moment"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "fit": _("Fit to the area"),
        "whole_approach": _("Whole approach"),
        "show_targets": _("Show targets"),
        "road": _("Road"),
        "help": _(
            "Click a vehicle for its story. Drag to move, hold Ctrl and turn the wheel to zoom, click the top strip "
            "to move there. Keys: Space plays and pauses; the left and right arrows go 10 s back and on, with Shift to "
            "the next moment; the up and down arrows change the speed; + and - zoom, 0 fits, Home rewinds."
        ),
    }


def _pictures() -> dict[str, Any]:
    return {
        "overview": _("The whole approach with its queue, to scale; the frame is the part shown below"),
        "scene": _("The road and the area from above, to scale, with every vehicle"),
        "timeline": _("The queue over the day, what the selection point does, and the moments"),
        "legend": _("Legend"),
        "moments_legend": _(
            "Chart: the queue over the day; the bar below it is shaded while nobody is selected. Its signs:"
        ),
        "queue": _("Queue"),
        "longest_queue": _("longest queue"),
        "taper": _("Taper"),
        "selection_point": _("Selection point"),
        "busy": _("NAME busy"),
        "places_taken": _("Places taken"),
        "inspected_so_far": _("Inspections finished"),
        "found_so_far": _("Targets found"),
        "area_full_so_far": _("Waved through, area full"),
        "missed": _("target that is not found"),
        "marks": {
            "exit": _("Exit"),
            "warning": _("Warning sign"),
            "critical": _("Critical point"),
            "suspend": _("Valve suspends"),
            "lift": _("Valve lifts"),
        },
        "groups": {"waiting": _("Waiting"), "bays": _("Bays"), "spots": _("Processing")},
    }


def gate_words() -> dict[GateState, str]:
    """Return what a selection point does, in a few words."""
    return {
        GateState.CLOSED: _("no funnel"),
        GateState.SELECTING: _("selecting"),
        GateState.SUSPENDED: _("selection suspended"),
        GateState.LIFTED: _("funnel lifted"),
        GateState.UNSTAFFED: _("post unstaffed"),
        GateState.LAST_MINUTES: _("last minutes, nobody selected"),
    }


def moment_words() -> dict[MomentKind, str]:
    """Return what happens at a moment, as a sentence without its full stop."""
    return {
        MomentKind.OPENS: _("The funnel opens"),
        MomentKind.CLOSES: _("The funnel closes"),
        MomentKind.CRITICAL: _("The queue reaches the critical point"),
        MomentKind.AREA_FULL: _("The area is full"),
        MomentKind.FOUND: _("A target is found"),
        MomentKind.SUSPENDED: _("The valve suspends selection"),
        MomentKind.LIFTED: _("The valve lifts the funnel"),
        MomentKind.RESUMED: _("Selection resumes"),
    }


def outcome_words() -> dict[Outcome, str]:
    """Return what became of a vehicle, as the legend says it."""
    return {
        Outcome.NOT_SELECTED: _("looked at, not selected"),
        Outcome.UNCHECKED: _("passes while nobody is selected"),
        Outcome.AREA_FULL: _("selected, waved through: area full"),
        Outcome.NOTHING_FOUND: _("inspected, nothing found"),
        Outcome.TARGET_FOUND: _("inspected, target found"),
        Outcome.TURNED_OFF: _("turns off before the funnel"),
    }
