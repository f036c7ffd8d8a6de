"""Philox4x32-10 and the number tables of docs/step.md, section 7, vectorised with numpy."""

import numpy as np

INITIAL_WEIGHTS = 1
DISCRIMINATOR_NOISE = 3
GENERATOR_NOISE = 4
INTERPOLATION = 5
AUGMENTATION = 6
DROPOUT = 7
WORD_DROPOUT = 16
MODE_SEEKING_NOISE = 8

_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)


def philox4x32(counter, key):
    """Ten rounds. `counter`: four integers or arrays that broadcast; `key`: two integers. Four uint32 arrays."""
    c0, c1, c2, c3 = np.broadcast_arrays(*(np.asarray(c, dtype=np.uint64) for c in counter))
    k0, k1 = key
    for _ in range(10):
        p0, p1 = _MULTIPLIERS[0] * c0, _MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (
            (p1 >> _SHIFT) ^ c1 ^ np.uint64(k0),
            p1 & _LOW,
            (p0 >> _SHIFT) ^ c3 ^ np.uint64(k1),
            p0 & _LOW,
        )
        k0, k1 = (k0 + _KEY_STEPS[0]) & 0xFFFFFFFF, (k1 + _KEY_STEPS[1]) & 0xFFFFFFFF
    return tuple(c.astype(np.uint32) for c in (c0, c1, c2, c3))


def _blocks(seed, purpose, step, pass_word, rows, elements):
    """The words of elements 0 .. 4 * ceil(elements / 4) of every row, as [rows, blocks, 4]."""
    rows = np.asarray(rows, dtype=np.uint64).reshape(-1, 1)
    block = np.arange(-(-elements // 4), dtype=np.uint64).reshape(1, -1)
    return np.stack(philox4x32((block, rows, pass_word, step), (seed, purpose)), axis=-1)


def uniform(seed, purpose, step, pass_word, rows, elements):
    """[rows, elements] in (0, 1), float64."""
    words = _blocks(seed, purpose, step, pass_word, rows, elements)
    return ((words.astype(np.float64) + 0.5) / 2.0**32).reshape(len(words), -1)[:, :elements]


def normal(seed, purpose, step, pass_word, rows, elements):
    """[rows, elements] of N(0, 1), float64, by Box and Muller within each block of four."""
    words = _blocks(seed, purpose, step, pass_word, rows, elements)
    u = (words.astype(np.float64) + 0.5) / 2.0**32
    radius = np.sqrt(-2 * np.log(u[..., 0::2]))
    angle = 2 * np.pi * u[..., 1::2]
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    return pairs.reshape(len(words), -1)[:, :elements]


def fnv1a(text):
    """FNV-1a, 32 bits, of the UTF-8 bytes."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value
