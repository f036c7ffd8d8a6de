"""What the oracle of the encoders rests on, checked before its fixtures are written."""

import gzip
import io
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn import functional as F

from . import joint_embedding, text_networks
from .rms_prop import RmsProp
from .text_networks import TextNetwork

RELEASED = Path(__file__).parents[2] / "formats" / "fixtures" / "encoders"


def check():
    _layers()
    _tokens()
    _counts()
    _steps()
    for gated in (False, True):
        _recurrence(gated)
    _dropout()
    _joint_embedding()
    _rms_prop()
    _released()


def _random(*shape):
    return torch.from_numpy(np.random.default_rng(5).standard_normal(shape))


def _layers():
    """Convolution, threshold and pool against PyTorch's own, gradients included."""
    ours, theirs = text_networks.Convolution(5, 7, 4).double(), torch.nn.Conv1d(5, 7, 4).double()
    with torch.no_grad():
        for p, q in zip(ours.parameters(), theirs.parameters()):
            p.copy_(q)
    x = _random(3, 5, 29).requires_grad_()
    for width, stride in ((3, 3), (3, 2)):
        a = text_networks.pool(text_networks.threshold(ours(x)), width, stride)
        b = F.max_pool1d(F.threshold(theirs(x), 1e-6, 0), width, stride)
        _close(a, b)
        weights = _random(*a.shape)
        sides = [torch.autograd.grad((y * weights).sum(), [x, *n.parameters()]) for y, n in ((a, ours), (b, theirs))]
        for g, h in zip(*sides):
            _close(g, h)
    assert text_networks.threshold(torch.tensor([1e-6, 2e-6, -1.0], dtype=torch.float64)).tolist() == [0, 2e-6, 0]


def _close(a, b, tolerance=1e-12):
    assert a.shape == b.shape and torch.allclose(a, b, rtol=tolerance, atol=tolerance), (a - b).abs().max()


def _tokens():
    x = text_networks.one_hot(torch.tensor([[2, 0, 3, 2]]), 3, torch.float64)
    assert x.tolist() == [[[0, 0, 0, 0], [1, 0, 0, 1], [0, 0, 1, 0]]]
    assert TextNetwork("bag-of-words", 3, 1, 2).summary(torch.tensor([[2, 0, 3, 2]])).tolist() == [[0, 2, 1]]


def _counts():
    """The numbers of parameters of the released networks."""
    for architecture, width, count in (
        ("char-cnn-rnn", 256, 1_814_144),
        ("char-cnn-rnn", 512, 2_994_560),
        ("char-cnn-gru", 512, 4_045_184),
    ):
        network = TextNetwork(architecture, 70, width, 1024)
        assert sum(p.numel() for p in network.parameters()) == count
    gates = [f"{way}{gate}" for gate in ("", "_update", "_reset") for way in ("i2h", "h2h")]
    names = ["conv1", "conv2", "conv3", *(f"rnn.{g}" for g in gates), "emb_proj"]
    assert list(dict(network.named_parameters())) == [f"{n}.{p}" for n in names for p in ("weight", "bias")]


def _steps():
    """T of the released lengths and of one whose pools leave columns over."""
    for architecture, length, steps in (
        ("char-cnn-rnn", 201, 8),
        ("char-cnn-rnn", 90, 2),
        ("char-cnn-gru", 201, 18),
        ("word-cnn-rnn", 30, 8),
    ):
        network = TextNetwork(architecture, 3, 2, 2)
        assert len(network.columns(torch.zeros(1, length, dtype=torch.int32))) == steps


def _recurrence(gated):
    """One row, one state at a time, in numpy."""
    width, steps = 4, 5
    module = (text_networks.Gated if gated else text_networks.Rectified)(width).double()
    p = {k: v.detach().numpy() for k, v in module.named_parameters()}
    x = _random(steps, 3, width)
    states = module(list(x))

    def layer(name, value):
        return [sum(p[f"{name}.weight"][o, i] * value[i] for i in range(width)) + p[f"{name}.bias"][o] for o in range(width)]

    def sigmoid(value):
        return 1 / (1 + np.exp(-value))

    for row in range(3):
        h = None
        for t in range(steps):
            own = np.array(layer("i2h", x[t, row].numpy()))
            if h is None:
                h = np.tanh(own) if gated else np.maximum(own, 0)
            elif not gated:
                h = np.maximum(own + layer("h2h", h), 0)
            else:
                gates = (np.array(layer(f"i2h_{g}", x[t, row].numpy())) + layer(f"h2h_{g}", h) for g in ("update", "reset"))
                u, r = (sigmoid(gate) for gate in gates)
                h = u * np.tanh(own + layer("h2h", r * h)) + (1 - u) * h
            _close(states[t][row], torch.from_numpy(h))


def _dropout():
    mask = text_networks.dropout_mask(3, 1, 0, 400, 50, 0.3, torch.float64)
    assert set(mask.unique().tolist()) == {0.0, 1 / 0.7} and abs(mask.mean() - 1) < 0.03
    assert not torch.equal(mask, text_networks.dropout_mask(3, 1, 1, 400, 50, 0.3, torch.float64))


def _joint_embedding():
    """Scores 1, 3 / 2, 2.5, margin 1: s_01 - s_00 + 1 = 3 and s_10 - s_11 + 1 = 0.5; by text s_10 - s_00 + 1 = 2 and
    s_01 - s_11 + 1 = 1.5. Row 0 prefers the other text."""
    images, texts = torch.eye(2, dtype=torch.float64), torch.tensor([[1.0, 2.0], [3.0, 2.5]], dtype=torch.float64)
    assert joint_embedding.loss(images, texts, 1.0, False) == 3.5 / 4
    assert joint_embedding.loss(images, texts, 1.0, True) == 7 / 4
    assert joint_embedding.loss(images, texts, 0.25, False) == 2.25 / 4
    assert joint_embedding.accuracy(images, texts) == 0.5
    assert joint_embedding.accuracy(images, torch.ones_like(texts)) == 0.5


def _rms_prop():
    """Two steps by hand: m is 0.9 * 0 + 0.1 * 4 = 0.4, then 0.9 * 0.4 + 0.1 * 1 = 0.46."""
    layer = torch.nn.Linear(1, 1, bias=False).double()
    with torch.no_grad():
        layer.weight.fill_(1.0)
    rule = RmsProp(layer, 0.9, 0.125)
    expected = 1.0
    for g, m in ((2.0, 0.4), (-1.0, 0.46)):
        rule.step([torch.full((1, 1), g, dtype=torch.float64)], 0.01)
        expected -= 0.01 * g / (m**0.5 + 0.125)
        assert abs(rule.mean_square["weight"].item() - m) < 1e-15 and abs(layer.weight.item() - expected) < 1e-15


def _released():
    """Networks of the released widths, whose embeddings test/formats computed on its own."""
    expected = load_file(RELEASED / "expected.safetensors")
    for architecture in ("char-cnn-rnn", "char-cnn-gru"):
        state = torch.load(io.BytesIO(gzip.decompress((RELEASED / f"{architecture}.pth.gz").read_bytes())))
        network = TextNetwork(architecture, 70, 16, 32)
        own = dict(network.named_parameters())
        # The first version of the PyTorch port has underscores for dots.
        network.load_state_dict({n: state[n if n in state else n.replace(".", "_")] for n in own}, strict=True)
        network.double()
        for kind in ("", "lower/"):
            if f"{architecture}/{kind}tokens" in expected:
                with torch.no_grad():
                    found = network(expected[f"{architecture}/{kind}tokens"])
                _close(found, expected[f"{architecture}/{kind}embeddings"].double(), 1e-6)
