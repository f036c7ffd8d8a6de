"""Views of stored images: docs/features-step.md, section 1."""

import torch
from torch.nn import functional as F


def crop(images, rows, size):
    """U8 [n, side, side, 3] and rows of (image, x, y, flip) to U8 [rows, 3, size, size]."""
    out = []
    for image, x, y, flip in rows:
        square = images[image, y : y + size, x : x + size].permute(2, 0, 1)
        out.append(square.flip(2) if flip else square)
    return torch.stack(out)


def look(images, rows, crop_size, input_size, dtype):
    """[rows, 3, input, input] in [-1, 1]."""
    x = crop(images, rows, crop_size).to(dtype) * (2 / 255) - 1
    return resize(x, input_size)


def resize(x, size):
    """Pictures [rows, 3, side, side] as a network of that input size sees them."""
    if x.shape[-1] == size:
        return x
    return F.interpolate(x, (size, size), mode="bilinear", align_corners=False, antialias=True)
