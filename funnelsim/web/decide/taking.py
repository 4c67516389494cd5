"""Taking values into the draft: a lever, the fluid plan, or a plan that an optimisation found."""

from collections.abc import Mapping
from typing import Any

from funnelsim.experiments.identical_points import base_values_of
from funnelsim.experiments.key_words import key_and_value
from funnelsim.web.draft import Draft
from funnelsim.web.jobs.job import Job
from funnelsim.web.visit import Visit


def take_values(visit: Visit, values: Mapping[str, Any], job: Job | None = None) -> None:
    """Change some values of the draft, whatever else is changed in it.

    Parameters
    ----------
    visit
        Whose draft it is.
    values
        By dotted key.
    job
        Where they come from; where that is about another file, its plan is opened with them.

    Raises
    ------
    FunnelsimError
        If another file has to be opened, and cannot be.
    """
    draft = visit.draft
    if job is not None and (draft is None or draft.file != job.draft.file):
        visit.open(job.draft.changed(values))
    elif visit.planner is not None:
        visit.change(values, base_values_of(visit.planner.scenario, list(values)))


def take_plan(visit: Visit, values: Mapping[str, Any], job: Job) -> None:
    """Make a plan that a job found the draft: what the job began with, and what the plan changes.

    Parameters
    ----------
    visit, values, job
        As in `take_values`, with the same errors.
    """
    draft = visit.draft
    if draft is None or draft.file != job.draft.file or visit.planner is None:
        visit.open(job.draft.changed(values))
        return
    changed = {**job.draft.values, **values}
    before = base_values_of(visit.planner.scenario, list(changed))
    kept = {key: value for key, value in changed.items() if before[key] != value}
    visit.restore(Draft(draft.file, kept, draft.seed))


def changes_text(values: Mapping[str, Any]) -> str:
    """Return values by dotted key in words; a table is only named.

    Examples
    --------
    >>> changes_text({"area.bays": 4, "selection.rate.van": 0.17, "funnels.0.selection": {"rule": "score"}})
    '4 bays, van selection rate 17 %, funnels.0.selection'
    """
    return ", ".join(key if isinstance(value, Mapping) else key_and_value(key, value) for key, value in values.items())
