"""The fixtures of GANs whose text encoder trains with the discriminator (docs/step.md, section 11); `make_fixtures.py` calls
`write`, and so does `python test/parity/fine_tuning_fixtures.py`. Images are those of the `data` fixture.

The batch norm behind the discriminator's projection of the text takes `emb_proj.bias` out again: a gradient of rounding
alone, which Adam divides by epsilon, and which the running means then show. At 1e-5 that moves nothing.
"""

import sys
from dataclasses import asdict

import numpy as np
import torch
from safetensors.numpy import load_file

from encoder_fixtures import ARCHITECTURES, FOLDER, STATE_ELEMENTS, nudge, random_tokens, save, steady
from oracle import cases
from oracle.digest import digest
from oracle.trainer import FineTuning, Options, Plan, Trainer

KINDS = {"d": "discriminator", "g": "generator"}
STEPS, LEARNING_RATE, EPSILON, CONVOLUTION = 3, 2e-4, 1e-5, 12

# name: architecture, length, initial range, rows of a step, updates of a step, mismatching texts a row, mode-seeking
# weight, options of the GAN; classes where it has a contrastive term or a guide
EXTRA = {k: v for k, v in cases.EXTRA.items() if k != "mode_seeking_weight"}
CASES = {
    "dcgan-authors-rnn": ("char-cnn-rnn", 90, 0.2, 4, "dg", 1, 0.0, dict(family="dcgan")),
    "reed2016-authors-gru": (
        "char-cnn-gru", 90, 0.2, 6, "dgg", 1, 0.0,
        dict(family="reed2016", cls_weight=0.3, interpolation_beta="extrapolate"),
    ),
    "reed2016-everything-paper-word": (
        "word-cnn-rnn", 30, 0.3, 6, "dg", 3, 0.3,
        dict(family="reed2016", pairing="paper", cls_weight=0.4, interpolation_beta="uniform", **EXTRA),
    ),
    "dcgan-paper-bag": (
        "bag-of-words", 16, 0.3, 4, "ddg", 1, 0.1,
        dict(family="dcgan", pairing="paper", interpolation_weight=0.0, ema_decay=0.9),
    ),
    "modulated-contrastive-paper-bag": (
        "bag-of-words", 16, 0.3, 6, "dg", 2, 0.0,
        dict(family="modulated", pairing="paper", contrastive_weight=0.5), 4,
    ),
    "dcgan-guide-paper-bag": (
        "bag-of-words", 16, 0.3, 4, "dg", 1, 0.0,
        dict(family="dcgan", pairing="paper", guide_weight=0.6, guide_input_size=80), 3,
    ),
}  # fmt: skip


def run(make, plan):
    trainer = make()
    before = {k: v.clone() for k, v in trainer.state().items()}
    trainer.run(plan, 0, STEPS)
    return before, trainer.state()


def nudged(trainer):
    trainer.network = trainer.encoder
    return nudge(trainer)


def moved(before, after):
    """Every weight of the encoder has moved, but for what is 0 in exact arithmetic: the bias that batch norm takes out."""
    for name in (n for n in before if n.startswith("textEncoder.") and n != "textEncoder.emb_proj.bias"):
        assert not torch.equal(before[name], after[name]), name


def write_case(number, name, images):
    architecture, length, initial_range, rows, updates, mismatches, seeking, settings, *classes = CASES[name]
    rng, vocabulary = np.random.default_rng(950 + number), ARCHITECTURES[architecture][0]
    captions = cases.IMAGE_COUNT * cases.CAPTIONS_PER_IMAGE
    tokens = rng.permutation(random_tokens(rng, architecture, captions, length))
    options = Options(**cases.SIZES, seed=4000 + number, adam_epsilon=EPSILON, **settings)
    tuning = FineTuning(architecture, vocabulary, CONVOLUTION, initial_range, encoder_learning_rate=1e-3)
    columns = cases.plan_columns(rng, rows * STEPS, options.pairing, mismatches, *classes)
    steps = [[(KINDS[u], s * rows, rows) for u in updates] for s in range(STEPS)]
    plan = Plan({k: v.tolist() for k, v in columns.items()}, steps, LEARNING_RATE, seeking)

    def make():
        return Trainer(options, images, torch.from_numpy(tokens), fine_tuning=tuning)

    before, state = run(make, plan)
    moved(before, state)
    steady(state, run(lambda: nudged(make()), plan)[1], moments_of_rounding(state))
    flat = [(0 if kind == "discriminator" else 1, first, count) for step in steps for kind, first, count in step]
    out = {f"plan.{k}": v.astype(np.int32) for k, v in columns.items()} | {"tokens": tokens}
    out["plan.updates"] = np.array(flat, dtype=np.int32)
    out["plan.stepStart"] = np.arange(0, len(flat) + 1, len(updates), dtype=np.int32)
    out["initial.digests"], out["digests"] = (
        np.stack([digest(v, STATE_ELEMENTS) for v in s.values()]) for s in (before, state)
    )
    metadata = {**asdict(options), **asdict(tuning), "length": length, "mode_seeking_weight": seeking}
    metadata |= {"learning_rate": LEARNING_RATE, "names": "\n".join(state)}
    save(f"fine-tuned-steps-{name}", out, metadata)


def moments_of_rounding(state):
    """Names of the moments that would be 0 but for rounding: nothing of their numbers can be compared."""
    return [k for k, v in state.items() if ".exp_avg" in k and v.abs().max() < 1e-14]


def write():
    torch.use_deterministic_algorithms(True)
    images = torch.from_numpy(load_file(FOLDER / "data.safetensors")["images"])
    for number, name in enumerate(CASES):
        write_case(number, name, images)


if __name__ == "__main__":
    sys.exit(write())
