import numba

from funnelsim.model.compiled import compiled


def test_compiling_leaves_numbas_own_folder_as_it_was():
    before = numba.config.CACHE_DIR
    compiled(_sum)
    assert before == numba.config.CACHE_DIR


def _sum(a, b, c):
    return a * b + c


def test_a_compiled_function_is_not_allowed_to_fuse_or_reorder():
    """A fused multiply-add would keep the 2**-60 of the product, which rounding takes away in Python's order."""
    fast = compiled(_sum)
    a, b = 1.0 + 2.0**-30, 1.0 - 2.0**-30
    assert fast(a, b, -1.0) == _sum(a, b, -1.0) == 0.0
