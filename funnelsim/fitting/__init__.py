"""Calibration: what a planner observed on the road, turned into the numbers of a scenario.

The way through::

    file -> Sheet -> fit_arrivals | fit_headways | fit_look | fit_stage -> Fitted: words, a table, lines of TOML

Everything is estimated by maximum likelihood, allows for readings that were rounded, and carries a 95 % interval and a
goodness of fit, both by the bootstrap.
"""

from funnelsim.fitting.arrivals import fit_arrivals
from funnelsim.fitting.fitted import Fitted
from funnelsim.fitting.headways import fit_headways
from funnelsim.fitting.stages import fit_look, fit_stage

__all__ = ["Fitted", "fit_arrivals", "fit_headways", "fit_look", "fit_stage"]
