"""The optimizer of an encoder or of a feature network, and its tensors by their public names."""

import torch

from .adam import Adam
from .rms_prop import RmsProp


def make(kind, network, beta1, beta2, epsilon):
    return Adam(network, beta1, beta2, epsilon) if kind == "adam" else RmsProp(network, beta2, epsilon)


def state(optimizer, network):
    """`network` is its public name."""
    if isinstance(optimizer, RmsProp):
        return {f"rmsprop.{network}.mean_square.{k}": v for k, v in optimizer.mean_square.items()}
    tensors = {f"adam.{network}.exp_avg.{k}": v for k, v in optimizer.m.items()}
    tensors |= {f"adam.{network}.exp_avg_sq.{k}": v for k, v in optimizer.v.items()}
    return tensors | {f"adam.{network}.step": torch.tensor(optimizer.k)}
