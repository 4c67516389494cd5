"""Runs compiled functions as the plain Python they are written in: `pytest -p tests.plain_python`.

The coverage of machine code cannot be measured; that of the same lines in Python can. Numba's decorator is replaced
before anything is decorated, and structured arrays become record arrays, whose fields are attributes as they are in
compiled code.
"""

import sys

import numba
import numpy as np


def _keep(function=None, **_options):
    """Leave a function as it is: in place of Numba's decorator, with options or without."""
    if function is None:
        return _keep
    function._cache = function.get_call_template = None
    return function


def pytest_load_initial_conftests():
    """Replace the decorator before anything is decorated; not on import, as the search for doctests imports this."""
    numba.njit = _keep
    np.seterr(all="ignore")  # machine code warns of nothing: hashes overflow, and inf minus inf is not a number


def _as_records(value):
    """Return a structured array as records, which have their fields as attributes; anything else as it is."""
    return value.view(np.recarray) if isinstance(value, np.ndarray) and value.dtype.names else value


def _with_records(kind):
    """Let the named tuples of a kind hold structured arrays as records."""
    new = kind.__new__

    def make(cls, *values, **named):
        return new(cls, *map(_as_records, values), **{name: _as_records(value) for name, value in named.items()})

    kind.__new__ = make


def pytest_collection_finish():
    """Change the named tuples of the package, which hand arrays to compiled functions."""
    kinds = {
        kind
        for name, module in list(sys.modules.items())
        if name.startswith("funnelsim.")
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields")
    }
    for kind in kinds:
        _with_records(kind)
