"""Types of NumPy arrays, named once for the whole package."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
IndexArray = NDArray[np.intp]
TextArray = NDArray[np.str_]
RecordArray = NDArray[np.void]
Vector: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]
"""One-dimensional floats, as SciPy's optimisers hand them on."""

Floats = Any
Ints = Any
Bools = Any
Records = Any
"""Arrays as compiled code sees them: their elements are plain numbers, which NumPy's own types cannot say."""
