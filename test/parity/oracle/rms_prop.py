"""RMSprop as Torch7 has it: docs/encoder-step.md, section 4."""

import torch


class RmsProp:
    def __init__(self, network, alpha, epsilon):
        self.parameters = dict(network.named_parameters())
        self.alpha, self.epsilon = alpha, epsilon
        self.mean_square = {name: torch.zeros_like(p) for name, p in self.parameters.items()}

    @torch.no_grad()
    def step(self, gradients, lr):
        """`gradients`: one per parameter, in the order of the network's parameters."""
        for (name, p), g in zip(self.parameters.items(), gradients):
            self.mean_square[name] = self.alpha * self.mean_square[name] + (1 - self.alpha) * g * g
            p -= lr * g / (self.mean_square[name].sqrt() + self.epsilon)
