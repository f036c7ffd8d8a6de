"""GoogLeNet with batch norm and its small variant: docs/features-step.md, section 2. torchvision checks the former."""

import torch
from torch import nn
from torch.nn import functional as F

# (a, b', b, c', c, d): the channels of the four branches.
ARCHITECTURES = {
    "googlenet": {
        "stem": (7, 64, 192),
        "second_pool": True,
        "3": {"a": (64, 96, 128, 16, 32, 32), "b": (128, 128, 192, 32, 96, 64)},
        "4": {
            "a": (192, 96, 208, 16, 48, 64),
            "b": (160, 112, 224, 24, 64, 64),
            "c": (128, 128, 256, 24, 64, 64),
            "d": (112, 144, 288, 32, 64, 64),
            "e": (256, 160, 320, 32, 128, 128),
        },
        "5": {"a": (256, 160, 320, 32, 128, 128), "b": (384, 192, 384, 48, 128, 128)},
    },
    "googlenet-small": {
        "stem": (3, 32, 64),
        "second_pool": False,
        "3": {"a": (32, 48, 64, 16, 16, 16)},
        "4": {"a": (96, 64, 112, 16, 32, 16), "e": (128, 96, 160, 16, 64, 64)},
        "5": {"b": (384, 192, 384, 48, 128, 128)},
    },
}


class ConvBlock(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=1e-3)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class Inception(nn.Module):
    def __init__(self, inputs, widths):
        super().__init__()
        one, reduce3, three, reduce5, five, pool = widths
        self.branch1 = ConvBlock(inputs, one, 1)
        self.branch2 = nn.Sequential(ConvBlock(inputs, reduce3, 1), ConvBlock(reduce3, three, 3))
        self.branch3 = nn.Sequential(ConvBlock(inputs, reduce5, 1), ConvBlock(reduce5, five, 3))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), ConvBlock(inputs, pool, 1))

    def forward(self, x):
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)


class FeatureNetwork(nn.Module):
    def __init__(self, architecture, heads):
        super().__init__()
        table = ARCHITECTURES[architecture]
        kernel, width, output = table["stem"]
        self.conv1 = ConvBlock(3, width, kernel, 2)
        self.conv2 = ConvBlock(width, width, 1)
        self.conv3 = ConvBlock(width, output, 3)
        self.pools = {"2": 3} if table["second_pool"] else {}
        self.pools |= {"3": 3, "4": 2}
        self.blocks, self.map_widths = [], []
        for stage in "345":
            for letter, widths in table[stage].items():
                name = f"inception{stage}{letter}"
                setattr(self, name, Inception(output, widths))
                output = widths[0] + widths[2] + widths[4] + widths[5]
                self.blocks.append((name, stage))
            self.map_widths.append(output)
        self.heads = nn.ModuleList([nn.Linear(output, classes) for classes in heads])

    def maps(self, x):
        """What the three stages of inceptions make of pictures."""
        x = F.max_pool2d(self.conv1(x), 3, 2, ceil_mode=True)
        x = self.conv3(self.conv2(x))
        stage, found = "2", {}
        for name, of in self.blocks:
            if of != stage:
                if stage in self.pools:
                    x = F.max_pool2d(x, self.pools[stage], 2, ceil_mode=True)
                stage = of
            x = found[stage] = getattr(self, name)(x)
        return list(found.values())

    def features(self, x):
        return self.maps(x)[-1].flatten(2).mean(2)

    def forward(self, x):
        features = self.features(x)
        return features, [head(features) for head in self.heads]
