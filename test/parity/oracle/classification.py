"""The loss of a feature network: docs/features-step.md, sections 3 and 4."""

import torch


def head_loss(logits, labels):
    """`labels` int64 [rows], -1 for none. 0 where there is no label at all."""
    rows = [i for i, label in enumerate(labels.tolist()) if label >= 0]
    if not rows:
        return logits.sum() * 0
    terms = [torch.logsumexp(logits[i], 0) - logits[i, labels[i]] for i in rows]
    return torch.stack(terms).mean()


def loss(logits, labels, weights):
    """The weighted sum, and the loss of each head."""
    heads = [head_loss(l, labels[:, h]) for h, l in enumerate(logits)]
    return sum(w * l for w, l in zip(weights, heads)), heads


def accuracy(logits, labels):
    """The share of the labelled rows whose largest logit is that of the label; None without labels."""
    rows = [i for i, label in enumerate(labels.tolist()) if label >= 0]
    right = [i for i in rows if int(torch.argmax(logits[i])) == int(labels[i])]
    return len(right) / len(rows) if rows else None
