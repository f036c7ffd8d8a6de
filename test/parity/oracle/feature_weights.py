"""Weights of a feature network by tensor name alone, so that no file has to hold millions of them.

One table of normal numbers serves all tensors: each begins at a place of its own and runs around. The same rule stands in
`test/native/support/feature_weights.h` and `test/addon/support/feature-weights.ts`.
"""

import math

import numpy as np
import torch

from . import philox

SEED, LENGTH = 20, 65537  # a prime: no row of a weight falls on the same numbers as the row before
TABLE = philox.normal(SEED, philox.INITIAL_WEIGHTS, 0, 0, [0], LENGTH)[0]


def tensor_of(name, shape):
    """float64, or int64 for a counter."""
    if name.endswith("num_batches_tracked"):
        return np.zeros(shape, dtype=np.int64)
    numbers = TABLE[(philox.fnv1a(name) + np.arange(math.prod(shape))) % LENGTH].reshape(shape)
    if name.endswith("running_var"):
        return 1 + 0.2 * np.abs(numbers)
    if len(shape) > 1:
        return numbers * math.sqrt(2 / math.prod(shape[1:]))
    return numbers * 0.1 + (1.0 if name.endswith("bn.weight") else 0.0)


def fill(network):
    state = network.state_dict()
    network.load_state_dict({name: torch.from_numpy(tensor_of(name, tuple(v.shape))) for name, v in state.items()})
