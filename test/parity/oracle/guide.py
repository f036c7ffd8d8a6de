"""The guide, a frozen feature network and a head that learns along: docs/step.md, section 15."""

from torch import nn

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


class Guide:
    """The weights of the eyes are `feature_weights`: no file has to hold them."""

    def __init__(self, options, dtype):
        o, self.input_size = options, options.guide_input_size
        self.eyes = FeatureNetwork(o.guide_architecture, [])
        self.eyes.to(dtype).eval().requires_grad_(False)
        feature_weights.fill(self.eyes)
        self.head = GuideHead(o.projected_text_size, o.text_size).to(dtype)
        weights.initialize(self.head, f"{NAME}.", o.seed)

    def learn(self, pictures, t):
        """S of real pictures for the head to learn from; nothing but the head has a gradient."""
        features = self.eyes.features(views.resize(pictures, self.input_size))
        return self.head.train()(features.detach(), t.detach())

    def judge(self, pictures, t):
        """S of drawn pictures, to which the gradient is open."""
        return self.head.eval()(self.eyes.features(views.resize(pictures, self.input_size)), t)
