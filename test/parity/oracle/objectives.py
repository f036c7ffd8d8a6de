"""Losses of one update: docs/step.md, sections 2, 3, 12 and 15."""

import torch


def softplus(v):
    """log(1 + e^v) at any size; PyTorch's own softplus is v itself from 20 on."""
    return torch.logaddexp(torch.zeros_like(v), v)


def discriminator_loss(real, mismatched, fake, cls_weight):
    """Logits [B] each; `mismatched` is None when `cls_weight` is 0. The total and its three unweighted means."""
    parts = {"realLoss": softplus(-real).mean(), "fakeLoss": softplus(fake).mean()}
    if cls_weight == 0:
        return parts["realLoss"] + parts["fakeLoss"], parts
    parts["mismatchedLoss"] = softplus(mismatched).mean()
    total = (
        parts["realLoss"]
        + cls_weight * parts["mismatchedLoss"]
        + (1 - cls_weight) * parts["fakeLoss"]
    )
    return total, parts


def interpolate(t, beta, r):
    """`t` [B, d], `r` [B/2, 1] in (0, 1): the texts e_j, [B/2, d]."""
    a, b = t.chunk(2)
    if beta == "half":
        return 0.5 * a + 0.5 * b
    if beta == "uniform":
        return r * a + (1 - r) * b
    return 0.5 * a + 0.5 * b + (2 * r - 1) * (b - a)


def adversarial_loss(logits, rows, pairing, weight):
    """`logits` [R]: `rows` plain ones, then the interpolated ones, if there are any."""
    s = softplus(-logits)
    plain, interpolated = s[:rows], s[rows:]
    if pairing == "authors":
        return (plain.sum() + weight * interpolated.sum()) / (1.5 * rows)
    return plain.mean() + weight * interpolated.mean() if weight > 0 else plain.mean()


def mode_seeking_loss(images, others, noise, other_noise, epsilon):
    """Mao et al. 2019, as 1 / (ratio + epsilon)."""
    ratio = (images - others).abs().flatten(1).mean(1) / (noise - other_noise).abs().mean(1)
    return (1 / (ratio + epsilon)).mean()


def contrastive_loss(cosines, classes, temperature):
    """`cosines` [B, B], images by texts; `classes` one number per row: other rows of a row's class do not compete."""
    losses = []
    for i, own in enumerate(classes):
        competing = [j for j, other in enumerate(classes) if j == i or other != own]
        losses.append(torch.logsumexp(cosines[i, competing] / temperature, 0) - cosines[i, i] / temperature)
    return torch.stack(losses).mean()


def gradient_penalty(logits, inputs):
    """sum over rows of |d logits / d inputs|^2: what double backward is tested with; no objective uses it yet."""
    (gradient,) = torch.autograd.grad(logits.sum(), inputs, create_graph=True)
    return gradient.pow(2).sum()
