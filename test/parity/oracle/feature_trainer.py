"""Whole updates of a feature network from a plan: docs/features-step.md, sections 3 and 4."""

from dataclasses import dataclass

import torch

from . import classification, optimizers, views, weights
from .googlenet import FeatureNetwork
from .progress import Progress


@dataclass(frozen=True)
class FeatureOptions:
    architecture: str
    input_size: int
    crop_side: int
    heads: tuple
    weights: tuple
    seed: int
    optimizer: str = "adam"
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8


class FeatureTrainer:
    def __init__(self, options, images, labels, dtype=torch.float64):
        """`images` uint8 [images, side, side, 3]; `labels` int [images, heads], -1 for none."""
        o = self.options = options
        self.images, self.labels, self.dtype = images, labels.long(), dtype
        self.network = FeatureNetwork(o.architecture, o.heads).to(dtype).train()
        weights.initialize(self.network, "", o.seed)
        self.optimizer = optimizers.make(o.optimizer, self.network, o.beta1, o.beta2, o.epsilon)
        self.progress = Progress(["featureLoss", *(f"accuracy.{h}" for h in range(len(o.heads)))])

    def run(self, columns, steps, learning_rate):
        """`columns`: int lists by name; `steps`: lists of (first row, row count), one for each update of the step."""
        for updates in steps:
            for first, count in updates:
                self.progress.add(self._update(columns, slice(first, first + count), learning_rate))
            self.progress.step += 1

    def _update(self, columns, rows, learning_rate):
        o = self.options
        seen = list(zip(*(columns[name][rows] for name in ("image", "cropX", "cropY", "flip"))))
        labels = self.labels[columns["image"][rows]]
        _, logits = self.network(views.look(self.images, seen, o.crop_side, o.input_size, self.dtype))
        loss, _ = classification.loss(logits, labels, o.weights)
        gradients = torch.autograd.grad(loss, list(self.network.parameters()))
        self.optimizer.step(gradients, learning_rate)
        metrics = {"featureLoss": loss.item()}
        for h, of_head in enumerate(logits):
            share = classification.accuracy(of_head, labels[:, h])
            if share is not None:
                metrics[f"accuracy.{h}"] = share
        return metrics

    def state(self):
        """Every tensor by its public name; parameters and buffers in the order of the modules."""
        tensors = {f"features.{k}": v.detach() for k, v in self.network.state_dict().items()}
        return tensors | optimizers.state(self.optimizer, "features") | self.progress.state()
