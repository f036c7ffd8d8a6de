"""A short, exact description of a tensor: random projections, its squares and some of its elements.

An error in any one element changes every projection by that much, so a digest cannot hide it; only errors that cancel
under all four sign vectors could. `test/native/support/digest.h` computes the same numbers.
"""

import numpy as np

PROJECTIONS = 4


def _mix(value):
    """SplitMix64's finalizer: a number's place in a fixed pseudo-random order, the same in C++."""
    with np.errstate(over="ignore"):
        z = np.asarray(value, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def digest(tensor, elements):
    """float64 [5 + elements]: four signed sums, the sum of squares, and elements at fixed pseudo-random places."""
    values = tensor.detach().double().contiguous().flatten().numpy()
    bits = _mix(np.arange(1, len(values) + 1, dtype=np.uint64))
    sums = [np.where((bits >> np.uint64(k)) & np.uint64(1), values, -values).sum() for k in range(PROJECTIONS)]
    places = _mix(np.arange(1, elements + 1, dtype=np.uint64)) % np.uint64(len(values))
    return np.array([*sums, np.square(values).sum(), *values[places]])
