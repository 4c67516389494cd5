"""The rules for compiled code: the same plain functions, which Numba may now translate.

Compiled code takes them from here. Elsewhere they are imported from their own modules, which need no compiler.
"""

from inspect import getmembers, isfunction

from funnelsim.model import grid, queue, rules
from funnelsim.model.compiled import shared
from funnelsim.model.queue import advance_tail, tail_now

__all__ = ["advance_tail", "rules", "tail_now"]

for module in (grid, rules, queue):
    for _, function in getmembers(module, isfunction):
        shared(function)
