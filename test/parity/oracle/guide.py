"""The guide, a frozen feature network and a head that learns along: docs/step.md, section 15."""

import torch
from torch import nn
from torch.nn import functional as F

from . import feature_weights, views, weights
from .googlenet import FeatureNetwork
from .networks import cosines

NAME = "guide.head"
FEATURES = 1024


class GuideHead(nn.Module):
    def __init__(self, nt, d):
        super().__init__()
        self.norm = nn.BatchNorm1d(FEATURES)
        self.image = nn.Linear(FEATURES, nt)
        self.text = nn.Linear(d, nt)

    def forward(self, features, t):
        """S: the cosines of each row's features with every row's text."""
        return cosines(self.image(self.norm(features)), self.text(t))


class Critic(nn.Module):
    """Logits of every place of every map: real or drawn."""

    def __init__(self, widths):
        super().__init__()
        for number, width in enumerate(widths):
            level = nn.Module()
            level.norm = nn.BatchNorm2d(width)
            level.hidden = nn.Conv2d(width, 64, 1, bias=False)
            level.score = nn.Conv2d(64, 1, 1, bias=False)
            self.add_module(str(number), level)

    def forward(self, maps):
        return [v.score(F.leaky_relu(v.hidden(v.norm(x)), 0.2)) for v, x in zip(self.children(), maps)]


def critic_loss(real, drawn):
    """C: of logits of real pictures against 1 and of drawn ones against 0; either may be empty."""
    losses = [F.softplus(-logits).mean() for logits in real]
    if drawn:
        losses = [loss + F.softplus(logits).mean() for loss, logits in zip(losses, drawn)]
    return torch.stack(losses).mean()


class Guide:
    """The weights of the eyes are `feature_weights`: no file has to hold them."""

    def __init__(self, options, dtype):
        o, self.input_size = options, options.guide_input_size
        self.eyes = FeatureNetwork(o.guide_architecture, [])
        self.eyes.to(dtype).eval().requires_grad_(False)
        feature_weights.fill(self.eyes)
        self.head = GuideHead(o.projected_text_size, o.text_size)
        if o.guide_critic_weight > 0:
            self.head.critic = Critic(self.eyes.map_widths)
        self.head.to(dtype)
        weights.initialize(self.head, f"{NAME}.", o.seed)

    def learn(self, pictures, t):
        """S of real pictures for the head to learn from; nothing but the head has a gradient."""
        features = self.eyes.features(views.resize(pictures, self.input_size))
        return self.head.train()(features.detach(), t.detach())

    def judge(self, pictures, t):
        """S of drawn pictures, to which the gradient is open."""
        return self.head.eval()(self.eyes.features(views.resize(pictures, self.input_size)), t)

    def learn_to_tell(self, real, drawn):
        """C of both together, for the critic to learn from."""
        with torch.no_grad():
            maps = self.eyes.maps(views.resize(torch.cat([real, drawn]), self.input_size))
        logits = self.head.train().critic(maps)
        return critic_loss([x[: len(real)] for x in logits], [x[len(real) :] for x in logits])

    def tell(self, pictures):
        """C of drawn pictures that would be taken for real ones, to which the gradient is open."""
        return critic_loss(self.head.eval().critic(self.eyes.maps(views.resize(pictures, self.input_size))), [])
