"""Rows of a plan to tensors: docs/step.md, section 1."""

import torch

SIDE = 64


def images(store, index, crop_x, crop_y, flip, dtype):
    """uint8 [N, L, L, 3] and one number per row to [B, 3, 64, 64] in [-1, 1]."""
    rows = []
    for i, x, y, mirrored in zip(index, crop_x, crop_y, flip):
        picture = store[i, y : y + SIDE, x : x + SIDE, :]
        rows.append(torch.flip(picture, [1]) if mirrored else picture)
    return torch.stack(rows).permute(0, 3, 1, 2).to(dtype) * (2 / 255) - 1


def sentences(store, captions, dtype):
    """float32 [C, d] and [B][n] caption numbers, -1 where absent, to their means [B, d]."""
    means = []
    for row in captions:
        present = [store[c].to(dtype) for c in row if c >= 0]
        total = present[0]
        for vector in present[1:]:
            total = total + vector
        means.append(total / len(present))
    return torch.stack(means)
