"""What the oracle itself rests on, checked before it writes anything."""

from types import SimpleNamespace

import numpy as np
import torch

from . import guide, objectives, philox
from .adam import Adam
from .augmentation import offsets


def check():
    _philox()
    _normal()
    _fnv()
    _adam()
    _offsets()
    _contrastive()
    _guide()


def _philox():
    """The known answers of Random123 for philox4x32, 10 rounds."""
    ones = 0xFFFFFFFF
    cases = [
        ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ((ones,) * 4, (ones, ones), "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ]
    for counter, key, answer in cases:
        words = [f"{int(w):08x}" for w in philox.philox4x32(counter, key)]
        assert " ".join(words) == answer, words


def _normal():
    n = philox.normal(1, 3, 0, 0, range(200), 101)
    assert n.shape == (200, 101) and abs(n.mean()) < 0.03 and abs(n.std() - 1) < 0.02
    assert np.array_equal(n[:, :5], philox.normal(1, 3, 0, 0, range(200), 5))


def _fnv():
    assert philox.fnv1a("") == 0x811C9DC5 and philox.fnv1a("foobar") == 0xBF9CF968


def _adam():
    torch.manual_seed(0)
    ours, theirs = (torch.nn.Linear(5, 3).double() for _ in range(2))
    theirs.load_state_dict(ours.state_dict())
    a, b = Adam(ours, 0.5, 0.999, 1e-8), torch.optim.Adam(theirs.parameters(), 1e-2, (0.5, 0.999), 1e-8)
    for _ in range(5):
        gradients = [torch.randn_like(p) for p in ours.parameters()]
        for p, g in zip(theirs.parameters(), gradients):
            p.grad = g.clone()
        a.step(gradients, 1e-2)
        b.step()
    for p, q in zip(ours.parameters(), theirs.parameters()):
        assert (p - q).abs().max() < 1e-14


def _offsets():
    assert offsets((0, 0, 0, 0), 64, 0.125, 0.5) == (-8, -8, -16, -16, 32)
    assert offsets((0.999999,) * 4, 64, 0.125, 0.5) == (8, 8, 48, 48, 32)


def _contrastive():
    """All classes apart: PyTorch's cross-entropy; of two rows of one class only the third competes."""
    torch.manual_seed(0)
    cosines = torch.randn(3, 3).double().tanh()
    theirs = torch.nn.functional.cross_entropy(cosines / 0.1, torch.arange(3))
    assert (objectives.contrastive_loss(cosines, [5, 0, 2], 0.1) - theirs).abs() < 1e-14
    ours = objectives.contrastive_loss(cosines, [1, 1, 0], 1.0)
    e = cosines.exp()
    by_hand = [e[0, 0] / (e[0, 0] + e[0, 2]), e[1, 1] / (e[1, 1] + e[1, 2]), e[2, 2] / e[2].sum()]
    assert (ours + torch.stack(by_hand).log().mean()).abs() < 1e-14


def _guide():
    """A lesson moves the statistics of the norm once and reaches the head alone; a judgement moves nothing of the guide
    and reaches the pictures, of another size than the eyes' as well."""
    sizes = dict(projected_text_size=5, text_size=7, seed=3, guide_architecture="googlenet-small", guide_input_size=32,
                 guide_critic_weight=0)
    ours = guide.Guide(SimpleNamespace(**sizes), torch.float64)
    eyes = {k: v.clone() for k, v in ours.eyes.state_dict().items()}
    torch.manual_seed(0)
    pictures, t = torch.rand(4, 3, 40, 40).double().requires_grad_(), torch.randn(4, 7).double().requires_grad_()
    inputs = [pictures, t, *ours.head.parameters()]

    def reached(cosines):
        return [g is not None for g in torch.autograd.grad(cosines.diagonal().sum(), inputs, allow_unused=True)]

    assert reached(ours.learn(pictures, t)) == [False, False] + [True] * 6
    moved = {k: v.clone() for k, v in ours.head.state_dict().items()}
    judged = ours.judge(pictures, t)
    assert reached(judged)[0] and moved["norm.num_batches_tracked"] == 1
    assert all(torch.equal(v, moved[k]) for k, v in ours.head.state_dict().items())
    assert all(torch.equal(v, eyes[k]) for k, v in ours.eyes.state_dict().items())
    seen = torch.nn.functional.interpolate(pictures, (32, 32), mode="bilinear", antialias=True)
    features = (ours.eyes.features(seen) - moved["norm.running_mean"]) / (moved["norm.running_var"] + 1e-5).sqrt()
    a = ours.head.image(features * ours.head.norm.weight + ours.head.norm.bias)
    theirs = torch.cosine_similarity(a[:, None], ours.head.text(t)[None], dim=2)
    assert (judged - theirs).abs().max() < 1e-12
