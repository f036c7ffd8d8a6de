"""The table of whole-step cases: which options each one turns."""

import numpy as np

OBJECTIVES = {"gan": (0.0, 0.0), "gan-cls": (0.5, 0.0), "gan-int": (0.0, 1.0), "gan-int-cls": (0.5, 1.0)}
SIZES = dict(
    text_size=16, noise_size=6, projected_text_size=8, generator_features=4, discriminator_features=4
)
EXTRA = dict(ema_decay=0.5, translation=0.125, cutout=0.5, mode_seeking_weight=0.3)
IMAGE_COUNT, STORED_SIDE, CAPTIONS_PER_IMAGE = 12, 76, 3
ALL_DIFFER = 0


def cases():
    """name -> (options, mode-seeking weight, rows of a step, updates of a step, mismatching texts a row, classes)."""
    table = {}

    def add(name, rows=4, updates="dg", mode_seeking_weight=0.0, mismatches=1, classes=None, **options):
        settings = dict(SIZES, seed=1000 + len(table), **options)
        table[name] = (settings, mode_seeking_weight, rows, updates, mismatches, classes)

    for family in ("reed2016", "dcgan"):
        for objective, (cls, weight) in OBJECTIVES.items():
            for pairing in ("authors", "paper"):
                settings = dict(cls_weight=cls, interpolation_weight=weight, pairing=pairing)
                add(f"{family}-{objective}-{pairing}", family=family, **settings)
        add(f"{family}-everything-authors", rows=6, family=family, interpolation_beta="uniform", **EXTRA)
        add(f"{family}-everything-paper", rows=6, family=family, pairing="paper", interpolation_beta="extrapolate", **EXTRA)
    add("dcgan-uneven-weights", family="dcgan", cls_weight=0.3, interpolation_weight=0.7, translation=0.2)
    add("dcgan-odd-cutout", family="dcgan", cutout=0.3, pairing="paper", interpolation_weight=0.0, ema_decay=0.9)
    add("dcgan-critic-steps", family="dcgan", updates="ddg", cutout=0.25, mode_seeking_weight=0.1)
    add("reed2016-generator-twice", family="reed2016", updates="dgg", ema_decay=0.999, adam_epsilon=1e-3, beta1=0.8)
    for family in ("reed2016", "dcgan"):
        add(f"{family}-several-mismatches", rows=6, family=family, pairing="paper", cls_weight=0.4, mismatches=3)
    # With fewer classes than rows some row has a fellow for certain.
    add("reed2016-contrastive-authors", rows=6, family="reed2016", contrastive_weight=0.7, classes=4)
    add(
        "dcgan-contrastive-several-mismatches", family="dcgan", pairing="paper", cls_weight=0.4, mismatches=2,
        contrastive_weight=1.0, contrastive_temperature=0.5, classes=2,
    )
    add("modulated-gan-int-cls-authors", family="modulated")
    add(
        "modulated-everything-paper", rows=6, family="modulated", pairing="paper", interpolation_beta="extrapolate",
        contrastive_weight=0.3, classes=3, **EXTRA,
    )
    # The weight is small: what rounding leaves of the gradient of `generator.text.bias`, which batch norm takes out, grows
    # with it, and the tests allow 1e-15.
    add(
        "dcgan-contrastive-classes-differ", updates="ddg", family="dcgan", pairing="paper", cls_weight=0.0,
        interpolation_weight=0.0, contrastive_weight=0.5, contrastive_temperature=0.2, classes=ALL_DIFFER,
    )
    add("reed2016-guide-paper", rows=6, family="reed2016", pairing="paper", guide_weight=0.7, classes=4)
    add(
        "modulated-guide-everything-authors", rows=6, family="modulated", interpolation_beta="uniform",
        contrastive_weight=0.3, guide_weight=0.5, guide_temperature=0.2, guide_critic_weight=0.8, classes=3, **EXTRA,
    )
    add(
        "dcgan-guide-resized", updates="dgg", family="dcgan", translation=0.125, guide_weight=1.0, guide_input_size=48,
        classes=ALL_DIFFER,
    )
    add(
        "reed2016-guide-critic-paper", rows=6, family="reed2016", pairing="paper", translation=0.125, guide_weight=0.4,
        guide_critic_weight=0.6, classes=4,
    )
    return table


def plan_columns(rng, rows, pairing, mismatches, classes=None):
    """Random columns for `rows` plan rows; captions are 1 to 3 of the image's own, -1 where absent. `classes`: how many
    there are, for plans with that column."""
    def pictures():
        crops = rng.integers(0, STORED_SIDE - 64 + 1, (2, rows))
        return rng.integers(0, IMAGE_COUNT, rows), crops[0], crops[1], rng.integers(0, 2, rows)

    def captions(image):
        columns = image[:, None] * CAPTIONS_PER_IMAGE + rng.permuted(np.tile(np.arange(3), (rows, 1)), axis=1)
        absent = np.arange(3)[None, :] >= rng.integers(1, 4, rows)[:, None]
        # An absent caption may stand in any column but not everywhere.
        return rng.permuted(np.where(absent, -1, columns), axis=1)

    image, x, y, flip = pictures()
    columns = dict(image=image, cropX=x, cropY=y, flip=flip, captions=captions(image))
    if pairing == "authors":
        names = ("mismatchedImage", "mismatchedCropX", "mismatchedCropY", "mismatchedFlip")
        columns |= dict(zip(names, pictures()))
    else:
        others = [captions((image + k) % IMAGE_COUNT) for k in range(1, mismatches + 1)]
        columns["mismatchedCaptions"] = np.concatenate(others, axis=1)
    if classes == ALL_DIFFER:
        columns["class"] = (1 << 24) + rng.permutation(rows)
    elif classes is not None:
        columns["class"] = rng.integers(0, classes, rows)
    return columns
