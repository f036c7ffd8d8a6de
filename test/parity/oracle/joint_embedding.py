"""The structured joint embedding: docs/encoder-step.md, sections 3 and 5. One hinge at a time."""

import torch


def scores(images, texts):
    """s_ij = v_i . e_j"""
    return images @ texts.T


def hinges(s, margin, symmetric):
    """Every argument of max(0, .), in a list."""
    rows = range(len(s))
    pairs = [(i, j) for i in rows for j in rows if i != j]
    found = [s[i, j] - s[i, i] + margin for i, j in pairs]
    if symmetric:
        found += [s[j, i] - s[i, i] + margin for i, j in pairs]
    return found


def loss(images, texts, margin, symmetric):
    """`images` and `texts` [B, E]."""
    active = [h for h in hinges(scores(images, texts), margin, symmetric) if h > 0]
    return (sum(active) if active else images.sum() * 0 + texts.sum() * 0) / len(images) ** 2


def accuracy(images, texts):
    """The share of rows whose largest score is their own, the first of equal ones."""
    right = 0
    for i, row in enumerate(scores(images, texts).tolist()):
        right += row.index(max(row)) == i
    return right / len(images)
