"""The table of whole-step cases: which options each one turns."""

import numpy as np

OBJECTIVES = {"gan": (0.0, 0.0), "gan-cls": (0.5, 0.0), "gan-int": (0.0, 1.0), "gan-int-cls": (0.5, 1.0)}
SIZES = dict(
    text_size=16, noise_size=6, projected_text_size=8, generator_features=4, discriminator_features=4
)
EXTRA = dict(ema_decay=0.5, translation=0.125, cutout=0.5, mode_seeking_weight=0.3)
IMAGE_COUNT, STORED_SIDE, CAPTIONS_PER_IMAGE = 12, 76, 3


def cases():
    """name -> (options, mode-seeking weight, rows of a step, updates of a step, mismatching texts a row)."""
    table = {}

    def add(name, rows=4, updates="dg", mode_seeking_weight=0.0, mismatches=1, **options):
        table[name] = (dict(SIZES, seed=1000 + len(table), **options), mode_seeking_weight, rows, updates, mismatches)

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
    return table


def plan_columns(rng, rows, pairing, mismatches):
    """Random columns for `rows` plan rows; captions are 1 to 3 of the image's own, -1 where absent."""
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
    return columns
