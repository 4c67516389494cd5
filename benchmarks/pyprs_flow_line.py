"""The flow line of PyPRS's demonstration, as PyPRS calls it; `optimise_pyprs.py` calls `throughput` itself."""

import numba
import numpy as np

JOBS, COUNTED = 2_050, 50  # the last of them are counted


@numba.njit(cache=True)
def throughput(work, rates, buffers):
    """Return the jobs per unit of time of three stations in a row, of which two have finite buffers.

    A job that is done at a station stays there, and blocks it, until the next one has room.

    Parameters
    ----------
    work
        Standard exponential, shape (jobs, 3).
    rates
        Of the three stations.
    buffers
        Room at stations 2 and 3, the job in service included.
    """
    jobs = work.shape[0]
    left = np.zeros((jobs + 1, 3))  # the first row is before all jobs
    for job in range(1, jobs + 1):
        first = left[job - 1, 0] + work[job - 1, 0] / rates[0]
        if job > buffers[0]:
            first = max(first, left[job - buffers[0], 1])
        second = max(left[job - 1, 1], first) + work[job - 1, 1] / rates[1]
        if job > buffers[1]:
            second = max(second, left[job - buffers[1], 2])
        left[job, 0], left[job, 1] = first, second
        left[job, 2] = max(left[job - 1, 2], second) + work[job - 1, 2] / rates[2]
    return COUNTED / (left[jobs, 2] - left[jobs - COUNTED, 2])


def simulation_function(alternative, seed):
    """Return one observation, with the random numbers of a seed, as PyPRS wants it."""
    work = np.random.default_rng(seed).standard_exponential((JOBS, 3))
    return throughput(work, np.array(alternative[1:4], dtype=np.float64), np.array(alternative[4:6]))
