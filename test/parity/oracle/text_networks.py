"""The text networks as torch modules: docs/encoder-step.md, sections 1 and 2. Module paths are the tensor names.

Convolution, pool and recurrence are written out from their formulas; `encoder_self_check.py` holds them against
PyTorch's own.
"""

import math

import torch
from torch import nn

from . import philox

THRESHOLD = 1e-6

# Kernel, channels (None: `convolutionSize`) and pool (width, stride) of each convolution; then the recurrence.
ARCHITECTURES = {
    "char-cnn-rnn": ([(4, 384, (3, 3)), (4, 512, (3, 3)), (4, None, (3, 2))], "rectified"),
    "char-cnn-gru": ([(4, 384, (3, 3)), (4, 512, (3, 3)), (4, None, None)], "gated"),
    "word-cnn-rnn": ([(3, 512, None), (2, 512, (3, 3)), (2, None, None)], "rectified"),
    "bag-of-words": ([], None),
}


def one_hot(tokens, vocabulary_size, dtype):
    """[rows, length] of 0 .. V to [rows, V, length]; token 0 is a column of zeros."""
    channels = torch.arange(1, vocabulary_size + 1)[None, :, None]
    return (tokens.long()[:, None, :] == channels).to(dtype)


def threshold(y):
    return torch.where(y > THRESHOLD, y, torch.zeros_like(y))


def pool(x, width, stride):
    """The largest of each whole window of columns."""
    return x.unfold(2, width, stride).max(3).values


class Convolution(nn.Module):
    """Temporal, stride 1, no padding."""

    def __init__(self, inputs, outputs, kernel):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, kernel))
        self.bias = nn.Parameter(torch.empty(outputs))

    def forward(self, x):
        windows = x.unfold(2, self.weight.shape[2], 1)
        return torch.einsum("oij,ritj->rot", self.weight, windows) + self.bias[:, None]


class Rectified(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.i2h, self.h2h = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, columns):
        """The states of all steps, from a list of [rows, width]."""
        states = [torch.relu(self.i2h(columns[0]))]
        for x in columns[1:]:
            states.append(torch.relu(self.i2h(x) + self.h2h(states[-1])))
        return states


class Gated(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.i2h, self.h2h = nn.Linear(width, width), nn.Linear(width, width)
        self.i2h_update, self.h2h_update = nn.Linear(width, width), nn.Linear(width, width)
        self.i2h_reset, self.h2h_reset = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, columns):
        states = [torch.tanh(self.i2h(columns[0]))]
        for x in columns[1:]:
            h = states[-1]
            u = torch.sigmoid(self.i2h_update(x) + self.h2h_update(h))
            r = torch.sigmoid(self.i2h_reset(x) + self.h2h_reset(h))
            g = torch.tanh(self.i2h(x) + self.h2h(r * h))
            states.append(u * g + (1 - u) * h)
        return states


RECURRENCES = {"rectified": Rectified, "gated": Gated}


class TextNetwork(nn.Module):
    def __init__(self, architecture, vocabulary_size, convolution_size, embedding_size):
        super().__init__()
        self.vocabulary_size = vocabulary_size
        layers, recurrence = ARCHITECTURES[architecture]
        width, self.pools = vocabulary_size, []
        for number, (kernel, channels, window) in enumerate(layers, start=1):
            outputs = channels or convolution_size
            setattr(self, f"conv{number}", Convolution(width, outputs, kernel))
            self.pools.append(window)
            width = outputs
        self.rnn = RECURRENCES[recurrence](width) if recurrence else None
        self.emb_proj = nn.Linear(width, embedding_size)

    def columns(self, tokens):
        """The columns x_1 .. x_T, each [rows, c]."""
        x = one_hot(tokens, self.vocabulary_size, self.emb_proj.weight.dtype)
        for number, window in enumerate(self.pools, start=1):
            x = threshold(getattr(self, f"conv{number}")(x))
            if window:
                x = pool(x, *window)
        return list(x.unbind(2))

    def summary(self, tokens):
        """m: the mean of the states, or the counts of the words."""
        columns = self.columns(tokens)
        if self.rnn is None:
            return sum(columns)
        states = self.rnn(columns)
        return sum(states) / len(states)

    def forward(self, tokens, mask=None):
        """`mask` [rows, width of m]: what dropout multiplies by."""
        m = self.summary(tokens)
        return self.emb_proj(m if mask is None else m * mask)


def dropout_mask(seed, step, update, rows, width, probability, dtype):
    u = philox.uniform(seed, philox.DROPOUT, step, update, range(rows), width)
    return torch.from_numpy((u >= probability) / (1 - probability)).to(dtype)


def without_words(tokens, seed, step, update, share, separator):
    """Rows in which every word whose number is below `share` has become separators; 0 as separator: each token is a word."""
    rows = []
    numbers = philox.uniform(seed, philox.WORD_DROPOUT, step, update, range(len(tokens)), tokens.shape[1] + 1)
    for row, u in zip(tokens.tolist(), numbers):
        word, out = 0, []
        for place, token in enumerate(row):
            word = place if separator == 0 else word + (token == separator)
            out.append(separator if token != 0 and u[word] < share else token)
        rows.append(out)
    return torch.tensor(rows, dtype=tokens.dtype)


def initial_tensor(seed, name, shape, initial_range):
    """float64 numbers of one parameter, in row-major order."""
    u = philox.uniform(seed, philox.INITIAL_WEIGHTS, 0, philox.fnv1a(name), [0], math.prod(shape))
    return torch.from_numpy(initial_range * (2 * u - 1)).reshape(shape)


def initialize(network, initial_range, seed):
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(initial_tensor(seed, name, parameter.shape, initial_range))
