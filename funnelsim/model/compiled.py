"""The one place where Numba's untyped decorators meet typed code.

Whoever compiles imports a decorator from here; that also lets compiled code call the rules, the queue and the grid,
which stay plain Python for those who need no compiler.
"""

from collections.abc import Callable
from inspect import getmembers, isfunction
from typing import Any, ParamSpec, TypeVar

import numba
import numpy as np
from numba.extending import register_jitable

from funnelsim.model import grid, queue, rules
from funnelsim.model.cache import cache_folder, guarded

P = ParamSpec("P")
R = TypeVar("R")

config: Any = numba.config
unliteral: Any = numba.types.unliteral


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a pure function of numbers and arrays to machine code, cached on disk; it runs without the GIL.

    No fast-math: a compiled function gives the very numbers that the same lines give in Python.
    """
    return _compiled(function)


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile as `compiled` does what is handed arrays and makes none: it need not count references to them.

    Counting them, atomically and for every array of every tuple that is handed on, cost fifty times the work itself.
    """
    return _compiled(function, _nrt=False)


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """Let kernels call a function that is handed arrays and makes none; for Python it stays as it is.

    Compiling a function for Python as well takes far longer than compiling it: every array of every tuple that it is
    handed has to be unpacked, with an error message for each.
    """
    return shared(function, _nrt=False)


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Let kernels call a function as `inner` does, compiled into whoever calls: for what every vehicle needs."""
    return shared(function, _nrt=False, forceinline=True)


def shared(function: Callable[P, R], **options: bool) -> Callable[P, R]:
    """Let compiled code call a function that stays plain Python for everybody else."""
    register_jitable(**{"no_cfunc_wrapper": True} | options)(function)
    return function


for _module in (grid, queue):
    for _, _function in getmembers(_module, isfunction):
        shared(_function)
_rules: list[Callable[..., Any]] = [function for _, function in getmembers(rules, isfunction)]
for _rule in (*_rules, *rules.THRESHOLDS, *rules.LINKS):
    inlined(_rule)


@shared
def index(number: int) -> int:
    """Return an index as an unsigned number: machine code need not ask whether it is to be counted from the end."""
    unsigned: Any = np.uint64(number)
    made: int = unsigned
    return made


def _compiled(function: Callable[P, R], **options: Any) -> Callable[P, R]:  # noqa: ANN401  (Numba's own)
    before = config.CACHE_DIR
    config.CACHE_DIR = str(cache_folder())  # read by Numba in the next line only
    try:
        made: Any = numba.njit(cache=True, nogil=True, **options)(function)
        made._cache = guarded(made._cache)  # noqa: SLF001  (Numba has no public seam here)
        made.get_call_template = _for_any_number(made.get_call_template)
    finally:
        config.CACHE_DIR = before
    result: Callable[P, R] = made
    return result


def _for_any_number(get_call_template: Callable[..., Any]) -> Callable[..., Any]:
    """Compile for whole numbers what compiled code calls with a constant, not once more for each constant."""

    def get_template(arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:  # noqa: ANN401  (Numba's own)
        return get_call_template(tuple(unliteral(argument) for argument in arguments), keywords)

    return get_template
