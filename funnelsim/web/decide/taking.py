"""Taking values into the draft: a lever, the fluid plan, or a plan that an optimisation found."""

from collections.abc import Mapping, Sequence
from typing import Any

from funnelsim.experiments.identical_points import base_values_of
from funnelsim.web.draft import Draft
from funnelsim.web.jobs.job import Job
from funnelsim.web.visit import Visit


def take_values(visit: Visit, values: Mapping[str, Any]) -> None:
    """Change some values of the draft, whatever else is changed in it.

    Parameters
    ----------
    visit
        Whose draft it is.
    values
        By dotted key.
    """
    if visit.planner is not None:
        visit.change(values, base_values_of(visit.planner.scenario, list(values)))


def is_for_draft(visit: Visit, job: Job) -> bool:
    """Tell whether a job was asked for of the plan on the desk: what it says of a change holds for no other plan."""
    draft = visit.draft
    return draft is not None and (draft.file, draft.values) == (job.draft.file, job.draft.values)


def own_changes(visit: Visit, job: Job, plans: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the keys on the desk that neither a job nor one of its plans set: taking a plan would lose their values.

    Parameters
    ----------
    visit, job
        As in `take_plan`.
    plans
        What each plan of the job changes.
    """
    draft = visit.draft
    if draft is None:
        return []
    if draft.file != job.draft.file:
        return list(draft.values)
    known = [job.draft.values, *plans]
    changed = [key for key, value in draft.values.items() if not any(one.get(key) == value for one in known)]
    searched = {key for one in plans for key in one}
    return [*changed, *(key for key in job.draft.values if key not in draft.values and key not in searched)]


def take_plan(visit: Visit, values: Mapping[str, Any], job: Job) -> None:
    """Make a plan that a job found the draft: what the job began with, and what the plan changes.

    Parameters
    ----------
    visit, values
        As in `take_values`.
    job
        Where they come from; where that is about another file, this is opened.

    Raises
    ------
    FunnelsimError
        If another file has to be opened, and cannot be.
    """
    draft = visit.draft
    if draft is None or draft.file != job.draft.file or visit.planner is None:
        visit.open(job.draft.changed(values))
        return
    changed = {**job.draft.values, **values}
    before = base_values_of(visit.planner.scenario, list(changed))
    kept = {key: value for key, value in changed.items() if before[key] != value}
    visit.restore(Draft(draft.file, kept, draft.seed))
