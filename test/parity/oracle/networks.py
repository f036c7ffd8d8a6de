"""The families and the head of the contrastive term as torch modules. Module paths are the tensor names of florigen's state."""

import torch
from torch import nn
from torch.nn import functional as F


def _down(inputs, outputs):
    return nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False)


def _up(inputs, outputs):
    return nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False)


def _leaky(x):
    return F.leaky_relu(x, 0.2)


class Residual(nn.Module):
    """1x1, 3x3, 3x3 beside a skip; the activation acts between, and again after the sum."""

    def __init__(self, width, inner, activation):
        super().__init__()
        self.activation = activation
        self.reduce = nn.Conv2d(width, inner, 1, bias=False)
        self.reduce_norm = nn.BatchNorm2d(inner)
        self.middle = nn.Conv2d(inner, inner, 3, padding=1, bias=False)
        self.middle_norm = nn.BatchNorm2d(inner)
        self.expand = nn.Conv2d(inner, width, 3, padding=1, bias=False)
        self.expand_norm = nn.BatchNorm2d(width)

    def forward(self, x):
        y = self.activation(self.reduce_norm(self.reduce(x)))
        y = self.activation(self.middle_norm(self.middle(y)))
        return self.activation(x + self.expand_norm(self.expand(y)))


class Reed2016Generator(nn.Module):
    """The authors' generator: no batch norm in the text branch, none of the activations that they left out."""

    def __init__(self, f, nz, nt, d):
        super().__init__()
        self.text = nn.Linear(d, nt)
        self.project = nn.ConvTranspose2d(nz + nt, 8 * f, 4, 1, 0, bias=False)
        self.project_norm = nn.BatchNorm2d(8 * f)
        self.residual1 = Residual(8 * f, 2 * f, F.relu)
        self.up1 = _up(8 * f, 4 * f)
        self.up1_norm = nn.BatchNorm2d(4 * f)
        self.residual2 = Residual(4 * f, f, F.relu)
        self.up2 = _up(4 * f, 2 * f)
        self.up2_norm = nn.BatchNorm2d(2 * f)
        self.up3 = _up(2 * f, f)
        self.up3_norm = nn.BatchNorm2d(f)
        self.up4 = _up(f, 3)

    def forward(self, z, t):
        x = torch.cat([z, _leaky(self.text(t))], 1)[:, :, None, None]
        x = self.residual1(self.project_norm(self.project(x)))
        x = self.residual2(self.up1_norm(self.up1(x)))
        x = F.relu(self.up2_norm(self.up2(x)))
        x = F.relu(self.up3_norm(self.up3(x)))
        return torch.tanh(self.up4(x))


class Reed2016Discriminator(nn.Module):
    """The authors' discriminator: no activation after the third and the fourth convolution."""

    def __init__(self, f, nt, d):
        super().__init__()
        self.down1 = _down(3, f)
        self.down2, self.down2_norm = _down(f, 2 * f), nn.BatchNorm2d(2 * f)
        self.down3, self.down3_norm = _down(2 * f, 4 * f), nn.BatchNorm2d(4 * f)
        self.down4, self.down4_norm = _down(4 * f, 8 * f), nn.BatchNorm2d(8 * f)
        self.residual = Residual(8 * f, 2 * f, _leaky)
        self.text = nn.Linear(d, nt)
        self.text_norm = nn.BatchNorm1d(nt)
        self.joint = nn.Conv2d(8 * f + nt, 8 * f, 1, bias=False)
        self.joint_norm = nn.BatchNorm2d(8 * f)
        self.score = nn.Conv2d(8 * f, 1, 4, bias=False)

    def trunk(self, x):
        x = _leaky(self.down1(x))
        x = _leaky(self.down2_norm(self.down2(x)))
        x = self.down3_norm(self.down3(x))
        return self.residual(self.down4_norm(self.down4(x)))

    def head(self, features, t):
        text = _leaky(self.text_norm(self.text(t)))[:, :, None, None].expand(-1, -1, 4, 4)
        joint = _leaky(self.joint_norm(self.joint(torch.cat([features, text], 1))))
        return self.score(joint).flatten()


class DcganGenerator(nn.Module):
    """The plain pair of the starting repository; noise comes before text, as in the authors' code."""

    def __init__(self, f, nz, nt, d):
        super().__init__()
        self.text, self.text_norm = nn.Linear(d, nt), nn.BatchNorm1d(nt)
        self.project = nn.ConvTranspose2d(nz + nt, 8 * f, 4, 1, 0, bias=False)
        self.project_norm = nn.BatchNorm2d(8 * f)
        self.up1, self.up1_norm = _up(8 * f, 4 * f), nn.BatchNorm2d(4 * f)
        self.up2, self.up2_norm = _up(4 * f, 2 * f), nn.BatchNorm2d(2 * f)
        self.up3, self.up3_norm = _up(2 * f, f), nn.BatchNorm2d(f)
        self.up4 = _up(f, 3)

    def forward(self, z, t):
        text = _leaky(self.text_norm(self.text(t)))
        x = torch.cat([z, text], 1)[:, :, None, None]
        x = F.relu(self.project_norm(self.project(x)))
        x = F.relu(self.up1_norm(self.up1(x)))
        x = F.relu(self.up2_norm(self.up2(x)))
        x = F.relu(self.up3_norm(self.up3(x)))
        return torch.tanh(self.up4(x))


class DcganDiscriminator(nn.Module):
    def __init__(self, f, nt, d):
        super().__init__()
        self.down1 = _down(3, f)
        self.down2, self.down2_norm = _down(f, 2 * f), nn.BatchNorm2d(2 * f)
        self.down3, self.down3_norm = _down(2 * f, 4 * f), nn.BatchNorm2d(4 * f)
        self.down4, self.down4_norm = _down(4 * f, 8 * f), nn.BatchNorm2d(8 * f)
        self.text, self.text_norm = nn.Linear(d, nt), nn.BatchNorm1d(nt)
        self.score = nn.Conv2d(8 * f + nt, 1, 4, bias=False)

    def trunk(self, x):
        x = _leaky(self.down1(x))
        x = _leaky(self.down2_norm(self.down2(x)))
        x = _leaky(self.down3_norm(self.down3(x)))
        return _leaky(self.down4_norm(self.down4(x)))

    def head(self, features, t):
        text = _leaky(self.text_norm(self.text(t)))[:, :, None, None].expand(-1, -1, 4, 4)
        return self.score(torch.cat([features, text], 1)).flatten()


class ModulatedNorm(nn.Module):
    """A batch norm whose result is scaled by 1 + g and shifted by b, of which the text makes a pair for each channel."""

    def __init__(self, nt, channels):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)
        self.modulation = nn.Linear(nt, 2 * channels)

    def forward(self, x, e):
        g, b = self.modulation(e)[:, :, None, None].chunk(2, 1)
        return self.norm(x) * (1 + g) + b


class ModulatedLayer(nn.Module):
    def __init__(self, inputs, outputs, nt):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.norm = ModulatedNorm(nt, outputs)

    def forward(self, x, e):
        return F.relu(self.norm(self.convolution(x), e))


class ModulatedGenerator(nn.Module):
    """docs/step.md, section 13: the text acts through every norm, and the seed image is of the noise alone."""

    def __init__(self, f, nz, nt, d):
        super().__init__()
        self.text = nn.Linear(d, nt)
        self.project = nn.ConvTranspose2d(nz, 8 * f, 4, 1, 0, bias=False)
        self.project_norm = ModulatedNorm(nt, 8 * f)
        last = max(1, f // 2)
        self.up1 = ModulatedLayer(8 * f, 4 * f, nt)
        self.up2 = ModulatedLayer(4 * f, 2 * f, nt)
        self.up3 = ModulatedLayer(2 * f, f, nt)
        self.up4 = ModulatedLayer(f, last, nt)
        self.image = nn.Conv2d(last, 3, 3, padding=1, bias=False)

    def forward(self, z, t):
        e = self.text(t)
        x = F.relu(self.project_norm(self.project(z[:, :, None, None]), e))
        for layer in (self.up1, self.up2, self.up3, self.up4):
            x = layer(x.repeat_interleave(2, 2).repeat_interleave(2, 3), e)
        return torch.tanh(self.image(x))


class ContrastiveHead(nn.Module):
    """docs/step.md, section 12: the network M, whose two maps bring features and texts to `nt` numbers."""

    def __init__(self, f, nt, d):
        super().__init__()
        self.image = nn.Conv2d(8 * f, nt, 4, bias=False)
        self.text = nn.Linear(d, nt)

    def forward(self, features, t):
        """S: the cosines of each row's features with every row's text."""
        return cosines(self.image(features).flatten(1), self.text(t))


def cosines(a, b):
    """Of each row of `a` with every row of `b`."""
    a, b = (v / v.norm(dim=1, keepdim=True).clamp(min=1e-12) for v in (a, b))
    return a @ b.T


FAMILIES = {
    "reed2016": (Reed2016Generator, Reed2016Discriminator),
    "dcgan": (DcganGenerator, DcganDiscriminator),
    "modulated": (ModulatedGenerator, Reed2016Discriminator),
}
