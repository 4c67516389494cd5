"""The figures of a result, drawn with matplotlib in one house style.

Importing this imports matplotlib, which takes a moment: a command that draws nothing should not.
"""

# ruff: noqa: E402  (matplotlib speaks already while it is imported)

import logging

# That a temporary cache of fonts is made, where a user has no home, is no news for a planner.
logging.getLogger("matplotlib").setLevel(logging.ERROR)

from funnelsim.plots.assumptions import assumptions
from funnelsim.plots.bad_days import bad_days
from funnelsim.plots.delay_by_class import delay_by_class
from funnelsim.plots.figures import FIGURES, RUN_FIGURES, SWEEP_FIGURES, FigureOptions, drawn_of, figures_of, names_of
from funnelsim.plots.funnel import funnel
from funnelsim.plots.heat_map import heat_map
from funnelsim.plots.hours_on_site import hours_on_site
from funnelsim.plots.paired_differences import paired_differences
from funnelsim.plots.queue_and_delay import queue_and_delay
from funnelsim.plots.queue_warning import queue_warning
from funnelsim.plots.saving import FORMATS, save_comparison_figures, save_figure, save_figures, save_tables, table_paths
from funnelsim.plots.small_multiples import small_multiples
from funnelsim.plots.staff_and_bays import staff_and_bays
from funnelsim.plots.tail_fans import tail_fans
from funnelsim.plots.time_space import time_space
from funnelsim.plots.tornado import tornado
from funnelsim.plots.trade_off import trade_off
from funnelsim.plots.waterfall import waterfall, waterfalls

__all__ = [
    "FIGURES",
    "FORMATS",
    "RUN_FIGURES",
    "SWEEP_FIGURES",
    "FigureOptions",
    "assumptions",
    "bad_days",
    "delay_by_class",
    "drawn_of",
    "figures_of",
    "funnel",
    "heat_map",
    "hours_on_site",
    "names_of",
    "paired_differences",
    "queue_and_delay",
    "queue_warning",
    "save_comparison_figures",
    "save_figure",
    "save_figures",
    "save_tables",
    "small_multiples",
    "staff_and_bays",
    "table_paths",
    "tail_fans",
    "time_space",
    "tornado",
    "trade_off",
    "waterfall",
    "waterfalls",
]
