"""Whole updates of a text encoder from a plan: docs/encoder-step.md, sections 3 to 5."""

from dataclasses import dataclass

import torch

from . import joint_embedding, optimizers, text_networks
from .progress import Progress


@dataclass(frozen=True)
class EncoderOptions:
    """`kind` is the objective: `sje` or `captions`. `beta2` is RMSprop's alpha."""

    architecture: str
    vocabulary_size: int
    convolution_size: int
    embedding_size: int
    seed: int
    initial_range: float
    kind: str = "sje"
    symmetric: bool = True
    margin: float = 1.0
    dropout: float = 0.0
    word_dropout: float = 0.0
    separator: int = 0
    optimizer: str = "rmsprop"
    beta1: float = 0.9
    beta2: float = 0.99
    epsilon: float = 1e-8


class EncoderTrainer:
    def __init__(self, options, tokens, features=None, dtype=torch.float64):
        """`tokens` int32 [captions, length]; `features` float32 [images, views, E], for `sje`."""
        o = self.options = options
        self.tokens, self.features, self.dtype = tokens, features, dtype
        sizes = (o.vocabulary_size, o.convolution_size, o.embedding_size)
        self.network = text_networks.TextNetwork(o.architecture, *sizes).to(dtype)
        text_networks.initialize(self.network, o.initial_range, o.seed)
        self.optimizer = optimizers.make(o.optimizer, self.network, o.beta1, o.beta2, o.epsilon)
        self.progress = Progress(["encoderLoss", "accuracy"])

    def run(self, columns, steps, learning_rate):
        """`columns`: int lists by name; `steps`: lists of (first row, row count), one for each update of the step."""
        for updates in steps:
            for number, (first, count) in enumerate(updates):
                self.progress.add(self._update(columns, slice(first, first + count), number, learning_rate))
            self.progress.step += 1

    def _embed(self, captions, update):
        o, mask = self.options, None
        if o.dropout > 0:
            width, place = self.network.emb_proj.in_features, (o.seed, self.progress.step, update)
            mask = text_networks.dropout_mask(*place, len(captions), width, o.dropout, self.dtype)
        tokens = self.tokens[captions]
        if o.word_dropout > 0:
            place = (o.seed, self.progress.step, update)
            tokens = text_networks.without_words(tokens, *place, o.word_dropout, o.separator)
        return self.network(tokens, mask)

    def _pairs(self, columns, rows, update):
        """v and e of the rows."""
        captions = columns["caption"][rows]
        if self.options.kind == "captions":
            both = self._embed(captions + columns["otherCaption"][rows], update)
            return both[len(captions) :], both[: len(captions)]
        images = self.features[columns["image"][rows], columns["view"][rows]].to(self.dtype)
        return images, self._embed(captions, update)

    def _update(self, columns, rows, update, learning_rate):
        images, texts = self._pairs(columns, rows, update)
        loss = joint_embedding.loss(images, texts, self.options.margin, self.options.symmetric)
        gradients = torch.autograd.grad(loss, list(self.network.parameters()))
        self.optimizer.step(gradients, learning_rate)
        return {"encoderLoss": loss.item(), "accuracy": joint_embedding.accuracy(images, texts)}

    def state(self):
        """Every tensor by its public name."""
        tensors = {f"encoder.{k}": p.detach() for k, p in self.network.named_parameters()}
        return tensors | optimizers.state(self.optimizer, "encoder") | self.progress.state()
