"""Weights of a feature network by tensor name alone, so that no file has to hold six million of them."""

import math

import numpy as np
import torch

from . import philox

SEED = 20


def tensor_of(name, shape):
    """float64; `test/native/support/feature_weights.h` and `test/addon/support/feature-weights.ts` have the same rule."""
    count = math.prod(shape)
    key = (SEED, philox.INITIAL_WEIGHTS, 0, philox.fnv1a(name), [0], count)
    if name.endswith("num_batches_tracked"):
        return np.zeros(shape, dtype=np.int64)
    if name.endswith("running_var"):
        return (1 + 0.5 * philox.uniform(*key)).reshape(shape)
    values = philox.normal(*key).reshape(shape)
    if len(shape) > 1:
        return values * math.sqrt(2 / math.prod(shape[1:]))
    return values * 0.1 + (1.0 if name.endswith("bn.weight") else 0.0)


def fill(network):
    state = network.state_dict()
    network.load_state_dict({name: torch.from_numpy(tensor_of(name, tuple(v.shape))) for name, v in state.items()})
