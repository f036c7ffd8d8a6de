"""Translation and cutout: docs/step.md, section 6. Written per pixel index, one row at a time."""

import math

import torch

from . import philox


def offsets(r, side, translation, cutout):
    """dy, dx, y0, x0 and the side of the cutout, of one row's four uniform numbers."""
    t, c = math.floor(translation * side), math.floor(cutout * side)
    dy = math.floor(r[0] * (2 * t + 1)) - t
    dx = math.floor(r[1] * (2 * t + 1)) - t
    y0 = math.floor(r[2] * (side + 1 - c % 2)) - c // 2
    x0 = math.floor(r[3] * (side + 1 - c % 2)) - c // 2
    return dy, dx, y0, x0, c


def _translated(image, dy, dx):
    side = image.shape[-1]
    out = torch.zeros_like(image)
    y, x = slice(max(0, -dy), min(side, side - dy)), slice(max(0, -dx), min(side, side - dx))
    out[:, y, x] = image[:, y.start + dy : y.stop + dy, x.start + dx : x.stop + dx]
    return out


def _kept(side, y0, x0, c, like):
    index = torch.arange(side)
    inside = ((index >= y0) & (index < y0 + c))[:, None] & ((index >= x0) & (index < x0 + c))[None, :]
    return (~inside).to(like.dtype)


def augment(x, seed, step, update, pass_number, translation, cutout):
    """A_p of [R, 3, S, S]."""
    if translation == 0 and cutout == 0:
        return x
    numbers = philox.uniform(seed, philox.AUGMENTATION, step, 4 * update + pass_number, range(len(x)), 4)
    rows = []
    for image, r in zip(x, numbers):
        dy, dx, y0, x0, c = offsets(r, x.shape[-1], translation, cutout)
        if translation > 0:
            image = _translated(image, dy, dx)
        if cutout > 0:
            image = image * _kept(x.shape[-1], y0, x0, c, image)
        rows.append(image)
    return torch.stack(rows)
