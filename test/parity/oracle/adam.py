"""PyTorch's Adam from its formula: docs/step.md, section 4. Not torch.optim, so that the two can be compared."""

import math

import torch


class Adam:
    def __init__(self, network, beta1, beta2, epsilon):
        self.parameters = dict(network.named_parameters())
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.m = {name: torch.zeros_like(p) for name, p in self.parameters.items()}
        self.v = {name: torch.zeros_like(p) for name, p in self.parameters.items()}
        self.k = 0

    @torch.no_grad()
    def step(self, gradients, lr):
        """`gradients`: one per parameter, in the order of the network's parameters."""
        self.k += 1
        correction1, correction2 = 1 - self.beta1**self.k, math.sqrt(1 - self.beta2**self.k)
        for (name, p), g in zip(self.parameters.items(), gradients):
            self.m[name] = self.beta1 * self.m[name] + (1 - self.beta1) * g
            self.v[name] = self.beta2 * self.v[name] + (1 - self.beta2) * g * g
            p -= lr / correction1 * self.m[name] / (self.v[name].sqrt() / correction2 + self.epsilon)
