"""Calibration: from a planner's own observations to the parameters of a scenario.

The way through::

    file -> ObservationTable -> fit_arrivals | fit_headways | fit_look | fit_stage -> FitResult

Everything is estimated by maximum likelihood, allows for readings that were rounded, and carries a 95 % interval and a
goodness of fit, both by the bootstrap.
"""

from funnelsim.fitting.arrivals import fit_arrivals
from funnelsim.fitting.fitted import FitResult
from funnelsim.fitting.headways import fit_headways
from funnelsim.fitting.stages import fit_look, fit_stage

__all__ = ["FitResult", "fit_arrivals", "fit_headways", "fit_look", "fit_stage"]
