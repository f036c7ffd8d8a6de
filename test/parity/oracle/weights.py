"""Initial weights by tensor name: docs/step.md, section 8."""

import math

import numpy as np
import torch
from torch import nn

from . import philox


def initial_tensor(seed, name, shape, kind, fan_in=0):
    """float64 numbers of one tensor, in row-major order. `kind`: conv, norm or linear."""
    count = math.prod(shape)
    key = (seed, philox.INITIAL_WEIGHTS, 0, philox.fnv1a(name), [0], count)
    if kind == "linear":
        bound = 1 / math.sqrt(fan_in)
        values = -bound + (bound - -bound) * philox.uniform(*key)
    else:
        values = (1.0 if kind == "norm" else 0.0) + 0.02 * philox.normal(*key)
    return values.reshape(shape)


def initialize(network, prefix, seed):
    """Fills every parameter of `network`; `prefix` is that of its public names, such as `generator.`."""
    with torch.no_grad():
        for path, module in network.named_modules():
            for leaf, parameter in module.named_parameters(recurse=False):
                name = f"{prefix}{path}.{leaf}"
                if isinstance(module, nn.modules.batchnorm._BatchNorm):
                    if leaf == "bias":
                        parameter.zero_()
                        continue
                    values = initial_tensor(seed, name, parameter.shape, "norm")
                elif isinstance(module, nn.Linear):
                    values = initial_tensor(seed, name, parameter.shape, "linear", module.in_features)
                else:
                    values = initial_tensor(seed, name, parameter.shape, "conv")
                parameter.copy_(torch.from_numpy(np.ascontiguousarray(values)))
