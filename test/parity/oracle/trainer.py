"""Whole steps from a plan: docs/step.md, sections 2 to 5, 10 to 12 and 15."""

from dataclasses import dataclass

import torch

from . import gather, guide, objectives, philox, text_networks
from .adam import Adam
from .augmentation import augment
from .networks import FAMILIES, ContrastiveHead
from .weights import initialize

METRICS = (
    "discriminatorLoss realLoss mismatchedLoss fakeLoss realScore mismatchedScore fakeScore "
    "generatorLoss adversarialLoss modeSeekingLoss generatorScore "
    "contrastiveLoss generatorContrastiveLoss guideLoss generatorGuideLoss criticLoss generatorCriticLoss"
).split()

MISMATCHED_IMAGE = ("mismatchedImage", "mismatchedCropX", "mismatchedCropY", "mismatchedFlip")


@dataclass(frozen=True)
class Options:
    family: str
    text_size: int
    noise_size: int
    projected_text_size: int
    generator_features: int
    discriminator_features: int
    seed: int
    pairing: str = "authors"
    cls_weight: float = 0.5
    interpolation_weight: float = 1.0
    interpolation_beta: str = "half"
    mode_seeking_epsilon: float = 0.01
    translation: float = 0.0
    cutout: float = 0.0
    beta1: float = 0.5
    beta2: float = 0.999
    adam_epsilon: float = 1e-8
    ema_decay: float = 0.0
    contrastive_weight: float = 0.0
    contrastive_temperature: float = 0.1
    guide_weight: float = 0.0
    guide_temperature: float = 0.1
    guide_critic_weight: float = 0.0
    guide_architecture: str = "googlenet-small"
    guide_input_size: int = 64


@dataclass(frozen=True)
class FineTuning:
    """The text network phi, its learning rate, and where its weights begin."""

    architecture: str
    vocabulary_size: int
    convolution_size: int
    initial_range: float
    encoder_learning_rate: float


@dataclass(frozen=True)
class Plan:
    """Columns of int lists by florigen's names; `steps` is a list of lists of (kind, first row, row count)."""

    columns: dict
    steps: list
    learning_rate: float
    mode_seeking_weight: float = 0.0


class Trainer:
    def __init__(self, options, images, embeddings, dtype=torch.float64, fine_tuning=None):
        """`embeddings` float32 [captions, d]; with `fine_tuning` tokens int32 [captions, length] instead."""
        self.options, self.images, self.embeddings, self.dtype = options, images, embeddings, dtype
        self.fine_tuning = fine_tuning
        o = options
        generator, discriminator = FAMILIES[o.family]
        self.generator = generator(o.generator_features, o.noise_size, o.projected_text_size, o.text_size)
        self.discriminator = discriminator(o.discriminator_features, o.projected_text_size, o.text_size)
        self.networks = {"generator": self.generator, "discriminator": self.discriminator}
        if o.contrastive_weight > 0:
            self.head = ContrastiveHead(o.discriminator_features, o.projected_text_size, o.text_size)
            self.networks["contrastive"] = self.head
        for name, network in self.networks.items():
            network.to(dtype).train()
            initialize(network, f"{name}.", o.seed)
        if o.guide_weight > 0:
            self.guide = guide.Guide(o, dtype)
            self.networks[guide.NAME] = self.guide.head
        self.adam = {n: Adam(network, o.beta1, o.beta2, o.adam_epsilon) for n, network in self.networks.items()}
        if fine_tuning:
            f = fine_tuning
            sizes = (f.vocabulary_size, f.convolution_size, o.text_size)
            self.encoder = text_networks.TextNetwork(f.architecture, *sizes).to(dtype)
            text_networks.initialize(self.encoder, f.initial_range, o.seed)
            self.networks["textEncoder"] = self.encoder
            self.adam["textEncoder"] = Adam(self.encoder, o.beta1, o.beta2, o.adam_epsilon)
        self.ema = {k: v.clone() for k, v in self.generator.state_dict().items()} if o.ema_decay > 0 else {}
        self.step = 0
        self.sums, self.counts = dict.fromkeys(METRICS, 0.0), dict.fromkeys(METRICS, 0)

    def run(self, plan, first, last):
        for updates in plan.steps[first:last]:
            for number, (kind, first_row, row_count) in enumerate(updates):
                rows = slice(first_row, first_row + row_count)
                if kind == "discriminator":
                    metrics = self._update_discriminator(plan, rows, number)
                else:
                    metrics = self._update_generator(plan, rows, number)
                for name, value in metrics.items():
                    self.sums[name] += value.item()
                    self.counts[name] += 1
            self.step += 1

    def _numbers(self, draw, purpose, update, rows, elements):
        values = draw(self.options.seed, purpose, self.step, update, rows, elements)
        return torch.from_numpy(values).to(self.dtype)

    def _noise(self, purpose, update, row_count):
        return self._numbers(philox.normal, purpose, update, range(row_count), self.options.noise_size)

    def _augment(self, x, update, pass_number):
        o = self.options
        return augment(x, o.seed, self.step, update, pass_number, o.translation, o.cutout)

    def _images(self, plan, rows, columns=("image", "cropX", "cropY", "flip")):
        return gather.images(self.images, *(plan.columns[name][rows] for name in columns), self.dtype)

    def _embeddings(self):
        """One row for each caption of the data: numbers of the file, or phi as it is now."""
        return self.encoder(self.embeddings) if self.fine_tuning else self.embeddings

    def _sentences(self, plan, rows, embeddings):
        return gather.sentences(embeddings, plan.columns["captions"][rows], self.dtype)

    def _contrastive_loss(self, plan, rows, cosines, temperature):
        return objectives.contrastive_loss(cosines, plan.columns["class"][rows], temperature)

    def _update_discriminator(self, plan, rows, update):
        o, d = self.options, self.discriminator
        embeddings = self._embeddings()
        x, t = self._images(plan, rows), self._sentences(plan, rows, embeddings)
        with torch.no_grad():
            fake = self.generator(self._noise(philox.DISCRIMINATOR_NOISE, update, len(t)), t)
        features = d.trunk(self._augment(x, update, 0))
        real = d.head(features, t)
        mismatched = None
        if o.cls_weight > 0 and o.pairing == "authors":
            wrong = self._images(plan, rows, MISMATCHED_IMAGE)
            mismatched = d.head(d.trunk(self._augment(wrong, update, 1)), t)
        elif o.cls_weight > 0:
            # A row of the column holds K lists of captions, one after another: K mismatching texts for one image.
            width = len(plan.columns["captions"][0])
            lists = [row[i : i + width] for row in plan.columns["mismatchedCaptions"][rows] for i in range(0, len(row), width)]
            texts = gather.sentences(embeddings, lists, self.dtype)
            mismatched = d.head(features.repeat_interleave(len(lists) // len(t), 0), texts)
        fake_logits = d.head(d.trunk(self._augment(fake, update, 2)), t.detach())
        loss, metrics = objectives.discriminator_loss(real, mismatched, fake_logits, o.cls_weight)
        if o.contrastive_weight > 0:
            cosines = self.head(features, t)
            metrics["contrastiveLoss"] = self._contrastive_loss(plan, rows, cosines, o.contrastive_temperature)
            loss = loss + o.contrastive_weight * metrics["contrastiveLoss"]
        if o.guide_weight > 0:
            cosines = self.guide.learn(x, t)
            metrics["guideLoss"] = self._contrastive_loss(plan, rows, cosines, o.guide_temperature)
            loss = loss + metrics["guideLoss"]
            if o.guide_critic_weight > 0:
                metrics["criticLoss"] = self.guide.learn_to_tell(x, fake)
                loss = loss + metrics["criticLoss"]
        metrics["discriminatorLoss"] = loss
        metrics["realScore"], metrics["fakeScore"] = real.sigmoid().mean(), fake_logits.sigmoid().mean()
        if mismatched is not None:
            metrics["mismatchedScore"] = mismatched.sigmoid().mean()
        rates = {name: plan.learning_rate for name in self.networks if name != "generator"}
        if self.fine_tuning:
            rates["textEncoder"] = self.fine_tuning.encoder_learning_rate
        # All gradients are taken before any step.
        gradients = iter(torch.autograd.grad(loss, [p for name in rates for p in self.networks[name].parameters()]))
        for name, rate in rates.items():
            self.adam[name].step([next(gradients) for _ in self.networks[name].parameters()], rate)
        return metrics

    def _update_generator(self, plan, rows, update):
        o, b = self.options, rows.stop - rows.start
        with torch.no_grad():
            t = self._sentences(plan, rows, self._embeddings())
        texts = [t]
        if o.pairing == "authors" or o.interpolation_weight > 0:
            r = self._numbers(philox.uniform, philox.INTERPOLATION, update, range(b // 2), 1)
            texts.append(objectives.interpolate(t, o.interpolation_beta, r))
        seen = torch.cat(texts)
        noise = [self._noise(philox.GENERATOR_NOISE, update, len(seen))]
        if plan.mode_seeking_weight > 0:
            noise.append(self._noise(philox.MODE_SEEKING_NOISE, update, b // 2))
            texts.append(t[: b // 2])
        drawn = self.generator(torch.cat(noise), torch.cat(texts))
        judged = drawn[: len(seen)]
        augmented = self._augment(judged, update, 3)
        features = self.discriminator.trunk(augmented)
        logits = self.discriminator.head(features, seen)
        adversarial = objectives.adversarial_loss(logits, b, o.pairing, o.interpolation_weight)
        loss, metrics = adversarial, {"adversarialLoss": adversarial}
        if plan.mode_seeking_weight > 0:
            half = b // 2
            seeking = objectives.mode_seeking_loss(
                drawn[:half], drawn[len(seen) :], noise[0][:half], noise[1], o.mode_seeking_epsilon
            )
            loss, metrics["modeSeekingLoss"] = adversarial + plan.mode_seeking_weight * seeking, seeking
        if o.contrastive_weight > 0:
            cosines = self.head(features[:b], t)
            metrics["generatorContrastiveLoss"] = self._contrastive_loss(plan, rows, cosines, o.contrastive_temperature)
            loss = loss + o.contrastive_weight * metrics["generatorContrastiveLoss"]
        if o.guide_weight > 0:
            cosines = self.guide.judge(drawn[:b], t)
            metrics["generatorGuideLoss"] = self._contrastive_loss(plan, rows, cosines, o.guide_temperature)
            loss = loss + o.guide_weight * metrics["generatorGuideLoss"]
            if o.guide_critic_weight > 0:
                metrics["generatorCriticLoss"] = self.guide.tell(drawn[:b])
                loss = loss + o.guide_critic_weight * metrics["generatorCriticLoss"]
        metrics["generatorLoss"], metrics["generatorScore"] = loss, logits[:b].sigmoid().mean()
        gradients = torch.autograd.grad(loss, list(self.generator.parameters()))
        self.adam["generator"].step(gradients, plan.learning_rate)
        self._average()
        return metrics

    @torch.no_grad()
    def _average(self):
        k = self.adam["generator"].k
        decay = min(self.options.ema_decay, k / (k + 9))
        for name, value in self.generator.state_dict().items():
            if name in self.ema:
                old = self.ema[name]
                self.ema[name] = decay * old + (1 - decay) * value if value.is_floating_point() else value.clone()

    def state(self):
        """Every tensor by its public name; counters as int64, metric sums as float64."""
        tensors = {}
        for kind, network in self.networks.items():
            tensors |= {f"{kind}.{k}": v.detach() for k, v in network.state_dict().items()}
            adam = self.adam[kind]
            tensors |= {f"adam.{kind}.exp_avg.{k}": v for k, v in adam.m.items()}
            tensors |= {f"adam.{kind}.exp_avg_sq.{k}": v for k, v in adam.v.items()}
            tensors[f"adam.{kind}.step"] = torch.tensor(adam.k)
        if self.options.guide_weight > 0:
            tensors |= {f"guide.eyes.{k}": v for k, v in self.guide.eyes.state_dict().items()}
        tensors |= {f"ema.{k}": v for k, v in self.ema.items()}
        tensors["progress.step"] = torch.tensor(self.step)
        tensors["progress.metric_sums"] = torch.tensor([self.sums[m] for m in METRICS], dtype=torch.float64)
        tensors["progress.metric_counts"] = torch.tensor([self.counts[m] for m in METRICS])
        return tensors
