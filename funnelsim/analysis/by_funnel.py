"""The funnels of one replication, each with its own log and plan."""

from dataclasses import replace

from funnelsim.model.log import Log
from funnelsim.model.plan import Plan


def by_funnel(log: Log, plan: Plan) -> list[tuple[Log, Plan]]:
    """Return the log and the plan of each funnel alone; with one funnel they are the given ones.

    Parameters
    ----------
    log, plan
        Of all funnels that share the area.
    """
    if not plan.other_funnels:
        return [(log, plan)]
    alone = (replace(plan, other_funnels=()), *plan.other_funnels)
    return [(log.of_funnel(k), funnel) for k, funnel in enumerate(alone)]
