"""Steps done and sums of metrics: the same three tensors of the encoder's and of the feature network's trainer."""

import torch


class Progress:
    def __init__(self, metrics):
        self.step = 0
        self.sums, self.counts = dict.fromkeys(metrics, 0.0), dict.fromkeys(metrics, 0)

    def add(self, metrics):
        """Of one update; a metric that it has not is absent."""
        for name, value in metrics.items():
            self.sums[name] += value
            self.counts[name] += 1

    def state(self):
        return {
            "progress.step": torch.tensor(self.step),
            "progress.metric_sums": torch.tensor(list(self.sums.values()), dtype=torch.float64),
            "progress.metric_counts": torch.tensor(list(self.counts.values())),
        }
